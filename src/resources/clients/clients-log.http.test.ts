import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addApplication } from '../../../test/fixtures.ts';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { logsCollection } from '../logs/index.ts';

let server: TestServer;
let bearer: string;
/** Who calls. */
let azp: string;

before(async () => {
  server = await testServer();
  azp = (await addApplication(server.ctx)).client_id;
  const scopes = ['create:clients', 'update:clients', 'update:client_keys', 'delete:clients'];
  bearer = await managementToken(server, scopes, { azp });
});
after(() => server.close());

async function lastEvent() {
  const [event] = await server.ctx.store
    .collection(logsCollection)
    .list({ orderBy: 'log_id', descending: true, limit: 1 });
  return event as unknown as Record<string, unknown> & {
    details: { request: Record<string, unknown>; response: { statusCode: number; body: Record<string, unknown> } };
  };
}

test('a write is logged with what was asked and answered, and nothing secret', async () => {
  const { json } = await server.post('/api/v2/clients', { bearer, json: { name: 'Logged' } });
  const made = await lastEvent();
  assert.equal(made.type, 'sapi');
  assert.equal(made.description, 'Create a client');
  assert.equal(made.client_id, azp);
  const { request, response } = made.details;
  assert.deepEqual([request.method, request.path, request.channel], ['post', '/api/v2/clients', 'api']);
  assert.deepEqual(request.body, { name: 'Logged' });
  assert.equal(response.statusCode, 201);
  assert.equal(response.body.client_id, json.client_id);
  assert.equal(response.body.client_secret, '*****');
  await server.request('PATCH', `/api/v2/clients/${json.client_id}`, {
    bearer,
    json: { client_secret: 'very secret, this' },
  });
  const changed = await lastEvent();
  assert.equal(changed.description, 'Update a client');
  assert.equal(JSON.stringify(changed).includes('very secret'), false);
});

test('a refusal is logged as such', async () => {
  await server.request('PATCH', '/api/v2/clients/nobody', { bearer, json: { name: 'x' } });
  const event = await lastEvent();
  assert.equal(event.type, 'fapi');
  assert.equal(event.details.response.statusCode, 404);
});
