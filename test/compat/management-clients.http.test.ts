/** Every method of Auth0's Node client that has to do with clients, their grants, and profiles. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ManagementError } from 'auth0';
import { CONNECTION } from '../fixtures.ts';
import { allOf, type ManagementHouse, methodsOf, refusal, startManagement } from './management-sdk.ts';
import { CERTIFICATE_PEM, KEY_PEM } from './rich-clients.ts';

let house: ManagementHouse;

before(async () => {
  house = await startManagement();
});
after(() => house.server.close());

const idOf = ({ client_id }: { client_id?: string }) => client_id ?? assert.fail('no client_id');

test('clients: made, read, changed, given a new secret, deleted', async () => {
  const { clients } = house.management;
  const made = await clients.create({ name: 'Shop', app_type: 'regular_web', callbacks: ['https://shop.test/cb'] });
  const id = idOf(made);
  assert.deepEqual([made.name, made.app_type, made.callbacks], ['Shop', 'regular_web', ['https://shop.test/cb']]);
  assert.equal((await clients.get(id)).client_secret, made.client_secret);
  assert.deepEqual(await clients.get(id, { fields: 'name,app_type', include_fields: true }), {
    name: 'Shop',
    app_type: 'regular_web',
    tenant: 'real',
  });
  assert.equal('client_secret' in (await clients.get(id, { fields: 'client_secret', include_fields: false })), false);
  const changed = await clients.update(id, { description: 'Sells', client_metadata: { team: 'blue' } });
  assert.deepEqual([changed.description, changed.client_metadata], ['Sells', { team: 'blue' }]);
  assert.notEqual((await clients.rotateSecret(id)).client_secret, made.client_secret);
  await clients.delete(id);
  assert.equal((await refusal(clients.get(id))).status, 404);
});

test('clients are listed by pages with totals, without, by checkpoints, and one after another', async () => {
  const { clients } = house.management;
  for (const name of ['One', 'Two', 'Three']) await clients.create({ name, app_type: 'spa' });
  const mine = { app_type: 'spa' as const };
  const first = await clients.list({ ...mine, page: 0, per_page: 2, include_totals: true });
  assert.deepEqual(first.data.length, 2);
  const { start, limit, total } = first.response as Record<string, number>;
  assert.deepEqual({ start, limit, total }, { start: 0, limit: 2, total: 3 });
  assert.equal(first.hasNextPage(), true);
  const second = await first.getNextPage();
  assert.deepEqual([second.data.length, second.hasNextPage()], [1, false]);
  const named = (list: readonly { name?: string }[]) => list.map(({ name }) => name).sort();
  const everything = ['One', 'Three', 'Two'];
  assert.deepEqual(named(await allOf(clients.list({ ...mine, per_page: 1 }))), everything);
  assert.deepEqual(named((await clients.list(mine)).data), everything);
  assert.match(first.rawResponse.headers.get('x-ratelimit-limit') ?? '', /^\d+$/);
});

test('what is refused is an error of its kind, with status, code and words', async () => {
  const { clients } = house.management;
  const thrown = await clients.create({ name: 'x', app_type: 'spreadsheet' as never }).then(
    () => assert.fail('it was taken'),
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof ManagementError);
  assert.equal(thrown.name, 'BadRequestError');
  assert.equal(thrown.statusCode, 400);
  const body = thrown.body as Record<string, unknown>;
  assert.deepEqual([body.statusCode, body.error, body.errorCode], [400, 'Bad Request', 'invalid_body']);
  assert.match(
    String(body.message),
    /^Payload validation error: 'No enum match for: spreadsheet' on property app_type/,
  );
  assert.match(thrown.message, /^BadRequestError\nStatus code: 400\nBody: /);
  const nobody = await refusal(clients.get('nobody'));
  assert.deepEqual(nobody, {
    status: 404,
    body: { statusCode: 404, error: 'Not Found', message: 'The client does not exist', errorCode: 'inexistent_client' },
  });
});

test('keys of clients: of each kind, at first and later, with an end, and away', async () => {
  const { clients } = house.management;
  const key = { name: 'First', credential_type: 'public_key' as const, pem: KEY_PEM };
  const methods = { private_key_jwt: { credentials: [key] } };
  const id = idOf(await clients.create({ name: 'Key holder', client_authentication_methods: methods }));
  const { credentials } = clients;
  const [first = assert.fail('no key')] = await credentials.list(id);
  assert.deepEqual([first.name, first.credential_type, first.alg], ['First', 'public_key', 'RS256']);
  assert.equal('pem' in first, false);
  const certificate = { name: 'Second', credential_type: 'x509_cert' as const, pem: CERTIFICATE_PEM };
  const second = await credentials.create(id, certificate);
  assert.match(second.thumbprint_sha256 ?? '', /./);
  const secondId = second.id ?? '';
  assert.equal((await credentials.get(id, secondId)).name, 'Second');
  const expires_at = '2040-01-01T00:00:00.000Z';
  const keyId = first.id ?? '';
  assert.equal((await credentials.update(id, keyId, { expires_at })).expires_at, expires_at);
  await credentials.delete(id, secondId);
  assert.deepEqual(
    (await credentials.list(id)).map(({ name }) => name),
    ['First'],
  );
  const inUse = await refusal(credentials.delete(id, keyId));
  assert.equal(inUse.status, 400);
});

test('connections of a client', async () => {
  const { clients, connections } = house.management;
  const id = idOf(await clients.create({ name: 'Connected' }));
  const [connection] = (await connections.list({ name: CONNECTION })).data;
  await connections.clients.update(connection?.id ?? '', [{ client_id: id, status: true }]);
  const enabled = await allOf(clients.connections.get(id, { strategy: ['auth0'], take: 1 }));
  assert.deepEqual(
    enabled.map(({ name }) => name),
    [CONNECTION],
  );
});

test('client grants: made, read, found, changed, deleted; and the organizations that have them', async () => {
  const { clients, clientGrants, organizations, resourceServers } = house.management;
  await resourceServers.create({ identifier: 'urn:stock', scopes: [{ value: 'read' }, { value: 'write' }] });
  const client_id = idOf(await clients.create({ name: 'Robot', app_type: 'non_interactive' }));
  const made = await clientGrants.create({
    client_id,
    audience: 'urn:stock',
    scope: ['read'],
    organization_usage: 'allow',
    allow_any_organization: false,
  });
  const id = made.id ?? '';
  assert.deepEqual(await clientGrants.get(id), made);
  const found = await allOf(clientGrants.list({ client_id, audience: 'urn:stock', take: 1 }));
  assert.deepEqual(found, [made]);
  assert.deepEqual((await clientGrants.update(id, { scope: ['read', 'write'] })).scope, ['read', 'write']);
  const organization = await organizations.create({ name: 'granted' });
  await organizations.clientGrants.create(organization.id ?? '', { grant_id: id });
  const having = await allOf(clientGrants.organizations.list(id, { take: 1 }));
  assert.deepEqual(
    having.map(({ name }) => name),
    ['granted'],
  );
  await clientGrants.delete(id);
  assert.equal((await refusal(clientGrants.get(id))).status, 404);
});

test('connection profiles, and what they can be made from', async () => {
  const { connectionProfiles } = house.management;
  const made = await connectionProfiles.create({
    name: 'Customers',
    organization: { show_as_button: 'required', assign_membership_on_login: 'required' },
    enabled_features: ['scim'],
    connection_config: {},
  });
  const id = made.id ?? '';
  assert.deepEqual(await connectionProfiles.get(id), made);
  assert.equal((await connectionProfiles.update(id, { name: 'All customers' })).name, 'All customers');
  const listed = await allOf(connectionProfiles.list({ take: 1 }));
  assert.deepEqual(
    listed.map(({ name }) => name),
    ['All customers'],
  );
  const [template] = (await connectionProfiles.listTemplates()).connection_profile_templates ?? [];
  const { display_name, template: content } = await connectionProfiles.getTemplate(template?.id ?? '');
  assert.deepEqual([display_name, typeof content], [template?.display_name, 'object']);
  await connectionProfiles.delete(id);
  assert.equal((await refusal(connectionProfiles.get(id))).status, 404);
});

test('user attribute profiles, and what they can be made from', async () => {
  const { userAttributeProfiles } = house.management;
  const email = { label: 'E-mail', description: 'Mail', auth0_mapping: 'email', profile_required: true };
  const made = await userAttributeProfiles.create({ name: 'Customers', user_attributes: { email } });
  const id = made.id ?? '';
  assert.deepEqual(await userAttributeProfiles.get(id), made);
  assert.equal((await userAttributeProfiles.update(id, { name: 'All' })).name, 'All');
  const listed = await allOf(userAttributeProfiles.list({ take: 1 }));
  assert.deepEqual(
    listed.map(({ name }) => name),
    ['All'],
  );
  const [template] = (await userAttributeProfiles.listTemplates()).user_attribute_profile_templates ?? [];
  const { display_name } = await userAttributeProfiles.getTemplate(template?.id ?? '');
  assert.equal(display_name, template?.display_name);
  await userAttributeProfiles.delete(id);
  assert.equal((await refusal(userAttributeProfiles.get(id))).status, 404);
});

test('clients with a metadata document: preview, register, find, update what may be, refresh', async () => {
  const { management, host } = house;
  await management.tenants.settings.update({ client_id_metadata_document_supported: true });
  const external_client_id = 'https://partner.test/client.json';
  const document = {
    client_id: external_client_id,
    client_name: 'Partner',
    redirect_uris: ['https://partner.test/callback'],
    grant_types: ['authorization_code'],
  };
  host.pages.set(external_client_id, { body: document });
  const { clients } = management;
  const seen = await clients.previewCimdMetadata({ external_client_id });
  assert.deepEqual([seen.client_id, seen.validation?.valid, seen.mapped_fields?.name], [undefined, true, 'Partner']);
  const { client_id } = await clients.registerCimdClient({ external_client_id });
  const found: (string | undefined)[] = [];
  for await (const client of await clients.list({ external_client_id })) found.push(client.client_id);
  assert.deepEqual(found, [client_id]);
  const changed = await clients.update(client_id, { description: 'A partner' });
  assert.deepEqual([changed.description, changed.external_metadata_created_by], ['A partner', 'admin']);
  assert.equal((await refusal(clients.update(client_id, { name: 'Mine' }))).status, 400);
  host.pages.set(external_client_id, { body: { ...document, client_name: 'Partner 2' } });
  assert.equal((await clients.registerCimdClient({ external_client_id })).client_id, client_id);
  assert.deepEqual([(await clients.get(client_id)).name, changed.name], ['Partner 2', 'Partner']);
  await clients.delete(client_id);
});

test('no method was left out', () => {
  const { clients, clientGrants, connectionProfiles, userAttributeProfiles } = house.management;
  const all = Object.entries({ clients, clientGrants, connectionProfiles, userAttributeProfiles });
  const methods = all.flatMap(([name, resource]) => methodsOf(resource, name));
  assert.ok(methods.length > 30, methods.join());
  assert.deepEqual(
    methods.filter((method) => !house.called.has(method)),
    [],
  );
});
