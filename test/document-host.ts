/** Other people's web servers as this server sees them: what stands at which URL, and what was asked. Nothing leaves the process. */

import type { GuardedOutbound } from '../src/platform/outbound/index.ts';
import { OutboundFailed } from '../src/platform/outbound/index.ts';

export interface Hosted {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Record<string, string>;
  /** JSON, or the text as it is. */
  readonly body?: unknown;
}

export interface DocumentHost {
  /** By URL. */
  readonly pages: Map<string, Hosted>;
  readonly asked: string[];
  readonly outbound: GuardedOutbound;
}

/** RFC 9110 §13.1.2: who has it already is told so. */
function asSeenWith(page: Hosted | undefined, validator: string | undefined): Hosted | undefined {
  const isKnown = validator !== undefined && page?.headers?.etag === validator;
  return isKnown ? { status: 304, headers: page?.headers ?? {}, body: '' } : page;
}

export function documentHost(): DocumentHost {
  const pages = new Map<string, Hosted>();
  const asked: string[] = [];
  const outbound: GuardedOutbound = {
    async request({ url, headers: sent = {}, maxBytes = 1024 * 1024 }) {
      asked.push(url);
      const page = asSeenWith(pages.get(url), sent['if-none-match']);
      if (!page) throw new OutboundFailed('connection', 'nobody there');
      const text = typeof page.body === 'string' ? page.body : JSON.stringify(page.body);
      if (Buffer.byteLength(text) > maxBytes) throw new OutboundFailed('response_too_large', 'too large');
      const headers = { 'content-type': page.type ?? 'application/json', ...page.headers };
      const [body, json] = [Buffer.from(text), () => JSON.parse(text) as unknown];
      return { status: page.status ?? 200, headers, body, text: () => text, json };
    },
    texts: async () => [],
    resolve: async () => '192.0.2.1',
    close: async () => {},
  };
  return { pages, asked, outbound };
}
