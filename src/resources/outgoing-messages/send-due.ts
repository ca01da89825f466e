import type { Context } from '../../kernel/index.ts';
import { attemptMessage, giveUp, isSpent } from './attempt.ts';
import { outgoingMessagesOf } from './outgoing-message.store.ts';

/** How many messages of a tenant are on their way at once. */
const BATCH = 10;

/**
 * Tries what is due in the tenant of `ctx`, and gives up what is spent: removed, and logged, together. Resolves when
 * nothing is due any more. Any number of processes may do this at once.
 */
export async function sendDueMessages(ctx: Context): Promise<void> {
  for (;;) {
    const now = ctx.clock.now();
    const where = { next_attempt_at: { lte: now } };
    const due = await outgoingMessagesOf(ctx).list({ where, orderBy: 'next_attempt_at', limit: BATCH });
    if (due.length === 0) return;
    await Promise.all(
      due.map((message) => (isSpent(message, now) ? giveUp(ctx, message) : attemptMessage(ctx, message.id))),
    );
  }
}
