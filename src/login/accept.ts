import { type Reply, redirect } from '../kernel/index.ts';
import { type AnyTransaction, lostTransaction, RESUME, type Transaction } from '../transactions/index.ts';

/** For pages before anybody is known: any login. */
export function acceptLogin(transaction: AnyTransaction): Transaction {
  if (transaction.kind !== 'login') throw lostTransaction('not a login');
  return transaction;
}

/** For pages after the first factor: a login whose user is known; others go to what they need. */
export function acceptKnownUser(transaction: AnyTransaction): Transaction | Reply {
  const login = acceptLogin(transaction);
  return login.user_id === undefined ? redirect(RESUME) : login;
}
