import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, [
    'create:clients',
    'read:clients',
    'create:resource_servers',
    'create:client_grants',
  ]);
  for (let n = 1; n <= 5; n++) {
    server.clock.advance(1);
    const json = { name: `App ${n}`, app_type: n % 2 ? 'spa' : 'native', is_first_party: n !== 3 };
    assert.equal((await server.post('/api/v2/clients', { bearer, json })).status, 201);
  }
});
after(() => server.close());

const list = (query: string) => server.get(`/api/v2/clients?${query}`, { bearer });
const names = (clients: { name: string }[]) => clients.map(({ name }) => name);

test('nothing asked: a bare array, oldest first', async () => {
  const { json, headers } = await list('is_global=false');
  assert.deepEqual(names(json), ['App 1', 'App 2', 'App 3', 'App 4', 'App 5']);
  assert.match(headers.link ?? '', /page=0&per_page=50>; rel="first", <.*>; rel="last"$/);
});

test('totals', async () => {
  const { json, headers } = await list('is_global=false&include_totals=true&page=1&per_page=2');
  assert.deepEqual(
    { ...json, clients: names(json.clients) },
    { start: 2, limit: 2, total: 5, clients: ['App 3', 'App 4'] },
  );
  assert.match(
    headers.link ?? '',
    /page=2&per_page=2>; rel="last", <.*page=2&per_page=2>; rel="next", <.*page=0&per_page=2>; rel="prev"/,
  );
  const none = (await list('is_global=false&include_totals=true&per_page=0')).json;
  assert.deepEqual(none, { start: 0, limit: 0, total: 5, clients: [] });
});

test('checkpoints reach everything once, without totals', async () => {
  const seen: string[] = [];
  let from = '';
  for (let page = 0; page < 10; page++) {
    const { json } = await list(`is_global=false&include_totals=true&take=2${from}`);
    assert.equal('total' in json, false);
    seen.push(...names(json.clients));
    if (!json.next) break;
    from = `&from=${json.next}`;
  }
  assert.deepEqual(seen.toSorted(), ['App 1', 'App 2', 'App 3', 'App 4', 'App 5']);
});

test('pages beyond the thousandth record are refused', async () => {
  assert.equal((await list('page=9&per_page=100')).status, 200);
  const { status, json } = await list('page=10&per_page=100');
  assert.equal(status, 400);
  assert.equal(json.errorCode, 'invalid_paging');
});

test('filters', async () => {
  assert.deepEqual(names((await list('app_type=spa,regular_web')).json), ['App 1', 'App 3', 'App 5']);
  assert.deepEqual(names((await list('is_first_party=false')).json), ['App 3']);
  assert.deepEqual((await list('external_client_id=https%3A%2F%2Fx.test')).json, []);
  assert.deepEqual((await list('q=client_grant.organization_id:org_0123456789abcdef')).json, []);
});

test('q finds clients by their grants', async () => {
  const [client] = (await list('is_global=false')).json;
  await server.post('/api/v2/resource-servers', { bearer, json: { identifier: 'urn:api' } });
  const json = {
    client_id: client.client_id,
    audience: 'urn:api',
    organization_usage: 'allow',
    allow_any_organization: true,
  };
  assert.equal((await server.post('/api/v2/client-grants', { bearer, json })).status, 201);
  assert.deepEqual(names((await list('q=client_grant.allow_any_organization:true')).json), ['App 1']);
  assert.equal((await list('q=name:x')).json.errorCode, 'invalid_query_string');
});

test('fields choose or leave out; the tenant stays', async () => {
  const [chosen] = (await list('is_global=false&fields=name,refresh_token.leeway')).json;
  assert.deepEqual(chosen, { tenant: 'tenant', name: 'App 1', refresh_token: { leeway: 0 } });
  const [left] = (await list('is_global=false&fields=name,grant_types&include_fields=false')).json;
  assert.equal('name' in left || 'grant_types' in left, false);
  assert.equal(left.app_type, 'spa');
  const { status, json } = await list('fields=nonsense');
  assert.equal(status, 400);
  assert.match(
    json.message,
    /^Query validation error: 'String 'nonsense' does not match pattern\. Must be a comma separated list of the following values: /,
  );
});

test('query parameters are checked', async () => {
  assert.match(
    (await list('per_page=101')).json.message,
    /Value 101 is greater than maximum 100' on property per_page/,
  );
  assert.match((await list('whatever=1')).json.message, /Additional properties not allowed: whatever/);
});
