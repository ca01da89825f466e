/** RFC 3986 §2.3: what never needs encoding. */
const UNRESERVED = /[A-Za-z0-9._~-]/;

/** Upper-case hex digits, and nothing encoded that need not be (RFC 3986 §6.2.2). */
function normalizePath(path: string): string {
  return path.replace(/%([0-9A-Fa-f]{2})/g, (triple, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return UNRESERVED.test(character) ? character : triple.toUpperCase();
  });
}

/**
 * Does `htu` name the resource at `url`? Query and fragment have no say (RFC 9449 §4.3, point 9); both are normalised as RFC 3986
 * §6.2.2 and §6.2.3 have it: letter case of scheme and host, default port, dot segments, encoding.
 */
export function isSameResource(htu: string, url: URL): boolean {
  if (!URL.canParse(htu)) return false;
  const named = new URL(htu);
  const hasUser = named.username !== '' || named.password !== '';
  return !hasUser && named.origin === url.origin && normalizePath(named.pathname) === normalizePath(url.pathname);
}
