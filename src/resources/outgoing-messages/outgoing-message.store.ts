import { type AuditEvent, type Collection, type Context, collection } from '../../kernel/index.ts';

export interface OutgoingMessage {
  readonly id: string;
  /** What is to be delivered, as JSON: messages have links that open accounts. */
  readonly message_sealed: string;
  /** How it leaves: the name of a `Way`. Absent: it is a `Message`, for the messenger. */
  readonly way?: string;
  /** Whose account it is about, where it is worth nothing any more once that is gone. */
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
  /** What the last attempt has to say about its failure, for the operator. */
  readonly last_failure?: Readonly<Record<string, unknown>>;
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

export function sealContent(ctx: Context, id: string, content: object): string {
  return ctx.sealer.seal(JSON.stringify(content), contextOf(ctx, id));
}

/** Throws when it was sealed with another master key. */
export function openContent(ctx: Context, { id, message_sealed }: OutgoingMessage): unknown {
  return JSON.parse(ctx.sealer.open(message_sealed, contextOf(ctx, id)));
}

/** Drops what was to be sent to the user: the links in it are worth nothing any more. */
export async function forgetMessagesOf(ctx: Context, userId: string): Promise<void> {
  await outgoingMessagesOf(ctx).deleteWhere({ user_id: userId });
}
