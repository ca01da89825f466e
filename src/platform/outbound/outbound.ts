import { isIP } from 'node:net';
import type { Agent, Dispatcher } from 'undici';
import type { Outbound, OutboundRequest, OutboundResponse } from '../../kernel/index.ts';
import { type AddressKind, classifyAddress } from './address.ts';
import { OutboundFailed, OutboundRefused } from './errors.ts';
import { guardLookup, type HostLookup, resolveAllowed, systemLookup } from './lookup.ts';
import { checkHeaders, type HostRule, parseTarget, readAllowedHosts } from './target.ts';
import { lookUpTexts, type TextLookup } from './texts.ts';

const DEFAULT_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BYTES = 1024 * 1024;

export interface OutboundOptions {
  /** Also reach loopback and private networks. Metadata, link-local and multicast addresses stay closed. */
  readonly allowPrivateAddresses: boolean;
  /** Exceptions named by the operator, `host` or `host:port`: these may have any address. */
  readonly allowedHosts?: readonly string[];
  /** How names become addresses; the operating system's way when absent. */
  readonly lookup?: HostLookup;
  /** Who is asked for TXT records; the system's name servers when absent. */
  readonly textLookup?: TextLookup;
}

export interface GuardedOutbound extends Outbound {
  /**
   * The IP address at which `host:port` may be contacted, under the same rules as a request: for protocols other than
   * HTTP, which must then connect to that very address. Throws OutboundRefused or OutboundFailed.
   */
  resolve(hostname: string, port: number): Promise<string>;
  /** Ends the kept-alive connections. Requests under way are completed first. */
  close(): Promise<void>;
}

interface Guard {
  readonly isNamed: HostRule;
  readonly mayConnect: (kind: AddressKind) => boolean;
  readonly lookup: HostLookup;
}

/**
 * The HTTP client of the product. `request` throws OutboundRefused for what must not be sent and OutboundFailed when
 * there is no answer in time, too much of it, or no connection; any HTTP status, redirects included, is an answer.
 * Proxy settings in the environment are not read: behind a proxy the address checked would not be the one contacted.
 */
export function createOutbound(options: OutboundOptions): GuardedOutbound {
  const guard: Guard = {
    isNamed: readAllowedHosts(options.allowedHosts ?? []),
    mayConnect: (kind) => kind === 'public' || (kind === 'private' && options.allowPrivateAddresses),
    lookup: options.lookup ?? systemLookup,
  };
  let client: Promise<Client> | undefined;
  const open = () => {
    client ??= openClient(guard);
    return client;
  };
  return {
    request: (wanted) => send(wanted, guard, open),
    texts: (name) => lookUpTexts(name, options.textLookup),
    resolve: (hostname, port) => resolveHost(hostname, port, guard),
    close: async () => {
      const opened = await client;
      await Promise.all([opened?.guarded.close(), opened?.named.close()]);
    },
  };
}

/** What sends requests: `guarded` connects to what everybody may reach, `named` also to what the operator excepted. */
interface Client {
  readonly request: typeof import('undici').request;
  readonly guarded: Agent;
  readonly named: Agent;
}

/** Loads undici when the first request is sent: many installations never send one, and the library is 20 MB of memory. */
async function openClient({ lookup, mayConnect }: Guard): Promise<Client> {
  const { Agent, request } = await import('undici');
  const createAgent = (mayReach: Guard['mayConnect']) =>
    new Agent({ connect: { lookup: guardLookup(lookup, mayReach), allowH2: false, timeout: CONNECT_TIMEOUT_MS } });
  return { request, guarded: createAgent(mayConnect), named: createAgent(() => true) };
}

async function send(wanted: OutboundRequest, guard: Guard, open: () => Promise<Client>): Promise<OutboundResponse> {
  const target = parseTarget(wanted.url);
  const headers = checkHeaders(wanted.headers ?? {});
  const named = guard.isNamed(target.hostname, target.port);
  if (!named) refuseLiteral(target.hostname, guard);
  const client = await open();
  const dispatcher = named ? client.named : client.guarded;
  const exchange = async (signal: AbortSignal) => {
    const answer = await client.request(target.url, {
      method: (wanted.method ?? 'GET') as Dispatcher.HttpMethod,
      headers: { 'user-agent': 'countersign', 'accept-encoding': 'identity', ...headers },
      body: wanted.body ?? null,
      signal,
      dispatcher,
    });
    return toResponse(answer, await readBody(answer.body, wanted.maxBytes ?? DEFAULT_MAX_BYTES));
  };
  try {
    return await runUntil(wanted.timeoutMs ?? DEFAULT_TIMEOUT_MS, exchange);
  } catch (error) {
    throw explain(error, target.hostname);
  }
}

/**
 * Runs `work` for at most `timeoutMs`. The signal alone is not enough: undici looks at it only once connected, and
 * a name server or a firewall that stays silent would hold the caller for as long as connecting may take.
 */
async function runUntil<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new AbortController();
  const expired = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    expired.reject(new OutboundFailed('timeout', `no complete answer within ${timeoutMs} ms`));
    deadline.abort();
  }, timeoutMs);
  try {
    return await Promise.race([expired.promise, work(deadline.signal)]);
  } finally {
    clearTimeout(timer);
  }
}

/** A literal address in the URL never passes through the lookup, so it is checked here. */
function refuseLiteral(hostname: string, guard: Guard): void {
  if (isIP(hostname) !== 0 && !guard.mayConnect(classifyAddress(hostname))) {
    throw new OutboundRefused('address', `${hostname} may not be contacted`);
  }
}

async function resolveHost(hostname: string, port: number, guard: Guard): Promise<string> {
  const named = guard.isNamed(hostname.toLowerCase(), port);
  if (isIP(hostname) !== 0) {
    if (!named) refuseLiteral(hostname, guard);
    return hostname;
  }
  try {
    const [first] = await resolveAllowed(hostname, guard.lookup, named ? () => true : guard.mayConnect);
    return first!.address;
  } catch (error) {
    throw explain(error, hostname);
  }
}

async function readBody(stream: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop early destroys the stream and with it the connection, so the rest is never received.
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) throw new OutboundFailed('response_too_large', `the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toResponse(answer: Dispatcher.ResponseData, body: Buffer): OutboundResponse {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const text = () => body.toString('utf8');
  return { status: answer.statusCode, headers, body, text, json: () => JSON.parse(text()) as unknown };
}

function explain(error: unknown, hostname: string): Error {
  if (error instanceof OutboundRefused || error instanceof OutboundFailed) return error;
  return new OutboundFailed('connection', `no answer from ${hostname}: ${causeOf(error)}`, error);
}

/** A connection tried on several addresses fails with an AggregateError whose own message is empty. */
function causeOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first.message : String(first);
}
