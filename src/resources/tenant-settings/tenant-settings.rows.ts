/** What a setting does: `enforced` says where, or that it is refused; `shown` that nothing depends on it here, and why. */
export interface SettingRow {
  readonly name: string;
  readonly status: 'enforced' | 'shown';
  readonly where: string;
}

const enforced = (name: string, where: string): SettingRow => ({ name, status: 'enforced', where });
const shown = (name: string, where: string): SettingRow => ({ name, status: 'shown', where });
/** Every setting of a tenant. */
export const tenantSettings: readonly SettingRow[] = [
  shown('friendly_name', 'pages and messages'),
  shown('picture_url', 'pages'),
  shown('support_email', 'error page'),
  shown('support_url', 'error page'),
  enforced('enabled_locales', 'language of the pages'),
  enforced(
    'error_page',
    'where errors of a whole page lead (url), and what they look like (html: Liquid variables, no other tags; scripts do not run). show_log_link: there is no dashboard that it could lead to',
  ),
  enforced('default_audience', 'tokens without an audience'),
  enforced('default_directory', 'the password grant'),
  enforced('allowed_logout_urls', '/v2/logout'),
  enforced('session_lifetime', 'sessions'),
  enforced('idle_session_lifetime', 'sessions'),
  enforced('session_lifetime_in_minutes', 'sessions'),
  enforced('idle_session_lifetime_in_minutes', 'sessions'),
  enforced('ephemeral_session_lifetime', 'sessions that end with the browser'),
  enforced('idle_ephemeral_session_lifetime', 'sessions that end with the browser'),
  enforced('ephemeral_session_lifetime_in_minutes', 'sessions that end with the browser'),
  enforced('idle_ephemeral_session_lifetime_in_minutes', 'sessions that end with the browser'),
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
  shown('sandbox_version', 'no custom code is run'),
  shown('legacy_sandbox_version', 'no custom code is run'),
  shown('customize_mfa_in_postlogin_action', 'there are no Actions; the policies of the tenant and of clients decide'),
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
  shown('enable_ai_guide', 'there is no dashboard'),
  shown('phone_consolidated_experience', 'there is one place for phone providers'),
  enforced('country_codes', 'refused: countries of phone numbers are not told apart'),
];

/** Every switch under `flags`. */
export const flags: readonly SettingRow[] = [
  enforced('revoke_refresh_token_grant', '/oauth/revoke'),
  enforced('use_scope_descriptions_for_consent', 'consent page'),
  enforced('enable_client_connections', 'connections of new applications'),
  enforced('allow_legacy_delegation_grant_types', 'grant types that a client may be given'),
  enforced('allow_legacy_ro_grant_types', 'grant types that a client may be given'),
  enforced('change_pwd_flow_v1', 'true is refused: there is one way to change a password'),
  shown('enable_apis_section', 'there is no dashboard'),
  shown('disable_impersonation', 'there is no impersonation'),
  shown('enable_pipeline2', 'always on, whatever it says'),
  enforced('allow_legacy_tokeninfo_endpoint', '/tokeninfo'),
  enforced(
    'enable_legacy_profile',
    'whole profiles in ID tokens and at /userinfo, in logins of clients that are not OIDC conformant',
  ),
  enforced('enable_idtoken_api2', 'true is refused: the Management API takes access tokens alone'),
  enforced('enable_public_signup_user_exists_error', 'sign-up, by API and page'),
  enforced('enable_sso', 'false is refused: logins are always shared'),
  shown('allow_changing_enable_sso', 'enable_sso cannot be changed'),
  enforced('disable_clickjack_protection_headers', 'login pages of operators: whether others may frame them'),
  enforced('no_disclose_enterprise_connections', '/client/<client_id>.js, which Lock reads'),
  enforced('enforce_client_authentication_on_passwordless_start', '/passwordless/start'),
  shown('enable_adfs_waad_email_verification', 'there are no such connections'),
  shown('dashboard_log_streams_next', 'there is no dashboard'),
  shown('dashboard_insights_view', 'there is no dashboard'),
  shown('disable_fields_map_fix', 'there are no SAML connections'),
  enforced(
    'mfa_show_factor_list_on_enrollment',
    'false: an app is set up first where it may be, and the list is shown on demand',
  ),
  enforced('remove_alg_from_jwks', 'JWKS: keys without the one algorithm, where ID tokens are signed with another'),
  shown('improved_signup_bot_detection_in_classic', 'there is no bot detection'),
  shown('genai_trial', 'there is no dashboard'),
  enforced('enable_dynamic_client_registration', '/oidc/register, discovery'),
  enforced('disable_management_api_sms_obfuscation', '/api/v2/users/{id}/authentication-methods'),
  shown('trust_azure_adfs_email_verified_connection_property', 'there are no such connections'),
  shown('custom_domains_provisioning', 'domains are configured where the server is'),
];
