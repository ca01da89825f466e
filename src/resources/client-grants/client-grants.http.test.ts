import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { clientGrantsOf, createClient } from '../clients/index.ts';
import { createResourceServer } from '../resource-servers/index.ts';
import { findClientGrant } from './index.ts';

const PATH = '/api/v2/client-grants';
const audience = 'urn:api';

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  bearer = await managementToken(
    server,
    ['create', 'read', 'update', 'delete'].map((verb) => `${verb}:client_grants`),
  );
  await createResourceServer(server.ctx, { identifier: audience, scopes: [{ value: 'a' }, { value: 'b' }] });
});
after(() => server.close());

const newClient = async (body: object = {}) => (await createClient(server.ctx, { name: 'Client', ...body })).client_id;
const create = (json: object) => server.post(PATH, { bearer, json });
const patch = (id: string, json: object) => server.request('PATCH', `${PATH}/${id}`, { bearer, json });

test('made, read, changed, taken back', async () => {
  const client_id = await newClient();
  const { status, json } = await create({ client_id, audience, scope: ['a'] });
  assert.equal(status, 201);
  assert.match(json.id, /^cgr_[A-Za-z0-9]{16}$/);
  assert.deepEqual(json, { id: json.id, client_id, audience, scope: ['a'], subject_type: 'client' });
  assert.deepEqual((await server.get(`${PATH}/${json.id}`, { bearer })).json, json);
  assert.deepEqual((await patch(json.id, { scope: [] })).json.scope, []);
  assert.equal((await server.request('DELETE', `${PATH}/${json.id}`, { bearer })).status, 204);
  assert.equal((await server.request('DELETE', `${PATH}/${json.id}`, { bearer })).status, 204);
  const missing = {
    statusCode: 404,
    error: 'Not Found',
    message: 'The grant does not exist.',
    errorCode: 'inexistent_client_grant',
  };
  assert.deepEqual((await server.get(`${PATH}/${json.id}`, { bearer })).json, missing);
});

test('all scopes stand in place of a list, and give way to one', async () => {
  const { json } = await create({ client_id: await newClient(), audience, allow_all_scopes: true });
  assert.equal('scope' in json, false);
  const listed = (await patch(json.id, { allow_all_scopes: false, scope: ['b'] })).json;
  assert.deepEqual([listed.allow_all_scopes, listed.scope], [false, ['b']]);
});

test('one grant for each client, API and kind', async () => {
  const client_id = await newClient();
  assert.equal((await create({ client_id, audience })).status, 201);
  assert.equal((await create({ client_id, audience, subject_type: 'user' })).status, 201);
  assert.equal((await create({ client_id, audience })).status, 409);
});

test('client and API must exist and suit', async () => {
  const client_id = await newClient();
  assert.equal((await create({ client_id: 'nobody', audience })).json.errorCode, 'inexistent_client');
  assert.equal((await create({ client_id, audience: 'urn:none' })).json.errorCode, 'inexistent_resource_server');
  const express = await create({ client_id: await newClient({ app_type: 'express_configuration' }), audience });
  assert.deepEqual(express.json, {
    statusCode: 400,
    error: 'Bad Request',
    message: 'Client of type express_configuration cannot be used',
    errorCode: 'validation_error',
  });
});

test('members that contradict each other', async () => {
  const client_id = await newClient();
  const refused = [
    { audience },
    { client_id, audience, default_for: 'third_party_clients' },
    { client_id, audience, allow_any_organization: true },
    { client_id, audience, subject_type: 'user', organization_usage: 'allow' },
    { client_id, audience, scope: [''] },
    { client_id },
  ];
  for (const json of refused) assert.equal((await create(json)).status, 400, JSON.stringify(json));
  const { id } = (await create({ client_id, audience })).json;
  assert.equal((await patch(id, {})).status, 400);
  assert.equal((await patch(id, { audience: 'urn:other' })).status, 400);
});

test('a grant for third-party clients is theirs unless they have their own', async () => {
  const third = await newClient({ is_first_party: false });
  const first = await newClient();
  const { json } = await create({ default_for: 'third_party_clients', audience, scope: ['a'] });
  assert.equal((await findClientGrant(server.ctx, third, audience, 'client'))?.id, json.id);
  assert.equal(await findClientGrant(server.ctx, first, audience, 'client'), undefined);
  const own = (await create({ client_id: third, audience, scope: ['b'] })).json;
  assert.equal((await findClientGrant(server.ctx, third, audience, 'client'))?.id, own.id);
});

test('lists by client, API, kind and organization; checkpoints have no totals', async () => {
  const client_id = await newClient();
  await create({ client_id, audience, organization_usage: 'allow', allow_any_organization: true });
  await create({ client_id, audience, subject_type: 'user' });
  const list = async (query: string) => (await server.get(`${PATH}?client_id=${client_id}&${query}`, { bearer })).json;
  assert.equal((await list('include_totals=true')).total, 2);
  assert.equal((await list('subject_type=user')).length, 1);
  assert.equal((await list('allow_any_organization=true')).length, 1);
  assert.equal((await list('audience=urn:none')).length, 0);
  assert.deepEqual(Object.keys(await list('include_totals=true&take=50')), ['client_grants']);
});

test('APIs of the server itself are for no third-party client, nor for all of them at once', async () => {
  const body = { audience: `${server.issuer}api/v2/`, scope: ['read:users'] };
  const count = await clientGrantsOf(server.ctx).count();
  const strict = await newClient({ is_first_party: false, third_party_security_mode: 'strict' });
  for (const grantee of [{ client_id: strict }, { default_for: 'third_party_clients' }]) {
    const { status, json } = await create({ ...body, ...grantee });
    assert.equal(status, 400);
    assert.equal(json.message, 'Third-party applications cannot be granted access to system APIs.');
  }
  assert.equal(await clientGrantsOf(server.ctx).count(), count);
});
