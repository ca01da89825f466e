import { type Context, type Reply, redirect } from '../../../kernel/index.ts';
import {
  type Cookies,
  FEDERATED_LOGIN,
  lostTransaction,
  RESUME,
  requireTransaction,
  type Transaction,
} from '../../../transactions/index.ts';
import type { AuthorizeParameters } from '../request/request.ts';

/** A login that an operator's page brings back. */
export interface ContinuedLogin {
  readonly transaction: Transaction;
  /** The handle of the login's pages. */
  readonly state: string;
}

/**
 * Operators' login pages (auth0.js) call `/authorize` and `/passwordless/verify_redirect` again, with what they were told of their login:
 * `_intstate` marks it, and `state` is ours and not the application's. What else they repeat of the request counts for nothing: it was
 * checked when the login began. Undefined: this is no such request.
 *
 * @throws WireError (page, 400) for a login that is over, another client's or another browser's
 */
export async function findContinued(
  ctx: Context,
  { _intstate, state = '', client_id }: Pick<AuthorizeParameters, '_intstate' | 'state' | 'client_id'>,
  cookies: Cookies,
): Promise<ContinuedLogin | undefined> {
  if (_intstate === undefined) return undefined;
  const transaction = await requireTransaction(ctx, state, cookies);
  if (transaction.request.client_id !== client_id) throw lostTransaction('a page of another client');
  return { transaction, state };
}

/** From an operator's page to the provider of the connection that was chosen there, as by a button of ours. */
export function leaveContinued({ state }: ContinuedLogin, connection: string | undefined): Reply {
  const query = new URLSearchParams({ state, ...(connection === undefined ? {} : { connection }) });
  return redirect(`${connection === undefined ? RESUME : FEDERATED_LOGIN}?${query}`);
}
