import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ManagedResource, managedResource, managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';

const PATH = '/api/v2/user-attribute-profiles';

let server: TestServer;
let profiles: ManagedResource;

before(async () => {
  server = await testServer();
  profiles = await managedResource(server, 'user-attribute-profiles');
});
after(() => server.close());

const email = { description: 'Address', label: 'Email', profile_required: true, auth0_mapping: 'email' };
const SOAP = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
const DEFAULT_ID = {
  oidc_mapping: 'sub',
  saml_mapping: [`${SOAP}/nameidentifier`, `${SOAP}/upn`, `${SOAP}/name`],
  scim_mapping: 'externalId',
};

test('made, read, changed, deleted; what user_id leaves out is Auth0’s', async () => {
  const { status, json } = await profiles.create({ name: 'People', user_attributes: { email } });
  assert.equal(status, 201);
  assert.match(json.id, /^uap_[A-Za-z0-9]{22}$/);
  assert.deepEqual(json, { id: json.id, name: 'People', user_id: DEFAULT_ID, user_attributes: { email } });
  const own = await profiles.patch(json.id, {
    user_id: { oidc_mapping: 'sub', saml_mapping: ['urn:x'], scim_mapping: 'id' },
  });
  assert.deepEqual(own.json.user_id, { oidc_mapping: 'sub', saml_mapping: ['urn:x'], scim_mapping: 'id' });
  const renamed = await profiles.patch(json.id, { name: 'Others' });
  assert.deepEqual([renamed.json.name, renamed.json.user_id], ['Others', own.json.user_id]);
  assert.deepEqual((await profiles.patch(json.id, { user_id: { oidc_mapping: 'sub' } })).json.user_id, DEFAULT_ID);
  await profiles.patch(json.id, { user_id: { saml_mapping: ['urn:x'] } });
  assert.deepEqual((await profiles.patch(json.id, { user_id: null })).json.user_id, DEFAULT_ID);
  const name = { ...email, auth0_mapping: 'name', strategy_overrides: { okta: { oidc_mapping: { mapping: 'x' } } } };
  assert.deepEqual((await profiles.patch(json.id, { user_attributes: { name } })).json.user_attributes, { name });
  for (let again = 0; again < 2; again++) assert.equal((await profiles.remove(json.id)).status, 204);
  const gone = await profiles.get(`/${json.id}`);
  assert.deepEqual(gone.json, { statusCode: 404, error: 'Not Found', message: 'User attribute profile not found.' });
});

test('what the schema refuses', async () => {
  const missing = await profiles.create({ name: 'x' });
  assert.equal(missing.json.message, "Payload validation error: 'Missing required property: user_attributes'.");
  const incomplete = await profiles.create({ name: 'x', user_attributes: { email: { ...email, label: undefined } } });
  assert.equal(
    incomplete.json.message,
    "Payload validation error: 'Missing required property: label' on property user_attributes.email.",
  );
  const refused = [
    { user_attributes: {} },
    { user_attributes: { email: { ...email, other: 1 } } },
    { user_attributes: { email: { ...email, oidc_mapping: 'email' } } },
    { user_attributes: { email: { ...email, oidc_mapping: { display_name: 'x' } } } },
    { user_attributes: { email: { ...email, saml_mapping: [] } } },
    { user_attributes: Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`a${at}`, email])) },
    { user_id: { oidc_mapping: 'email' } },
    { user_id: { strategy_overrides: { waad: { oidc_mapping: 'upn' } } } },
    { name: '' },
  ];
  for (const body of refused) {
    const { status } = await profiles.create({ name: 'x', user_attributes: { email }, ...body });
    assert.equal(status, 400, JSON.stringify(body).slice(0, 80));
  }
});

test('lists go by checkpoints, five at a time', async () => {
  for (let made = 0; made < 6; made++) await profiles.create({ name: `Listed ${made}`, user_attributes: { email } });
  const first = (await profiles.get()).json;
  assert.equal(first.user_attribute_profiles.length, 5);
  const rest = (await profiles.get(`?take=100&from=${first.next}`)).json;
  assert.equal('next' in rest, false);
});

test('a template is a profile that can be made', async () => {
  const listed = (await profiles.get(`/templates`)).json.user_attribute_profile_templates;
  const one = (await profiles.get(`/templates/auth0-generic`)).json;
  assert.deepEqual(listed, [one]);
  assert.equal(Object.keys(one.template.user_attributes).length, 48);
  assert.equal((await profiles.create(one.template)).status, 201);
  const none = await profiles.get(`/templates/none`);
  assert.deepEqual([none.status, none.json.message], [404, 'User attribute profile template not found.']);
});

test('scopes, and another tenant', async () => {
  const { id } = (await profiles.create({ name: 'Mine', user_attributes: { email } })).json;
  const reader = await managementToken(server, ['read:user_attribute_profiles']);
  assert.equal((await profiles.patch(id, {})).status, 200);
  assert.equal((await server.request('PATCH', `${PATH}/${id}`, { bearer: reader, json: {} })).status, 403);
  const foreign = await managedResource(server.other, 'user-attribute-profiles');
  assert.equal((await foreign.get(`/${id}`)).status, 404);
});
