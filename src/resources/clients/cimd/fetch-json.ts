import type { Context, OutboundResponse } from '../../../kernel/index.ts';
import { OutboundFailed, OutboundRefused } from '../../../platform/outbound/index.ts';

/** What should be there could not be had. The message says why, in words that are fit to be shown. */
export class DocumentUnavailable extends Error {
  override readonly name = 'DocumentUnavailable';
}

const JSON_TYPE = /^application\/(json|[a-z0-9.+-]+\+json)\s*(;|$)/i;
const TIMEOUT_MS = 5_000;

/**
 * The JSON object at `url`, through the guarded way out, which follows no redirect. An address that may not be contacted and one where
 * nobody answers read the same: nobody shall map our network by it.
 *
 * @throws DocumentUnavailable
 */
export async function fetchJson(
  ctx: Context,
  url: string,
  maxBytes: number,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await ask(ctx, url, maxBytes);
  if (answer.status !== 200) throw new DocumentUnavailable(`it answered with status ${answer.status}`);
  if (!JSON_TYPE.test(answer.headers['content-type'] ?? ''))
    throw new DocumentUnavailable('its content type is not JSON');
  const value = parse(answer.text());
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new DocumentUnavailable('it is not a JSON object');
}

async function ask(ctx: Context, url: string, maxBytes: number): Promise<OutboundResponse> {
  const headers = { accept: 'application/json' };
  try {
    return await ctx.outbound.request({ url, headers, maxBytes, timeoutMs: TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof OutboundRefused || error instanceof OutboundFailed)) throw error;
    ctx.log.debug({ url, reason: error.reason }, 'a client metadata document or its keys could not be fetched');
    const isLarge = error instanceof OutboundFailed && error.reason === 'response_too_large';
    throw new DocumentUnavailable(isLarge ? `it is larger than ${maxBytes / 1024} KB` : 'it cannot be reached');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
