import { webUrl } from '../kernel/index.ts';

/**
 * Where a callback may lead on to. Browsers hold every redirect after a form against the policy of its page, and callbacks send people
 * on: to another host of the application, or, where the application is an identity provider's client itself, to one of its own.
 */
export const ONWARDS: readonly string[] = ['https:', 'http://localhost:*', 'http://127.0.0.1:*'];

/**
 * Gives the value of the `Content-Security-Policy` header for a page. `formAction` lists where its forms may end up,
 * redirects included (browsers check those too): `'self'`, ONWARDS, and the callback URLs of the transaction, whole; they are
 * reduced to origins or schemes here. An empty list forbids every submission. `framedBy` is the one web origin whose pages
 * may show this one in a frame; without it, or where a policy cannot spell it, nobody may. `frames` is the page that this one
 * shows in a frame, `connects` what its script, or the browser for it, may ask for.
 */
export function contentSecurityPolicy(options: {
  nonce: string;
  formAction: readonly string[];
  framedBy?: string | undefined;
  frames?: string;
  connects?: readonly string[];
}): string {
  const nonce = requireNonce(options.nonce);
  const framed = options.frames === undefined ? undefined : sourceOf(options.frames);
  const targets = sourcesOf(options.formAction);
  const asked = sourcesOf(options.connects ?? []);
  return [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    'img-src https: data:',
    ...(framed ? [`frame-src ${framed}`] : []),
    ...(asked.length > 0 ? [`connect-src ${asked.join(' ')}`] : []),
    `form-action ${targets.length > 0 ? targets.join(' ') : "'none'"}`,
    "base-uri 'none'",
    `frame-ancestors ${framingSource(options.framedBy)}`,
  ].join('; ');
}

/** A nonce is ours, so a malformed one is a mistake in the program and not a bad request. */
function requireNonce(nonce: string): string {
  if (!/^[A-Za-z0-9+/_-]{16,}={0,2}$/.test(nonce)) throw new TypeError('A nonce is at least 16 characters of base64.');
  return nonce;
}

function framingSource(origin: string | undefined): string {
  const source = origin === undefined ? undefined : sourceOf(origin);
  // A bare scheme would let every site in.
  return source?.includes('://') ? source : "'none'";
}

const sourcesOf = (all: readonly string[]) => [...new Set(all.map(sourceOf).filter((source) => source !== undefined))];

function sourceOf(target: string): string | undefined {
  if (target === "'self'" || ONWARDS.includes(target)) return target;
  const url = URL.parse(target);
  if (!url) return undefined;
  // CSP 3 §2.3.1: a host source cannot spell IPv6 addresses and some characters that URLs allow; the scheme has to do.
  return webUrl(target) && /^[a-z0-9.-]+$/.test(url.hostname) ? url.origin : url.protocol;
}
