import { type Context, isoTime } from '../../../kernel/index.ts';
import { advanceTransaction, type Transaction } from '../../../transactions/index.ts';

/** Writes into the login that `userId` has proved their first factor. Whatever an earlier user of this login proved counts no more. */
export async function provePassword(
  ctx: Context,
  transaction: Transaction,
  userId: string,
  connection: string,
): Promise<void> {
  const timestamp = isoTime(ctx.clock);
  await advanceTransaction(ctx, transaction, (stored) => ({
    ...stored,
    user_id: userId,
    connection,
    methods: [{ name: 'pwd', timestamp }],
    interactive: true,
    session_id: undefined,
    session_opened: undefined,
    second_factor: undefined,
    mfa_expires_at: undefined,
    consent_request: undefined,
    consented: undefined,
    callback_confirmed: undefined,
  }));
}
