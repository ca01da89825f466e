import type { Context } from '../../../kernel/index.ts';
import type { StoredClient } from '../client.store.ts';
import { listCredentials } from '../credentials.ts';
import { claimCopy, type DocumentCopy } from './document-copy.store.ts';
import { FLOOR_MS } from './freshness.ts';
import { readKeys } from './read-keys.ts';
import { takeKeys } from './save-document-client.ts';

/**
 * `client` with the keys that its `jwks_uri` names now, where `kid` is none of those that are known: it may have rotated them. Undefined
 * where nothing was asked: anybody can name a key that nobody knows, so once in five minutes for a client is all that comes of it.
 */
export async function renewKeys(ctx: Context, client: StoredClient, kid: unknown): Promise<StoredClient | undefined> {
  if (typeof kid !== 'string' || client.jwks_uri === undefined) return undefined;
  const known = await listCredentials(ctx, client.client_id);
  if (known.some((credential) => credential.kid === kid)) return undefined;
  const now = ctx.clock.now();
  const isCool = ({ keys_asked_at }: DocumentCopy) => keys_asked_at + FLOOR_MS <= now;
  const claimed = await claimCopy(ctx, client.client_id, isCool, { keys_asked_at: now });
  if (!claimed) return undefined;
  const { keys, violations } = await readKeys(ctx, client.jwks_uri);
  if (violations.length > 0) {
    ctx.log.info({ client_id: client.client_id, violations }, 'the keys of a client could not be renewed');
    return undefined;
  }
  return (await ctx.store.transaction(() => takeKeys(ctx, client, keys))).client;
}
