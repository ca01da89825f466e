import type { Context } from '../../../kernel/index.ts';
import { advanceTransaction, type Transaction } from '../../../transactions/index.ts';

/** Notes the user's answer in the login, whose end makes it count. `denial`: what the client is told, if it is a no. */
export async function noteAnswer(
  ctx: Context,
  transaction: Transaction,
  answer: 'confirmed' | 'declined',
  denial?: string,
): Promise<void> {
  await advanceTransaction(ctx, transaction, (stored) => ({
    ...stored,
    ...(stored.decision ? { decision: { ...stored.decision, [answer]: true as const } } : {}),
    ...(denial === undefined ? {} : { refusal: { error: 'access_denied', error_description: denial } }),
    interactive: true,
  }));
}
