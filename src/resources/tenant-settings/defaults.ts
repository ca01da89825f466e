import type { TenantSettings } from './settings.store.ts';

/** What a fresh tenant's settings are, as recorded from Auth0. */
export function defaultSettings(): TenantSettings {
  return {
    id: 'settings',
    enabled_locales: ['en'],
    flags: {
      allow_changing_enable_sso: false,
      cannot_change_enforce_client_authentication_on_passwordless_start: true,
      disable_impersonation: true,
      enable_sso: true,
      enforce_client_authentication_on_passwordless_start: true,
      universal_login: true,
      revoke_refresh_token_grant: false,
      disable_clickjack_protection_headers: false,
    },
    idle_session_lifetime: 72,
    ephemeral_session_lifetime: 72,
    idle_ephemeral_session_lifetime: 24,
    session_lifetime: 168,
    sandbox_version: '22',
    oidc_logout: { rp_logout_end_session_endpoint_discovery: true },
    resource_parameter_profile: 'compatibility',
  };
}
