/** Clients with every property, of the kinds that can have it. */
import { generateKeyPairSync } from 'node:crypto';
import { seededRandom } from '../../src/kernel/index.ts';
import { generateSigningKey } from '../../src/platform/crypto/index.ts';

export const AUDIENCE = 'https://rich.test/api/';

/** What a first-party web application may say, as long as no other property stands against it. */
export const WEB = {
  app_type: 'regular_web',
  description: 'Everything & <more>',
  logo_uri: 'https://rich.test/logo.png',
  callbacks: ['https://rich.test/callback', 'https://*.rich.test/callback'],
  allowed_origins: ['https://rich.test'],
  web_origins: ['https://rich.test', 'https://www.rich.test'],
  allowed_logout_urls: ['https://rich.test/bye', 'https://{organization_name}.rich.test'],
  client_aliases: ['urn:rich:web'],
  allowed_clients: ['a-client-elsewhere'],
  initiate_login_uri: 'https://rich.test/login',
  grant_types: [
    'authorization_code',
    'implicit',
    'refresh_token',
    'client_credentials',
    'password',
    'http://auth0.com/oauth/grant-type/password-realm',
    'http://auth0.com/oauth/grant-type/mfa-otp',
    'http://auth0.com/oauth/grant-type/passwordless/otp',
    'urn:openid:params:grant-type:ciba',
  ],
  token_endpoint_auth_method: 'client_secret_post',
  is_token_endpoint_ip_header_trusted: true,
  oidc_conformant: true,
  oidc_logout: {
    backchannel_logout_urls: ['https://rich.test/backchannel'],
    backchannel_logout_initiators: {
      mode: 'custom',
      selected_initiators: ['rp-logout', 'idp-logout', 'password-changed'],
    },
    backchannel_logout_session_metadata: { include: true },
  },
  require_pushed_authorization_requests: true,
  require_proof_of_possession: true,
  par_request_expiry: 120,
  compliance_level: 'none',
  redirection_policy: 'open_redirect_protection',
  token_exchange: { allow_any_profile_of_type: ['custom_authentication'] },
  sso: true,
  sso_disabled: false,
  cross_origin_authentication: true,
  cross_origin_loc: 'https://rich.test/cross-origin',
  custom_login_page_on: true,
  custom_login_page: '<html><body>Log in: {{ client.name }}</body></html>',
  custom_login_page_preview: '<html><body>Preview</body></html>',
  form_template: '<form method="post" action="@Action"></form>',
  session_transfer: {
    can_create_session_transfer_token: false,
    allowed_authentication_methods: ['cookie', 'query'],
    enforce_device_binding: 'asn',
    allow_refresh_token: true,
    enforce_cascade_revocation: true,
    enforce_online_refresh_tokens: false,
    delegation: { allow_delegated_access: true, enforce_device_binding: 'asn' },
  },
  fedcm_login: { google: { is_enabled: true } },
  identity_assertion_authorization_grant: { active: true },
  skip_non_verifiable_callback_uri_confirmation_prompt: true,
  jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 3600 },
  refresh_token: {
    rotation_type: 'rotating',
    expiration_type: 'expiring',
    leeway: 5,
    token_lifetime: 86400,
    infinite_token_lifetime: false,
    idle_token_lifetime: 3600,
    infinite_idle_token_lifetime: false,
  },
  token_quota: { client_credentials: { enforce: true, per_day: 100, per_hour: 10 } },
  client_metadata: { team: 'blue', 'cost-centre': '17' },
  organization_usage: 'allow',
  organization_require_behavior: 'no_prompt',
  organization_discovery_methods: ['email', 'organization_name'],
  async_approval_notification_channels: ['email', 'guardian-push'],
};

export const NATIVE = {
  app_type: 'native',
  callbacks: ['com.rich.app://callback', 'https://rich.test/app'],
  grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
  token_endpoint_auth_method: 'none',
  oidc_conformant: true,
  mobile: {
    android: { app_package_name: 'com.rich.app', sha256_cert_fingerprints: ['D8:A0:83:67'] },
    ios: { team_id: '9JA89QQLNQ', app_bundle_identifier: 'com.rich.app' },
  },
  native_social_login: { apple: { enabled: true }, facebook: { enabled: false }, google: { enabled: true } },
  session_transfer: {
    can_create_session_transfer_token: true,
    enforce_cascade_revocation: false,
    enforce_device_binding: 'ip',
    enforce_online_refresh_tokens: true,
    allow_refresh_token: false,
  },
  refresh_token: {
    rotation_type: 'rotating',
    expiration_type: 'expiring',
    leeway: 0,
    token_lifetime: 2592000,
    idle_token_lifetime: 1296000,
    infinite_token_lifetime: false,
    infinite_idle_token_lifetime: false,
    policies: [{ audience: AUDIENCE, scope: ['read:things'] }],
  },
};

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
/** The key of a client, which no export tells. */
export const KEY_PEM = publicKey.export({ type: 'spki', format: 'pem' }) as string;
/** A certificate of a client, which no export tells either. */
export const { cert: CERTIFICATE_PEM } = await generateSigningKey({
  commonName: 'rich.test',
  now: Date.now(),
  random: seededRandom('rich'),
});
const KEY = { name: 'First key', credential_type: 'public_key', pem: KEY_PEM };

export const MACHINE = {
  app_type: 'non_interactive',
  grant_types: ['client_credentials'],
  organization_usage: 'allow',
};
export const PARTNER = {
  app_type: 'regular_web',
  is_first_party: false,
  third_party_security_mode: 'permissive',
  oidc_conformant: true,
  callbacks: ['https://partner.test/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
};
const STRICT = { ...PARTNER, third_party_security_mode: 'strict' };
const LEGACY = { oidc_conformant: false, jwt_configuration: { alg: 'HS256', secret_encoded: true, scopes: {} } };
const ENCRYPTED = { addons: { samlp: {} }, encryption_key: { cert: CERTIFICATE_PEM, subject: '/CN=rich' } };

const proving = (method: string, credential: object) => ({
  ...MACHINE,
  client_authentication_methods: { [method]: { credentials: [credential] } },
});
const certified = (credential_type: string) => ({ name: 'First certificate', credential_type, pem: CERTIFICATE_PEM });

/** The one whose keys the Deploy CLI neither reads nor writes. */
export const VAULT_WORKER = 'Vault worker';

/** Clients that name nothing else in their tenant, by their names. */
export const INDEPENDENT: Readonly<Record<string, object>> = {
  Web: WEB,
  Native: NATIVE,
  Machine: MACHINE,
  Partner: PARTNER,
  'Strict partner': STRICT,
  Legacy: LEGACY,
  Encrypted: ENCRYPTED,
  'Key holder': proving('private_key_jwt', KEY),
  'Certificate holder': proving('tls_client_auth', certified('cert_subject_dn')),
  'Pinned certificate holder': proving('self_signed_tls_client_auth', certified('x509_cert')),
  'Request signer': {
    app_type: 'regular_web',
    callbacks: ['https://rich.test/callback'],
    signed_request_object: { required: true, credentials: [KEY] },
  },
  [VAULT_WORKER]: {
    app_type: 'regular_web',
    grant_types: ['urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token'],
    token_vault_privileged_access: {
      credentials: [KEY],
      ip_allowlist: ['192.0.2.9'],
      grants: [{ connection: 'northwind', scopes: ['read'] }],
    },
  },
};
