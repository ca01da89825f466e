import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { createClientGrant } from '../client-grants/index.ts';
import { clientGrantsOf, createClient } from '../clients/index.ts';

const PATH = '/api/v2/resource-servers';

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  bearer = await managementToken(
    server,
    ['create', 'read', 'update', 'delete'].map((verb) => `${verb}:resource_servers`),
  );
});
after(() => server.close());

const create = (json: object) => server.post(PATH, { bearer, json });
const read = (id: string) => server.get(`${PATH}/${encodeURIComponent(id)}`, { bearer });
const patch = (id: string, json: object) =>
  server.request('PATCH', `${PATH}/${encodeURIComponent(id)}`, { bearer, json });
const remove = (id: string) => server.request('DELETE', `${PATH}/${encodeURIComponent(id)}`, { bearer });

test('only an identifier: the recorded defaults', async () => {
  const { status, json } = await create({ name: 'Example API', identifier: 'https://api.one.test/' });
  assert.equal(status, 201);
  const { id, ...rest } = json;
  assert.match(id, /^[0-9a-f]{24}$/);
  assert.deepEqual(rest, {
    name: 'Example API',
    identifier: 'https://api.one.test/',
    allow_offline_access: false,
    skip_consent_for_verifiable_first_party_clients: false,
    subject_type_authorization: { client: { policy: 'require_client_grant' }, user: { policy: 'allow_all' } },
    token_lifetime: 86400,
    token_lifetime_for_web: 7200,
    signing_alg: 'RS256',
  });
  assert.deepEqual((await read(id)).json, json);
});

test('read, changed and deleted by percent-encoded identifier', async () => {
  const identifier = 'https://api.two.test/v1/';
  const { id } = (await create({ identifier })).json;
  assert.equal((await read(identifier)).json.id, id);
  assert.deepEqual((await patch(identifier, { scopes: [{ value: 'read:all' }] })).json.scopes, [{ value: 'read:all' }]);
  assert.equal((await remove(identifier)).status, 204);
  assert.equal((await remove(identifier)).status, 204);
  const missing = {
    statusCode: 404,
    error: 'Not Found',
    message: 'The resource server does not exist',
    errorCode: 'inexistent_resource_server',
  };
  assert.deepEqual((await read(id)).json, missing);
  assert.deepEqual((await patch(id, { name: 'x' })).json, missing);
});

test('read by an identifier that is percent-encoded twice; what says it literally goes before', async () => {
  const identifier = 'https://api.twice.test/v1/';
  const twice = encodeURIComponent(identifier);
  const { id } = (await create({ identifier })).json;
  assert.equal((await read(twice)).json.id, id);
  const literal = (await create({ identifier: twice })).json;
  assert.equal((await read(twice)).json.id, literal.id);
  assert.equal((await read(identifier)).json.id, id);
  for (const unknown of ['%', '%2F%ZZ', twice + twice]) assert.equal((await read(unknown)).status, 404, unknown);
});

test('an identifier is taken once and never changed', async () => {
  const { id } = (await create({ identifier: 'urn:three' })).json;
  const again = await create({ identifier: 'urn:three' });
  assert.equal(again.status, 409);
  assert.equal(again.json.message, 'A resource server with the same identifier already exists.');
  assert.match(
    (await patch(id, { identifier: 'urn:other' })).json.message,
    /Additional properties not allowed: identifier/,
  );
});

test('HS256 has a secret, and loses it with the algorithm', async () => {
  const { json } = await create({ identifier: 'urn:four', signing_alg: 'HS256' });
  assert.match(json.signing_secret, /^[A-Za-z0-9_-]{64}$/);
  const changed = await patch(json.id, { signing_secret: 'a secret of sixteen or more' });
  assert.equal(changed.json.signing_secret, 'a secret of sixteen or more');
  assert.equal('signing_secret' in (await patch(json.id, { signing_alg: 'RS256' })).json, false);
  assert.equal((await create({ identifier: 'urn:five', signing_secret: 'short' })).status, 400);
});

