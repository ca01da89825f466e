import { type Context, type Reply, redirect } from '../kernel/index.ts';
import { type AnyTransaction, lostTransaction, RESUME, stillStands, type Transaction } from '../transactions/index.ts';

/** For pages before anybody is known: any login. */
export function acceptLogin(transaction: AnyTransaction): Transaction {
  if (transaction.kind !== 'login') throw lostTransaction('not a login');
  return transaction;
}

/** For pages after the first factor: a login whose user is known, and what they proved still good; others go to what they need. */
export async function acceptKnownUser(ctx: Context, transaction: AnyTransaction): Promise<Transaction | Reply> {
  const login = acceptLogin(transaction);
  const isKnown = login.user_id !== undefined && (await stillStands(ctx, login));
  return isKnown ? login : redirect(RESUME);
}
