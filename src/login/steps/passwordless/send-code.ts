import { type Context, Failure, type FailureCode } from '../../../kernel/index.ts';
import type { ErrorName } from '../../../pages/index.ts';
import { findClient } from '../../../resources/clients/index.ts';
import { type Connection, isPasswordless, type PasswordlessStrategy } from '../../../resources/connections/index.ts';
import { passwordlessWays, spendStartAllowance, startPasswordless } from '../../../strategies/index.ts';
import { advanceTransaction, lostTransaction, type Transaction } from '../../../transactions/index.ts';
import type { Mistakes } from '../../step.ts';

/** The page that asks for the code of each kind of message. Addresses as Auth0's. */
export const CODE_PATHS: Readonly<Record<PasswordlessStrategy, string>> = {
  email: '/u/login/passwordless-email-challenge',
  sms: '/u/login/passwordless-sms-challenge',
};

/** Which of the two `connection` is. */
export function strategyOf(connection: Connection): PasswordlessStrategy {
  if (!isPasswordless(connection)) throw new Error(`${connection.name} sends no codes`);
  return connection.strategy === 'sms' ? 'sms' : 'email';
}

/** The connection through which this login's code was sent, if people may still log in with it. */
export async function sentThrough(
  ctx: Context,
  { request, passwordless }: Transaction,
): Promise<Connection | undefined> {
  const ways = await passwordlessWays(ctx, request);
  return ways.find(({ name }) => name === passwordless?.connection);
}

/** Sends a code and notes where to. Answers what the person must know when that was not possible. */
export async function sendCode(
  ctx: Context,
  transaction: Transaction,
  connection: Connection,
  recipient: string,
): Promise<Mistakes | undefined> {
  const client = await findClient(ctx, transaction.request.client_id);
  if (!client) throw lostTransaction('its client is gone');
  const { allowed } = await spendStartAllowance(ctx, connection, recipient);
  if (!allowed) return { form: 'too-many-messages' };
  try {
    await startPasswordless(ctx, { connection, client, recipient, send: 'code' });
  } catch (error) {
    return mistakesOf(error);
  }
  const passwordless = { connection: connection.name, recipient };
  await advanceTransaction(ctx, transaction, (stored) => ({ ...stored, passwordless }));
  return undefined;
}

const MISTAKES: Partial<Readonly<Record<FailureCode, readonly [field: string, ErrorName]>>> = {
  message_not_sent: ['form', 'message-failed'],
  wrong_passwordless_code: ['code', 'invalid-code'],
  passwordless_code_expired: ['code', 'expired-code'],
  passwordless_code_used_up: ['code', 'used-up-code'],
  too_many_attempts: ['form', 'user-blocked'],
};

/** The failure as messages on the page. Throws it again when it is not the person's to mend. */
export function mistakesOf(error: unknown): Mistakes {
  const found = error instanceof Failure ? MISTAKES[error.code as FailureCode] : undefined;
  if (!found) throw error;
  return { [found[0]]: found[1] };
}
