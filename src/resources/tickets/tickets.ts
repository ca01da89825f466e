import { type AuditEvent, alphanumeric, type Context, isoTime } from '../../kernel/index.ts';
import { hashToken } from '../../platform/crypto/index.ts';
import { findClient } from '../clients/index.ts';
import { enqueueMessage } from '../outgoing-messages/index.ts';
import { tenantSettings } from '../tenant-settings/index.ts';
import { passwordResetEmail, verificationEmail } from './emails.ts';
import { type Ticket, ticketsOf } from './ticket.store.ts';

/** Five days. */
const DEFAULT_TTL_SECONDS = 432_000;
const DAY_SECONDS = 86_400;

export type TicketRequest = Omit<Ticket, 'id' | 'created_at' | 'expires_at'> & { readonly ttlSeconds?: number };

const lifetimeSeconds = (ttlSeconds: number | undefined) => ttlSeconds || DEFAULT_TTL_SECONDS;

/** Makes a ticket and answers it in clear: it is stored hashed, and so can't be had again. */
export async function issueTicket(ctx: Context, request: TicketRequest): Promise<string> {
  const { ttlSeconds, ...rest } = request;
  const ticket = alphanumeric(ctx.random, 32);
  const expires_at = ctx.clock.now() + lifetimeSeconds(ttlSeconds) * 1000;
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

/** What a ticket's mail is, and what Auth0's log calls it. */
const MAILS = {
  password_reset: { compose: passwordResetEmail, type: 'reset_email' },
  email_verification: { compose: verificationEmail, type: 'verify_email' },
} as const;

export interface Addressed {
  readonly to: string;
  /** What the log's row says beside the failure when the mail could not be sent (`fn`). */
  readonly event: Omit<AuditEvent, 'type' | 'description' | 'details'>;
  /** There is nobody to mail: everything is done but that. */
  readonly decoy?: boolean;
}

/** Makes a ticket and has its link mailed. Both are certain when this resolves; the mail goes out once the answer has left. */
export async function mailTicket(ctx: Context, request: TicketRequest, addressed: Addressed): Promise<void> {
  const { to, event, decoy = false } = addressed;
  const { compose, type } = MAILS[request.kind];
  const service = await serviceName(ctx, request.client_id);
  const lifetime = lifetimeSeconds(request.ttlSeconds);
  const details = { email_type: type, notification_type: type, to };
  await ctx.store.transaction(async () => {
    const link = ticketLink(ctx, request.kind, await issueTicket(ctx, request), 'mail');
    await enqueueMessage(ctx, compose(to, link, service, Math.round(lifetime / DAY_SECONDS)), {
      user_id: request.user_id,
      failure: { ...event, type: 'fn', description: `To: ${to}`, details },
      expires_at: ctx.clock.now() + lifetime * 1000,
      decoy,
    });
  });
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
