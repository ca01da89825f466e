import { anything, type Context, type Endpoint, endpoint, oauthError, type Reply, Type } from '../../kernel/index.ts';
import { decodeJwt } from '../../platform/crypto/index.ts';
import type { TokenResponse } from '../token/authorization.ts';
import { exchange } from '../token/exchange.ts';
import type { Grant } from '../token/grant.ts';
import type { TokenBody, TokenRequest } from '../token/token-request.ts';
import { delegationIdToken, delegationRefreshToken } from './delegation.ts';
import { identifyClient, missing } from './legacy-client.ts';
import { resourceOwner } from './resource-owner.ts';
import { resourceOwnerJwt } from './resource-owner-jwt.ts';
import { socialAccessToken } from './social-access-token.ts';
import { tokeninfoEndpoints } from './tokeninfo.endpoints.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

const has = (body: TokenBody, name: string) => body[name] !== undefined && body[name] !== null && body[name] !== '';

/** `grant_type` says which; documents older than it leave it out. */
function resourceOwnerGrant({ grant_type: type }: TokenBody): Grant | undefined {
  if (type === JWT_BEARER) return resourceOwnerJwt;
  return type === undefined || type === 'password' ? resourceOwner : undefined;
}

/** The token says which: there is one `grant_type` for both. */
function delegationGrant(body: TokenBody): Grant | undefined {
  if (body.grant_type !== undefined && body.grant_type !== JWT_BEARER) return undefined;
  if (!has(body, 'id_token') && !has(body, 'refresh_token')) throw missing('id_token');
  if (has(body, 'id_token') && has(body, 'refresh_token'))
    throw oauthError(400, 'invalid_request', 'id_token and refresh_token cannot be used together');
  return has(body, 'id_token') ? delegationIdToken : delegationRefreshToken;
}

/** What the older endpoints answer: no scope, no lifetime. */
function presentLogin({ id_token, access_token, refresh_token, token_type }: TokenResponse): object {
  return {
    ...(id_token === undefined ? {} : { id_token }),
    access_token,
    ...(refresh_token === undefined ? {} : { refresh_token }),
    token_type: token_type === 'Bearer' ? 'bearer' : token_type,
  };
}

/** The ID token alone, with the seconds that it lives. */
function presentDelegation({ id_token }: TokenResponse): object {
  const { iat, exp } = (id_token === undefined ? undefined : decodeJwt(id_token))?.payload ?? {};
  return { token_type: 'Bearer', expires_in: Number(exp) - Number(iat), id_token };
}

interface LegacyEndpoint {
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  readonly params: readonly string[];
  readonly grantOf: (body: TokenBody) => Grant | undefined;
  readonly present: (response: TokenResponse) => object;
}

async function run(ctx: Context, { grantOf, present }: LegacyEndpoint, request: TokenRequest): Promise<Reply> {
  const grant = grantOf(request.body);
  return exchange(ctx, { type: String(request.body.grant_type), grant, identify: identifyClient, present }, request);
}

function legacyEndpoint(declared: LegacyEndpoint): Endpoint {
  const { path, name, summary, params } = declared;
  const members = ['client_id', 'grant_type', 'scope', ...params];
  const text = anything('A string.');
  return endpoint({
    method: 'POST',
    path,
    name,
    summary,
    tag: 'Legacy',
    surface: 'legacy',
    cors: 'client',
    body: Type.Object(Object.fromEntries(members.map((member) => [member, text]))),
    replies: {
      200: Type.Object({ token_type: Type.Optional(Type.String()) }, { additionalProperties: true }),
      400: 'A parameter is missing or malformed, or the client conforms to OpenID Connect.',
      401: 'The credentials are wrong, or the user is blocked.',
      403: 'The client is unknown, or was not given the grant.',
      429: 'Too many attempts.',
    },
    handle: (ctx, { body, headers }) => run(ctx, declared, { body: body as TokenBody, headers }),
  });
}

/** Endpoints older than OpenID Connect, for clients that were given their grants before. */
export const legacyEndpoints: readonly Endpoint[] = [
  legacyEndpoint({
    path: '/oauth/ro',
    name: 'signInWithPassword',
    summary: 'Get tokens with a name and password, or with an ID token',
    params: ['connection', 'username', 'password', 'device', 'id_token'],
    grantOf: resourceOwnerGrant,
    present: presentLogin,
  }),
  legacyEndpoint({
    path: '/oauth/access_token',
    name: 'signInWithSocialToken',
    summary: "Get tokens with a social provider's access token",
    params: ['access_token', 'connection', 'device'],
    grantOf: () => socialAccessToken,
    present: presentLogin,
  }),
  legacyEndpoint({
    path: '/delegation',
    name: 'delegate',
    summary:
      "Get an ID token, perhaps for another client, or a key of an add-on's service, with a refresh token or an ID token",
    params: ['id_token', 'refresh_token', 'target', 'api_type', 'nonce', 'community_name', 'community_url_section'],
    grantOf: delegationGrant,
    present: presentDelegation,
  }),
  ...tokeninfoEndpoints,
];
