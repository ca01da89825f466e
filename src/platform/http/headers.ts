import type { CorsMode, Endpoint } from '../../kernel/index.ts';

/** What every answer of a surface carries: caching, sniffing, framing, referrers. `secure`: the domain is on TLS. */
export function surfaceHeaders(endpoint: Pick<Endpoint, 'surface'>, secure: boolean): Record<string, string> {
  const headers: Record<string, string> = { 'x-content-type-options': 'nosniff' };
  if (secure) headers['strict-transport-security'] = 'max-age=31536000';
  if (endpoint.surface === 'management')
    return { ...headers, 'cache-control': 'no-cache', vary: 'origin,accept-encoding' };
  // RFC 6749 §5.1: nothing that carries a credential may be kept.
  headers['cache-control'] = 'no-store';
  headers.pragma = 'no-cache';
  if (endpoint.surface === 'page') {
    headers['x-frame-options'] = 'DENY';
    headers['referrer-policy'] = 'no-referrer';
  }
  return headers;
}

/** Does the answer's own policy name who may show it in a frame? `X-Frame-Options` cannot name anyone, and only contradicts it. */
export function namesItsFrame(headers: Readonly<Record<string, string>> | undefined): boolean {
  return /\bframe-ancestors (?!'none')/.test(headers?.['content-security-policy'] ?? '');
}

const EXPOSED = 'X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, DPoP-Nonce, Retry-After';
const REQUEST_HEADERS =
  'Authorization, Content-Type, Auth0-Client, DPoP, Auth0-Custom-Domain, Auth0-Forwarded-For, X-Request-Language';

/** Headers that let the page at `origin` read an answer. */
export function corsHeaders(origin: string | undefined, mode: CorsMode): Record<string, string> {
  if (origin === undefined) return {};
  if (mode === 'public') return { 'access-control-allow-origin': '*', 'access-control-expose-headers': EXPOSED };
  return {
    'access-control-allow-origin': origin,
    vary: 'Origin',
    'access-control-expose-headers': EXPOSED,
    ...(mode === 'credentials' ? { 'access-control-allow-credentials': 'true' } : {}),
  };
}

/** The answer to a preflight. */
export function preflightHeaders(origin: string, mode: CorsMode, methods: readonly string[]): Record<string, string> {
  return {
    ...corsHeaders(origin, mode),
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': REQUEST_HEADERS,
    'access-control-max-age': '600',
  };
}
