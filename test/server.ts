import type { InjectOptions } from 'fastify';
import { type App, createApp } from '../src/app.ts';
import { type Config, readConfig } from '../src/config.ts';
import { type Context, frozenClock, type Messenger, type MovableClock, seededRandom } from '../src/kernel/index.ts';
import type { TlsOptions } from '../src/platform/http/index.ts';
import type { StoredMessage } from '../src/platform/messages/index.ts';
import type { GuardedOutbound } from '../src/platform/outbound/index.ts';
import { addDomain, ensureTenant } from '../src/provisioning/index.ts';
import { createDatabase, dropDatabase } from './postgres.ts';

/** When the tests' clock stands still. */
export const START = Date.parse('2026-01-15T10:00:00.000Z');
const SECRET = 'a master key for tests, nothing else, 0123456789';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON; throws when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
  /** `Set-Cookie` values by name. */
  readonly cookies: Readonly<Record<string, string>>;
}

export interface RequestOptions {
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
  readonly form?: Record<string, string | undefined> | string;
  readonly query?: Record<string, string>;
  /** Shared with the answer: cookies that it sets are put in, those it removes are taken out. */
  readonly jar?: Record<string, string>;
  readonly bearer?: string;
  /** The address that the request comes from; this machine's unless given. */
  readonly from?: string;
}

/** One tenant of a test server, reached by its own host. */
export interface TestTenant {
  readonly url: string;
  readonly issuer: string;
  readonly host: string;
  /** For arranging data; what it audits is not recorded. */
  readonly ctx: Context;
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  get(path: string, options?: RequestOptions): Promise<Answer>;
  post(path: string, options?: RequestOptions): Promise<Answer>;
}

export interface TestServer extends TestTenant {
  readonly app: App;
  readonly clock: MovableClock;
  /** A second tenant on the same server and database. */
  readonly other: TestTenant;
  /** What was sent, newest first. */
  messages(filter?: { channel?: string; to?: string }): Promise<StoredMessage[]>;
  close(): Promise<void>;
}

async function databaseUrl(): Promise<{ url: string; drop: () => Promise<void> }> {
  if (process.env.TEST_DATABASE !== 'postgres') return { url: 'sqlite::memory:', drop: async () => {} };
  const server = process.env.TEST_POSTGRES_URL;
  if (!server) throw new Error('TEST_POSTGRES_URL is not set');
  const url = await createDatabase(server, process.env.TEST_POSTGRES_TEMPLATE);
  return { url, drop: () => dropDatabase(url) };
}

function payloadOf(options: RequestOptions): Pick<InjectOptions, 'payload' | 'headers'> {
  if (options.json !== undefined)
    return { payload: JSON.stringify(options.json), headers: { 'content-type': 'application/json' } };
  if (options.form === undefined) return {};
  const entries =
    typeof options.form === 'string'
      ? options.form
      : Object.entries(options.form).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return {
    payload: new URLSearchParams(entries).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  };
}

function keepCookies(
  jar: Record<string, string>,
  cookies: readonly { name: string; value: string; maxAge?: number }[],
): void {
  for (const cookie of cookies) {
    if (cookie.maxAge === 0) delete jar[cookie.name];
    else jar[cookie.name] = cookie.value;
  }
}

function tenantAt(app: App, ctx: Context, url: string): TestTenant {
  const host = new URL(url).host;
  async function request(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const { payload, headers } = payloadOf(options);
    const answered = await app.http.app.inject({
      method: method as 'GET',
      url: path,
      ...(options.query ? { query: options.query } : {}),
      ...(payload === undefined ? {} : { payload }),
      headers: {
        host,
        ...headers,
        ...(options.bearer ? { authorization: `Bearer ${options.bearer}` } : {}),
        ...options.headers,
      },
      ...(options.jar ? { cookies: options.jar } : {}),
      ...(options.from ? { remoteAddress: options.from } : {}),
    });
    if (options.jar) keepCookies(options.jar, answered.cookies);
    return {
      status: answered.statusCode,
      headers: answered.headers as Record<string, string>,
      text: answered.payload,
      get json() {
        return JSON.parse(answered.payload);
      },
      cookies: Object.fromEntries(answered.cookies.map((cookie) => [cookie.name, cookie.value])),
    };
  }
  return {
    url,
    issuer: `${url}/`,
    host,
    ctx,
    request,
    get: (path, options) => request('GET', path, options),
    post: (path, options) => request('POST', path, options),
  };
}

export interface TestServerOptions {
  readonly environment?: Record<string, string>;
  readonly seed?: string;
  /** A database that outlives the server; without it the server has one of its own. */
  readonly database?: string;
  /** Instead of the outbox. */
  readonly messenger?: Messenger;
  /** Instead of the guarded client. */
  readonly outbound?: GuardedOutbound;
}

/**
 * The whole server in this process, on a database of its own (`TEST_DATABASE`: `sqlite` in memory, or `postgres`), with a clock that
 * stands still until it is moved, seeded ids, and two tenants: `https://tenant.test` and `https://other.test`.
 */
export async function testServer(options: TestServerOptions = {}): Promise<TestServer> {
  const database = options.database ? { url: options.database, drop: async () => {} } : await databaseUrl();
  const environment = { COUNTERSIGN_DATABASE: database.url, COUNTERSIGN_LOG_LEVEL: 'silent', ...options.environment };
  const config: Config = readConfig('development', environment);
  const clock = frozenClock(START);
  const random = seededRandom(options.seed ?? 'tests');
  const { messenger, outbound } = options;
  const overrides = { ...(messenger ? { messenger } : {}), ...(outbound ? { outbound } : {}) };
  const app = await createApp(config, SECRET, { clock, random, ...overrides });
  const first = await ensureTenant(app.shared, { name: 'tenant', url: 'https://tenant.test' });
  const second = await ensureTenant(app.shared, { name: 'other', url: 'https://other.test' });
  return {
    ...tenantAt(app, first.ctx, 'https://tenant.test'),
    app,
    clock,
    other: tenantAt(app, second.ctx, 'https://other.test'),
    messages: async (filter = {}) => (await app.outbox?.list(filter as never)) ?? [],
    async close() {
      await app.close();
      await database.drop();
    },
  };
}

/** Listens on free ports of this machine, for real clients; the tenant is reached there too. */
export async function listenLocally(server: TestServer, tls: TlsOptions): Promise<{ url: string; tlsUrl: string }> {
  const ports = await server.app.http.listen({ host: '127.0.0.1', port: 0, tlsPort: 0, tls });
  const url = `http://localhost:${ports.port}`;
  const tlsUrl = `https://localhost:${ports.tlsPort}`;
  await addDomain(server.app.shared, server.ctx, url);
  await addDomain(server.app.shared, server.ctx, tlsUrl);
  return { url, tlsUrl };
}
