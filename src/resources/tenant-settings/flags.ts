import { shapes } from '../../kernel/index.ts';

/** Switches of the tenant, and what they mean when on. What each does in this version stands in `settings.rows.ts`. */
const FLAGS = {
  change_pwd_flow_v1: 'Use the older flow for changing passwords.',
  enable_apis_section: 'Show the APIs section.',
  disable_impersonation: 'Impersonation is off. Read-only.',
  enable_client_connections: 'Enable all connections for each new client.',
  enable_pipeline2: 'Advanced API authorization.',
  allow_legacy_delegation_grant_types: 'Clients may have the legacy delegation grants.',
  allow_legacy_ro_grant_types: 'Clients may have the legacy password grants.',
  allow_legacy_tokeninfo_endpoint: 'Offer the legacy tokeninfo endpoint.',
  enable_legacy_profile: 'Whole profiles in ID tokens and userinfo.',
  enable_idtoken_api2: 'ID tokens may be used at the Management API.',
  enable_public_signup_user_exists_error: 'Sign-up says when the user exists.',
  enable_sso: 'Single sign-on without confirmation.',
  allow_changing_enable_sso: 'enable_sso may be changed.',
  disable_clickjack_protection_headers: 'Leave out the headers that forbid framing.',
  no_disclose_enterprise_connections: 'Keep enterprise domains out of public files.',
  enforce_client_authentication_on_passwordless_start: 'Passwordless start authenticates the client.',
  enable_adfs_waad_email_verification: 'Verify e-mail of Azure AD and ADFS users.',
  revoke_refresh_token_grant: 'Revoking a refresh token deletes its grant.',
  dashboard_log_streams_next: 'Log streaming changes in beta.',
  dashboard_insights_view: 'Insights in the dashboard.',
  disable_fields_map_fix: 'Keep the old SAML attribute mapping.',
  mfa_show_factor_list_on_enrollment: 'People pick the factor that they enrol.',
  remove_alg_from_jwks: 'Leave alg out of the JWKS.',
  improved_signup_bot_detection_in_classic: 'Better bot detection in classic login.',
  genai_trial: 'Trial of Auth for GenAI.',
  enable_dynamic_client_registration: 'Applications may register themselves.',
  disable_management_api_sms_obfuscation: 'Show phone numbers unmasked in the Management API.',
  trust_azure_adfs_email_verified_connection_property: 'Trust e-mail of Azure AD and ADFS connections.',
  custom_domains_provisioning: 'Custom domains may be made.',
  use_scope_descriptions_for_consent: 'The consent page shows scope descriptions.',
};

/** The `flags` member of a change. */
export const flagsShape = shapes.record(
  Object.fromEntries(Object.entries(FLAGS).map(([name, meaning]) => [name, shapes.flag(meaning)])),
  'Flags used to change the behavior of this tenant.',
);

/** Names of all switches. */
export const flagNames = Object.keys(FLAGS);
