/** What a setting does in this version: `enforced` says where, `shown` that it is information only, `stored` that what it asks for is not done yet. */
export interface SettingRow {
  readonly name: string;
  readonly status: 'enforced' | 'shown' | 'stored';
  readonly where: string;
}

const enforced = (name: string, where: string): SettingRow => ({ name, status: 'enforced', where });
const shown = (name: string, where: string): SettingRow => ({ name, status: 'shown', where });
const stored = (name: string, waitsFor: string): SettingRow => ({
  name,
  status: 'stored',
  where: `stored and returned; enforced in a later release (${waitsFor})`,
});

/** Every setting of a tenant. */
export const tenantSettings: readonly SettingRow[] = [
  shown('friendly_name', 'pages and messages'),
  shown('picture_url', 'pages'),
  shown('support_email', 'error page'),
  shown('support_url', 'error page'),
  enforced('enabled_locales', 'language of the pages'),
  enforced(
    'error_page',
    'where errors of a whole page lead (url), and what they look like (html: Liquid variables, no other tags; scripts do not run). show_log_link: later',
  ),
  enforced('default_audience', 'tokens without an audience'),
  enforced('default_directory', 'the password grant'),
  enforced('allowed_logout_urls', '/v2/logout'),
  enforced('session_lifetime', 'sessions'),
  enforced('idle_session_lifetime', 'sessions'),
  enforced('session_lifetime_in_minutes', 'sessions'),
  enforced('idle_session_lifetime_in_minutes', 'sessions'),
  stored('ephemeral_session_lifetime', 'sessions of the browser'),
  stored('idle_ephemeral_session_lifetime', 'sessions of the browser'),
  stored('ephemeral_session_lifetime_in_minutes', 'sessions of the browser'),
  stored('idle_ephemeral_session_lifetime_in_minutes', 'sessions of the browser'),
  enforced('session_cookie', 'whether the cookie outlives the browser'),
  enforced('oidc_logout', 'discovery'),
  enforced('sessions', 'whether OIDC logout asks'),
  enforced('skip_non_verifiable_callback_uri_confirmation_prompt', 'confirmation of unverifiable callbacks'),
  enforced('resource_parameter_profile', '/authorize'),
  enforced('flags', 'see below'),
  enforced(
    'default_redirection_uri',
    'where logins that are over begin anew; where errors of a whole page lead when there is no error_page; where pages that end something lead on',
  ),
  enforced(
    'change_password',
    'the page for a new password, where it is enabled: HTML with Auth0’s Liquid variables, if, unless, default and escape; it posts to /lo/reset',
  ),
  enforced('guardian_mfa_page', 'enabled: true is refused: such pages are made of Auth0’s own MFA widget'),
  enforced(
    'universal_login',
    'colors: of the pages, and of operators’ pages. passwordless.allow_magiclink_verify_without_session is true, and refused otherwise',
  ),
  enforced('device_flow', '/oauth/device/code: the codes that devices show'),
  enforced('default_token_quota', 'client credentials of clients and organizations without a quota of their own'),
  stored('sandbox_version', 'custom code'),
  stored('legacy_sandbox_version', 'custom code'),
  stored('customize_mfa_in_postlogin_action', 'Actions'),
  enforced('allow_organization_name_in_authentication_api', 'names in the parameter organization, org_name in tokens'),
  enforced('acr_values_supported', 'acr of ID tokens, where a request asks for one of them; discovery'),
  enforced('mtls', 'discovery: `mtls_endpoint_aliases`'),
  enforced('pushed_authorization_requests_supported', '/oauth/par; discovery'),
  enforced('authorization_response_iss_parameter_supported', 'iss in every answer of /authorize; discovery'),
  enforced(
    'client_id_metadata_document_supported',
    'clients go by the URL of their metadata document; /api/v2/clients/cimd/*; discovery',
  ),
  enforced('dynamic_client_registration_security_mode', '/oidc/register; strict where it is not set'),
  stored('enable_ai_guide', 'dashboard'),
  stored('phone_consolidated_experience', 'phone providers'),
  stored('country_codes', 'phone numbers'),
];

/** Every switch under `flags`. */
export const flags: readonly SettingRow[] = [
  enforced('revoke_refresh_token_grant', '/oauth/revoke'),
  enforced('use_scope_descriptions_for_consent', 'consent page'),
  enforced('enable_client_connections', 'connections of new applications'),
  enforced('allow_legacy_delegation_grant_types', 'grant types that a client may be given'),
  enforced('allow_legacy_ro_grant_types', 'grant types that a client may be given'),
  stored('change_pwd_flow_v1', 'classic pages'),
  stored('enable_apis_section', 'dashboard'),
  stored('disable_impersonation', 'there is no impersonation'),
  stored('enable_pipeline2', 'always on'),
  enforced('allow_legacy_tokeninfo_endpoint', '/tokeninfo'),
  enforced(
    'enable_legacy_profile',
    'whole profiles in ID tokens and at /userinfo, in logins of clients that are not OIDC conformant',
  ),
  stored('enable_idtoken_api2', 'legacy endpoints'),
  stored('enable_public_signup_user_exists_error', 'sign-up'),
  stored('enable_sso', 'always on'),
  stored('allow_changing_enable_sso', 'always on'),
  enforced('disable_clickjack_protection_headers', 'login pages of operators: whether others may frame them'),
  enforced('no_disclose_enterprise_connections', '/client/<client_id>.js, which Lock reads'),
  stored('enforce_client_authentication_on_passwordless_start', 'passwordless'),
  stored('enable_adfs_waad_email_verification', 'enterprise connections'),
  stored('dashboard_log_streams_next', 'dashboard'),
  stored('dashboard_insights_view', 'dashboard'),
  stored('disable_fields_map_fix', 'SAML'),
  stored('mfa_show_factor_list_on_enrollment', 'choosing a factor'),
  enforced('remove_alg_from_jwks', 'JWKS: keys without the one algorithm, where ID tokens are signed with another'),
  stored('improved_signup_bot_detection_in_classic', 'bot detection'),
  stored('genai_trial', 'dashboard'),
  enforced('enable_dynamic_client_registration', '/oidc/register, discovery'),
  stored('disable_management_api_sms_obfuscation', 'phone numbers in the Management API'),
  stored('trust_azure_adfs_email_verified_connection_property', 'enterprise connections'),
  stored('custom_domains_provisioning', 'custom domains'),
];
