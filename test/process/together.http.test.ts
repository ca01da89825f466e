/** Several nodes that are started at once on an empty database: one makes what there must be, the others find it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { persistentDatabase } from '../persistent-database.ts';
import { ask, managementToken, PRODUCTION, startProcess, stopProcess, temporaryFolder } from './server-process.ts';

const NODES = 6;
const EXAMPLE = join(import.meta.dirname, '../../docs/guides/seed.yaml');

/** The ports of six nodes, all of them ready. */
async function startTogether(t: TestContext, command: string, more: Record<string, string>): Promise<number[]> {
  const folder = temporaryFolder();
  t.after(() => folder.remove());
  const environment = { ...PRODUCTION, COUNTERSIGN_DATABASE: await persistentDatabase(t), ...more };
  const started = Array.from({ length: NODES }, () => startProcess([command], environment, folder.path));
  t.after(() => Promise.all(started.map((one) => stopProcess(one))));
  const ready = await Promise.all(started.map((one) => one.ready));
  return ready.map(({ port = 0 }) => port);
}

/** What a node shows of what is made once. */
async function shownAt(port: number) {
  const authorization = `Bearer ${await managementToken(port)}`;
  const list = async (path: string, member: string) => {
    const { json } = await ask(port, { path, headers: { authorization } });
    return json.map((entry: Record<string, string>) => entry[member]).sort();
  };
  const keys = await ask(port, { path: '/.well-known/jwks.json' });
  return {
    clients: await list('/api/v2/clients', 'name'),
    connections: await list('/api/v2/connections', 'name'),
    apis: await list('/api/v2/resource-servers', 'identifier'),
    users: await list('/api/v2/users', 'email'),
    keys: keys.json.keys.length,
  };
}

test('six nodes with a seed make one tenant of it', async (t) => {
  const ports = await startTogether(t, 'start', { COUNTERSIGN_SEED: EXAMPLE });
  const shown = await Promise.all(ports.map(shownAt));
  assert.deepEqual(shown[0], {
    clients: ['All Applications', 'Management', 'Nightly job', 'Shop'],
    connections: ['Shop-Users', 'Username-Password-Authentication'],
    apis: ['https://login.example.test/api/v2/', 'https://orders.example.com'],
    users: ['ana@example.com', 'ben@example.com', 'chloe@example.com'],
    keys: 2,
  });
  for (const other of shown) assert.deepEqual(other, shown[0]);
});

test('six development nodes share one demonstration', async (t) => {
  const ports = await startTogether(t, 'dev', { COUNTERSIGN_TLS_PORT: 'off' });
  const shown = await Promise.all(ports.map(shownAt));
  assert.deepEqual(shown[0], {
    clients: ['All Applications', 'Demo application', 'Management'],
    connections: ['Username-Password-Authentication'],
    apis: ['https://login.example.test/api/v2/'],
    users: ['demo@example.com'],
    keys: 2,
  });
  for (const other of shown) assert.deepEqual(other, shown[0]);
});
