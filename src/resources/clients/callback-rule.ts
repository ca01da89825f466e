/** Schemes that run or show what stands in the URL itself, or that lead into the machine of whoever opens it. */
const ACTIVE_SCHEMES = new Set('javascript: data: vbscript: file: blob: about: filesystem: ws: wss: ftp:'.split(' '));
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const LONGEST = 2048;

/** Callbacks that an application of somebody else may name for itself. */
export interface CallbackRule {
  /** `http` to the loopback interface, where native applications listen (RFC 8252 §7.3). */
  readonly loopback: boolean;
  /** Schemes of its own (RFC 8252 §7.1). */
  readonly ownScheme: boolean;
}

/**
 * May an application that nobody vouches for have its answers sent to `url`? Only to one address that every parser reads the same way: no
 * placeholder, fragment, user name or backslash; `https`, and what `rule` adds (RFC 7591 §5, RFC 9700 §4.1).
 */
export function isOpenCallback(url: string, { loopback, ownScheme }: CallbackRule): boolean {
  if (url.length > LONGEST || !/^[\x21-\x7e]+$/.test(url) || /[*\\#{}]/.test(url)) return false;
  const parsed = URL.parse(url);
  if (!parsed || ACTIVE_SCHEMES.has(parsed.protocol)) return false;
  if (parsed.username !== '' || parsed.password !== '') return false;
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return ownScheme;
  if (!/^https?:\/\/[^/]/.test(url)) return false;
  return parsed.protocol === 'https:' || (loopback && LOOPBACK.has(parsed.hostname));
}
