import { type AuditEvent, type Context, isoTime, type Message, prefixedId } from '../../kernel/index.ts';
import { attemptMessage } from './attempt.ts';
import { outgoingMessagesOf, sealContent } from './outgoing-message.store.ts';

export interface Posting {
  /** It is dropped with this user's account, or when their password changes. */
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
export function enqueueMessage(ctx: Context, message: Message, posting: Posting): Promise<void> {
  return enqueue(ctx, undefined, message, posting);
}

/** The same for what is no message for a person: `content` goes out as `way` has it (`deliverBy`). */
export function enqueueDelivery(ctx: Context, way: string, content: object, posting: Posting): Promise<void> {
  return enqueue(ctx, way, content, posting);
}

async function enqueue(ctx: Context, way: string | undefined, content: object, posting: Posting): Promise<void> {
  const id = prefixedId(ctx.random, 'msg_');
  const { decoy, ...rest } = posting;
  await outgoingMessagesOf(ctx).insert({
    id,
    message_sealed: sealContent(ctx, id, content),
    ...(way === undefined ? {} : { way }),
    ...rest,
    ...(decoy ? { decoy } : {}),
    created_at: isoTime(ctx.clock),
    attempts: 0,
    next_attempt_at: ctx.clock.now(),
  });
  ctx.afterwards((record) => attemptMessage(ctx, id, record));
}
