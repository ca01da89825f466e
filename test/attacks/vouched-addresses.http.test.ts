/** An organization sets up a provider of its own, and has it say that somebody has an address that is somebody else's. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clientsOf } from '../../src/resources/clients/index.ts';
import {
  type Connection,
  connectionsOf,
  createConnection,
  findConnectionByName,
} from '../../src/resources/connections/index.ts';
import {
  addMember,
  addOrganizationConnection,
  discoveryDomainsOf,
  listUsableConnections,
} from '../../src/resources/organizations/index.ts';
import { openSession } from '../../src/resources/sessions/index.ts';
import { saveFederatedUser, type User, usersOf } from '../../src/resources/users/index.ts';
import { asArrival, authorizeUrl, Browser, type Page } from '../browser.ts';
import { CONNECTION } from '../fixtures.ts';
import { type OrganizationHouse, oidcProvider, openOrganizationHouse } from '../organization-house.ts';
import { addSamlClient, posted, textOf } from '../saml-house.ts';

const WORDS = /not of a verified domain of the organization/;
let house: OrganizationHouse;
let clientId: string;
let browser: Browser;

before(async () => {
  house = await openOrganizationHouse('https://idp.test');
  const { server, acme } = house;
  const { ctx } = server;
  clientId = await addSamlClient(ctx, {}, { organization_usage: 'require' });
  const options = { client_id: 'us', discovery_url: 'https://idp.test/.well-known/openid-configuration' };
  const proposed = { name: 'con-acme', strategy: 'oidc', options, enabled_clients: [clientId] };
  const connection = await createConnection(ctx, proposed, { belongs_to: acme.id });
  await addOrganizationConnection(ctx, acme.id, { connection_id: connection.id });
  const profile = { email: 'ceo@victim.test', email_verified: true };
  const eve = (await saveFederatedUser(ctx, { connection, id: 'eve', profile })) as User;
  await addMember(ctx, acme.id, eve.user_id);
  const opening = { user_id: eve.user_id, client_id: clientId, methods: [] };
  const { cookies } = await openSession(ctx, opening);
  browser = new Browser(server);
  for (const { name, value } of cookies) browser.jar[name] = value;
});
after(() => house.server.close());

const bySaml = (): Promise<Page> => browser.openPage(`/samlp/${clientId}?organization=${house.acme.id}`);

test('protocols that do not say which organization vouches for whom are told of no such address', async () => {
  const refused = posted(await bySaml());
  assert.match(refused.xml, WORDS);
  assert.doesNotMatch(refused.xml, /ceo@victim\.test/);
});

test('a domain that is only claimed, or that another organization has proved, is none of its own', async () => {
  const { server, acme, globex, verified } = house;
  const { id: organization_id } = acme;
  assert.equal((await house.call('POST', '/domains', { domain: 'victim.test' })).status, 201);
  await verified(globex, 'victim.test');
  assert.match(posted(await bySaml()).xml, WORDS);
  const [claimed] = await discoveryDomainsOf(server.ctx).list({ where: { organization_id } });
  await discoveryDomainsOf(server.ctx).put({ ...claimed!, status: 'verified' });
  const page = await bySaml();
  assert.match(posted(page).xml, /ceo@victim\.test/, textOf(page));
});

test('linked to another account, it still lets nobody in anywhere else', async () => {
  const { server, client, admin, acme, globex } = house;
  const { ctx } = server;
  const found = (await findConnectionByName(ctx, 'con-acme')) as Connection;
  const identity = { connection: found.name, provider: 'oidc', user_id: 'con-acme|admin', isSocial: false };
  await connectionsOf(ctx).put({ ...found, enabled_clients: [clientId, client.client_id] });
  await usersOf(ctx).put({ ...admin, identities: [...admin.identities, identity] });
  const { client_id } = client;
  const known = async (connection: string, organization?: string) => {
    const { cookies } = await openSession(ctx, { user_id: admin.user_id, client_id, methods: [], connection });
    const other = new Browser(server);
    for (const { name, value } of cookies) other.jar[name] = value;
    const asked = { client_id, prompt: 'none', ...(organization === undefined ? {} : { organization }) };
    const { parameters } = asArrival(await other.open(authorizeUrl(asked)));
    return parameters.error ?? (parameters.code ? 'in' : 'nothing');
  };
  assert.equal(await known('con-acme', acme.id), 'in');
  assert.equal(await known('con-acme', globex.id), 'login_required');
  assert.equal(await known('con-acme'), 'login_required');
  for (const organization of [acme.id, globex.id, undefined]) assert.equal(await known(CONNECTION, organization), 'in');
});

test('nor does a provider that Okta set up for an organization, unless every login ends in one', async () => {
  const { server, client, acme } = house;
  const { ctx } = server;
  const { client_id } = client;
  const options = { domain: 'idp.test', client_id: 'us', client_secret: 'secret', domain_aliases: ['victim.test'] };
  const proposed = { name: 'con-okta', strategy: 'okta', options, enabled_clients: [client_id] };
  const { id, name } = await createConnection(ctx, proposed, { set_up_by: 'okta' });
  await addOrganizationConnection(ctx, acme.id, { connection_id: id });
  const usable = async (organization?: string) =>
    (await listUsableConnections(ctx, client_id, organization)).some(({ connection }) => connection.name === name);
  const asked = authorizeUrl({ client_id, connection: name, prompt: 'none' });
  const { parameters } = asArrival(await new Browser(server).open(asked));
  assert.deepEqual(
    [parameters.error, parameters.error_description],
    ['invalid_request', 'the connection was disabled'],
  );
  assert.deepEqual([await usable(), await usable(acme.id)], [false, true]);
  await clientsOf(ctx).update(client_id, (stored) => ({ ...stored, organization_usage: 'require' }));
  assert.equal(await usable(), true);
});

test('a provider that its organization has let go speaks for none of its domains, whoever proves these next', async () => {
  const { server, acme, call, verified, provider } = house;
  await verified(acme, 'acme.test');
  const made = await call('POST', '/identity-providers', oidcProvider(provider, { domains: ['acme.test'] }));
  assert.deepEqual([made.status, made.json.domains], [201, ['acme.test']], made.text);
  assert.equal((await call('POST', `/identity-providers/${made.json.id}/detach`)).status, 204);
  const left = await connectionsOf(server.ctx).get(made.json.id);
  assert.deepEqual(left?.options.domain_aliases, []);
  assert.equal(left?.options.client_id, oidcProvider(provider).options.client_id);
});
