import type { Context } from '../../kernel/index.ts';
import { epochSeconds } from '../../kernel/index.ts';
import type { JwtMembers } from '../../platform/crypto/index.ts';
import { publishedClientId, type StoredClient } from '../../resources/clients/index.ts';
import type { User } from '../../resources/users/index.ts';
import { complianceOf } from '../compliance.ts';
import { userinfoAudience } from '../target.ts';
import { ACR_MULTI_FACTOR, SCOPE_CLAIMS } from '../vocabulary.ts';
import type { GrantedAuthorization } from './authorization.ts';
import { legacyClaims } from './legacy-profile.ts';

const DEFAULT_ID_TOKEN_LIFETIME = 36_000;

/** Claims of an access token, `permissions` among them, in Auth0's order. Undefined ones vanish when it is signed. */
export function accessTokenClaims(
  ctx: Context,
  authorization: GrantedAuthorization,
  permissions?: readonly string[],
): JwtMembers {
  const { client, target, flow, scope, user } = authorization;
  const now = epochSeconds(ctx.clock);
  const dialect = target.resourceServer?.token_dialect ?? 'access_token';
  const isStandard = dialect.startsWith('rfc9068');
  return {
    iss: ctx.issuer,
    sub: user?.user_id ?? `${client.client_id}@clients`,
    aud: audienceOf(ctx, authorization),
    iat: now,
    exp: now + target.lifetimeFor(flow),
    scope: scope.length > 0 ? scope.join(' ') : undefined,
    ...organizationClaims(authorization),
    gty: isStandard ? undefined : grantTypeOf(authorization),
    ...(isStandard
      ? { jti: ctx.random.bytes(16).toString('base64url'), client_id: publishedClientId(client) }
      : { azp: publishedClientId(client) }),
    permissions,
    authorization_details: authorization.authorization_details,
    act: authorization.actor,
    cnf: authorization.confirmation,
    // Only `/userinfo` reads the token that says so.
    legacy: target.legacy?.wholeProfile ? true : undefined,
  };
}

function organizationClaims({ organization }: GrantedAuthorization): JwtMembers {
  return organization ? { org_id: organization.id, org_name: organization.name } : {};
}

/**
 * Auth0: `/userinfo` takes the token too when it was asked for with `openid` and is signed with the tenant's RS256 key. One that is
 * encrypted to the API nobody else can read.
 */
function audienceOf(ctx: Context, { target, scope }: GrantedAuthorization): string | string[] {
  const userinfo = userinfoAudience(ctx);
  if (target.kind === 'userinfo') return [userinfo];
  const isRs256 = (target.resourceServer?.signing_alg ?? 'RS256') === 'RS256';
  return isRs256 && scope.includes('openid') && !target.resourceServer?.token_encryption
    ? [target.identifier, userinfo]
    : target.identifier;
}

/** Auth0: a hyphen for clients, an underscore for refresh tokens, a list when a refreshed token began with a password. */
function grantTypeOf({ flow, refresh_token }: GrantedAuthorization): string | string[] | undefined {
  if (flow === 'client_credentials') return 'client-credentials';
  if (flow === 'password') return 'password';
  if (flow !== 'refresh_token') return undefined;
  return refresh_token?.origin_grant ? ['refresh_token', refresh_token.origin_grant] : 'refresh_token';
}

/** What ties an ID token to what came along with it over the browser. */
export interface TokenHashes {
  readonly at_hash?: string;
  readonly c_hash?: string;
  readonly s_hash?: string;
}

/** Claims of an ID token: what the scopes release about the user, then what the login says. */
export function idTokenClaims(
  ctx: Context,
  authorization: GrantedAuthorization,
  user: User,
  hashes: TokenHashes = {},
): JwtMembers {
  const { client: asking, id_token_for, target, scope, session_id, nonce } = authorization;
  const client = id_token_for ?? asking;
  const now = epochSeconds(ctx.clock);
  return {
    ...(target.legacy?.wholeProfile ? legacyClaims(user, scope, client) : profileClaims(user, scope, client)),
    iss: ctx.issuer,
    aud: publishedClientId(client),
    azp: id_token_for ? publishedClientId(asking) : undefined,
    sub: user.user_id,
    iat: now,
    exp: now + (client.jwt_configuration?.lifetime_in_seconds ?? DEFAULT_ID_TOKEN_LIFETIME),
    auth_time: authorization.auth_time_requested ? authorization.auth_time : undefined,
    ...factorClaims(authorization),
    ...hashes,
    sid: session_id,
    nonce,
    ...organizationClaims(authorization),
    act: authorization.actor,
  };
}

/** Auth0: only a login on its pages says so, not a refresh nor the MFA API. */
function factorClaims({ flow, methods, acr }: GrantedAuthorization): JwtMembers {
  const isOnPages = flow === 'authorization_code' || flow === 'implicit' || flow === 'device_code';
  const passed = isOnPages && methods?.some((method) => method.name === 'mfa');
  return passed ? { acr: ACR_MULTI_FACTOR, amr: ['mfa'] } : { acr };
}

/**
 * What `scopes` release to `client` about `user`, `sub` not included. Members that the user lacks are left out (OpenID Connect Core §5.3.2).
 * Auth0's `updated_at` is a text, but for clients whose compliance level wants the number of the standard.
 */
export function profileClaims(user: User, scopes: readonly string[], client: StoredClient | undefined): JwtMembers {
  const isNumeric = client && complianceOf(client)?.numericTimes && user.updated_at !== undefined;
  const facts: JwtMembers = {
    given_name: user.given_name,
    family_name: user.family_name,
    nickname: user.nickname,
    name: user.name,
    picture: user.picture,
    updated_at: isNumeric ? Math.floor(Date.parse(user.updated_at) / 1000) : user.updated_at,
    email: user.email,
    email_verified: user.email === undefined ? undefined : (user.email_verified ?? false),
    phone_number: user.phone_number,
    phone_number_verified: user.phone_number === undefined ? undefined : (user.phone_verified ?? false),
    created_at: user.created_at,
    identities: user.identities,
  };
  const released = new Set(scopes.flatMap((scope) => claimsOf(scope)));
  return Object.fromEntries(
    Object.entries(facts).filter(([name, value]) => released.has(name) && value !== undefined && value !== null),
  );
}

function claimsOf(scope: string): readonly string[] {
  return Object.hasOwn(SCOPE_CLAIMS, scope) ? (SCOPE_CLAIMS[scope] ?? []) : [];
}
