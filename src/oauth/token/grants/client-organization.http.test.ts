import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type TestServer, testServer } from '../../../../test/server.ts';
import {
  API,
  addApi,
  addClient,
  addClientGrant,
  type Credentials,
  changeSettings,
  payloadOf,
  refusalOf,
} from '../../../../test/token-fixture.ts';
import { type ClientGrant, clientGrantsOf } from '../../../resources/client-grants/index.ts';
import {
  clientsOf,
  organizationGrantKey,
  organizationGrantsOf,
  type StoredClient,
} from '../../../resources/clients/index.ts';
import { createOrganization, deleteOrganization, type Organization } from '../../../resources/organizations/index.ts';

let server: TestServer;
let acme: Organization;
let globex: Organization;
let client: Credentials;

before(async () => {
  server = await testServer();
  await addApi(server.ctx);
  acme = await createOrganization(server.ctx, { name: 'acme' });
  globex = await createOrganization(server.ctx, { name: 'globex' });
});
after(() => server.close());
beforeEach(async () => {
  client = await addClient(server.ctx);
  await addClientGrant(server.ctx, client.client_id, ['read:things']);
  await changeSettings(server.ctx, { allow_organization_name_in_authentication_api: false });
});

const ask = (form: Record<string, string | undefined> = {}) =>
  server.post('/oauth/token', { form: { grant_type: 'client_credentials', ...client, audience: API, ...form } });

async function grant(): Promise<ClientGrant> {
  return (await clientGrantsOf(server.ctx).find({ client_id: client.client_id }))!;
}
async function allow(changes: Partial<ClientGrant>) {
  await clientGrantsOf(server.ctx).update((await grant()).id, (stored) => ({ ...stored, ...changes }));
}
async function associate({ id: organization_id }: Organization) {
  const { id: grant_id } = await grant();
  const id = organizationGrantKey(organization_id, grant_id);
  await organizationGrantsOf(server.ctx).insert({ id, organization_id, grant_id });
}
async function changeClient(changes: Partial<StoredClient>) {
  await clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, ...changes }) as StoredClient);
}
const notAssociated = (sent: string) => [
  403,
  'access_denied',
  `Client is not authorized to access resource server "${API}" using organization "${sent}".`,
];

test('deny, and nothing said: never with an organization', async () => {
  for (const organization_usage of [undefined, 'deny'] as const) {
    await allow(organization_usage ? { organization_usage } : {});
    assert.equal('org_id' in payloadOf((await ask()).json.access_token), false);
    assert.deepEqual(refusalOf(await ask({ organization: acme.id })), [
      403,
      'invalid_request',
      'parameter organization is not allowed for this client',
    ]);
  }
});

test('allow: with an associated organization, or without', async () => {
  await allow({ organization_usage: 'allow' });
  await associate(acme);
  assert.equal(payloadOf((await ask({ organization: acme.id })).json.access_token).org_id, acme.id);
  assert.equal('org_id' in payloadOf((await ask()).json.access_token), false);
  assert.equal('org_id' in payloadOf((await ask({ organization: '' })).json.access_token), false);
});

test('organizations that are not associated, not of this tenant, or nowhere are refused in the same words', async () => {
  await allow({ organization_usage: 'allow' });
  await associate(acme);
  const theirs = await createOrganization(server.other.ctx, { name: 'acme' });
  for (const id of [globex.id, theirs.id, 'org_0123456789abcdef'])
    assert.deepEqual(refusalOf(await ask({ organization: id })), notAssociated(id));
});

test('require: one must be named, or be the default', async () => {
  await allow({ organization_usage: 'require' });
  await associate(acme);
  const required = [403, 'invalid_request', 'parameter organization is required for this client'];
  assert.deepEqual(refusalOf(await ask()), required);
  await changeClient({ default_organization: { organization_id: acme.id, flows: [] } });
  assert.deepEqual(refusalOf(await ask()), required);
  await changeClient({ default_organization: { organization_id: acme.id, flows: ['client_credentials'] } });
  assert.equal(payloadOf((await ask()).json.access_token).org_id, acme.id);
  assert.deepEqual(refusalOf(await ask({ organization: globex.id })), notAssociated(globex.id));
  await changeClient({ default_organization: { organization_id: globex.id, flows: ['client_credentials'] } });
  assert.deepEqual(refusalOf(await ask()), notAssociated(globex.id));
});

test('the default stays out of it where an organization is optional', async () => {
  await allow({ organization_usage: 'allow' });
  await associate(acme);
  await changeClient({ default_organization: { organization_id: acme.id, flows: ['client_credentials'] } });
  assert.equal('org_id' in payloadOf((await ask()).json.access_token), false);
});

test('any organization, but for third-party clients', async () => {
  await allow({ organization_usage: 'allow', allow_any_organization: true });
  assert.equal(payloadOf((await ask({ organization: globex.id })).json.access_token).org_id, globex.id);
  assert.deepEqual(refusalOf(await ask({ organization: 'org_0123456789abcdef' })), [
    403,
    'invalid_request',
    'parameter organization is invalid',
  ]);
  await changeClient({ is_first_party: false });
  assert.deepEqual(refusalOf(await ask({ organization: globex.id })), notAssociated(globex.id));
  await associate(globex);
  assert.equal((await ask({ organization: globex.id })).status, 200);
});

test('names, where the tenant has them', async () => {
  await allow({ organization_usage: 'allow' });
  await associate(acme);
  assert.deepEqual(refusalOf(await ask({ organization: 'acme' })), [
    403,
    'invalid_request',
    'authorization request parameter organization must be an organization id',
  ]);
  await changeSettings(server.ctx, { allow_organization_name_in_authentication_api: true });
  const claims = payloadOf((await ask({ organization: 'ACME' })).json.access_token);
  assert.deepEqual([claims.org_id, claims.org_name], [acme.id, 'acme']);
  assert.deepEqual(refusalOf(await ask({ organization: 'globex' })), notAssociated('globex'));
});

test('an organization that is gone, and an association that was taken back', async () => {
  await allow({ organization_usage: 'allow' });
  const passing = await createOrganization(server.ctx, { name: 'passing' });
  await associate(passing);
  assert.equal((await ask({ organization: passing.id })).status, 200);
  await deleteOrganization(server.ctx, passing);
  assert.deepEqual(refusalOf(await ask({ organization: passing.id })), notAssociated(passing.id));
  await associate(acme);
  await organizationGrantsOf(server.ctx).delete(organizationGrantKey(acme.id, (await grant()).id));
  assert.deepEqual(refusalOf(await ask({ organization: acme.id })), notAssociated(acme.id));
});
