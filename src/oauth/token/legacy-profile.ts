import type { JwtMembers } from '../../platform/crypto/index.ts';
import { publishedClientId, type StoredClient } from '../../resources/clients/index.ts';
import type { User } from '../../resources/users/index.ts';
import { SCOPE_CLAIMS } from '../vocabulary.ts';

/** What the tenant knows of a user's logins, which was never part of a profile. */
const NOT_PROFILE = new Set(['blocked', 'multifactor', 'last_ip', 'last_login', 'last_password_reset', 'logins_count']);

/** Auth0's restricted claims: what a token says of itself no member of a profile may say for it. */
const RESTRICTED = new Set(
  (
    'acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf cty dest entitlements events ' +
    'exp groups gty htm htu iat internalService iss jcard jku jti jwe jwk kid may_act mky nbf nonce object_id org_id org_name orig ' +
    'origid permissions roles rph s_hash sid sip_callid sip_cseq_num sip_date sip_from_tag sip_via_branch sub sub_jwk toe txn typ ' +
    'uuid vot vtm x5t#S256'
  ).split(' '),
);

/** Auth0: all that older applications are told of a user, metadata included, `sub` not included. */
export function wholeProfile(user: User, client: StoredClient | undefined): JwtMembers {
  const members = Object.entries(user).filter(([name]) => !NOT_PROFILE.has(name) && !RESTRICTED.has(name));
  return {
    ...Object.fromEntries(members.filter(([, value]) => value !== undefined && value !== null)),
    ...(user.email === undefined ? {} : { email_verified: user.email_verified ?? false }),
    ...(client ? { clientID: publishedClientId(client) } : {}),
  };
}

/**
 * What of the profile the scopes of an older login release: `profile` all of it, any other scope the member of that name, the claims that
 * OpenID Connect has for it, and those that the client's `jwt_configuration.scopes` give it.
 */
export function legacyClaims(user: User, scopes: readonly string[], client: StoredClient): JwtMembers {
  const whole = wholeProfile(user, client);
  if (scopes.includes('profile')) return whole;
  const released = new Set(scopes.flatMap((scope) => [scope, ...claimsOf(scope, client)]));
  return Object.fromEntries(Object.entries(whole).filter(([name]) => released.has(name)));
}

function claimsOf(scope: string, { jwt_configuration }: StoredClient): readonly string[] {
  const own = jwt_configuration?.scopes ?? {};
  const configured = Object.hasOwn(own, scope) ? [own[scope]].flat() : [];
  const standard = Object.hasOwn(SCOPE_CLAIMS, scope) ? (SCOPE_CLAIMS[scope] ?? []) : [];
  return [...standard, ...configured.filter((name) => typeof name === 'string')];
}
