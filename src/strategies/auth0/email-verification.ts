import { type Context, isoTime } from '../../kernel/index.ts';
import { mailTicket, type Ticket, takeTicket } from '../../resources/tickets/index.ts';
import { isUnclaimed, noteUnclaimed, type User, usersOf } from '../../resources/users/index.ts';

/** Who asks for a verification mail, for the log and the wording. */
export interface VerificationOptions {
  readonly client_id?: string;
  readonly result_url?: string;
}

function eventFor(user: User, options: VerificationOptions) {
  return {
    user_id: user.user_id,
    ...(user.email ? { user_name: user.email } : {}),
    ...(user.identities[0] ? { connection: user.identities[0].connection } : {}),
    ...(options.client_id ? { client_id: options.client_id } : {}),
  };
}

/**
 * Has a link mailed to `user` that verifies the address. Logged as `svr`, and later as `fn` should the mail not be sent. The mail goes
 * out once the answer has left: nothing fails because of the mail server. False when the user has no address.
 */
export async function sendVerificationEmail(
  ctx: Context,
  user: User,
  options: VerificationOptions = {},
): Promise<boolean> {
  if (!user.email) return false;
  const event = eventFor(user, options);
  const request = { kind: 'email_verification', user_id: user.user_id, email: user.email, ...options } as const;
  await mailTicket(ctx, request, { to: user.email, event });
  ctx.audit({ ...event, type: 'svr', details: { email: user.email } });
  return true;
}

/**
 * Uses a verification ticket: the address it was made for is verified. Undefined when the ticket is used, too old or unknown, or the
 * user has another address by now. Logged as `sv`.
 *
 * @param browserOf whose session the browser has in which the link was opened, if anybody's
 */
export async function completeEmailVerification(
  ctx: Context,
  ticket: string,
  browserOf?: string,
): Promise<{ user: User; ticket: Ticket } | undefined> {
  const done = await ctx.store.transaction(() => redeem(ctx, ticket, browserOf));
  if (!done) {
    ctx.audit({ type: 'fv', description: 'The ticket is unknown, used or expired.' });
    return undefined;
  }
  ctx.audit({ ...eventFor(done.user, done.ticket), type: 'sv', description: 'The address was verified.' });
  return done;
}

async function redeem(ctx: Context, ticket: string, browserOf: string | undefined) {
  const taken = await takeTicket(ctx, 'email_verification', ticket);
  const owner = taken && (await usersOf(ctx).get(taken.user_id));
  if (!owner || owner.email !== taken.email) return undefined;
  if (browserOf !== owner.user_id && (await isUnclaimed(ctx, owner))) await noteUnclaimed(ctx, owner.user_id);
  const updated_at = isoTime(ctx.clock);
  const user = await usersOf(ctx).update(owner.user_id, (current) =>
    current.email === taken.email ? { ...current, email_verified: true, updated_at } : undefined,
  );
  return user && user.email === taken.email ? { user, ticket: taken } : undefined;
}
