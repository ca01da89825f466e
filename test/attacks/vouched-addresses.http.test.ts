/** An organization sets up a provider of its own, and has it say that somebody has an address that is somebody else's. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Client, clientsOf, type StoredClient } from '../../src/resources/clients/index.ts';
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
import { asArrival, asPage, authorizeUrl, Browser, type Page } from '../browser.ts';
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

/** The administrator's account, to which a provider of `acme` is linked; in a browser whose session came by `connection`. */
async function browserKnownBy(connection: string): Promise<Browser> {
  const { user_id } = house.admin;
  const opening = { user_id, client_id: house.client.client_id, methods: [], connection };
  const { cookies } = await openSession(house.server.ctx, opening);
  const known = new Browser(house.server);
  for (const { name, value } of cookies) known.jar[name] = value;
  return known;
}

async function silently(known: Browser, asked: Record<string, string>): Promise<string> {
  const { client_id } = house.client;
  const { parameters } = asArrival(await known.open(authorizeUrl({ client_id, prompt: 'none', ...asked })));
  return parameters.error ?? (parameters.code ? 'in' : 'nothing');
}

async function linkProvider(): Promise<void> {
  const { server, client, admin } = house;
  const found = (await findConnectionByName(server.ctx, 'con-acme')) as Connection;
  const identity = { connection: found.name, provider: 'oidc', user_id: 'con-acme|admin', isSocial: false };
  await connectionsOf(server.ctx).put({ ...found, enabled_clients: [clientId, client.client_id] });
  await usersOf(server.ctx).put({ ...admin, identities: [...admin.identities, identity] });
}

const changeClient = (client_id: string, changes: Partial<Client>) =>
  clientsOf(house.server.ctx).update(client_id, (stored) => ({ ...stored, ...changes }) as StoredClient);

test('linked to another account, it still lets nobody in anywhere else', async () => {
  const { acme, globex } = house;
  await linkProvider();
  const by = await browserKnownBy('con-acme');
  assert.equal(await silently(by, { organization: acme.id }), 'in');
  assert.equal(await silently(by, { organization: globex.id }), 'login_required');
  assert.equal(await silently(by, {}), 'login_required');
  const own = await browserKnownBy(CONNECTION);
  for (const asked of [{ organization: acme.id }, { organization: globex.id }, {} as Record<string, string>])
    assert.equal(await silently(own, asked), 'in');
});

test('nor into an organization that is chosen on a page, before the login or after', async () => {
  const { client, globex } = house;
  const { client_id } = client;
  const opened = async (connection: string) => (await browserKnownBy(connection)).open(authorizeUrl({ client_id }));
  const asks = { organization_usage: 'require', organization_require_behavior: 'post_login_prompt' } as const;
  await changeClient(client_id, asks);
  assert.equal(asPage(await opened(CONNECTION)).path, '/u/organization/picker');
  assert.ok(asArrival(await opened('con-acme')).parameters.code, 'there is nothing to choose');
  await changeClient(client_id, { ...asks, organization_require_behavior: 'pre_login_prompt' });
  for (const [connection, place] of [
    [CONNECTION, 'app.test'],
    ['con-acme', '/u/login'],
  ] as const) {
    const known = await browserKnownBy(connection);
    const page = await known.openPage(authorizeUrl({ client_id }));
    const reached = await known.submit(page, { organization: globex.name });
    assert.equal('path' in reached ? reached.path : reached.url.host, place, connection);
  }
  await changeClient(client_id, { organization_usage: 'allow', organization_require_behavior: 'no_prompt' });
});

test('nor by a protocol that names no organization, whose address the account’s own login has proved', async () => {
  const { acme } = house;
  const open = `/samlp/${clientId}?organization=${acme.id}`;
  assert.match(posted(await (await browserKnownBy('con-acme')).openPage(open)).xml, WORDS);
  assert.match(posted(await (await browserKnownBy(CONNECTION)).openPage(open)).xml, /admin@acme\.test/);
});

test('nor by a login that an application hands over to a browser', async () => {
  const { server, client, acme } = house;
  const { client_id } = client;
  const session_transfer = {
    can_create_session_transfer_token: true,
    allowed_authentication_methods: ['query'],
    allow_refresh_token: true,
  } as Client['session_transfer'];
  await changeClient(client_id, { session_transfer });
  const token = async (form: Record<string, string | undefined>) => {
    const answer = await server.post('/oauth/token', { form: { ...client, ...form } });
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  };
  const organization = acme.id;
  const asked = { client_id, organization, prompt: 'none', scope: 'openid offline_access' };
  const { code } = asArrival(await (await browserKnownBy('con-acme')).open(authorizeUrl(asked))).parameters;
  const redirect_uri = 'https://app.test/callback';
  const { refresh_token } = await token({ grant_type: 'authorization_code', code, redirect_uri });
  const audience = `urn:${server.host}:session_transfer`;
  const { access_token } = await token({ grant_type: 'refresh_token', refresh_token, audience });
  const other = new Browser(server);
  await other.openApp(authorizeUrl({ client_id, organization, session_transfer_token: access_token }));
  assert.equal(await silently(other, { organization }), 'in');
  assert.equal(await silently(other, {}), 'login_required');
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

test('nor does that say by such a protocol who has which address, unless it is of a domain of the organization', async () => {
  const { server, acme, verified } = house;
  const { ctx } = server;
  const found = (await findConnectionByName(ctx, 'con-okta')) as Connection;
  const connection = await connectionsOf(ctx).put({ ...found, enabled_clients: [clientId] });
  const enter = async (id: string, email: string) => {
    const arrived = (await saveFederatedUser(ctx, {
      connection,
      id,
      profile: { email, email_verified: true },
    })) as User;
    await addMember(ctx, acme.id, arrived.user_id);
    const opening = { user_id: arrived.user_id, client_id: clientId, methods: [], connection: connection.name };
    const other = new Browser(server);
    for (const { name, value } of (await openSession(ctx, opening)).cookies) other.jar[name] = value;
    return posted(await other.openPage(`/samlp/${clientId}?organization=${acme.id}`)).xml;
  };
  assert.match(await enter('eve', 'ceo@other.test'), WORDS);
  await verified(acme, 'okta.test');
  assert.match(await enter('ann', 'ann@okta.test'), /ann@okta\.test/);
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
