import { type Collection, type Context, collection } from '../kernel/index.ts';
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
  expires: 'expires_at',
});

export function loginTicketsOf(ctx: Context): Collection<LoginTicket> {
  return ctx.store.collection(loginTicketsCollection);
}
