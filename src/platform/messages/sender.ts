import type { Message } from '../../kernel/index.ts';

/** One way for messages to leave. */
export interface Sender {
  /** Settles once the next hop has taken the message over. Throws MessageNotSent. */
  send(message: Message): Promise<void>;
}

/**
 * The message did not leave. `message` is fit for anybody; `detail` is for the operator: it may name the recipient and
 * the next hop, never the text or the code. `retryable` says that the same message may pass later.
 */
export class MessageNotSent extends Error {
  readonly detail: string;
  readonly retryable: boolean;

  constructor(detail: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super('The message could not be sent', { cause: options.cause });
    this.name = 'MessageNotSent';
    this.detail = detail;
    this.retryable = options.retryable ?? false;
  }
}
