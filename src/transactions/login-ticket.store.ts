import { type Collection, type Context, collection } from '../kernel/index.ts';
import type { RevokedAccess } from '../resources/access-revocation/index.ts';
import type { ProvenMethod } from '../resources/sessions/index.ts';

/** A first factor that was proved where no login could take it up yet: worth one, once, within minutes, to who can show it there. */
export interface LoginTicket {
  /** SHA-256 of the ticket. */
  readonly id: string;
  readonly client_id: string;
  readonly user_id: string;
  /** Where it was proved. */
  readonly connection: string;
  readonly methods: readonly ProvenMethod[];
  readonly bound_to: TicketBinding;
  /** ms */
  readonly expires_at: number;
}

/** Where alone the ticket is good. */
export type TicketBinding = BrowserBinding | { readonly kind: 'login'; readonly transaction_id: string };

/** Cross-origin: the browser that proved the factor, known by a secret in a cookie of ours or in the application's own storage. */
export interface BrowserBinding {
  readonly kind: 'browser';
  /** Names the secret. */
  readonly co_id: string;
  /** SHA-256 of the secret. */
  readonly verifier_hash: string;
  /** The realm that was named, as it was. */
  readonly realm?: string;
}

export const loginTicketsCollection = collection<LoginTicket>({
  name: 'login_tickets',
  key: 'id',
  index: { user_id: 'text' },
  expires: 'expires_at',
});

export function loginTicketsOf(ctx: Context): Collection<LoginTicket> {
  return ctx.store.collection(loginTicketsCollection);
}

/** Forgets the tickets of a user who is gone, whose password changed or whose access was revoked. Answers how many there were. */
export function forgetLoginTicketsOf(ctx: Context, userId: string): Promise<number> {
  return loginTicketsOf(ctx).deleteWhere({ user_id: userId });
}

/** The same when access is revoked. A ticket belongs to no session yet: where one alone is revoked, it stays. */
export async function forgetTicketsOnRevocation(ctx: Context, { user_id, session_id }: RevokedAccess): Promise<void> {
  if (session_id === undefined) await forgetLoginTicketsOf(ctx, user_id);
}