test('lifetimes follow each other; policies merge; null removes', async () => {
  const { json } = await create({ identifier: 'urn:six', token_lifetime: 600, token_encryption: null });
  assert.equal(json.token_lifetime_for_web, 600);
  assert.equal('token_encryption' in json, false);
  const changed = (
    await patch(json.id, { token_lifetime: 300, subject_type_authorization: { user: { policy: 'deny_all' } } })
  ).json;
  assert.equal(changed.token_lifetime_for_web, 300);
  assert.deepEqual(changed.subject_type_authorization, {
    user: { policy: 'deny_all' },
    client: { policy: 'require_client_grant' },
  });
  assert.equal((await patch(json.id, { token_lifetime_for_web: 301 })).status, 400);
  assert.equal((await patch(json.id, { token_lifetime: 2592001 })).status, 400);
});

test('the Management API keeps its name, its scopes and itself', async () => {
  const identifier = 'https://tenant.test/api/v2/';
  const { json } = await read(identifier);
  assert.equal(json.name, 'Auth0 Management API');
  assert.equal(json.is_system, true);
  assert.equal(
    json.scopes.some((scope: { value: string }) => scope.value === 'read:client_grants'),
    true,
  );
  const refused = await patch(identifier, { name: 'Mine', scopes: [] });
  assert.equal(refused.json.message, "Payload validation error: 'Additional properties not allowed: scopes,name'.");
  assert.equal((await patch(identifier, { token_lifetime: 3600 })).json.token_lifetime, 3600);
  assert.equal((await remove(identifier)).status, 400);
});

test('switching on the My Account API brings its own name, scopes and policies', async () => {
  const { status, json } = await create({ name: 'ignored', identifier: 'https://tenant.test/me/' });
  assert.equal(status, 201);
  assert.equal(json.name, 'Auth0 My Account API');
  assert.equal(json.token_lifetime, 600);
  assert.deepEqual(json.scopes[0], { value: 'create:me:connected_accounts', description: 'Create Connected Accounts' });
  assert.equal(json.is_system, true);
});

test('deleting an API takes the grants for it along', async () => {
  const { id } = (await create({ identifier: 'urn:seven' })).json;
  const { client_id } = await createClient(server.ctx, { name: 'Client' });
  await createClientGrant(server.ctx, { client_id, audience: 'urn:seven' });
  await remove(id);
  assert.equal(await clientGrantsOf(server.ctx).count({ client_id }), 0);
});

test('an API names the client that stands for it', async () => {
  const { id } = (await create({ identifier: 'urn:eight' })).json;
  const body = { name: 'Api client', app_type: 'resource_server', resource_server_identifier: 'urn:eight' };
  const { client_id } = await createClient(server.ctx, body);
  assert.equal((await read(id)).json.client_id, client_id);
});

test('lists by identifier', async () => {
  await create({ identifier: 'urn:nine' });
  const { json } = await server.get(
    `${PATH}?identifiers=urn:nine&identifiers=urn:none&include_totals=true&fields=identifier`,
    { bearer },
  );
  assert.deepEqual(json, { start: 0, limit: 50, total: 1, resource_servers: [{ identifier: 'urn:nine' }] });
});

test('an authorization policy, which nothing would ask, is refused', async () => {
  const authorization_policy = { policy_id: 'p' };
  const { id } = (await create({ identifier: 'urn:ten' })).json;
  const answers = [
    await create({ identifier: 'urn:eleven', authorization_policy }),
    await server.request('PATCH', `${PATH}/${id}`, { bearer, json: { authorization_policy } }),
  ];
  for (const { status, json } of answers) assert.deepEqual([status, json.errorCode], [400, 'operation_not_supported']);
  assert.equal((await create({ identifier: 'urn:twelve', authorization_policy: null })).status, 201);
});
