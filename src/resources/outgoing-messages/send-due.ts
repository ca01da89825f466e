import type { AuditEvent, Context } from '../../kernel/index.ts';
import { attemptMessage, isSpent } from './attempt.ts';
import { type OutgoingMessage, outgoingMessagesOf } from './outgoing-message.store.ts';

/** Makes events rows of the tenant's log. */
export type RecordEvents = (ctx: Context, events: readonly AuditEvent[]) => Promise<void>;

/** How many messages of a tenant are on their way at once. */
const BATCH = 10;

/**
 * Tries what is due in the tenant of `ctx`, and gives up what is spent: removed, and logged with `record`, together. Resolves when
 * nothing is due any more. Any number of processes may do this at once.
 */
export async function sendDueMessages(ctx: Context, record: RecordEvents): Promise<void> {
  for (;;) {
    const now = ctx.clock.now();
    const where = { next_attempt_at: { lte: now } };
    const due = await outgoingMessagesOf(ctx).list({ where, orderBy: 'next_attempt_at', limit: BATCH });
    if (due.length === 0) return;
    await Promise.all(
      due.map((message) => (isSpent(message, now) ? giveUp(ctx, message, record) : attemptMessage(ctx, message.id))),
    );
  }
}

async function giveUp(ctx: Context, { id, attempts }: OutgoingMessage, record: RecordEvents): Promise<void> {
  const isGivenUp = await ctx.store.transaction(async () => {
    const taken = await outgoingMessagesOf(ctx).take(id);
    if (!taken || taken.decoy) return false;
    const error = taken.last_error ?? 'It could not be tried in time.';
    await record(ctx, [{ ...taken.failure, details: { ...taken.failure.details, error } }]);
    return true;
  });
  if (isGivenUp) ctx.log.error({ tenant: ctx.tenant.name, message: id, attempts }, 'a message was given up');
}
