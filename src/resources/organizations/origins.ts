import { type Context, webUrl } from '../../kernel/index.ts';
import { clientsOf, findClient, type StoredClient } from '../clients/index.ts';
import { fillOrganizationName } from './named-urls.ts';

/** `https://*.example.com` covers one level of subdomain; a path does not count. */
function isCovered(pattern: string, origin: string): boolean {
  if (!pattern.includes('*')) return webUrl(pattern)?.origin === origin;
  const [before = '', after = ''] = (/^https?:\/\/[^/?#]*/i.exec(pattern)?.[0] ?? '').toLowerCase().split('*');
  if (origin.length <= before.length + after.length) return false;
  const label = origin.slice(before.length, origin.length - after.length);
  return origin.startsWith(before) && origin.endsWith(after) && /^[a-z0-9-]+$/.test(label);
}

async function allows(ctx: Context, client: StoredClient, origin: string): Promise<boolean> {
  const listed = [...(client.allowed_origins ?? []), ...(client.web_origins ?? [])];
  // Auth0: the origins of the callbacks are allowed without being listed.
  const patterns = await fillOrganizationName(ctx, client, [...listed, ...(client.callbacks ?? [])], origin);
  return patterns.some((pattern) => isCovered(pattern, origin));
}

/** May answers of the authorization endpoint be posted to windows at `origin`? Only `web_origins` say so, not the callbacks. */
export async function mayReceiveMessages(ctx: Context, client: StoredClient, origin: string): Promise<boolean> {
  const patterns = await fillOrganizationName(ctx, client, client.web_origins ?? [], origin);
  return patterns.some((pattern) => isCovered(pattern, origin.toLowerCase()));
}

/**
 * May a page at `origin` read the answer to a request of `clientId`? A preflight names no client (undefined): then any client of the
 * tenant may vouch for the origin.
 */
export async function mayReadAnswers(ctx: Context, origin: string, clientId: string | undefined): Promise<boolean> {
  const wanted = origin.toLowerCase();
  if (clientId !== undefined) {
    const client = await findClient(ctx, clientId);
    return client !== undefined && allows(ctx, client, wanted);
  }
  for (const client of await clientsOf(ctx).list()) if (await allows(ctx, client, wanted)) return true;
  return false;
}
