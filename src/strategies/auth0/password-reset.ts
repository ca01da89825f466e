import { type Context, isFailure } from '../../kernel/index.ts';
import { type Spent, spendAllowance } from '../../protection/index.ts';
import { forgetPasskeysOf } from '../../resources/authentication-methods/index.ts';
import type { Connection } from '../../resources/connections/index.ts';
import { databaseRules } from '../../resources/connections/index.ts';
import {
  mailTicket,
  peekTicket,
  type Ticket,
  type TicketRequest,
  takeTicket,
  ticketsOf,
} from '../../resources/tickets/index.ts';
import {
  findPasswordCredential,
  findUser,
  isUnclaimed,
  preparePassword,
  storePassword,
  type User,
} from '../../resources/users/index.ts';

export interface PasswordResetRequest {
  readonly connection: Connection;
  /** E-mail address, username or phone number, as typed. */
  readonly identifier: string;
  readonly client?: { readonly client_id: string };
  readonly result_url?: string;
}

/** Ten mails at once to one address asked for from one place, then one a minute. */
const LIMIT = { burst: 10, everyMs: 60_000 };

/** Counts a request for a link against what this caller may ask for this account, whichever way it comes. */
export function spendResetAllowance(ctx: Context, connection: Connection, identifier: string): Promise<Spent> {
  // In the form in which accounts are looked up: blanks and capitals must not open buckets of their own.
  return spendAllowance(ctx, ['password reset', connection.id, identifier.trim().toLowerCase(), ctx.caller.ip], LIMIT);
}

/**
 * Mails a link for a new password, if there is such a user with an address. What the caller sees, and when, is the same if there is
 * none: a mail to nobody is made then, and the mail goes out once the answer has left. Logged as `scpr`, or `fcpr` with the reason.
 */
export async function startPasswordReset(ctx: Context, request: PasswordResetRequest): Promise<void> {
  const { connection, identifier, client, result_url } = request;
  const credential = await findPasswordCredential(ctx, connection.name, identifier);
  const user = credential && (await findUser(ctx, credential.user_id));
  const event = {
    connection: connection.name,
    user_name: identifier.slice(0, 320),
    ...(client ? { client_id: client.client_id } : {}),
    ...(user ? { user_id: user.user_id } : {}),
  };
  const reason = refusal(connection, user);
  const to = reason === undefined ? user?.email : undefined;
  const wanted: TicketRequest = {
    kind: 'password_reset',
    user_id: user?.user_id ?? '',
    connection: connection.name,
    mark_email_as_verified: true,
    ...(to ? { email: to } : { ttlSeconds: 1 }),
    ...(client ? { client_id: client.client_id } : {}),
    ...(result_url ? { result_url } : {}),
  };
  // For nobody too: the time of the answer must not tell who has an account.
  await mailTicket(ctx, wanted, { to: to ?? event.user_name, event, decoy: !to });
  if (to) ctx.audit({ ...event, type: 'scpr', details: { email: to } });
  else ctx.audit({ ...event, type: 'fcpr', description: reason ?? 'The user has no e-mail address.' });
}

function refusal(connection: Connection, user: User | undefined): string | undefined {
  if (!databaseRules(connection).selfServiceReset) return 'The connection does not let users reset passwords.';
  if (!user) return 'The user does not exist.';
  return user.blocked ? 'user is blocked' : undefined;
}

/** The ticket behind a reset link, if it is good: for the page that asks for the new password. Uses nothing up. */
export async function findPasswordReset(ctx: Context, ticket: string): Promise<Ticket | undefined> {
  return (await findGood(ctx, ticket))?.found;
}

async function findGood(ctx: Context, ticket: string): Promise<{ found: Ticket; user: User } | undefined> {
  const found = await peekTicket(ctx, 'password_reset', ticket);
  const user = found && (await findUser(ctx, found.user_id));
  return user && isOfOwner(found, user) ? { found, user } : undefined;
}

/** Whoever reads mail at an address that the account no longer has must not get in by an older mail. */
function isOfOwner({ email }: Ticket, user: User): boolean {
  return email === undefined || email === user.email;
}

/**
 * Sets the password behind a reset link. A password that the policy refuses (failures password_*) uses nothing up. Afterwards this and
 * every other reset link of the user is worthless, blocks after wrong passwords are lifted, and sessions and refresh tokens end.
 * Undefined when the ticket is used, too old or unknown. Logged as `scp` or `fcp`.
 */
export async function completePasswordReset(
  ctx: Context,
  ticket: string,
  newPassword: string,
): Promise<{ user: User; ticket: Ticket } | undefined> {
  const good = await findGood(ctx, ticket);
  const prepared = good && (await prepare(ctx, good.user, good.found, newPassword));
  const stored = prepared && (await useTicket(ctx, ticket, good.user, prepared));
  if (!stored) {
    ctx.audit({ type: 'fcp', description: 'The ticket is unknown, used or expired.' });
    return undefined;
  }
  const { found, user } = good;
  ctx.audit({ ...eventFor(user, found), type: 'scp', description: 'A new password was set with a reset link.' });
  return { user: (await findUser(ctx, user.user_id)) ?? user, ticket: found };
}

function eventFor(user: User, { connection, client_id }: Ticket) {
  return {
    user_id: user.user_id,
    ...(user.email ? { user_name: user.email } : {}),
    ...(connection ? { connection } : {}),
    ...(client_id ? { client_id } : {}),
  };
}

async function prepare(ctx: Context, user: User, ticket: Ticket, password: string) {
  try {
    return await preparePassword(ctx, user, password, ticket.connection);
  } catch (error) {
    const codes = ['password_too_weak', 'password_reused', 'password_too_common', 'password_has_user_info'] as const;
    const code = codes.find((one) => isFailure(error, one));
    if (code) ctx.audit({ ...eventFor(user, ticket), type: 'fcp', description: `The password was refused: ${code}.` });
    throw error;
  }
}

function useTicket(ctx: Context, ticket: string, user: User, prepared: Awaited<ReturnType<typeof preparePassword>>) {
  return ctx.store.transaction(async () => {
    const taken = await takeTicket(ctx, 'password_reset', ticket);
    const owner = taken && (await findUser(ctx, taken.user_id));
    if (!owner || !isOfOwner(taken, owner)) return false;
    // Until now anybody may have signed up with this address: what they set up must not outlive the proof of whose it is.
    if (await isUnclaimed(ctx, owner)) await forgetPasskeysOf(ctx, owner.user_id);
    const proves = taken.mark_email_as_verified && taken.email === owner.email;
    await storePassword(ctx, prepared, proves ? { email_verified: true } : {});
    await ticketsOf(ctx).deleteWhere({ user_id: user.user_id, kind: 'password_reset' });
    return true;
  });
}
