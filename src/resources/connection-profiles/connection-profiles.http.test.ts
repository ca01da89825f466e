import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ManagedResource, managedResource, managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';

const PATH = '/api/v2/connection-profiles';

let server: TestServer;
let profiles: ManagedResource;

before(async () => {
  server = await testServer();
  profiles = await managedResource(server, 'connection-profiles');
});
after(() => server.close());

test('made, read, changed, deleted', async () => {
  const organization = { show_as_button: 'optional', assign_membership_on_login: 'required' };
  const sent = { name: 'Customers', organization, connection_name_prefix_template: 'con-{org_id}-' };
  const { status, json } = await profiles.create(sent);
  assert.equal(status, 201);
  assert.match(json.id, /^cop_[A-Za-z0-9]{22}$/);
  assert.deepEqual(json, { id: json.id, ...sent, connection_config: null, strategy_overrides: null });
  assert.deepEqual((await profiles.get(`/${json.id}`)).json, json);
  const change = { enabled_features: ['scim'], strategy_overrides: { okta: { enabled_features: [] } } };
  const changed = await profiles.patch(json.id, change);
  assert.deepEqual([changed.status, changed.json], [200, { ...json, ...change }]);
  for (let again = 0; again < 2; again++) assert.equal((await profiles.remove(json.id)).status, 204);
  const gone = await profiles.get(`/${json.id}`);
  assert.deepEqual(gone.json, { statusCode: 404, error: 'Not Found', message: 'Connection profile not found.' });
  assert.equal((await profiles.patch(json.id, { name: 'x' })).status, 404);
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
    const { status, json } = await profiles.create(body);
    assert.deepEqual([status, json.message, json.errorCode], [400, message, 'invalid_body']);
  }
  for (const template of ['-x', 'a--b', 'a_b', '{org}', 'sixteen-chars-16'])
    assert.equal(
      (await profiles.create({ name: 'x', connection_name_prefix_template: template })).status,
      400,
      template,
    );
  for (const body of [
    { connection_config: { a: 1 } },
    { strategy_overrides: { auth0: {} } },
    { enabled_features: ['x'] },
  ])
    assert.equal((await profiles.create({ name: 'x', ...body })).status, 400, JSON.stringify(body));
});

test('lists go by checkpoints: five at a time, ten at most', async () => {
  for (let made = 0; made < 6; made++) await profiles.create({ name: `Listed ${made}` });
  const first = (await profiles.get()).json;
  assert.equal(first.connection_profiles.length, 5);
  const rest = (await profiles.get(`?take=10&from=${first.next}`)).json;
  assert.equal('next' in rest, false);
  const ids = [...first.connection_profiles, ...rest.connection_profiles].map(({ id }: { id: string }) => id);
  assert.deepEqual(ids, [...ids].sort());
  assert.equal((await profiles.get(`?take=11`)).status, 400);
});

test('a template is a profile that can be made', async () => {
  const [listed] = (await profiles.get(`/templates`)).json.connection_profile_templates;
  const one = await profiles.get(`/templates/${listed.id}`);
  assert.deepEqual(one.json, listed);
  assert.equal((await profiles.create(one.json.template)).status, 201);
  const none = await profiles.get(`/templates/none`);
  assert.deepEqual([none.status, none.json.message], [404, 'Connection profile template not found.']);
});

test('scopes, and another tenant', async () => {
  const { id } = (await profiles.create({ name: 'Mine' })).json;
  const reader = await managementToken(server, ['read:connection_profiles']);
  assert.equal((await server.post(PATH, { bearer: reader, json: { name: 'x' } })).status, 403);
  const foreign = await managedResource(server.other, 'connection-profiles');
  assert.equal((await foreign.get(`/${id}`)).status, 404);
});
