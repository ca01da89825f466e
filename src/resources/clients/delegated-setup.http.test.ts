import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, type TestTenant, testServer } from '../../../test/server.ts';

const SCOPES = ['clients', 'connection_profiles', 'user_attribute_profiles'].flatMap((resource) =>
  ['create', 'read', 'update', 'delete'].map((verb) => `${verb}:${resource}`),
);

let server: TestServer;
let bearer: string;
let profiles: { connection_profile_id: string; user_attribute_profile_id: string };

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, SCOPES);
  profiles = await makeProfiles(server, bearer);
});
after(() => server.close());

async function makeProfiles(tenant: TestTenant, token: string) {
  const email = { description: 'x', label: 'x', profile_required: true, auth0_mapping: 'email' };
  const make = async (path: string, json: object) => (await tenant.post(path, { bearer: token, json })).json.id;
  return {
    connection_profile_id: await make('/api/v2/connection-profiles', { name: 'x' }),
    user_attribute_profile_id: await make('/api/v2/user-attribute-profiles', { name: 'x', user_attributes: { email } }),
  };
}

const create = (json: object) => server.post('/api/v2/clients', { bearer, json: { name: 'Delegating', ...json } });
const patch = (id: string, json: object) => server.request('PATCH', `/api/v2/clients/${id}`, { bearer, json });
const read = async (id: string) => (await server.get(`/api/v2/clients/${id}`, { bearer })).json;

const own = (changes: object = {}) => ({
  ...profiles,
  allowed_strategies: ['okta', 'oidc', 'samlp'],
  connection_deletion_behavior: 'allow',
  ...changes,
});

/** Of the same form, and nobody's. */
const NOBODY = { cop: `cop_${'0'.repeat(22)}`, uap: `uap_${'0'.repeat(22)}`, client: '0'.repeat(32) };

test('my_organization_configuration is written, read, replaced and removed', async () => {
  const { status, json } = await create({ my_organization_configuration: own() });
  assert.equal(status, 201);
  assert.deepEqual(json.my_organization_configuration, own());
  assert.deepEqual((await read(json.client_id)).my_organization_configuration, own());
  const less = { allowed_strategies: [], connection_deletion_behavior: 'allow_if_empty' };
  assert.deepEqual(
    (await patch(json.client_id, { my_organization_configuration: less })).json.my_organization_configuration,
    less,
  );
  await patch(json.client_id, { my_organization_configuration: null });
  assert.equal('my_organization_configuration' in (await read(json.client_id)), false);
});

test('my_organization_configuration names profiles of this tenant', async () => {
  const elsewhere = await makeProfiles(server.other, await managementToken(server.other, SCOPES));
  const refused: readonly (readonly [object, RegExp])[] = [
    [
      { connection_profile_id: 'cop_WRONG' },
      /Object didn't pass validation for format connection-profile-id: cop_WRONG/,
    ],
    [{ connection_profile_id: NOBODY.cop }, /no connection profile found by the id cop_0+'/],
    [{ user_attribute_profile_id: NOBODY.uap }, /no user attribute profile found by the id uap_0+'/],
    [{ connection_profile_id: elsewhere.connection_profile_id }, /no connection profile found/],
    [{ user_attribute_profile_id: elsewhere.user_attribute_profile_id }, /no user attribute profile found/],
    [{ allowed_strategies: ['auth0'] }, /No enum match for: auth0/],
    [{ connection_deletion_behavior: 'never' }, /No enum match for: never/],
    [{ allowed_strategies: undefined }, /Missing required property: allowed_strategies/],
    [{ more: true }, /Additional properties not allowed: more/],
  ];
  const { client_id } = (await create({ my_organization_configuration: own() })).json;
  for (const [change, message] of refused) {
    const made = await create({ my_organization_configuration: own(change) });
    assert.equal(made.status, 400);
    assert.match(made.json.message, message);
    assert.equal((await patch(client_id, { my_organization_configuration: own(change) })).status, 400);
  }
  assert.deepEqual((await read(client_id)).my_organization_configuration, own());
});

test('a profile that was deleted since does not stand in the way of other changes', async () => {
  const profile = await server.post('/api/v2/connection-profiles', { bearer, json: { name: 'Brief' } });
  const configuration = own({ connection_profile_id: profile.json.id });
  const { client_id } = (await create({ my_organization_configuration: configuration })).json;
  await server.request('DELETE', `/api/v2/connection-profiles/${profile.json.id}`, { bearer });
  assert.equal((await patch(client_id, { description: 'Changed' })).status, 200);
  assert.equal((await create({ my_organization_configuration: configuration })).status, 400);
});

async function express(changes: object = {}) {
  const oin = await create({ app_type: 'express_configuration' });
  return {
    ...profiles,
    initiate_login_uri_template: 'https://example.com/login?org={organization_name}',
    enable_client: true,
    enable_organization: true,
    okta_oin_client_id: oin.json.client_id,
    admin_login_domain: 'admin.example.com',
    ...changes,
  };
}

test('express_configuration is written, read, replaced and removed', async () => {
  const linked = (await create({})).json.client_id;
  const less = await express();
  const configuration = { ...less, linked_clients: [{ client_id: linked }], oin_submission_id: 'sub-1' };
  const { status, json } = await create({ app_type: 'regular_web', express_configuration: configuration });
  assert.equal(status, 201);
  assert.deepEqual(json.express_configuration, configuration);
  assert.deepEqual((await read(json.client_id)).express_configuration, configuration);
  const changed = await patch(json.client_id, { express_configuration: less });
  assert.deepEqual(changed.json.express_configuration, less);
  await patch(json.client_id, { express_configuration: null });
  assert.equal('express_configuration' in (await read(json.client_id)), false);
});

test('express_configuration names what there is', async () => {
  const ordinary = (await create({ app_type: 'regular_web' })).json.client_id;
  const refused: readonly (readonly [object, RegExp])[] = [
    [{ connection_profile_id: NOBODY.cop }, /express_configuration.connection_profile_id: no connection profile found/],
    [{ user_attribute_profile_id: NOBODY.uap }, /no user attribute profile found/],
    [{ okta_oin_client_id: NOBODY.client }, /no client of type express_configuration is 0+'/],
    [{ okta_oin_client_id: ordinary }, /no client of type express_configuration/],
    [{ linked_clients: [{ client_id: NOBODY.client }] }, /linked_clients: no client found by the id 0+'/],
    [{ linked_clients: [{}] }, /Missing required property: client_id/],
    [{ initiate_login_uri_template: 'https://a.com/{user_id}' }, /format ec-initiate-login-uri-template-url/],
    [{ admin_login_domain: '' }, /String is too short/],
    [{ enable_client: undefined }, /Missing required property: enable_client/],
  ];
  for (const [change, message] of refused) {
    const { status, json } = await create({ express_configuration: await express(change) });
    assert.equal(status, 400);
    assert.match(json.message, message);
  }
});
