import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { recordEvents } from '../../audit/index.ts';
import { createClient } from '../clients/index.ts';
import { logsOf } from './index.ts';

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, ['read:logs']);
  const { client_id } = await createClient(server.ctx, { name: 'Shop' });
  for (const type of ['s', 'fp', 'seacft'] as const) {
    const user_id = type === 'seacft' ? 'auth0|2' : 'auth0|1';
    await recordEvents(server.ctx, [{ type, client_id, user_id, connection: 'Username-Password-Authentication' }]);
    server.clock.advance(60);
  }
});
after(() => server.close());

const list = async (query: Record<string, string> = {}) => (await server.get('/api/v2/logs', { bearer, query })).json;
const types = (events: { type: string }[]) => events.map(({ type }) => type);

test('an event is answered in Auth0’s shape', async () => {
  const [event] = await list({ q: 'type:fp' });
  const { log_id, client_id, connection_id, ...rest } = event;
  assert.match(log_id, /^900\d{53}$/);
  assert.match(connection_id, /^con_/);
  assert.deepEqual(rest, {
    _id: log_id,
    date: '2026-01-15T10:01:00.000Z',
    type: 'fp',
    description: '',
    client_name: 'Shop',
    user_id: 'auth0|1',
    connection: 'Username-Password-Authentication',
    strategy: 'auth0',
    strategy_type: 'database',
    ip: '127.0.0.1',
    hostname: 'tenant.test',
    user_agent: 'Other 0.0.0 / Other 0.0.0',
    isMobile: false,
    tenant_name: 'tenant',
    $event_schema: { version: '1.0.0' },
  });
  assert.deepEqual((await server.get(`/api/v2/logs/${log_id}`, { bearer })).json, event);
  assert.equal((await server.get('/api/v2/logs/900', { bearer })).status, 404);
});

test('newest first; by checkpoint oldest first', async () => {
  assert.deepEqual(types(await list()), ['seacft', 'fp', 's']);
  assert.deepEqual(types(await list({ sort: 'date:1', per_page: '2' })), ['s', 'fp']);
  assert.deepEqual(types(await list({ per_page: '2', page: '1' })), ['s']);
  const first = await list({ take: '1' });
  assert.deepEqual(types(first), ['s']);
  assert.deepEqual(types(await list({ from: first[0].log_id, take: '5' })), ['fp', 'seacft']);
});

test('totals, fields and search', async () => {
  const totals = await list({ include_totals: 'true', per_page: '2' });
  assert.deepEqual([totals.start, totals.limit, totals.length, totals.total], [0, 2, 2, 3]);
  const [only] = await list({ fields: 'type', per_page: '1' });
  assert.deepEqual(Object.keys(only).sort(), ['_id', 'log_id', 'type']);
  assert.deepEqual(types(await list({ q: 'type:(s OR fp) AND client_name:shop' })), ['fp', 's']);
  assert.deepEqual(types(await list({ q: 'date:[2026-01-15T10:00:30Z TO *]' })), ['seacft', 'fp']);
  assert.equal((await server.get('/api/v2/logs', { bearer, query: { q: 'type:(' } })).status, 400);
});

test("a user's own events", async () => {
  const answer = await server.get('/api/v2/users/auth0%7C1/logs', { bearer });
  assert.deepEqual(types(answer.json), ['fp', 's']);
});

test('ids go up, also when many are written at once and while the clock stands still', async () => {
  const before = await logsOf(server.ctx).count();
  await Promise.all(Array.from({ length: 50 }, () => recordEvents(server.ctx, [{ type: 's' }, { type: 'slo' }])));
  const events = await logsOf(server.ctx).list();
  assert.equal(events.length, before + 100);
  const pairs = events.slice(before);
  assert.ok(pairs.every((event, at) => at === 0 || event.log_id > (pairs[at - 1]?.log_id ?? '')));
  assert.equal(types(pairs).filter((type) => type === 'slo').length, 50);
});

test('secrets never reach the log', async () => {
  const body = { email: 'a@example.com', password: 'hush', nested: [{ client_secret: 'hush', otp: '123456' }] };
  await recordEvents(server.ctx, [{ type: 'fs', details: { body } }]);
  const [event] = await list({ q: 'type:fs' });
  assert.deepEqual(event.details.body, {
    email: 'a@example.com',
    password: '*****',
    nested: [{ client_secret: '*****', otp: '*****' }],
  });
});
