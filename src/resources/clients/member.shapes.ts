import { shapes, type TSchema } from '../../kernel/index.ts';
import { delegatedSetupMembers } from './delegated-setup.shapes.ts';

const { choice, flag, integer, list, openRecord, record, text, tokenQuota } = shapes;

const INITIATORS = (
  'rp-logout idp-logout password-changed session-expired session-revoked account-deleted email-identifier-changed ' +
  'mfa-phone-unenrolled account-deactivated'
).split(' ');

const backchannelLogout = {
  // What a URL must be depends on the server's mode: `requireBackchannelLogoutUrls`.
  backchannel_logout_urls: list(text('A URL.'), 'URLs that logout tokens are sent to; one for now.', { maxItems: 1 }),
  backchannel_logout_initiators: openRecord(
    {
      mode: choice(['custom', 'all'], 'Whether all initiators count.'),
      selected_initiators: list(choice(INITIATORS, 'An initiator.'), 'Initiators that count.'),
    },
    'What logout tokens are sent for.',
  ),
  backchannel_logout_session_metadata: openRecord({ include: flag('Include it.') }, 'Metadata of the session.', {
    nullable: true,
  }),
};

/** Members about what the protocols may do. */
export const protocolMembers: Record<string, TSchema> = {
  oidc_conformant: flag('Whether this client conforms to strict OIDC specifications.'),
  oidc_logout: openRecord(backchannelLogout, 'Configuration for OIDC backchannel logout'),
  oidc_backchannel_logout: openRecord(backchannelLogout, 'Older name of oidc_logout.', { nullable: true }),
  require_pushed_authorization_requests: flag('Whether requests must be pushed.'),
  require_proof_of_possession: flag('Whether tokens must be bound to a key.'),
  par_request_expiry: integer('Seconds that a pushed request is valid.', { minimum: 10, maximum: 600, nullable: true }),
  compliance_level: choice(
    ['none', 'fapi1_adv_pkj_par', 'fapi1_adv_mtls_par', 'fapi2_sp_pkj_mtls', 'fapi2_sp_mtls_mtls'],
    'Security profile that the client keeps.',
    { nullable: true },
  ),
  third_party_security_mode: choice(['strict', 'permissive'], 'Rules for a third-party client.'),
  redirection_policy: choice(['allow_always', 'open_redirect_protection'], 'Whether errors are sent to the callback.'),
  token_exchange: record(
    {
      allow_any_profile_of_type: list(
        choice(['custom_authentication', 'on_behalf_of_token_exchange'], 'A type.', { minLength: 1 }),
        'Types of profiles that may be used.',
        { minItems: 0 },
      ),
    },
    'Token exchange of the client.',
    { nullable: true },
  ),
  identity_assertion_authorization_grant: record({ active: flag('Whether it is on.') }, 'Identity assertion grant.', {
    required: ['active'],
    nullable: true,
  }),
};

/** Native social login; a change (`nullable`) may take it away, whole or for one provider. */
export function nativeSocialLogin(nullable: boolean): TSchema {
  const enabled = (what: string) =>
    record({ enabled: flag('Whether it is on.') }, `Native social login with ${what}.`, { minProperties: 1, nullable });
  const providers = { apple: enabled('Apple'), facebook: enabled('Facebook'), google: enabled('Google') };
  return record(providers, 'Configure native social settings', { minProperties: 1, nullable });
}

const mobile = openRecord(
  {
    android: openRecord(
      {
        app_package_name: text('Package.'),
        sha256_cert_fingerprints: list(text('Fingerprint.', { minLength: 1 }), 'Fingerprints.', { minItems: 1 }),
      },
      'Android application.',
    ),
    ios: openRecord({ team_id: text('Team.'), app_bundle_identifier: text('Bundle.') }, 'iOS application.'),
  },
  'Additional configuration for native mobile apps.',
);

const sessionTransfer = record(
  {
    can_create_session_transfer_token: flag('Whether the client may start a transfer.'),
    enforce_cascade_revocation: flag('Whether revoking the origin revokes what came of it.'),
    allowed_authentication_methods: list(choice(['cookie', 'query'], 'A way.'), 'How the token is handed over.', {
      nullable: true,
    }),
    enforce_device_binding: choice(['ip', 'asn', 'none'], 'What ties the token to the device.'),
    allow_refresh_token: flag('Whether refresh tokens may come of it.'),
    enforce_online_refresh_tokens: flag('Whether those end with the session.'),
    delegation: record(
      {
        allow_delegated_access: flag('Whether delegated access is allowed.'),
        enforce_device_binding: choice(['ip', 'asn'], 'What ties delegated access to the device.'),
      },
      'Delegated access.',
      { nullable: true },
    ),
  },
  'Native to Web SSO Configuration',
  { nullable: true },
);

