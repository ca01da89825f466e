import { anything, type Context, endpoint, type Reply, type TSchema, Type } from '../../kernel/index.ts';
import { GRANT } from '../vocabulary.ts';
import { exchange } from './exchange.ts';
import type { Grant, Presence } from './grant.ts';
import { grants } from './grants/index.ts';
import { requireText, type TokenBody, type TokenRequest } from './token-request.ts';

const grantsByType: ReadonlyMap<string, Grant> = new Map(grants.map((grant) => [grant.type, grant]));

/** Runs the grant that `grant_type` names. */
function exchangeToken(ctx: Context, request: TokenRequest): Promise<Reply> {
  const type = requireText(request.body, 'grant_type');
  return exchange(ctx, { type, grant: grantsByType.get(type) }, request);
}

function describeUse(users: readonly { type: string; presence: Presence }[]): string {
  const isObject = users.some(({ presence }) => presence === 'object');
  const kind = isObject ? 'An object; in a form, its JSON text.' : 'A string.';
  return `Of the grants ${users.map(({ type }) => type).join(', ')}. ${kind}`;
}

/** One row per parameter of any grant. Types and presence are checked by hand, after the client: see `exchange`. */
function describeBody(): TSchema {
  const credentials = ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type'];
  const own = grants.flatMap((grant) =>
    Object.entries(grant.params).map(([name, presence]) => ({ name, presence, type: grant.type })),
  );
  const rows = [...Map.groupBy(own, ({ name }) => name)].map(([name, users]) => [
    name,
    Type.Unsafe<unknown>({ description: describeUse(users) }),
  ]);
  return Type.Object({
    grant_type: Type.Unsafe<unknown>({ description: `One of ${Object.values(GRANT).join(', ')}.` }),
    ...Object.fromEntries(credentials.map((name) => [name, anything('A string.')])),
    audience: anything('The API that the token is for.'),
    scope: anything('Scopes, separated by spaces; in JSON also a list.'),
    ...Object.fromEntries(rows.map(([name, schema]) => [name, Type.Optional(schema as TSchema)])),
  });
}

export const tokenEndpoint = endpoint({
  method: 'POST',
  path: '/oauth/token',
  name: 'exchangeToken',
  summary: 'Get tokens with one of the grants',
  tag: 'Tokens',
  surface: 'oauth',
  cors: 'client',
  body: describeBody(),
  replies: {
    200: Type.Object({
      access_token: Type.String(),
      refresh_token: Type.Optional(Type.String()),
      id_token: Type.Optional(Type.String()),
      scope: Type.Optional(Type.String()),
      expires_in: Type.Integer(),
      token_type: Type.String(),
      recovery_code: Type.Optional(Type.String()),
    }),
    400: 'A parameter is missing or malformed.',
    401: 'The client could not be authenticated.',
    403: 'The grant is not allowed, not valid, or needs a second factor.',
  },
  handle: (ctx, { body, headers }) => exchangeToken(ctx, { body: body as TokenBody, headers }),
});
