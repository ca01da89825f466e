import type { Context } from '../../kernel/index.ts';
import { clientsOf, findClient, type StoredClient } from './client.store.ts';

function originOf(url: string): string | undefined {
  return /^https?:/i.test(url) && URL.canParse(url) ? new URL(url).origin : undefined;
}

/** `https://*.example.com` covers one level of subdomain; a path does not count. */
function isCovered(pattern: string, origin: string): boolean {
  if (!pattern.includes('*')) return originOf(pattern) === origin;
  const [before = '', after = ''] = (/^https?:\/\/[^/?#]*/i.exec(pattern)?.[0] ?? '').toLowerCase().split('*');
  if (origin.length <= before.length + after.length) return false;
  const label = origin.slice(before.length, origin.length - after.length);
  return origin.startsWith(before) && origin.endsWith(after) && /^[a-z0-9-]+$/.test(label);
}

/** Fills what stands for an organization's name in `patterns` with what `origin` has there, or leaves the pattern out. */
type FillNames = (
  ctx: Context,
  client: StoredClient,
  patterns: readonly string[],
  origin: string,
) => Promise<readonly string[]>;

async function allows(ctx: Context, client: StoredClient, origin: string, fill: FillNames): Promise<boolean> {
  const listed = [...(client.allowed_origins ?? []), ...(client.web_origins ?? [])];
  // Auth0: the origins of the callbacks are allowed without being listed.
  const patterns = await fill(ctx, client, [...listed, ...(client.callbacks ?? [])], origin);
  return patterns.some((pattern) => isCovered(pattern, origin));
}

/** May answers of the authorization endpoint be posted to windows at `origin`? Only `web_origins` say so, not the callbacks. */
export function mayReceiveMessages(
  { web_origins }: { readonly web_origins: readonly string[] },
  origin: string,
): boolean {
  return web_origins.some((pattern) => isCovered(pattern, origin.toLowerCase()));
}

/**
 * May a page at `origin` read the answer to a request of `clientId`? A preflight names no client (undefined): then any client of the
 * tenant may vouch for the origin.
 */
export async function mayReadAnswers(
  ctx: Context,
  origin: string,
  clientId: string | undefined,
  fill: FillNames,
): Promise<boolean> {
  const wanted = origin.toLowerCase();
  if (clientId !== undefined) {
    const client = await findClient(ctx, clientId);
    return client !== undefined && allows(ctx, client, wanted, fill);
  }
  for (const client of await clientsOf(ctx).list()) if (await allows(ctx, client, wanted, fill)) return true;
  return false;
}
