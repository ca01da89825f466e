import { type AuditEvent, type Collection, type Context, collection, type Message } from '../../kernel/index.ts';

export interface OutgoingMessage {
  readonly id: string;
  /** The message as JSON: it has links that open accounts. */
  readonly message_sealed: string;
  /** Whose account it is about. */
  readonly user_id?: string;
  /** What the tenant's log says when it could not be sent. */
  readonly failure: AuditEvent;
  /** Goes through everything but is sent to nobody: see `Posting`. */
  readonly decoy?: true;
  readonly created_at: string;
  /** How often it was tried, the attempt in progress included. */
  readonly attempts: number;
  /** ms. While an attempt is in progress: when somebody else may take it that the process has died. */
  readonly next_attempt_at: number;
  /** ms: it is worthless afterwards. Not swept away, so that it is logged. */
  readonly expires_at: number;
  /** Why the last attempt failed, for the operator. */
  readonly last_error?: string;
}

export const outgoingMessagesCollection = collection<OutgoingMessage>({
  name: 'outgoing_messages',
  key: 'id',
  index: { next_attempt_at: 'number', user_id: 'text' },
});

export function outgoingMessagesOf(ctx: Context): Collection<OutgoingMessage> {
  return ctx.store.collection(outgoingMessagesCollection);
}

const contextOf = (ctx: Context, id: string) => `${ctx.tenant.id}:outgoing_messages:${id}:message`;

export function sealMessage(ctx: Context, id: string, message: Message): string {
  return ctx.sealer.seal(JSON.stringify(message), contextOf(ctx, id));
}

/** Throws when it was sealed with another master key. */
export function openMessage(ctx: Context, { id, message_sealed }: OutgoingMessage): Message {
  return JSON.parse(ctx.sealer.open(message_sealed, contextOf(ctx, id))) as Message;
}

/** Drops what was to be sent to the user: the links in it are worth nothing any more. */
export async function forgetMessagesOf(ctx: Context, userId: string): Promise<void> {
  await outgoingMessagesOf(ctx).deleteWhere({ user_id: userId });
}
