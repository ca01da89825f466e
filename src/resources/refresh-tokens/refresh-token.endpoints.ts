import {
  answerListInMemory,
  type Context,
  checkpoint,
  checkpointed,
  closed,
  type Endpoint,
  empty,
  endpoint,
  managementError,
  managementWrite,
  optionalText,
  type Reply,
  selectFields,
  shapes,
  Type,
} from '../../kernel/index.ts';
import { type HeldByUser, heldEndpoints, heldShape, requireUser } from '../users/index.ts';
import { type Family, livingFamilies } from './families.ts';
import { presentRefreshToken } from './present.ts';
import { refreshTokensOf } from './refresh-token.store.ts';
import { revokeRefreshTokenFamily, revokeRefreshTokensWhere } from './refresh-tokens.ts';

const PATH = '/api/v2/refresh-tokens';
const MOST_IDS = 100;

async function requireFamily(ctx: Context, family_id: string): Promise<Family> {
  const [family] = await livingFamilies(ctx, { family_id });
  if (family) return family;
  throw managementError(404, 'The refresh token does not exist.', 'inexistent_refresh_token');
}

/** What rotation makes one of many tokens is one here. Those that live by a session are the session's (Auth0). */
const held: HeldByUser<Family> = {
  tag: 'refresh-tokens',
  noun: 'RefreshToken',
  words: 'refresh token',
  scope: 'refresh_tokens',
  key: 'tokens',
  notes: 'refresh_token_metadata',
  ended: {
    one: 'The token, and all that it was exchanged for, is revoked.',
    all: "All of the user's refresh tokens are revoked.",
  },
  idOf: ({ token }) => token.family_id,
  present: ({ token, client }) => presentRefreshToken(token, client),
  listOf: (ctx, user_id) => livingFamilies(ctx, { user_id }),
  require: requireFamily,
  note: (ctx, id, notes) =>
    ctx.store.transaction(async () => {
      for (const { id: key } of await refreshTokensOf(ctx).list({ where: { family_id: id, rotated_at: null } }))
        await refreshTokensOf(ctx).update(key, ({ metadata: _before, ...kept }) =>
          notes ? { ...kept, metadata: notes } : kept,
        );
    }),
  end: (ctx, id) => revokeListed(ctx, [id]),
  endAllOf: (ctx, user_id) => revokeRefreshTokensWhere(ctx, { user_id, online_session_id: null }),
};

const list = endpoint({
  tag: held.tag,
  surface: 'management',
  method: 'GET',
  path: PATH,
  name: 'listRefreshTokens',
  summary: 'Get the refresh tokens of a user, of one client or all',
  scopes: ['read:refresh_tokens'],
  query: closed({
    ...checkpoint,
    user_id: Type.String({ description: 'ID of the user.' }),
    client_id: optionalText('ID of the client.'),
    fields: optionalText('Members to choose, with commas.'),
    include_fields: Type.Optional(Type.Boolean({ description: 'Whether they are kept or left out.' })),
  }),
  replies: { 200: Type.Object({ refresh_tokens: Type.Array(heldShape), next: Type.Optional(Type.String()) }) },
  async handle(ctx, { query, url }) {
    const { user_id, client_id, fields, include_fields } = query;
    await requireUser(ctx, user_id);
    const found = await livingFamilies(ctx, client_id === undefined ? { user_id } : { user_id, client_id });
    const show = (family: Family) => selectFields(held.present(family), fields, include_fields);
    const shown = { key: 'refresh_tokens', idOf: held.idOf, show };
    return answerListInMemory(found, shown, checkpointed(query), url);
  },
});

/** Revokes the families of these ids. Those that live by a session end with it and not alone (Auth0). */
async function revokeListed(ctx: Context, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const row = await refreshTokensOf(ctx).find({ family_id: id, online_session_id: null });
    if (row) await revokeRefreshTokenFamily(ctx, id);
  }
}

interface Revocation {
  readonly ids?: readonly string[];
  readonly user_id?: string;
  readonly client_id?: string;
}

const bulk = managementWrite({
  tag: held.tag,
  method: 'POST',
  path: `${PATH}/revoke`,
  name: 'revokeRefreshTokens',
  summary: 'Revoke refresh tokens by ids, by user, by client, or by user and client',
  scopes: ['delete:refresh_tokens'],
  body: shapes.body<Revocation>({
    ids: shapes.list(shapes.text('ID.', { minLength: 1, maxLength: 30 }), 'IDs of refresh tokens.', {
      minItems: 1,
      maxItems: MOST_IDS,
    }),
    user_id: shapes.text('ID of a user.', { minLength: 1, maxLength: 300 }),
    client_id: shapes.text('ID of a client.', { minLength: 1, maxLength: 64 }),
  }),
  replies: { 202: 'They are revoked.' },
  handle: (ctx, { body }) => revokeMany(ctx, body),
});

async function revokeMany(ctx: Context, { ids, user_id, client_id }: Revocation): Promise<Reply> {
  const isByOwner = user_id !== undefined || client_id !== undefined;
  if (isByOwner === (ids !== undefined)) {
    const reason = 'Either ids, or user_id, client_id or both must be given';
    throw managementError(400, `Payload validation error: '${reason}'.`, 'invalid_body');
  }
  if (ids) await revokeListed(ctx, ids);
  else
    await revokeRefreshTokensWhere(ctx, {
      online_session_id: null,
      ...(user_id === undefined ? {} : { user_id }),
      ...(client_id === undefined ? {} : { client_id }),
    });
  return empty(202);
}

/** `/api/v2/refresh-tokens` and `/api/v2/users/{id}/refresh-tokens`. */
export const refreshTokenEndpoints: readonly Endpoint[] = [...heldEndpoints(held), list, bulk];
