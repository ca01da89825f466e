import type { Context, Reply } from '../../kernel/index.ts';
import { escapeHtml } from '../../pages/index.ts';
import { type Connection, databaseRules } from '../../resources/connections/index.ts';
import { brandColors, type ResetVariables, resetPage, tenantSettings } from '../../resources/tenant-settings/index.ts';
import type { Cookies } from '../../transactions/index.ts';
import { csrfToken } from '../classic/csrf.ts';
import { showOperatorPage } from '../operator-page.ts';

interface Reset {
  readonly ticket: string;
  readonly email: string | undefined;
  /** Whose rules the password must meet. */
  readonly connection: Connection | undefined;
  readonly lang: string;
}

/** The page for a new password that the operator wrote (`change_password` of the tenant); undefined where there is none. */
export async function showOwnResetPage(ctx: Context, reset: Reset, cookies: Cookies): Promise<Reply | undefined> {
  const fill = resetPage(await tenantSettings(ctx));
  if (!fill) return undefined;
  const { token, cookies: set } = csrfToken(ctx, reset.ticket, cookies);
  const shown = await showOperatorPage(ctx, fill(await variablesOf(ctx, reset, token)));
  return { ...shown, cookies: set };
}

async function variablesOf(ctx: Context, reset: Reset, csrf: string): Promise<ResetVariables> {
  const { ticket, email = '', connection, lang } = reset;
  const settings = await tenantSettings(ctx);
  const { friendly_name, picture_url, support_email, support_url } = settings;
  const colors = brandColors(settings);
  const texts = {
    email,
    ticket,
    csrf_token: csrf,
    password_policy: (connection?.options.passwordPolicy as string | null | undefined) ?? 'none',
    lang,
    'tenant.name': ctx.tenant.name,
    'tenant.friendly_name': friendly_name,
    'tenant.picture_url': picture_url,
    'tenant.support_email': support_email,
    'tenant.support_url': support_url,
    'tenant.colors.primary': colors.primary,
    'tenant.colors.page_background': colors.page_background,
  };
  const safe = Object.entries(texts).map(([name, value]) => [name, typeof value === 'string' ? inert(value) : '']);
  // An object for scripts, which holds nothing but a number of ours.
  const complexity = connection ? { min_length: databaseRules(connection).password.minLength } : {};
  return { ...Object.fromEntries(safe), password_complexity_options: JSON.stringify(complexity) };
}

/** Safe in HTML, and between the quotes of a script: there a backslash could swallow the closing one. */
const inert = (value: string) =>
  escapeHtml(value)
    .replaceAll('\\', '&#92;')
    .replace(/[\n\r\u2028\u2029]/g, ' ');
