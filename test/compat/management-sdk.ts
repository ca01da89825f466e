/** Auth0's own Node client of the Management API, unmodified, over TLS; and which of its methods were called. */
import assert from 'node:assert/strict';
import { ManagementClient, ManagementError } from 'auth0';
import { type DocumentHost, documentHost } from '../document-host.ts';
import { addManagementClient } from '../fixtures.ts';
import { type RealServer, startRealServer } from './real-server.ts';

export interface ManagementHouse {
  readonly server: RealServer;
  readonly management: ManagementClient;
  readonly host: DocumentHost;
  /** `clients.credentials.list`, for each method that was called. */
  readonly called: ReadonlySet<string>;
}

/** Starts a server and a client that may do everything. */
export async function startManagement(): Promise<ManagementHouse> {
  const host = documentHost();
  const server = await startRealServer({ outbound: host.outbound });
  const { client_id: clientId, client_secret: clientSecret } = await addManagementClient(server.ctx);
  const client = new ManagementClient({ domain: server.domain, clientId, clientSecret, maxRetries: 0 });
  const called = new Set<string>();
  return { server, management: noting(client, '', called), host, called };
}

type Members = Record<string, unknown>;
const isMethod = (name: string) => !name.startsWith('_') && name !== 'constructor';

/** `resource`, which notes in `called` what is called of it. */
function noting<T extends object>(resource: T, path: string, called: Set<string>): T {
  return new Proxy(resource, {
    get(target, name: string) {
      const value = (target as Members)[name];
      const own = path === '' ? name : `${path}.${name}`;
      if (typeof value === 'object' && value !== null) return noting(value, own, called);
      if (typeof value !== 'function') return value;
      called.add(own);
      return value.bind(target);
    },
  });
}

/** Every method of `resource` and of what is below it. */
export function methodsOf(resource: object, path: string): string[] {
  const members = Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(resource)));
  return members.flatMap(([name, { get, value }]) => {
    if (get) return methodsOf((resource as Record<string, object>)[name]!, `${path}.${name}`);
    return typeof value === 'function' && isMethod(name) ? [`${path}.${name}`] : [];
  });
}

/** What the client throws for an answer that refuses. */
export async function refusal(call: PromiseLike<unknown>): Promise<{ status: number | undefined; body: unknown }> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof ManagementError, String(error));
    return { status: error.statusCode, body: error.body };
  }
  assert.fail('it was not refused');
}

/** All that an iterator of pages gives. */
export async function allOf<T>(pages: PromiseLike<AsyncIterable<T>>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of await pages) all.push(one);
  return all;
}
