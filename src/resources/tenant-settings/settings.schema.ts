import { shapes } from '../../kernel/index.ts';
import { flagsShape } from './flags.ts';
import { locales } from './locales.ts';
import type { TenantSettings } from './settings.store.ts';

const { body, choice, flag, integer, list, openRecord, record, text, tokenQuota } = shapes;

/** What may be sent: any setting, `null` to remove it, and lifetimes also in minutes. */
export type SettingsChange = { readonly [K in keyof TenantSettings]?: TenantSettings[K] | null };

const page = (whose: string) =>
  record(
    { enabled: flag('Whether the custom page is used.'), html: text('The page in HTML with Liquid.') },
    `${whose} page customization.`,
    { nullable: true },
  );

const quota = tokenQuota({ additionalProperties: true });

const hours = (what: string) => integer(`Hours ${what}.`, { minimum: 1 });
const minutes = (what: string) => integer(`Minutes ${what}.`, { minimum: 1 });
const switchable = (what: string) => flag(what, { nullable: true });

const lifetimes = {
  session_lifetime: hours('a session lasts'),
  idle_session_lifetime: hours('a session lasts without use'),
  ephemeral_session_lifetime: hours('a non-persistent session lasts'),
  idle_ephemeral_session_lifetime: hours('a non-persistent session lasts without use'),
  session_lifetime_in_minutes: minutes('a session lasts'),
  idle_session_lifetime_in_minutes: minutes('a session lasts without use'),
  ephemeral_session_lifetime_in_minutes: minutes('a non-persistent session lasts'),
  idle_ephemeral_session_lifetime_in_minutes: minutes('a non-persistent session lasts without use'),
};

const pages = {
  change_password: page('Change Password'),
  guardian_mfa_page: page('Guardian'),
  error_page: record(
    {
      html: text('The page in HTML with Liquid.'),
      show_log_link: flag('Whether the default page links to the log.'),
      url: text('Where to send people instead of showing a page.', { format: 'absolute-uri-or-empty' }),
    },
    'Tenant error page customization.',
    { nullable: true },
  ),
  universal_login: record(
    {
      colors: openRecord({ page_background: {}, primary: text('Primary color.') }, 'Colors.', { nullable: true }),
      passwordless: openRecord(
        { allow_magiclink_verify_without_session: flag('Whether a link logs in, in whichever browser it is opened.') },
        'Passwordless settings.',
        { nullable: true },
      ),
      is_custom_theme_set: flag('Whether a theme is in use.'),
    },
    'Universal Login settings.',
    { nullable: true },
  ),
};

const protocol = {
  default_audience: text('API that tokens are for when none is asked for.'),
  default_directory: text('Connection that password grants use.'),
  default_redirection_uri: text('The default absolute redirection uri, must be https', {
    format: 'absolute-https-uri-or-empty',
  }),
  allowed_logout_urls: list(text('A URL.', { format: 'url-with-placeholders' }), 'Where logout may lead.'),
  session_cookie: record(
    { mode: choice(['persistent', 'non-persistent'], 'Whether the cookie outlives the browser.') },
    'Session cookie configuration',
    { required: ['mode'], nullable: true },
  ),
  sessions: record({ oidc_logout_prompt_enabled: flag('Whether OIDC logout asks.') }, 'Sessions of the tenant.', {
    nullable: true,
  }),
  oidc_logout: record(
    { rp_logout_end_session_endpoint_discovery: flag('Whether discovery names the end_session_endpoint.') },
    'OIDC logout of the tenant.',
  ),
  customize_mfa_in_postlogin_action: switchable('Whether Actions choose the factors.'),
  allow_organization_name_in_authentication_api: switchable('Whether organizations go by name too.'),
  acr_values_supported: list(text('An ACR value.', { format: 'acr' }), 'Supported ACR values', { nullable: true }),
  mtls: record({ enable_endpoint_aliases: flag('Whether mTLS endpoint aliases exist.') }, 'mTLS configuration.', {
    nullable: true,
  }),
  pushed_authorization_requests_supported: switchable('Whether requests may be pushed.'),
  authorization_response_iss_parameter_supported: switchable('Whether responses carry iss.'),
  skip_non_verifiable_callback_uri_confirmation_prompt: switchable('Whether unverifiable callbacks need no consent.'),
  resource_parameter_profile: choice(['audience', 'compatibility'], 'Whether `resource` stands in for `audience`.'),
  client_id_metadata_document_supported: flag('Whether client ids may be URLs of metadata.'),
  dynamic_client_registration_security_mode: choice(['strict', 'permissive'], 'Mode of registered clients.'),
};

const rest = {
  device_flow: record(
    { charset: choice(['base20', 'digits'], 'Characters of user codes.'), mask: text('Mask.', { maxLength: 20 }) },
    'Device flow of the tenant.',
    { nullable: true },
  ),
  default_token_quota: record({ clients: quota, organizations: quota }, 'Quota of all clients and organizations.', {
    minProperties: 1,
    nullable: true,
  }),
  flags: flagsShape,
  friendly_name: text('Friendly name for this tenant.'),
  picture_url: text('URL of the logo.', { format: 'absolute-uri-or-empty' }),
  support_email: text('End-user support email.', { format: 'email-or-empty' }),
  support_url: text('End-user support url.', { format: 'absolute-uri-or-empty' }),
  sandbox_version: text('Runtime of custom code.', { maxLength: 8 }),
  legacy_sandbox_version: text('Runtime of legacy custom code.', { maxLength: 8 }),
  enabled_locales: list(choice(locales, 'A language.'), 'Supported locales for the user interface', { minItems: 1 }),
  enable_ai_guide: flag('Whether the guide is on.'),
  phone_consolidated_experience: flag('Whether phone settings are consolidated.'),
  country_codes: record(
    {
      list: list(text('A country.', { pattern: '^[A-Z]{2}$' }), 'Countries by ISO 3166 code.'),
      mode: choice(['allow', 'deny'], 'Whether the list allows or denies.'),
    },
    'Countries that phone numbers may be of.',
    { required: ['list', 'mode'], nullable: true },
  ),
};

/** Every setting that a change may name. */
export const settingsShape = { ...rest, ...pages, ...protocol, ...lifetimes };
export const updateSettingsBody = body<SettingsChange>(settingsShape, { minProperties: 1 });
