const LONGEST_BYTES = 120;
const LOCAL = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])\.?$/;
const DOT_SEGMENT = /\/(\.|%2e){1,2}(\/|$)/i;

/** What is wrong with the text itself, before anybody parses it: parsers mend much of it in silence. */
const TEXT_RULES: readonly (readonly [(url: string) => boolean, string])[] = [
  [(url) => Buffer.byteLength(url) > LONGEST_BYTES, `must not be longer than ${LONGEST_BYTES} bytes`],
  [(url) => !/^[\x21-\x7e]+$/.test(url) || url.includes('\\'), 'must be ASCII without white space or backslashes'],
  [(url) => !/^https:\/\/[^/?#]/.test(url), 'must use https and name a host'],
  [(url) => url.includes('#'), 'must not have a fragment'],
  [(url) => url.includes('?'), 'must not have a query'],
  [(url) => /%(?![0-9a-f]{2})/i.test(url), 'has an incomplete percent-encoding'],
  [(url) => DOT_SEGMENT.test(url.slice('https://'.length)), 'must not contain dot segments'],
];

/** Why `url` cannot be the address of a client ID metadata document, by Auth0's rules; undefined when it can. */
export function whyNoDocumentUrl(url: string): string | undefined {
  const broken = TEXT_RULES.find(([isBroken]) => isBroken(url));
  if (broken) return broken[1];
  const parsed = URL.parse(url);
  if (!parsed) return 'cannot be parsed';
  if (parsed.username !== '' || parsed.password !== '') return 'must not carry credentials';
  if (parsed.port === '0') return 'must not use port 0';
  if (LOCAL.test(parsed.hostname)) return 'must not be on the local host';
  return parsed.pathname === '/' ? 'must have a path' : undefined;
}
