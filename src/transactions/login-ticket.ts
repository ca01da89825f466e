import type { Context } from '../kernel/index.ts';
import { hashToken, randomToken, safeEqual } from '../platform/crypto/index.ts';
import { type LoginTicket, loginTicketsOf } from './login-ticket.store.ts';
import type { Refusal } from './transaction.ts';

/** How long a ticket may take from where it was proved to where it counts: milliseconds. */
export const TICKET_LIFETIME = 300_000;

/** Stores what was proved; answers the ticket for it. */
export async function issueLoginTicket(ctx: Context, proof: Omit<LoginTicket, 'id' | 'expires_at'>): Promise<string> {
  const ticket = randomToken(ctx.random);
  const expires_at = ctx.clock.now() + TICKET_LIFETIME;
  await loginTicketsOf(ctx).insert({ ...proof, id: hashToken(ticket), expires_at });
  return ticket;
}

/** What `ticket` stands for, not used up; undefined when it is unknown, used or expired. */
export async function findLoginTicket(ctx: Context, ticket: string): Promise<LoginTicket | undefined> {
  return loginTicketById(ctx, hashToken(ticket));
}

/** `findLoginTicket`, by what is stored of it. */
export async function loginTicketById(ctx: Context, id: string): Promise<LoginTicket | undefined> {
  const found = await loginTicketsOf(ctx).get(id);
  return found && found.expires_at > ctx.clock.now() ? found : undefined;
}

/** Uses a ticket up: of all that try, one gets true. Call it in the transaction that writes what follows. */
export async function spendLoginTicket(ctx: Context, { id }: LoginTicket): Promise<boolean> {
  return (await loginTicketsOf(ctx).take(id)) !== undefined;
}

/** What the application is told when the browser that brings a ticket is not the one that earned it. */
export const unverifiedBrowser: Refusal = {
  error: 'access_denied',
  error_description: 'Unable to verify transaction consistency',
};

/** Name of the cookie that tells the browser of a cross-origin login: the secret is its value. */
export const browserCookie = (co_id: string) => `co_${co_id}`;

/** Is `verifier` the secret of the browser that `ticket` belongs to? */
export function isOfBrowser({ bound_to }: LoginTicket, verifier: string | undefined): boolean {
  return (
    bound_to.kind === 'browser' && verifier !== undefined && safeEqual(hashToken(verifier), bound_to.verifier_hash)
  );
}
