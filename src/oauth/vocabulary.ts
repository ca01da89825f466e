/** The words of OAuth 2.0, OpenID Connect and Auth0's extensions of them that several files share. Constants only. */

export const GRANT = {
  authorizationCode: 'authorization_code',
  refreshToken: 'refresh_token',
  clientCredentials: 'client_credentials',
  password: 'password',
  passwordRealm: 'http://auth0.com/oauth/grant-type/password-realm',
  deviceCode: 'urn:ietf:params:oauth:grant-type:device_code',
  ciba: 'urn:openid:params:grant-type:ciba',
  mfaOtp: 'http://auth0.com/oauth/grant-type/mfa-otp',
  mfaOob: 'http://auth0.com/oauth/grant-type/mfa-oob',
  passwordlessOtp: 'http://auth0.com/oauth/grant-type/passwordless/otp',
  passkey: 'urn:okta:params:oauth:grant-type:webauthn',
  mfaRecoveryCode: 'http://auth0.com/oauth/grant-type/mfa-recovery-code',
  tokenExchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
  jwtBearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  tokenVault: 'urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token',
} as const;

const LEGACY = 'http://auth0.com/oauth/legacy/grant-type';

/** Run at endpoints of their own, for clients that had them before 2017. */
export const LEGACY_GRANT = {
  resourceOwner: `${LEGACY}/ro`,
  resourceOwnerJwt: `${LEGACY}/ro/jwt-bearer`,
  delegationRefreshToken: `${LEGACY}/delegation/refresh_token`,
  delegationIdToken: `${LEGACY}/delegation/id_token`,
  socialAccessToken: `${LEGACY}/access_token`,
} as const;

/** One of these on a client lets it use the MFA API. */
export const MFA_GRANTS: readonly string[] = [GRANT.mfaOtp, GRANT.mfaOob, GRANT.mfaRecoveryCode];

/** How a token comes to be: its lifetime, its `gty` and what its holder may ask for depend on it. */
export type Flow =
  | 'authorization_code'
  | 'implicit'
  | 'password'
  | 'refresh_token'
  | 'client_credentials'
  | 'mfa'
  | 'device_code'
  | 'ciba'
  | 'passwordless'
  | 'passkey'
  | 'token_exchange'
  | 'jwt_bearer'
  | 'legacy';

/** RFC 8693 §3: what a token is that is handed in or out. */
export const TOKEN_TYPE = {
  accessToken: 'urn:ietf:params:oauth:token-type:access_token',
  idToken: 'urn:ietf:params:oauth:token-type:id_token',
  refreshToken: 'urn:ietf:params:oauth:token-type:refresh_token',
  jwt: 'urn:ietf:params:oauth:token-type:jwt',
  vaultAccessToken: 'http://auth0.com/oauth/token-type/token-vault-access-token',
  federatedAccessToken: 'http://auth0.com/oauth/token-type/federated-connection-access-token',
  sessionTransfer: 'urn:auth0:params:oauth:token-type:session_transfer_token',
} as const;

/** Asks for a refresh token; it is not a claim and says nothing about an API. */
export const OFFLINE_ACCESS = 'offline_access';

/** Auth0: asks for a refresh token that lives as long as the browser's session. */
export const ONLINE_ACCESS = 'online_access';

/** Scopes of OpenID Connect (Core §5.4), and Auth0's for single claims, with the claims that each releases. */
export const SCOPE_CLAIMS: Readonly<Record<string, readonly string[]>> = {
  openid: [],
  profile: ['given_name', 'family_name', 'nickname', 'name', 'picture', 'updated_at'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
  name: ['name'],
  given_name: ['given_name'],
  family_name: ['family_name'],
  nickname: ['nickname'],
  email_verified: ['email_verified'],
  picture: ['picture'],
  created_at: ['created_at'],
  identities: ['identities'],
};

/** What a password grant without `scope` asks for, besides all that the API offers. */
export const DEFAULT_OIDC_SCOPES = ['openid', 'profile', 'email', 'address', 'phone'] as const;

/** `acr` of an ID token whose login passed a second factor. */
export const ACR_MULTI_FACTOR = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor';

export const JWT_BEARER_ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The words of a `scope` parameter, each once, in order. */
export function splitScope(scope: string): string[] {
  return [...new Set(scope.split(' ').filter((word) => word !== ''))];
}
