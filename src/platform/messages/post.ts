import type { Outbound, OutboundRequest, OutboundResponse } from '../../kernel/index.ts';
import { OutboundFailed, OutboundRefused } from '../outbound/index.ts';
import { MessageNotSent } from './sender.ts';

/** No gateway has much to say. */
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Posts to the gateway called `gateway` and gives back its answer, whatever the status. Throws MessageNotSent when there
 * is none; after an answer that was too long it is not retryable, since the gateway has taken the message.
 */
export async function post(
  outbound: Outbound,
  gateway: string,
  request: Omit<OutboundRequest, 'method' | 'maxBytes'>,
): Promise<OutboundResponse> {
  try {
    return await outbound.request({ ...request, method: 'POST', maxBytes: MAX_ANSWER_BYTES });
  } catch (error) {
    if (error instanceof OutboundRefused) throw new MessageNotSent(`${gateway}: ${error.message}`, { cause: error });
    if (!(error instanceof OutboundFailed)) throw error;
    const retryable = error.reason !== 'response_too_large';
    throw new MessageNotSent(`${gateway}: ${error.message}`, { retryable, cause: error });
  }
}

/** Whether the same request may succeed later: the gateway is busy or broken, not the message. */
export function mayPassLater(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}
