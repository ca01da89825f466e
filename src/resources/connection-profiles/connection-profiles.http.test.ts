import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';

const PATH = '/api/v2/connection-profiles';
const SCOPES = ['create', 'read', 'update', 'delete'].map((verb) => `${verb}:connection_profiles`);

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, SCOPES);
});
after(() => server.close());

const create = (json: object) => server.post(PATH, { bearer, json });
const patch = (id: string, json: object) => server.request('PATCH', `${PATH}/${id}`, { bearer, json });

test('made, read, changed, deleted', async () => {
  const organization = { show_as_button: 'optional', assign_membership_on_login: 'required' };
  const sent = { name: 'Customers', organization, connection_name_prefix_template: 'con-{org_id}-' };
  const { status, json } = await create(sent);
  assert.equal(status, 201);
  assert.match(json.id, /^cop_[A-Za-z0-9]{22}$/);
  assert.deepEqual(json, { id: json.id, ...sent, connection_config: null, strategy_overrides: null });
  assert.deepEqual((await server.get(`${PATH}/${json.id}`, { bearer })).json, json);
  const change = { enabled_features: ['scim'], strategy_overrides: { okta: { enabled_features: [] } } };
  const changed = await patch(json.id, change);
  assert.deepEqual([changed.status, changed.json], [200, { ...json, ...change }]);
  for (let again = 0; again < 2; again++)
    assert.equal((await server.request('DELETE', `${PATH}/${json.id}`, { bearer })).status, 204);
  const gone = await server.get(`${PATH}/${json.id}`, { bearer });
  assert.deepEqual(gone.json, { statusCode: 404, error: 'Not Found', message: 'Connection profile not found.' });
  assert.equal((await patch(json.id, { name: 'x' })).status, 404);
});

test('what the schema refuses, in its words', async () => {
  const refused: readonly (readonly [object, string])[] = [
    [{}, "Payload validation error: 'Missing required property: name'."],
    [
      { name: '' },
      "Payload validation error: 'String is too short (0 chars), minimum 1' on property name (The name of the connection profile.).",
    ],
    [
      { name: 'x', organization: { show_as_button: 'maybe' } },
      "Payload validation error: 'No enum match for: maybe' on property organization.show_as_button (Indicates if the organization should be shown as a button.).",
    ],
    [{ name: 'x', id: 'cop_1' }, "Payload validation error: 'Additional properties not allowed: id'."],
  ];
  for (const [body, message] of refused) {
    const { status, json } = await create(body);
    assert.deepEqual([status, json.message, json.errorCode], [400, message, 'invalid_body']);
  }
  for (const template of ['-x', 'a--b', 'a_b', '{org}', 'sixteen-chars-16'])
    assert.equal((await create({ name: 'x', connection_name_prefix_template: template })).status, 400, template);
  for (const body of [
    { connection_config: { a: 1 } },
    { strategy_overrides: { auth0: {} } },
    { enabled_features: ['x'] },
  ])
    assert.equal((await create({ name: 'x', ...body })).status, 400, JSON.stringify(body));
});

test('lists go by checkpoints: five at a time, ten at most', async () => {
  for (let made = 0; made < 6; made++) await create({ name: `Listed ${made}` });
  const first = (await server.get(PATH, { bearer })).json;
  assert.equal(first.connection_profiles.length, 5);
  const rest = (await server.get(`${PATH}?take=10&from=${first.next}`, { bearer })).json;
  assert.equal('next' in rest, false);
  const ids = [...first.connection_profiles, ...rest.connection_profiles].map(({ id }: { id: string }) => id);
  assert.deepEqual(ids, [...ids].sort());
  assert.equal((await server.get(`${PATH}?take=11`, { bearer })).status, 400);
});

test('a template is a profile that can be made', async () => {
  const [listed] = (await server.get(`${PATH}/templates`, { bearer })).json.connection_profile_templates;
  const one = await server.get(`${PATH}/templates/${listed.id}`, { bearer });
  assert.deepEqual(one.json, listed);
  assert.equal((await create(one.json.template)).status, 201);
  const none = await server.get(`${PATH}/templates/none`, { bearer });
  assert.deepEqual([none.status, none.json.message], [404, 'Connection profile template not found.']);
});

test('scopes, and another tenant', async () => {
  const { id } = (await create({ name: 'Mine' })).json;
  const reader = await managementToken(server, ['read:connection_profiles']);
  assert.equal((await server.post(PATH, { bearer: reader, json: { name: 'x' } })).status, 403);
  const foreign = await managementToken(server.other, SCOPES);
  assert.equal((await server.other.get(`${PATH}/${id}`, { bearer: foreign })).status, 404);
});
