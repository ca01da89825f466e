import { alphanumeric, type Context } from '../../kernel/index.ts';
import { hashToken } from '../../platform/crypto/index.ts';
import { type EnrollmentTicket, enrollmentTicketsCollection } from './ticket.store.ts';

/** Auth0: five days. */
const TTL_MS = 5 * 86_400_000;

export type TicketTerms = Pick<EnrollmentTicket, 'user_id' | 'factor' | 'allow_multiple_enrollments'>;

const ticketsOf = (ctx: Context) => ctx.store.collection(enrollmentTicketsCollection);

/** Makes an enrolment ticket; answers what goes into the link. */
export async function createEnrollmentTicket(ctx: Context, terms: TicketTerms): Promise<string> {
  const ticket = alphanumeric(ctx.random, 32);
  const now = ctx.clock.now();
  await ticketsOf(ctx).insert({ id: hashToken(ticket), ...terms, created_at: now, expires_at: now + TTL_MS });
  return ticket;
}

/** The ticket, or undefined when it is unknown, used or expired. */
export async function findEnrollmentTicket(ctx: Context, ticket: string): Promise<EnrollmentTicket | undefined> {
  const found = await ticketsOf(ctx).get(hashToken(ticket));
  return found && found.expires_at > ctx.clock.now() ? found : undefined;
}

/** Uses the ticket up: call it in the transaction that confirms the enrolment. False when somebody else was faster. */
export async function takeEnrollmentTicket(ctx: Context, ticket: EnrollmentTicket): Promise<boolean> {
  return (await ticketsOf(ctx).take(ticket.id)) !== undefined;
}

/** Withdraws the tickets of a user who is deleted: whoever has the same id later is somebody else. */
export async function forgetEnrollmentTicketsOf(ctx: Context, user_id: string): Promise<void> {
  await ticketsOf(ctx).deleteWhere({ user_id });
}

/** Removes the ticket of an invitation that could not be sent. */
export async function withdrawEnrollmentTicket(ctx: Context, ticket: string): Promise<void> {
  await ticketsOf(ctx).delete(hashToken(ticket));
}
