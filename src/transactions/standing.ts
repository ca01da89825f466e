import type { Context } from '../kernel/index.ts';
import { isSessionOver, sessionsOf } from '../resources/sessions/index.ts';
import { findUser, lockUser, type User } from '../resources/users/index.ts';
import { lostTransaction } from './lost-transaction.ts';
import type { AnyTransaction, Transaction } from './transaction.ts';

/** Was the password changed since it was proved? Whoever knew only the old one must not get in with it any more. */
export function isOutdated(
  { methods }: Pick<Transaction, 'methods'>,
  { last_password_reset }: Pick<User, 'last_password_reset'>,
): boolean {
  if (last_password_reset === undefined) return false;
  return methods.some(({ name, timestamp }) => name === 'pwd' && timestamp < last_password_reset);
}

/**
 * Is what a login has proved still worth anything: is its user there, the password that was typed theirs, and the session that it is part of
 * not over? What pages write for the user beside the login, a second factor or a passkey, outlasts it, and must not come of less. A ticket
 * stands as long as it is there.
 */
export async function stillStands(ctx: Context, transaction: AnyTransaction): Promise<boolean> {
  if (transaction.kind !== 'login') return true;
  const { user_id, session_id } = transaction;
  const user = user_id === undefined ? undefined : await findUser(ctx, user_id);
  if (!user || isOutdated(transaction, user)) return false;
  if (session_id === undefined) return true;
  const session = await sessionsOf(ctx).get(session_id);
  return session !== undefined && session.user_id === user_id && !isSessionOver(session, ctx.clock.now());
}

/** The same, inside the transaction that writes: a password that is being changed is waited for. Page error where it stands no more. */
export async function requireStanding(ctx: Context, transaction: AnyTransaction): Promise<void> {
  const user_id = transaction.kind === 'login' ? transaction.user_id : undefined;
  if (user_id !== undefined) await lockUser(ctx, user_id);
  if (!(await stillStands(ctx, transaction))) throw lostTransaction('what it has proved is worth nothing any more');
}
