import { managementError } from '../../kernel/index.ts';
import { readTemplate, TemplateRefused } from '../../platform/liquid/index.ts';
import type { TenantSettings } from './settings.store.ts';

/** What an operator's page for a new password may speak of, as Auth0 documents it. */
const RESET_VARIABLES = [
  'email',
  'ticket',
  'csrf_token',
  'password_policy',
  'password_complexity_options',
  'lang',
  'tenant.name',
  'tenant.friendly_name',
  'tenant.picture_url',
  'tenant.support_email',
  'tenant.support_url',
  'tenant.colors.primary',
  'tenant.colors.page_background',
] as const;

export type ResetVariables = Readonly<Record<(typeof RESET_VARIABLES)[number], string>>;

interface ClassicPage {
  readonly enabled?: boolean;
  readonly html?: string;
}

const pageOf = (settings: TenantSettings, name: string) => (settings[name] ?? {}) as ClassicPage;

/** The operator's page for a new password, if it is in use: fills in variables, which must be fit for HTML. */
export function resetPage(settings: TenantSettings): ((variables: ResetVariables) => string) | undefined {
  const { enabled, html = '' } = pageOf(settings, 'change_password');
  return enabled && html.trim() !== '' ? readTemplate(html, RESET_VARIABLES) : undefined;
}

/** WireError 400 where a page is to be used that could not be shown. */
export function requireShowablePages(settings: TenantSettings): void {
  if (pageOf(settings, 'guardian_mfa_page').enabled)
    throw refused('guardian_mfa_page.enabled can not be true: such pages are made of Auth0’s own MFA widget.');
  try {
    resetPage(settings);
  } catch (error) {
    if (!(error instanceof TemplateRefused)) throw error;
    throw refused(`change_password.html is not supported: ${error.message}.`);
  }
}

const refused = (message: string) => managementError(400, message, 'operation_not_supported');
