import { alphanumeric, type Context, isoTime } from '../../kernel/index.ts';
import { hashToken } from '../../platform/crypto/index.ts';
import { findClient } from '../clients/index.ts';
import { tenantSettings } from '../tenant-settings/index.ts';
import { passwordResetEmail, verificationEmail } from './emails.ts';
import { type Ticket, ticketsOf } from './ticket.store.ts';

/** Five days. */
const DEFAULT_TTL_SECONDS = 432_000;
const DAY_SECONDS = 86_400;

export type TicketRequest = Omit<Ticket, 'id' | 'created_at' | 'expires_at'> & { readonly ttlSeconds?: number };

/** Makes a ticket and answers it in clear: it is stored hashed, and so can't be had again. */
export async function issueTicket(ctx: Context, request: TicketRequest): Promise<string> {
  const { ttlSeconds, ...rest } = request;
  const ticket = alphanumeric(ctx.random, 32);
  const lifetime = (ttlSeconds || DEFAULT_TTL_SECONDS) * 1000;
  const expires_at = ctx.clock.now() + lifetime;
  await ticketsOf(ctx).insert({ ...rest, id: hashToken(ticket), created_at: isoTime(ctx.clock), expires_at });
  return ticket;
}

const PATHS = {
  mail: { password_reset: 'lo/reset', email_verification: 'lo/verify_email' },
  page: { password_reset: 'u/reset-password', email_verification: 'u/email-verification' },
} as const;

/** Where `ticket` is used: the link of a mail, or that of the Management API (which ends in `#`, as Auth0's do). */
export function ticketLink(ctx: Context, kind: Ticket['kind'], ticket: string, where: 'mail' | 'page'): string {
  return `${ctx.issuer}${PATHS[where][kind]}?ticket=${ticket}${where === 'page' ? '#' : ''}`;
}

async function serviceName(ctx: Context, clientId: string | undefined): Promise<string> {
  const client = clientId === undefined ? undefined : await findClient(ctx, clientId);
  return client?.name ?? (await tenantSettings(ctx)).friendly_name ?? ctx.tenant.name;
}

/** Mails the link of `ticket`, which was made for `request`, to `to`. Rejects when the mail could not be sent. */
export async function mailTicket(ctx: Context, to: string, request: TicketRequest, ticket: string): Promise<void> {
  const link = ticketLink(ctx, request.kind, ticket, 'mail');
  const days = Math.round((request.ttlSeconds || DEFAULT_TTL_SECONDS) / DAY_SECONDS);
  const compose = request.kind === 'password_reset' ? passwordResetEmail : verificationEmail;
  await ctx.messenger.deliver(compose(to, link, await serviceName(ctx, request.client_id), days));
}

/** The ticket, if it is good now; it stays good. */
export async function peekTicket(ctx: Context, kind: Ticket['kind'], ticket: string): Promise<Ticket | undefined> {
  const found = await ticketsOf(ctx).get(hashToken(ticket));
  return found?.kind === kind && found.expires_at > ctx.clock.now() ? found : undefined;
}

/** The ticket, if it is good now, for the one caller who gets it: it is worthless afterwards. */
export async function takeTicket(ctx: Context, kind: Ticket['kind'], ticket: string): Promise<Ticket | undefined> {
  if (!(await peekTicket(ctx, kind, ticket))) return undefined;
  return ticketsOf(ctx).take(hashToken(ticket));
}
