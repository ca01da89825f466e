import { type AuditEvent, type Context, isoTime, type Message, prefixedId } from '../../kernel/index.ts';
import { attemptMessage } from './attempt.ts';
import { outgoingMessagesOf, sealMessage } from './outgoing-message.store.ts';

export interface Posting {
  readonly user_id?: string;
  /** Logged when it could not be sent; the error is added to its details. */
  readonly failure: AuditEvent;
  /** ms: when the message becomes worthless. */
  readonly expires_at: number;
  /** For nobody: the same work is done as for a message, so that the time an answer takes does not tell who has an account. */
  readonly decoy?: boolean;
}

/**
 * Keeps `message` until it is sent, as part of the transaction that this is called in: whoever is told afterwards that it comes can
 * rely on it. The first attempt is made once the answer has left, and by nobody if the transaction was rolled back.
 */
export async function enqueueMessage(ctx: Context, message: Message, posting: Posting): Promise<void> {
  const id = prefixedId(ctx.random, 'msg_');
  const { decoy, ...rest } = posting;
  await outgoingMessagesOf(ctx).insert({
    id,
    message_sealed: sealMessage(ctx, id, message),
    ...rest,
    ...(decoy ? { decoy } : {}),
    created_at: isoTime(ctx.clock),
    attempts: 0,
    next_attempt_at: ctx.clock.now(),
  });
  ctx.afterwards(() => attemptMessage(ctx, id));
}
