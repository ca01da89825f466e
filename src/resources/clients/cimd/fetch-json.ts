import type { Context, OutboundResponse } from '../../../kernel/index.ts';
import { OutboundFailed, OutboundRefused } from '../../../platform/outbound/index.ts';
import type { Caching } from './document-copy.store.ts';
import { etagOf, freshFor } from './freshness.ts';

/** What should be there could not be had. The message says why, in words that are fit to be shown. */
export class DocumentUnavailable extends Error {
  override readonly name = 'DocumentUnavailable';
}

/** The document is still the one that was sent with the validator. */
export class DocumentUnchanged extends Error {
  override readonly name = 'DocumentUnchanged';
  readonly caching: Caching;

  constructor(caching: Caching) {
    super('the document is unchanged');
    this.caching = caching;
  }
}

/** A JSON object, and how it may be kept. */
export interface Fetched {
  readonly value: Readonly<Record<string, unknown>>;
  readonly caching: Caching;
}

const JSON_TYPE = /^application\/(json|[a-z0-9.+-]+\+json)\s*(;|$)/i;
const TIMEOUT_MS = 5_000;

/**
 * The JSON object at `url`, through the guarded way out, which follows no redirect. An address that may not be contacted and one where
 * nobody answers read the same: nobody shall map our network by it.
 *
 * @param etag the validator of what is there already
 * @throws DocumentUnavailable; DocumentUnchanged, where `etag` was given
 */
export async function fetchJson(ctx: Context, url: string, maxBytes: number, etag?: string): Promise<Fetched> {
  const answer = await ask(ctx, url, maxBytes, etag);
  const caching = { freshMs: freshFor(answer.headers), etag: etagOf(answer.headers) };
  if (answer.status === 304 && etag !== undefined)
    throw new DocumentUnchanged({ ...caching, etag: caching.etag ?? etag });
  if (answer.status !== 200) throw new DocumentUnavailable(`it answered with status ${answer.status}`);
  if (!JSON_TYPE.test(answer.headers['content-type'] ?? ''))
    throw new DocumentUnavailable('its content type is not JSON');
  const value = parse(answer.text());
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return { value: value as Record<string, unknown>, caching };
  throw new DocumentUnavailable('it is not a JSON object');
}

async function ask(ctx: Context, url: string, maxBytes: number, etag?: string): Promise<OutboundResponse> {
  const headers = { accept: 'application/json', ...(etag === undefined ? {} : { 'if-none-match': etag }) };
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
