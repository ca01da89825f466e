import { type Context, html, type Reply } from '../kernel/index.ts';
import { type BaseView, contentSecurityPolicy } from '../pages/index.ts';
import { randomToken } from '../platform/crypto/index.ts';
import type { StoredClient } from '../resources/clients/index.ts';
import { brandColors, tenantSettings } from '../resources/tenant-settings/index.ts';

/** What every page needs that is not part of a login: the tenant's name and language, the application, a nonce. */
export async function viewFor(ctx: Context, client: StoredClient | undefined): Promise<BaseView> {
  const settings = await tenantSettings(ctx);
  const { primary, page_background } = brandColors(settings);
  const companyName = settings.friendly_name || ctx.tenant.name;
  return {
    theme: {
      companyName,
      ...(settings.picture_url ? { logoUrl: settings.picture_url } : {}),
      ...(primary ? { primaryColor: primary } : {}),
      ...(page_background ? { pageBackground: page_background } : {}),
    },
    lang: settings.enabled_locales[0] ?? 'en',
    nonce: randomToken(ctx.random, 16),
    ...(client ? { client: { name: client.name, logo_uri: client.logo_uri } } : {}),
  };
}

/** A page as an answer. `formAction`: where its form may lead. */
export function showPage(
  page: string,
  nonce: string,
  { status = 200, formAction = [] }: { readonly status?: number; readonly formAction?: readonly string[] } = {},
): Reply {
  return html(status, page, { 'content-security-policy': contentSecurityPolicy({ nonce, formAction }) });
}
