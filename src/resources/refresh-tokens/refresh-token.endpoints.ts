import {
  type Context,
  checkpoint,
  closed,
  type Endpoint,
  empty,
  endpoint,
  json,
  listPage,
  managementError,
  managementWrite,
  paging,
  type Reply,
  selectFields,
  shapes,
  sourceInMemory,
  Type,
} from '../../kernel/index.ts';
import { findUser } from '../users/index.ts';
import { type Family, livingFamilies } from './families.ts';
import { presentRefreshToken } from './present.ts';
import { type RefreshToken, refreshTokensOf } from './refresh-token.store.ts';
import { revokeRefreshTokenFamily, revokeRefreshTokensWhere } from './refresh-tokens.ts';

const PATH = '/api/v2/refresh-tokens';
const OF_USER = '/api/v2/users/:id/refresh-tokens';
const MOST_IDS = 100;
const about = { tag: 'refresh-tokens', surface: 'management' } as const;
const params = Type.Object({ id: Type.String({ description: 'ID of the refresh token.' }) });
const userParams = Type.Object({ id: Type.String({ description: 'ID of the user.' }) });
const shape = Type.Object({ id: Type.String() }, { additionalProperties: true });
const missing = () => managementError(404, 'The refresh token does not exist.', 'inexistent_refresh_token');

type Row = { readonly token: RefreshToken; readonly shown: object };

const show = ({ token, client }: Family): Row => ({ token, shown: presentRefreshToken(token, client) });

async function requireFamily(ctx: Context, id: string): Promise<Row> {
  const [family] = await livingFamilies(ctx, { family_id: id });
  return family ? show(family) : missingToken();
}

function missingToken(): never {
  throw missing();
}

async function requireUser(ctx: Context, id: string): Promise<void> {
  if (!(await findUser(ctx, id))) throw managementError(404, 'The user does not exist.', 'inexistent_user');
}

interface ListQuery {
  readonly from?: string | undefined;
  readonly take?: number | undefined;
}

async function answerList(families: readonly Family[], key: string, query: ListQuery, url: URL) {
  const source = sourceInMemory(families.map(show), ({ token }) => token.family_id);
  const { documents, envelope } = await listPage(source, { from: query.from ?? '', take: query.take }, url, 50);
  return { [key]: documents.map(({ shown }) => shown as Readonly<Record<string, unknown>>), ...envelope };
}

const listOfUser = endpoint({
  ...about,
  method: 'GET',
  path: OF_USER,
  name: 'listRefreshTokensOfUser',
  summary: 'Get the refresh tokens of a user',
  scopes: ['read:refresh_tokens'],
  params: userParams,
  query: closed({ ...checkpoint, include_totals: paging.include_totals }),
  replies: { 200: Type.Object({ tokens: Type.Array(shape), next: Type.Optional(Type.String()) }) },
  async handle(ctx, { params: { id }, query, url }) {
    await requireUser(ctx, id);
    return json(200, await answerList(await livingFamilies(ctx, { user_id: id }), 'tokens', query, url));
  },
});

const list = endpoint({
  ...about,
  method: 'GET',
  path: PATH,
  name: 'listRefreshTokens',
  summary: 'Get the refresh tokens of a user, of one client or all',
  scopes: ['read:refresh_tokens'],
  query: closed({
    ...checkpoint,
    user_id: Type.String({ description: 'ID of the user.' }),
    client_id: Type.Optional(Type.String({ description: 'ID of the client.' })),
    fields: Type.Optional(Type.String({ description: 'Members to choose, with commas.' })),
    include_fields: Type.Optional(Type.Boolean({ description: 'Whether they are kept or left out.' })),
  }),
  replies: { 200: Type.Object({ refresh_tokens: Type.Array(shape), next: Type.Optional(Type.String()) }) },
  async handle(ctx, { query, url }) {
    const { user_id, client_id, fields, include_fields } = query;
    await requireUser(ctx, user_id);
    const found = await livingFamilies(ctx, client_id === undefined ? { user_id } : { user_id, client_id });
    const { refresh_tokens = [], ...rest } = await answerList(found, 'refresh_tokens', query, url);
    const chosen = (refresh_tokens as Record<string, unknown>[]).map((one) =>
      selectFields(one, fields, include_fields),
    );
    return json(200, { refresh_tokens: chosen, ...rest });
  },
});

const read = endpoint({
  ...about,
  method: 'GET',
  path: `${PATH}/:id`,
  name: 'getRefreshToken',
  summary: 'Get a refresh token',
  scopes: ['read:refresh_tokens'],
  params,
  replies: { 200: shape },
  handle: async (ctx, { params: { id } }) => json(200, (await requireFamily(ctx, id)).shown),
});

const metadata = shapes.openRecord({}, 'Metadata of the refresh token.', {
  maxProperties: 25,
  nullable: true,
  additionalProperties: { type: 'string', maxLength: 255 },
});

const change = managementWrite({
  tag: about.tag,
  method: 'PATCH',
  path: `${PATH}/:id`,
  name: 'updateRefreshToken',
  summary: 'Update a refresh token',
  scopes: ['update:refresh_tokens'],
  params,
  body: shapes.body<{ refresh_token_metadata?: Record<string, string> | null }>(
    { refresh_token_metadata: metadata },
    { minProperties: 1 },
  ),
  replies: { 200: shape },
  async handle(ctx, { params: { id }, body }) {
    await requireFamily(ctx, id);
    await ctx.store.transaction(async () => {
      for (const { id: key } of await refreshTokensOf(ctx).list({ where: { family_id: id, rotated_at: null } }))
        await refreshTokensOf(ctx).update(key, ({ metadata: _before, ...kept }) =>
          body.refresh_token_metadata ? { ...kept, metadata: body.refresh_token_metadata } : kept,
        );
    });
    return json(200, (await requireFamily(ctx, id)).shown);
  },
});

const remove = managementWrite({
  tag: about.tag,
  method: 'DELETE',
  path: `${PATH}/:id`,
  name: 'deleteRefreshToken',
  summary: 'Delete a refresh token',
  scopes: ['delete:refresh_tokens'],
  params,
  replies: { 202: 'The token, and all that it was exchanged for, is revoked.' },
  async handle(ctx, { params: { id } }) {
    await revokeListed(ctx, [id]);
    return empty(202);
  },
});

const removeOfUser = managementWrite({
  tag: about.tag,
  method: 'DELETE',
  path: OF_USER,
  name: 'deleteRefreshTokensOfUser',
  summary: 'Delete the refresh tokens of a user',
  scopes: ['delete:refresh_tokens'],
  params: userParams,
  replies: { 202: "All of the user's refresh tokens are revoked." },
  async handle(ctx, { params: { id } }) {
    await requireUser(ctx, id);
    await revokeRefreshTokensWhere(ctx, { user_id: id, online_session_id: null });
    return empty(202);
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
  tag: about.tag,
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
export const refreshTokenEndpoints: readonly Endpoint[] = [listOfUser, removeOfUser, list, bulk, read, change, remove];
