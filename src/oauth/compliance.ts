import type { StoredClient } from '../resources/clients/index.ts';

/** What a client's `compliance_level` demands beyond what every client must do. Each member is enforced where its mechanism lives. */
export interface ComplianceRules {
  /** Requests come through `/oauth/par` alone. */
  readonly pushedRequests: true;
  /** PKCE by S256 with every request. */
  readonly s256: true;
  /** The client must be `oidc_conformant`. */
  readonly oidcConformant: true;
  /** Access tokens are bound to a client certificate (RFC 8705 §3). */
  readonly certificateBound: true;
  /** `/userinfo` takes the access token from the Authorization header alone. */
  readonly tokenInHeader: true;
  /** `updated_at` is a number of seconds (OpenID Connect Core §5.1). */
  readonly numericTimes: true;
  /** Errors have the codes and statuses of the specifications where Auth0's differ. */
  readonly standardErrors: true;
  /** What assertions and signed requests may be signed with. */
  readonly algorithms: readonly string[];
  /** The one way in which the client proves who it is. */
  readonly clientAuthentication: 'private_key_jwt' | 'mtls';
  /** The `aud` of an assertion is the issuer alone, as a string. */
  readonly strictAssertionAudience: boolean;
  /** The one `response_type`, its words in alphabetical order. */
  readonly responseType: 'code' | 'code id_token';
  /** Requests are signed, and live an hour at most. */
  readonly signedRequests: boolean;
  /** May a callback be matched by a placeholder? */
  readonly placeholderCallbacks: boolean;
  /** `redirect_uri` may not be left out. */
  readonly redirectUriRequired: boolean;
  /** ID tokens carry `s_hash`. */
  readonly stateHash: boolean;
  /** `/userinfo` answers with `x-fapi-interaction-id`. */
  readonly interactionId: boolean;
  /** Answers to `/authorize` carry `iss` (RFC 9207), whatever the tenant says. */
  readonly issInResponse: boolean;
  /** ms: codes live no longer. */
  readonly codeLifetime: number;
}

/** ms: RFC 6749 §4.1.2 allows ten minutes at most. */
export const CODE_LIFETIME = 600_000;

const EVERY_LEVEL = {
  pushedRequests: true,
  s256: true,
  oidcConformant: true,
  certificateBound: true,
  tokenInHeader: true,
  numericTimes: true,
  standardErrors: true,
} as const;

/** FAPI 1.0 Advanced, Part 2 §5.2.2, with what Auth0 lists for it. */
const FAPI1 = {
  ...EVERY_LEVEL,
  algorithms: ['PS256'],
  strictAssertionAudience: false,
  responseType: 'code id_token',
  signedRequests: true,
  placeholderCallbacks: false,
  redirectUriRequired: false,
  stateHash: true,
  interactionId: true,
  issInResponse: false,
  codeLifetime: CODE_LIFETIME,
} as const;

/** FAPI 2.0 Security Profile §5.3, with what Auth0 lists for it. */
const FAPI2 = {
  ...EVERY_LEVEL,
  algorithms: ['PS256', 'ES256'],
  strictAssertionAudience: true,
  responseType: 'code',
  signedRequests: false,
  placeholderCallbacks: true,
  redirectUriRequired: true,
  stateHash: false,
  interactionId: false,
  issInResponse: true,
  codeLifetime: 60_000,
} as const;

/** By the value of `compliance_level`. */
export const complianceLevels: Readonly<Record<string, ComplianceRules>> = {
  fapi1_adv_pkj_par: { ...FAPI1, clientAuthentication: 'private_key_jwt' },
  fapi1_adv_mtls_par: { ...FAPI1, clientAuthentication: 'mtls' },
  fapi2_sp_pkj_mtls: { ...FAPI2, clientAuthentication: 'private_key_jwt' },
  fapi2_sp_mtls_mtls: { ...FAPI2, clientAuthentication: 'mtls' },
};

/** The rules of the level that `client` keeps; undefined where it keeps none. */
export function complianceOf({ compliance_level: level }: StoredClient): ComplianceRules | undefined {
  return typeof level === 'string' && Object.hasOwn(complianceLevels, level) ? complianceLevels[level] : undefined;
}
