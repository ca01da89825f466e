import type { Context } from '../../kernel/index.ts';
import { clientsOf, type StoredClient } from './client.store.ts';

const filled = (page: unknown): string | undefined =>
  typeof page === 'string' && page.trim() !== '' ? page : undefined;

/**
 * The HTML of an operator that people log in to `client` with, in place of our pages (Auth0's classic login page): the client's own, or
 * the tenant's, which the global client has. Undefined where there is none, or where `custom_login_page_on` of either is off.
 */
export async function customLoginPage(ctx: Context, client: StoredClient): Promise<string | undefined> {
  if (client.custom_login_page_on === false) return undefined;
  const own = filled(client.custom_login_page);
  if (own !== undefined) return own;
  const tenants = await globalClient(ctx);
  return tenants?.custom_login_page_on === false ? undefined : filled(tenants?.custom_login_page);
}

/** What an operator has prepared for `client` but does not show to people yet; the tenant's own where it has none. */
export async function loginPagePreview(ctx: Context, client: StoredClient): Promise<string | undefined> {
  return filled(client.custom_login_page_preview) ?? filled((await globalClient(ctx))?.custom_login_page_preview);
}

async function globalClient(ctx: Context): Promise<StoredClient | undefined> {
  return (await clientsOf(ctx).list()).find(({ global }) => global === true);
}
