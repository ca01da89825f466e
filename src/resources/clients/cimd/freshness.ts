const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** However short a document says that it lives, its host is not asked more often. */
export const FLOOR_MS = 5 * MINUTE;
/** However long it says, it is asked for again: who withdraws a callback must be heard within a day. */
export const CEILING_MS = 24 * HOUR;
const DEFAULT_MS = HOUR;

type Headers = Readonly<Record<string, string | undefined>>;

/** Milliseconds that an answer is fresh (RFC 9111 §4.2), between floor and ceiling. We are a shared cache: `s-maxage` goes before `max-age`. */
export function freshFor(headers: Headers): number {
  const directives = readDirectives(headers['cache-control'] ?? '');
  if (directives.has('no-store') || directives.has('no-cache')) return FLOOR_MS;
  const seconds = secondsIn(directives.get('s-maxage')) ?? secondsIn(directives.get('max-age'));
  if (seconds === undefined) return DEFAULT_MS;
  const left = (seconds - (secondsIn(headers.age) ?? 0)) * 1000;
  return Math.min(Math.max(left, FLOOR_MS), CEILING_MS);
}

function readDirectives(header: string): ReadonlyMap<string, string> {
  const parts = header.split(',').map((part) => part.trim().toLowerCase().split('='));
  return new Map(parts.map(([name = '', value = '']) => [name.trim(), value.replaceAll('"', '').trim()]));
}

const secondsIn = (text: string | undefined) =>
  text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;

/** The validator of an answer (RFC 9110 §8.8.3), if it has one that fits into a header of ours. */
export function etagOf(headers: Headers): string | undefined {
  const { etag } = headers;
  return etag !== undefined && /^(W\/)?"[\x21\x23-\x7e]{0,200}"$/.test(etag) ? etag : undefined;
}
