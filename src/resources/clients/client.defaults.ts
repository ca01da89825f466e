import type { Client } from './client.ts';

/** What a caller sends to make a client: a name and any published property. */
export type ClientBody = Partial<Client> & { readonly name: string };

const PUBLIC_GRANTS = ['authorization_code', 'implicit', 'refresh_token'];
const CONFIDENTIAL_GRANTS = [...PUBLIC_GRANTS, 'client_credentials'];

/** Seconds. Auth0 gives longer ones to a client that says it authenticates with `client_secret_post`. */
const SHORT_LIFETIMES = { token_lifetime: 2592000, idle_token_lifetime: 1296000 };
const LONG_LIFETIMES = { token_lifetime: 31557600, idle_token_lifetime: 2592000 };

const REFRESH_TOKEN = {
  rotation_type: 'non-rotating',
  expiration_type: 'non-expiring',
  leeway: 0,
  infinite_token_lifetime: true,
  infinite_idle_token_lifetime: true,
} as const;

const CONSTANT = {
  global: false,
  is_first_party: true,
  is_token_endpoint_ip_header_trusted: false,
  oidc_conformant: false,
  sso_disabled: false,
  cross_origin_authentication: false,
  custom_login_page_on: true,
};

const EXPRESS_CALLBACK = 'https://system-admin.okta.com/admin/app/generic/oauth20redirect';

/** What kinds of application bring along. The application type alone never changes the others' grant types. */
function defaultsByKind(body: ClientBody): Partial<Client> {
  if (body.app_type === 'resource_server') {
    return { oidc_conformant: true, jwt_configuration: { secret_encoded: false, alg: 'RS256' }, grant_types: [] };
  }
  if (body.app_type === 'express_configuration') {
    return {
      oidc_conformant: true,
      jwt_configuration: { secret_encoded: false, alg: 'RS256' },
      grant_types: ['authorization_code', 'client_credentials'],
      callbacks: [EXPRESS_CALLBACK],
      organization_usage: 'require',
      organization_require_behavior: 'pre_login_prompt',
      client_authentication_methods: { private_key_jwt: { credentials: [] } },
    };
  }
  if (isStrictThirdParty(body)) {
    return {
      oidc_conformant: true,
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['authorization_code'],
      jwt_configuration: { secret_encoded: false, lifetime_in_seconds: 3600, alg: 'RS256' },
      redirection_policy: 'open_redirect_protection',
    };
  }
  return {};
}

/** A third-party client under the newer, stricter rules. */
export function isStrictThirdParty(client: Partial<Client>): boolean {
  return client.is_first_party === false && client.third_party_security_mode === 'strict';
}

/** Members that what was sent completes. A `jwt_configuration` that was sent gets no lifetime that it did not name. */
function completeMembers(body: ClientBody, authMethod: unknown): Partial<Client> {
  const lifetimes = authMethod === 'client_secret_post' ? LONG_LIFETIMES : SHORT_LIFETIMES;
  return {
    refresh_token: isStrictThirdParty(body) ? strictRefreshToken(authMethod) : { ...REFRESH_TOKEN, ...lifetimes },
    ...(body.jwt_configuration ? { jwt_configuration: { secret_encoded: false } } : {}),
  };
}

/** Auth0: refresh tokens of strict third-party clients expire, and rotate where the client has no secret. */
function strictRefreshToken(authMethod: unknown): RefreshToken {
  const rotation_type = authMethod === 'none' ? 'rotating' : 'non-rotating';
  return completeRefreshToken({ rotation_type, expiration_type: 'expiring' });
}

type RefreshToken = NonNullable<Client['refresh_token']>;

/** Lifetimes that a given refresh-token configuration leaves open. */
export function completeRefreshToken(sent: RefreshToken): RefreshToken {
  const expiring = sent.expiration_type === 'expiring';
  return {
    leeway: 0,
    ...SHORT_LIFETIMES,
    infinite_token_lifetime: !expiring,
    infinite_idle_token_lifetime: !expiring,
    ...sent,
  };
}

/** What a given session-transfer configuration leaves open. */
export function completeSessionTransfer(sent: unknown): object {
  return {
    can_create_session_transfer_token: false,
    allowed_authentication_methods: [],
    enforce_device_binding: 'ip',
    allow_refresh_token: false,
    ...(sent as object),
  };
}

/**
 * What a new client is made of before `body` is applied, as recorded from Auth0. Grant types and refresh-token lifetimes depend on the
 * authentication method sent, not on the application type.
 */
export function defaultsFor(body: ClientBody): Partial<Client> {
  const kind = defaultsByKind(body);
  const authMethod = body.token_endpoint_auth_method ?? kind.token_endpoint_auth_method;
  return {
    ...CONSTANT,
    grant_types: authMethod === 'none' ? PUBLIC_GRANTS : CONFIDENTIAL_GRANTS,
    jwt_configuration: { lifetime_in_seconds: 36000, secret_encoded: false },
    ...kind,
    ...completeMembers(body, authMethod),
  };
}
