/**
 * Does a presented URL belong to a list of registered ones? RFC 9700 §2.1 wants an exact match of strings; Auth0 adds placeholders
 * for subdomains, RFC 8252 §7.3 lets native applications choose their loopback port.
 */
export interface MatchOptions {
  /** The port of `http://127.0.0.1`, `http://[::1]` and `http://localhost` does not count. */
  readonly anyLoopbackPort?: boolean;
  /** Query and fragment of the presented URL do not count (logout URLs). */
  readonly ignoreQuery?: boolean;
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);
/** Schemes that run or show what stands in the URL itself: nothing may be sent there, registered or not. */
const ACTIVE_SCHEMES = new Set(['javascript:', 'data:', 'vbscript:', 'file:', 'blob:', 'about:', 'filesystem:']);
/** Placeholders stand for one label or the beginning of one (`*.example.com`, `app-*.example.com`). */
const PLACEHOLDER = /^(https?):\/\/([a-z0-9-]*\*[a-z0-9-]*)((?:\.[a-z0-9-]+)+)(:\d+)?(\/.*)?$/i;
const MOST_LABEL = 63;

/** The first of `registered` that `presented` matches, or undefined. */
export function matchRegisteredUrl(
  registered: readonly string[],
  presented: string,
  options: MatchOptions = {},
): string | undefined {
  if (!isPlain(presented)) return undefined;
  const compared = options.ignoreQuery ? presented.replace(/[?#].*$/, '') : presented;
  return registered.find((pattern) => isMatch(pattern, compared, options));
}

/** A URL that every parser reads the same way: absolute, printable ASCII, without a user name, a backslash or an active scheme. */
function isPlain(url: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(url) || url.includes('\\')) return false;
  const parsed = URL.parse(url);
  if (!parsed || ACTIVE_SCHEMES.has(parsed.protocol)) return false;
  return parsed.username === '' && parsed.password === '' && !/^https?:[^/]|^https?:\/[^/]/i.test(url);
}

function isMatch(pattern: string, presented: string, options: MatchOptions): boolean {
  if (pattern === presented) return true;
  if (options.ignoreQuery && isSameAddress(pattern, presented)) return true;
  if (pattern.includes('*')) return matchesPlaceholder(pattern, presented, options);
  return options.anyLoopbackPort === true && isSameLoopback(pattern, presented);
}

/** Logout URLs: scheme and host in any case, the path exactly, query and fragment of the registered one left aside too. */
function isSameAddress(pattern: string, presented: string): boolean {
  const one = splitUrl(pattern.replace(/[?#].*$/, ''));
  const other = splitUrl(presented);
  return one !== undefined && other !== undefined && one.origin === other.origin && one.path === other.path;
}

/** `HTTP://Host:1/Path` → `http://host:1` and `/Path`; no path reads as `/`. */
function splitUrl(url: string): { origin: string; path: string } | undefined {
  const parts = /^([a-z][a-z0-9+.-]*:\/\/[^/]*)(.*)$/i.exec(url);
  return parts?.[1] ? { origin: parts[1].toLowerCase(), path: parts[2] || '/' } : undefined;
}

function matchesPlaceholder(pattern: string, presented: string, options: MatchOptions): boolean {
  const parts = PLACEHOLDER.exec(pattern);
  if (!parts) return false;
  const [, scheme = '', label = '', domain = '', port = '', path = ''] = parts;
  // A bare top-level domain would hand every site in it the codes.
  if (label.split('*').length !== 2 || domain.split('.').length < 3) return false;
  const given = /^([a-z][a-z0-9+.-]*):\/\/([^/?#:]+)(:\d+)?([/?#].*)?$/i.exec(presented);
  if (!given) return false;
  const [, givenScheme = '', host = '', givenPort = '', rest = ''] = given;
  const isSamePlace = givenScheme.toLowerCase() === scheme.toLowerCase() && givenPort === port;
  const isSamePath = rest === path || (options.ignoreQuery === true && (rest || '/') === (path || '/'));
  return isSamePlace && isSamePath && isLabelOf(host.toLowerCase(), label.toLowerCase(), domain.toLowerCase());
}

/** Is `host` the domain with one more label in front, made of the placeholder's fixed parts and something between? */
function isLabelOf(host: string, label: string, domain: string): boolean {
  if (!host.endsWith(domain)) return false;
  const first = host.slice(0, -domain.length);
  const [before = '', after = ''] = label.split('*');
  const isLabel = first.length <= MOST_LABEL && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(first);
  return isLabel && first.startsWith(before) && first.endsWith(after) && first.length > before.length + after.length;
}

/** RFC 8252 §7.3: `http` to the loopback interface, all but the port equal. */
function isSameLoopback(pattern: string, presented: string): boolean {
  const [one, other] = [splitLoopback(pattern), splitLoopback(presented)];
  return one !== undefined && other !== undefined && one.host === other.host && one.rest === other.rest;
}

function splitLoopback(url: string): { host: string; rest: string } | undefined {
  const parts = /^http:\/\/(\[::1\]|[^/?#:]+)(?::(\d{1,5}))?([/?#].*)?$/.exec(url);
  const host = parts?.[1];
  if (!parts || !host || !LOOPBACK.has(host) || Number(parts[2] ?? 80) > 65_535) return undefined;
  return { host, rest: parts[3] ?? '' };
}

/**
 * Could any program on the user's device be behind this callback? Auth0 counts custom schemes, `localhost` and loopback addresses,
 * but not names under `.localhost`.
 */
export function isUnverifiableCallback(url: string): boolean {
  const parsed = URL.parse(url);
  if (!parsed) return true;
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return true;
  return parsed.hostname === 'localhost' || parsed.hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(parsed.hostname);
}
