import { isIP } from 'node:net';
import { OutboundRefused } from './errors.ts';

export interface Target {
  readonly url: URL;
  /** Without the brackets of an IPv6 literal. */
  readonly hostname: string;
  readonly port: number;
}

export type HostRule = (hostname: string, port: number) => boolean;

/** Parses and checks the address of a request. Throws OutboundRefused. */
export function parseTarget(address: string): Target {
  if (!URL.canParse(address)) throw new OutboundRefused('invalid_url', 'the URL cannot be parsed');
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new OutboundRefused('scheme', `the scheme ${url.protocol} is not http: or https:`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new OutboundRefused('credentials_in_url', 'the URL carries a user name or a password');
  }
  return { url, hostname: withoutBrackets(url.hostname), port: portOf(url) };
}

/** Names that callers may not set: they change whom the request is for, or how its length is told. */
const RESERVED_HEADERS = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Throws OutboundRefused for a header that is malformed or not the caller's to set. Returns them in lower case. */
export function checkHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    const malformed = !/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(lower) || /[^\t\x20-\x7e\x80-\xff]/.test(value);
    if (malformed) throw new OutboundRefused('header', `the header ${JSON.stringify(name)} is malformed`);
    if (RESERVED_HEADERS.has(lower) || lower.startsWith('proxy-')) {
      throw new OutboundRefused('header', `the header ${name} may not be set`);
    }
    checked[lower] = value;
  }
  return checked;
}

/**
 * Reads the operator's exceptions: `host` (any port) or `host:port`; IPv6 in brackets when a port follows.
 * Throws TypeError for an entry that is neither, so that a typing error shows at the start.
 */
export function readAllowedHosts(entries: readonly string[]): HostRule {
  const rules = entries.map(readAllowedHost);
  return (hostname, port) =>
    rules.some((rule) => rule.hostname === hostname && (rule.port === undefined || rule.port === port));
}

function readAllowedHost(entry: string): { hostname: string; port: number | undefined } {
  const literal = isIP(entry) === 6 ? `[${entry}]` : entry;
  const match = /^(\[[0-9A-Fa-f:.]+\]|[^:/@?#\s[\]]+)(?::(\d{1,5}))?$/.exec(literal);
  if (match === null || !URL.canParse(`http://${match[1]}`)) {
    throw new TypeError(`not a host or host:port: ${JSON.stringify(entry)}`);
  }
  const hostname = withoutBrackets(new URL(`http://${match[1]}`).hostname);
  return { hostname, port: match[2] === undefined ? undefined : Number(match[2]) };
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

function withoutBrackets(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}
