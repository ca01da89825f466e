import { createHmac } from 'node:crypto';
import type { Clock, Outbound } from '../../kernel/index.ts';
import { epochSeconds } from '../../kernel/index.ts';
import { mayPassLater, post } from './post.ts';
import { MessageNotSent, type Sender } from './sender.ts';

export interface WebhookOptions {
  readonly url: string;
  /** Shared with the receiver, who checks the signature with it. */
  readonly secret: string;
  readonly timeoutMs?: number;
}

/**
 * Posts each message as JSON to the operator's own gateway. `countersign-timestamp` is in epoch seconds and part of
 * what `countersign-signature` signs, so the receiver can refuse what is old. Any 2xx answer means taken over.
 */
export function webhookSender(options: WebhookOptions, outbound: Outbound, clock: Clock): Sender {
  return {
    send: async (message) => {
      const body = JSON.stringify(message);
      const timestamp = String(epochSeconds(clock));
      const answer = await post(outbound, 'webhook', {
        url: options.url,
        headers: {
          'content-type': 'application/json',
          'countersign-timestamp': timestamp,
          'countersign-signature': signWebhook(options.secret, timestamp, body),
        },
        body,
        timeoutMs: options.timeoutMs ?? 5_000,
      });
      if (answer.status >= 200 && answer.status < 300) return;
      throw new MessageNotSent(`webhook: HTTP ${answer.status}`, { retryable: mayPassLater(answer.status) });
    },
  };
}

/** The signature of a webhook: `v1=` and HMAC-SHA256 in hex over `<timestamp>.<body>`. */
export function signWebhook(secret: string, timestamp: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}
