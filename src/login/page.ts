import { type Context, html, type Reply, type RequestParts } from '../kernel/index.ts';
import { availableLanguages, type BaseView, contentSecurityPolicy, type Theme } from '../pages/index.ts';
import { randomToken } from '../platform/crypto/index.ts';
import { findClient } from '../resources/clients/index.ts';
import { findOrganization, nameOf, type Organization } from '../resources/organizations/index.ts';
import { brandColors, type TenantSettings, tenantSettings } from '../resources/tenant-settings/index.ts';

/** What decides how a page looks. */
export interface PageFor {
  readonly clientId?: string | undefined;
  /** The organization that somebody logs in to: the page wears its colours. */
  readonly organizationId?: string | undefined;
  readonly isInvited?: boolean;
  /** Languages that the application asked for, most wanted first. */
  readonly languages?: readonly string[] | undefined;
  readonly headers?: RequestParts<never, never, never>['headers'];
}

/** What every screen needs, for this request: the tenant's colours and name, the person's language, the application, a nonce. */
export async function baseView(ctx: Context, page: PageFor = {}): Promise<BaseView> {
  const settings = await tenantSettings(ctx);
  const client = page.clientId === undefined ? undefined : await findClient(ctx, page.clientId);
  const organization = page.organizationId === undefined ? undefined : await findOrganization(ctx, page.organizationId);
  return {
    theme: themeOf(ctx, settings, organization),
    lang: chooseLanguage(settings, page),
    nonce: randomToken(ctx.random, 16),
    ...(client ? { client: { name: client.name, logo_uri: client.logo_uri } } : {}),
    ...(organization ? { organization: { name: nameOf(organization), isInvited: page.isInvited === true } } : {}),
  };
}

function themeOf(ctx: Context, settings: TenantSettings, organization: Organization | undefined): Theme {
  const { logo_url, colors = brandColors(settings) } = organization?.branding ?? {};
  const logoUrl = logo_url ?? (organization ? undefined : settings.picture_url);
  return {
    companyName: organization ? nameOf(organization) : settings.friendly_name || ctx.tenant.name,
    ...(logoUrl ? { logoUrl } : {}),
    ...(colors.primary ? { primaryColor: colors.primary } : {}),
    ...(colors.page_background ? { pageBackground: colors.page_background } : {}),
  };
}

/** The first language that is wanted, enabled and translated: the application's wish before the browser's. */
function chooseLanguage(settings: TenantSettings, page: PageFor): string {
  const accepted = (page.headers?.['accept-language'] ?? '')
    .split(',')
    .map((range) => range.split(';')[0]?.trim() ?? '');
  const base = (tag: string) => tag.split('-')[0]?.toLowerCase() ?? '';
  const offered = settings.enabled_locales.filter(
    (tag) => availableLanguages.includes(tag) || availableLanguages.includes(base(tag)),
  );
  const wanted = [...(page.languages ?? []), ...accepted];
  const found = wanted.map((tag) =>
    offered.find((one) => one.toLowerCase() === tag.toLowerCase() || base(one) === base(tag)),
  );
  return found.find((tag) => tag !== undefined) ?? offered[0] ?? 'en';
}

/**
 * A page as an answer, under the policy that fits it. `callbacks` are where its forms may lead besides this host, `connects` what it may
 * ask for by itself: nothing, unless it says so.
 */
export function showPage(
  status: number,
  page: string,
  nonce: string,
  callbacks: readonly string[] = [],
  connects: readonly string[] = [],
): Reply {
  const policy = contentSecurityPolicy({ nonce, formAction: ["'self'", ...callbacks], connects });
  return html(status, page, { 'content-security-policy': policy });
}
