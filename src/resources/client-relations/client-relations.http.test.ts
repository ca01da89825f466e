import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addApplication } from '../../../test/fixtures.ts';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { createClientGrant } from '../client-grants/index.ts';
import { clientCredentialsOf, clientGrantsOf, createClient } from '../clients/index.ts';
import { connectionsOf, createConnection, listConnectionsForClient } from '../connections/index.ts';
import { consentGrantsOf } from '../grants/index.ts';
import { createResourceServer } from '../resource-servers/index.ts';
import { tenantSettingsCollection } from '../tenant-settings/index.ts';

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, ['delete:clients', 'read:clients', 'read:connections']);
});
after(() => server.close());

test('a client names the connections that it may use, without their options', async () => {
  const { client_id } = await addApplication(server.ctx);
  const { json } = await server.get(`/api/v2/clients/${client_id}/connections`, { bearer });
  assert.deepEqual(
    json.connections.map((one: { name: string }) => one.name),
    ['Username-Password-Authentication'],
  );
  assert.equal('options' in json.connections[0] || 'enabled_clients' in json.connections[0], false);
  assert.deepEqual((await server.get(`/api/v2/clients/${client_id}/connections?strategy=sms`, { bearer })).json, {
    connections: [],
  });
  assert.equal((await server.get('/api/v2/clients/nobody/connections', { bearer })).status, 404);
  const half = await managementToken(server, ['read:connections']);
  assert.equal((await server.get(`/api/v2/clients/${client_id}/connections`, { bearer: half })).status, 403);
});

test('deleting a client takes its grants, credentials and places in connections along', async () => {
  const { client_id } = await addApplication(server.ctx);
  await createResourceServer(server.ctx, { identifier: 'urn:api' });
  await createClientGrant(server.ctx, { client_id, audience: 'urn:api' });
  await clientCredentialsOf(server.ctx).insert({
    id: 'cred_1',
    client_id,
    credential_type: 'public_key',
    created_at: '',
    updated_at: '',
  });
  const consent = { id: 'consent', user_id: 'auth0|somebody', clientID: client_id, audience: 'urn:api', scope: [] };
  await consentGrantsOf(server.ctx).insert(consent);
  assert.equal((await server.request('DELETE', `/api/v2/clients/${client_id}`, { bearer })).status, 204);
  assert.equal(await consentGrantsOf(server.ctx).count(), 0);
  assert.equal((await server.get(`/api/v2/clients/${client_id}`, { bearer })).status, 404);
  assert.equal(await clientGrantsOf(server.ctx).count({ client_id }), 0);
  assert.equal(await clientCredentialsOf(server.ctx).count({ client_id }), 0);
  const connections = await connectionsOf(server.ctx).list();
  assert.equal(
    connections.some((one) => one.enabled_clients.includes(client_id)),
    false,
  );
  assert.equal((await server.request('DELETE', `/api/v2/clients/${client_id}`, { bearer })).status, 204);
});

test('enable_client_connections: a new client may use every connection that there is', async () => {
  const settings = server.ctx.store.collection(tenantSettingsCollection);
  const flag = (enable_client_connections: boolean) =>
    settings.update('settings', (stored) => ({ ...stored, flags: { ...stored.flags, enable_client_connections } }));
  await createConnection(server.ctx, { name: 'second', strategy: 'email' });
  const without = await createClient(server.ctx, { name: 'Without' });
  assert.deepEqual(await listConnectionsForClient(server.ctx, without.client_id), []);
  await flag(true);
  const bearer = await managementToken(server, ['create:clients']);
  const { json } = await server.post('/api/v2/clients', { bearer, json: { name: 'With' } });
  const names = (await listConnectionsForClient(server.ctx, json.client_id)).map(({ name }) => name);
  assert.deepEqual(names.sort(), ['Username-Password-Authentication', 'second']);
  assert.deepEqual(await listConnectionsForClient(server.ctx, without.client_id), []);
  await flag(false);
});
