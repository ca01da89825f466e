import { type Context, Failure, type Reply } from '../../../kernel/index.ts';
import { findClient } from '../../../resources/clients/index.ts';
import type { Connection } from '../../../resources/connections/index.ts';
import { verifyPassword } from '../../../strategies/index.ts';
import { provePassword, type Transaction } from '../../../transactions/index.ts';
import { refuseBlocked } from '../../refuse-blocked.ts';
import { type Form, type Mistakes, proceed, type Visit } from '../../step.ts';
import { offerFirst } from '../passkey/offer.ts';

/** Checks the `password` of `username` and goes on; `tellAgain` shows the page again where it is wrong. */
export async function logIn(
  ctx: Context,
  visit: Visit<Transaction>,
  connection: Connection,
  form: Form,
  tellAgain: (mistakes: Mistakes) => Promise<Reply>,
): Promise<Reply> {
  const { transaction } = visit;
  const { client_id } = transaction.request;
  const { username: identifier = '', password = '' } = form;
  const client = (await findClient(ctx, client_id)) ?? { client_id };
  try {
    const { user } = await verifyPassword(ctx, { connection, identifier, password, client });
    const offer = await offerFirst(ctx, transaction, { connection, user }, form);
    await provePassword(ctx, transaction, user.user_id, connection.name, offer);
    return proceed(visit);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.code === 'user_blocked') return refuseBlocked(ctx, visit);
    const mistakes = mistakesOf(error);
    if (!mistakes) throw error;
    return tellAgain(mistakes);
  }
}

function mistakesOf(error: Failure): Mistakes | undefined {
  if (error.code === 'too_many_attempts') return { form: 'user-blocked' };
  if (error.code !== 'wrong_credentials') return undefined;
  const { identifier } = (error as Failure<'wrong_credentials'>).params;
  return { password: identifier === 'username' ? 'wrong-username-credentials' : 'wrong-email-credentials' };
}
