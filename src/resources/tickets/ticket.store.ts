import { type Collection, type Context, collection } from '../../kernel/index.ts';

export interface Ticket {
  /** SHA-256 of the ticket. */
  readonly id: string;
  readonly kind: 'password_reset' | 'email_verification';
  readonly user_id: string;
  /** The address it was made for: worth nothing once the user has another one. */
  readonly email?: string;
  readonly connection?: string;
  readonly client_id?: string;
  readonly result_url?: string;
  readonly include_email_in_redirect?: boolean;
  /** password_reset: using it proves the address too. */
  readonly mark_email_as_verified?: boolean;
  readonly created_at: string;
  /** ms */
  readonly expires_at: number;
}

export const ticketsCollection = collection<Ticket>({
  name: 'tickets',
  key: 'id',
  index: { user_id: 'text', kind: 'text' },
  expires: 'expires_at',
});

export function ticketsOf(ctx: Context): Collection<Ticket> {
  return ctx.store.collection(ticketsCollection);
}

/** Makes every ticket of the user worthless. */
export async function forgetTicketsOf(ctx: Context, userId: string): Promise<void> {
  await ticketsOf(ctx).deleteWhere({ user_id: userId });
}
