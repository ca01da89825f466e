import type { Context } from '../../kernel/index.ts';
import { clientsOf, findClient, type StoredClient } from './client.store.ts';

/** The origin of `url`, or undefined when it has none (custom schemes, nonsense). */
function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { origin } = new URL(url);
  return origin === 'null' ? undefined : origin;
}

/** `https://*.example.com` allows one label in place of the star. */
function matches(allowed: string, origin: string): boolean {
  if (!allowed.includes('*')) return originOf(allowed) === origin;
  const [before, after, ...more] = allowed.replace(/\/$/, '').toLowerCase().split('*');
  if (
    before === undefined ||
    after === undefined ||
    more.length > 0 ||
    !origin.startsWith(before) ||
    !origin.endsWith(after)
  )
    return false;
  const label = origin.slice(before.length, origin.length - after.length);
  return /^[a-z0-9-]+$/.test(label) && before.endsWith('://');
}

function allows(client: StoredClient, origin: string): boolean {
  const named = [...(client.allowed_origins ?? []), ...(client.web_origins ?? [])];
  // Auth0: the origins of callbacks are allowed without being listed.
  const implied = (client.callbacks ?? []).map(originOf);
  return named.some((allowed) => matches(allowed, origin)) || implied.includes(origin);
}

/**
 * May a page at `origin` read what is answered to `clientId`? Without a client (a preflight names none): may it read what is answered to
 * any client of the tenant?
 */
export async function mayReadAnswers(ctx: Context, origin: string, clientId: string | undefined): Promise<boolean> {
  if (clientId !== undefined) {
    const client = await findClient(ctx, clientId);
    return client !== undefined && allows(client, origin);
  }
  return (await clientsOf(ctx).list()).some((client) => allows(client, origin));
}
