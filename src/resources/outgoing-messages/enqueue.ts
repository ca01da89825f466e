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
export async function enqueueMessage(ctx: Context, message: Message, posting: Posting): Promise<void> {
  const id = await keep(ctx, undefined, message, posting);
  ctx.afterwards(() => attemptMessage(ctx, id));
}

/** First attempts of deliveries under way in this process. */
let underWay = 0;
const MOST_UNDER_WAY = 20;

/**
 * The same for what is no message for a person: `content` goes out as `way` has it (`deliverBy`). One change may cause very many (all
 * users of a connection are deleted): those that are too many for a first attempt at once are due, and left to `sendDueMessages`.
 */
export async function enqueueDelivery(ctx: Context, way: string, content: object, posting: Posting): Promise<void> {
  const id = await keep(ctx, way, content, posting);
  ctx.afterwards(async () => {
    if (underWay >= MOST_UNDER_WAY) return;
    underWay += 1;
    await attemptMessage(ctx, id).finally(() => {
      underWay -= 1;
    });
  });
}

async function keep(ctx: Context, way: string | undefined, content: object, posting: Posting): Promise<string> {
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
  return id;
}
