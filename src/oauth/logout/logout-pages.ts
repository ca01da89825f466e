import { type Context, html, type Reply } from '../../kernel/index.ts';
import { type BaseView, contentSecurityPolicy, renderLoggedOut, renderLogoutConfirm } from '../../pages/index.ts';
import { randomToken } from '../../platform/crypto/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';

export const CONFIRM_PATH = '/oidc/logout/confirm';

async function viewOf(ctx: Context, client: StoredClient | undefined): Promise<BaseView> {
  const settings = await tenantSettings(ctx);
  const companyName = settings.friendly_name || ctx.tenant.name;
  return {
    theme: { companyName, ...(settings.picture_url ? { logoUrl: settings.picture_url } : {}) },
    lang: settings.enabled_locales[0] ?? 'en',
    nonce: randomToken(ctx.random, 16),
    ...(client ? { client: { name: client.name, logo_uri: client.logo_uri } } : {}),
  };
}

function show(page: string, nonce: string, formAction: readonly string[]): Reply {
  return html(200, page, { 'content-security-policy': contentSecurityPolicy({ nonce, formAction }) });
}

/** Says that the session has ended, with the way back to the application where it has one. */
export async function showLoggedOut(ctx: Context, client: StoredClient | undefined): Promise<Reply> {
  const view = await viewOf(ctx, client);
  return show(renderLoggedOut({ ...view, loginUrl: client?.initiate_login_uri }), view.nonce, []);
}

/** Asks whether to log out. `target`: where the form may lead. */
export async function showConfirmation(
  ctx: Context,
  {
    client,
    state,
    account,
    target,
  }: { client: StoredClient | undefined; state: string; account?: string | undefined; target: string | undefined },
): Promise<Reply> {
  const view = await viewOf(ctx, client);
  const page = renderLogoutConfirm({ ...view, state, action: CONFIRM_PATH, account });
  return show(page, view.nonce, ["'self'", ...(target === undefined ? [] : [target])]);
}
