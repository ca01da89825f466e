import type { Context, Where } from '../../kernel/index.ts';
import { findClient, type StoredClient } from '../clients/index.ts';
import { isExpired } from './refresh-token.rules.ts';
import { type RefreshToken, refreshTokensOf } from './refresh-token.store.ts';

/** What rotation makes one of many tokens: known by its newest one. */
export interface Family {
  readonly token: RefreshToken;
  readonly client: StoredClient;
}

/** The living families that meet `where`, oldest first. Tokens that live by a session are the session's and not among them. */
export async function livingFamilies(ctx: Context, where: Where<RefreshToken>): Promise<Family[]> {
  const unused = { ...where, rotated_at: null, online_session_id: null };
  const tokens = await refreshTokensOf(ctx).list({ where: unused, orderBy: 'created_at' });
  const newest = new Map(tokens.map((token) => [token.family_id, token]));
  const families: Family[] = [];
  for (const token of newest.values()) {
    const client = await findClient(ctx, token.client_id);
    if (client && !isExpired(token, client, ctx.clock.now())) families.push({ token, client });
  }
  return families;
}
