import type { Context } from '../../kernel/index.ts';
import { clientsOf, findClient, type StoredClient } from './client.store.ts';

function originOf(url: string): string | undefined {
  return /^https?:/i.test(url) && URL.canParse(url) ? new URL(url).origin : undefined;
}

/** `https://*.example.com` covers one level of subdomain. */
function isCovered(pattern: string, origin: string): boolean {
  if (!pattern.includes('*')) return originOf(pattern) === origin;
  const [before = '', after = ''] = pattern.replace(/\/$/, '').toLowerCase().split('*');
  if (origin.length <= before.length + after.length) return false;
  const label = origin.slice(before.length, origin.length - after.length);
  return origin.startsWith(before) && origin.endsWith(after) && /^[a-z0-9-]+$/.test(label);
}

function allows(client: StoredClient, origin: string): boolean {
  const listed = [...(client.allowed_origins ?? []), ...(client.web_origins ?? [])];
  // Auth0: the origins of the callbacks are allowed without being listed.
  return [...listed, ...(client.callbacks ?? [])].some((pattern) => isCovered(pattern, origin));
}

/** May answers of the authorization endpoint be posted to windows at `origin`? Only `web_origins` say so, not the callbacks. */
export function mayReceiveMessages({ web_origins }: Pick<StoredClient, 'web_origins'>, origin: string): boolean {
  return (web_origins ?? []).some((pattern) => isCovered(pattern, origin.toLowerCase()));
}

/**
 * May a page at `origin` read the answer to a request of `clientId`? A preflight names no client (undefined): then any client of the
 * tenant may vouch for the origin.
 */
export async function mayReadAnswers(ctx: Context, origin: string, clientId: string | undefined): Promise<boolean> {
  const wanted = origin.toLowerCase();
  if (clientId === undefined) return (await clientsOf(ctx).list()).some((client) => allows(client, wanted));
  const client = await findClient(ctx, clientId);
  return client !== undefined && allows(client, wanted);
}
