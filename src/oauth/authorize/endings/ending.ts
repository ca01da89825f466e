import type { Context, Reply, SetCookie } from '../../../kernel/index.ts';
import type { Refusal, Transaction } from '../../../transactions/index.ts';
import type { Login } from '../login.ts';

/** What is known of a login that comes to nothing. */
export type Refused = Pick<Login<Transaction>, 'transaction' | 'client' | 'user'>;

/** How logins of one kind end. Both members use the transaction up, once, and say on the answer what became of it. */
export interface Ending {
  /** Everything is proved and allowed; `login` has its session. Page error when the transaction was finished meanwhile. */
  readonly complete: (ctx: Context, login: Login<Transaction>, cookies: readonly SetCookie[]) => Promise<Reply>;
  /** It must not be: the user said no, or may not. */
  readonly refuse: (ctx: Context, refused: Refused, refusal: Refusal) => Promise<Reply>;
}