/** Members about what people see and how they log in. */
export const loginMembers: Record<string, TSchema> = {
  sso: flag('Whether single sign-on is the server’s.'),
  sso_disabled: flag('Whether single sign-on is off.'),
  cross_origin_authentication: flag('Whether cross-origin authentication is allowed.'),
  cross_origin_loc: text('Page of the cross-origin fallback.', { format: 'url-or-null', nullable: true }),
  custom_login_page_on: flag('Whether the custom login page is used.'),
  custom_login_page: text('The custom login page.'),
  custom_login_page_preview: text('The custom login page in preview.'),
  form_template: text('Form of WS-Federation responses.'),
  mobile,
  native_social_login: nativeSocialLogin(false),
  fedcm_login: record(
    { google: record({ is_enabled: flag('Whether it is on.') }, 'Google One Tap.', { nullable: true }) },
    'Logins that the browser offers by itself (FedCM).',
    { nullable: true },
  ),
  session_transfer: sessionTransfer,
  skip_non_verifiable_callback_uri_confirmation_prompt: flag('Whether unverifiable callbacks need no consent.', {
    nullable: true,
  }),
};

const refreshToken = record(
  {
    rotation_type: choice(['rotating', 'non-rotating'], 'Refresh token rotation type'),
    expiration_type: choice(['expiring', 'non-expiring'], 'Refresh token expiration type'),
    leeway: integer('Seconds in which the previous token still works.', { minimum: 0 }),
    token_lifetime: integer('Seconds that tokens last.', { minimum: 1, maximum: 157788000 }),
    infinite_token_lifetime: flag('Whether tokens last for ever.'),
    idle_token_lifetime: integer('Seconds that tokens last without use.', { minimum: 1 }),
    infinite_idle_token_lifetime: flag('Whether tokens last without use for ever.'),
    policies: list(
      record(
        {
          audience: text('API.', { minLength: 1, maxLength: 600 }),
          scope: list(text('A scope.', { minLength: 1, maxLength: 280 }), 'Scopes.'),
        },
        'Policy of one API.',
        { required: ['audience', 'scope'] },
      ),
      'APIs that a refresh token is also good for.',
      { minItems: 1, nullable: true },
    ),
  },
  'Refresh token configuration',
  { required: ['rotation_type', 'expiration_type'], nullable: true },
);

/** Members about tokens. */
export const tokenMembers: Record<string, TSchema> = {
  jwt_configuration: openRecord(
    {
      lifetime_in_seconds: integer('Seconds that ID tokens are valid.'),
      secret_encoded: flag('Whether the secret is base64 encoded.'),
      scopes: openRecord({}, 'Scopes of the older profile.'),
      alg: choice(['HS256', 'RS256', 'RS512', 'PS256'], 'Algorithm used to sign JWTs.'),
    },
    'Configuration related to JWTs for the client.',
  ),
  encryption_key: record(
    { pub: text('Public key.'), cert: text('Certificate.'), subject: text('Subject.') },
    'Key that responses are encrypted with.',
    { nullable: true },
  ),
  refresh_token: refreshToken,
  token_quota: tokenQuota({ nullable: true }),
};

/** Members about organizations and approvals, which a change may also remove. */
export function organizationMembers(nullable: boolean): Record<string, TSchema> {
  return {
    default_organization: record(
      {
        organization_id: text('The default Organization ID to be used', { format: 'organization-id' }),
        flows: list(choice(['client_credentials'], 'A flow.'), 'Where the default applies.'),
      },
      'Defines the default Organization ID and flows',
      { required: ['organization_id', 'flows'], nullable: true },
    ),
    organization_usage: choice(['deny', 'allow', 'require'], 'Whether organizations are used.', { nullable }),
    organization_require_behavior: choice(
      ['no_prompt', 'pre_login_prompt', 'post_login_prompt'],
      'How the organization is asked for.',
      { nullable },
    ),
    organization_discovery_methods: list(
      choice(['email', 'organization_name'], 'A method.'),
      'How the organization is found.',
      { minItems: 1, nullable },
    ),
    ...delegatedSetupMembers(nullable),
    async_approval_notification_channels: list(
      choice(['guardian-push', 'email'], 'A channel.'),
      'Channels that ask people for approval.',
      { minItems: 1, nullable },
    ),
  };
}
