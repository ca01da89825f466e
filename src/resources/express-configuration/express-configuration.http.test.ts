import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { asPage, authorizeUrl, Browser } from '../../../test/browser.ts';
import { addClientKey } from '../../../test/client-keys.ts';
import { CONNECTION, PASSWORD } from '../../../test/fixtures.ts';
import { foreignKey, foreignToken } from '../../../test/foreign-issuer.ts';
import { type OrganizationHouse, openOrganizationHouse } from '../../../test/organization-house.ts';
import { payloadOf } from '../../../test/token-fixture.ts';
import { type Client, clientsOf } from '../clients/index.ts';
import { connectionsOf, findConnectionByName } from '../connections/index.ts';
import { loginRoute, organizationConnectionsOf } from '../organizations/index.ts';

type Configuration = NonNullable<Client['express_configuration']>;

let house: OrganizationHouse;
/** The client that Okta acts as, a client that the application is linked to, and one that has nothing to do with it. */
let oin: string;
let linked: string;
let stranger: string;
let okta: string;
let count = 0;

const SCOPE =
  'read:clients read:user_attribute_profiles read:connection_profiles read:organizations_summary read:connections ' +
  'create:connections update:connections read:connections_options update:connections_options ' +
  'read:organization_connections create:organization_connections update:organization_connections create:scim_config ' +
  'read:scim_token create:scim_token delete:scim_token';
const TEMPLATE = 'https://{organization_name}.app.test/login?org={organization_id}&connection={connection_name}';

before(async () => {
  house = await openOrganizationHouse('https://idp.test');
  const create = async (json: object) =>
    (await house.manage('POST', 'clients', { name: 'Client', ...json })).json.client_id;
  oin = await create({ app_type: 'express_configuration' });
  [linked, stranger] = [await create({ app_type: 'spa' }), await create({ app_type: 'native' })];
  okta = await tokenOf(oin);
});
after(() => house.server.close());
beforeEach(() => configure({}));

/** What proves to be the client, by a new key. */
async function assertionOf(client_id: string) {
  const { server } = house;
  const key = await addClientKey(server.ctx, client_id, ['assertion']);
  const exp = Math.floor(server.clock.now() / 1000) + 60;
  const claims = { iss: client_id, sub: client_id, aud: server.issuer, jti: `jti-${++count}`, exp };
  return {
    client_id,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await key.sign(claims, { typ: null }),
  };
}

/** A token of the Management API, as Okta gets it: by a signed assertion. */
async function tokenOf(client_id: string): Promise<string> {
  const { server } = house;
  const audience = `${server.issuer}api/v2/`;
  const form = { grant_type: 'client_credentials', audience, ...(await assertionOf(client_id)) };
  const { json } = await server.post('/oauth/token', { form });
  assert.ok(json.access_token, JSON.stringify(json));
  return json.access_token;
}

async function configure(changes: Partial<Configuration>): Promise<void> {
  const { server, client, profiles } = house;
  const express_configuration: Configuration = {
    ...profiles,
    initiate_login_uri_template: TEMPLATE,
    enable_client: true,
    enable_organization: true,
    linked_clients: [{ client_id: linked }],
    okta_oin_client_id: oin,
    admin_login_domain: 'tenant.test',
    ...changes,
  };
  await clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, express_configuration }));
}

const asOkta = (method: string, path: string, json?: unknown) =>
  house.server.request(method, `/api/v2/${path}`, { bearer: okta, ...(json === undefined ? {} : { json }) });
const newConnection = (more: object = {}) =>
  asOkta('POST', 'connections', {
    name: `con-acme-${++count}`,
    strategy: 'okta',
    options: { domain: 'idp.test', client_id: 'us', client_secret: 'secret' },
    ...more,
  });
async function made(more: object = {}) {
  const answer = await newConnection(more);
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}
const messageOf = ({ status, json }: { status: number; json: Record<string, unknown> }) => [status, json.message];
const OTHERS = [403, 'This client may only change connections that it set up.'];

describe('the client that Okta acts as', () => {
  test('is given a grant of the system’s for the Management API, and no other', async () => {
    const { manage, server } = house;
    const audience = `${server.issuer}api/v2/`;
    const [grant] = (await manage('GET', `client-grants?client_id=${oin}`)).json;
    assert.deepEqual(grant, {
      id: grant.id,
      client_id: oin,
      audience,
      scope: SCOPE.split(' '),
      is_system: true,
      subject_type: 'client',
    });
    assert.equal((await manage('PATCH', `client-grants/${grant.id}`, { scope: ['delete:users'] })).status, 400);
    assert.equal((await manage('DELETE', `client-grants/${grant.id}`)).status, 400);
    assert.deepEqual(String(payloadOf(okta).scope).split(' ').sort(), SCOPE.split(' ').sort());
    assert.equal((await asOkta('GET', 'users')).status, 403);
  });

  test('is of that type for good, and no other client becomes it', async () => {
    const text = 'app_type express_configuration cannot be given or taken away after the client was created.';
    assert.deepEqual(messageOf(await house.manage('PATCH', `clients/${oin}`, { app_type: 'spa' })), [400, text]);
    const turned = await house.manage('PATCH', `clients/${stranger}`, { app_type: 'express_configuration' });
    assert.deepEqual(messageOf(turned), [400, text]);
  });

  test('sets up nothing that no application asked for', async () => {
    const other = (await house.manage('POST', 'clients', { name: 'Other', app_type: 'express_configuration' })).json;
    const bearer = await tokenOf(other.client_id);
    const json = { name: 'con-acme-x', strategy: 'okta', options: { domain: 'x.test', client_id: 'x' } };
    const refused = await house.server.post('/api/v2/connections', { bearer, json });
    assert.deepEqual(messageOf(refused), [403, 'No application names this client in its express_configuration.']);
  });

  test('administrators log in with it at admin_login_domain, to an organization', async () => {
    const { server, manage } = house;
    await manage('POST', 'resource-servers', { identifier: 'urn:auth0:express-configure' });
    const [redirect_uri] = (await manage('GET', `clients/${oin}`)).json.callbacks;
    const ask = authorizeUrl({ client_id: oin, redirect_uri, audience: 'urn:auth0:express-configure' });
    const page = asPage(await new Browser(server).open(ask));
    assert.match(page.html, /[Oo]rganization/);
    await configure({ admin_login_domain: 'login.acme.test' });
    const { parameters } = await new Browser(server).openApp(ask);
    assert.deepEqual(
      [parameters.error, parameters.error_description],
      ['unauthorized_client', 'Administrators log in to this client at login.acme.test.'],
    );
    await configure({ okta_oin_client_id: stranger });
    assert.equal((await new Browser(server).openApp(ask)).parameters.error, 'unauthorized_client');
  });
});

describe('an administrator', () => {
  test('who holds the permission in the organization is granted it with that client', async () => {
    const { server, manage, admin, acme } = house;
    const identifier = 'urn:auth0:express-configure';
    await manage('POST', 'resource-servers', { identifier });
    const { name, scopes } = (await manage('GET', `resource-servers/${encodeURIComponent(identifier)}`)).json;
    assert.equal(name, 'Okta OIN Express Configuration API');
    assert.deepEqual(scopes, [
      { value: 'express_configure:sso', description: 'Ability to create SSO configurations' },
      { value: 'express_configure:scim', description: 'Ability to create scim configurations' },
    ]);
    const [redirect_uri] = (await manage('GET', `clients/${oin}`)).json.callbacks;
    const database = (await findConnectionByName(server.ctx, CONNECTION))!;
    await manage('PATCH', `connections/${database.id}/clients`, [{ client_id: oin, status: true }]);
    const scope = 'openid express_configure:sso express_configure:scim';
    const ask = { client_id: oin, redirect_uri, audience: identifier, organization: acme.id, scope };
    const granted = async () => {
      const browser = new Browser(server);
      const page = asPage(await browser.open(authorizeUrl(ask)));
      const consent = asPage(await browser.submit(page, { username: admin.email ?? '', password: PASSWORD }));
      assert.equal(consent.path, '/u/consent');
      const { parameters } = await browser.submitApp(consent, { action: 'accept' });
      const grant = { grant_type: 'authorization_code', code: parameters.code, redirect_uri };
      const { json } = await server.post('/oauth/token', { form: { ...grant, ...(await assertionOf(oin)) } });
      return payloadOf(json.access_token);
    };
    assert.equal((await granted()).scope, 'openid');
    const role = (await manage('POST', 'roles', { name: 'Express' })).json.id;
    const permissions = [{ resource_server_identifier: identifier, permission_name: 'express_configure:sso' }];
    await manage('POST', `roles/${role}/permissions`, { permissions });
    const path = `organizations/${acme.id}/members/${encodeURIComponent(admin.user_id)}/roles`;
    await manage('POST', path, { roles: [role] });
    const { scope: given, org_id, azp } = await granted();
    assert.deepEqual([given, org_id, azp], ['openid express_configure:sso', acme.id, oin]);
  });
});

describe('a connection that it sets up', () => {
  test('is enabled for the application and those that are linked to it; okta_oin_client_id says who sets it up', async () => {
    const { client, server } = house;
    const { id, ...shown } = await made();
    assert.deepEqual(shown.enabled_clients.sort(), [client.client_id, linked].sort());
    assert.equal('set_up_by' in shown, false);
    await configure({ enable_client: false, linked_clients: [{ client_id: linked }, { client_id: 'gone' }] });
    assert.deepEqual((await made()).enabled_clients, [linked]);
    await configure({ linked_clients: [] });
    assert.deepEqual((await made()).enabled_clients, [client.client_id]);
    const clients = (status: boolean, client_id: string) =>
      asOkta('PATCH', `connections/${id}/clients`, [{ client_id, status }]);
    const text = 'This client may not enable the connection for these applications.';
    assert.deepEqual(messageOf(await clients(true, stranger)), [403, text]);
    assert.deepEqual(messageOf(await newConnection({ enabled_clients: [stranger] })), [403, text]);
    assert.equal((await clients(true, client.client_id)).status, 204);
    assert.equal((await connectionsOf(server.ctx).get(id))?.enabled_clients.includes(stranger), false);
  });

  test('has the attributes of the user attribute profile', async () => {
    const { options } = await made();
    assert.deepEqual(Object.keys(options.attribute_map.attributes), ['email', 'department']);
    assert.match(options.attribute_map.attributes.department, /okta_dept/);
    const { attribute_map, ...rest } = options;
    const { id } = await made();
    const changed = await asOkta('PATCH', `connections/${id}`, { options: { ...rest, client_id: 'other' } });
    assert.deepEqual([changed.json.options.client_id, changed.json.options.attribute_map], ['other', attribute_map]);
    const own = { mapping_mode: 'basic_profile' };
    const sent = { domain: 'idp.test', client_id: 'us', attribute_map: own };
    assert.deepEqual((await made({ options: sent })).options.attribute_map, own);
  });

  test('begins with the prefix of the connection profile, is of Okta, and not for everybody', async () => {
    const count = await connectionsOf(house.server.ctx).count();
    const prefix = [400, 'The name of the connection must begin with con-{org_name}-.'];
    for (const name of ['acme', 'con-acme', 'xcon-acme-1'])
      assert.deepEqual(messageOf(await newConnection({ name })), prefix, name);
    const strategy = [400, 'Express configuration is for connections of the strategy okta.'];
    assert.deepEqual(messageOf(await newConnection({ strategy: 'oidc' })), strategy);
    assert.equal((await newConnection({ is_domain_connection: true })).status, 403);
    const { id } = await made();
    assert.equal((await asOkta('PATCH', `connections/${id}`, { is_domain_connection: true })).status, 403);
    assert.equal((await asOkta('PATCH', `connections/${id}`, { display_name: 'Okta' })).status, 200);
    assert.equal(await connectionsOf(house.server.ctx).count(), count + 1);
  });

  test('lets Okta end sessions where the connection profile has universal_logout', async () => {
    const { server, provider, manage } = house;
    const key = foreignKey('okta');
    provider.answers = { 'GET /jwks': () => ({ status: 200, body: { keys: [key.jwk] } }) };
    const revoke = async (enabled_features: readonly string[]) => {
      const profile = await manage('POST', 'connection-profiles', { name: 'Features', enabled_features });
      await configure({ connection_profile_id: profile.json.id });
      const path = `/oauth/global-token-revocation/connection/${(await made()).name}`;
      const now = Math.floor(server.clock.now() / 1000);
      const claims = { iss: provider.issuer, aud: server.url + path, sub: 'x', iat: now, exp: now + 60 };
      const bearer = await foreignToken(key, claims, 'global-token-revocation+jwt');
      const subject = { format: 'iss_sub', iss: provider.issuer, sub: 'nobody' };
      return (await server.post(path, { bearer, json: { subject } })).status;
    };
    assert.equal(await revoke(['scim']), 401);
    assert.equal(await revoke(['universal_logout']), 404, 'it is heard; there is nobody like that');
    provider.answers = {};
  });

  test('needs the profiles to be there', async () => {
    const { manage, profiles } = house;
    const profile = (await manage('POST', 'connection-profiles', { name: 'Brief' })).json.id;
    await configure({ connection_profile_id: profile });
    await made({ name: `any-${++count}` });
    await manage('DELETE', `connection-profiles/${profile}`);
    assert.equal((await newConnection()).status, 403);
    await configure({
      user_attribute_profile_id: `uap_${'0'.repeat(22)}`,
      connection_profile_id: profiles.connection_profile_id,
    });
    assert.equal((await newConnection()).status, 403);
  });

  test('others’ connections are not its own: no options are seen, nothing is changed', async () => {
    const { manage, acme } = house;
    const options = { domain: 'idp.test', client_id: 'them', client_secret: 'theirs' };
    const theirs = (await manage('POST', 'connections', { name: 'theirs', strategy: 'okta', options })).json;
    const mine = await made();
    assert.equal((await asOkta('GET', `connections/${mine.id}`)).json.options.client_secret, 'secret');
    const seen = await asOkta('GET', `connections/${theirs.id}`);
    assert.deepEqual([seen.status, 'options' in seen.json], [200, false]);
    const listed = (await asOkta('GET', 'connections')).json as { id: string; options?: object }[];
    assert.deepEqual(
      listed.filter((one) => one.options).every(({ id }) => id !== theirs.id),
      true,
    );
    assert.deepEqual(messageOf(await asOkta('PATCH', `connections/${theirs.id}`, { display_name: 'x' })), OTHERS);
    const clients = await asOkta('PATCH', `connections/${theirs.id}/clients`, [{ client_id: linked, status: true }]);
    assert.deepEqual(messageOf(clients), OTHERS);
    for (const segment of ['enabled_connections', 'connections']) {
      const added = await asOkta('POST', `organizations/${acme.id}/${segment}`, { connection_id: theirs.id });
      assert.deepEqual(messageOf(added), OTHERS);
    }
    const organization = { name: 'smuggled', enabled_connections: [{ connection_id: theirs.id }] };
    const founded = await asOkta('POST', 'organizations', organization);
    assert.deepEqual(messageOf(founded), [403, 'Insufficient scope, expected any of: create:organizations']);
    assert.equal(await organizationConnectionsOf(house.server.ctx).count({ connection_id: theirs.id }), 0);
  });
});

describe('an organization that gets it', () => {
  const offer = async (more: object = {}) => {
    const { id } = await made();
    const answer = await asOkta('POST', `organizations/${house.acme.id}/connections`, { connection_id: id, ...more });
    return { id, answer };
  };
  const switchesOf = ({ json }: { json: Record<string, unknown> }) => [
    json.assign_membership_on_login,
    json.show_as_button,
    json.is_enabled,
  ];

  test('offers it as the connection profile decides; optional is as required', async () => {
    const { manage } = house;
    const profile = async (organization: object) =>
      (
        await manage('POST', 'connection-profiles', {
          name: 'P',
          connection_name_prefix_template: 'con-',
          organization,
        })
      ).json.id;
    assert.deepEqual(switchesOf((await offer()).answer), [true, true, true]);
    await configure({
      connection_profile_id: await profile({ show_as_button: 'none', assign_membership_on_login: 'none' }),
    });
    const { id, answer } = await offer();
    assert.deepEqual(switchesOf(answer), [false, false, true]);
    const path = `organizations/${house.acme.id}/connections/${id}`;
    const changed = await asOkta('PATCH', path, { assign_membership_on_login: true });
    const text = 'assign_membership_on_login is always false for connections that this client sets up.';
    assert.deepEqual(messageOf(changed), [400, text]);
    assert.equal((await asOkta('PATCH', path, { organization_connection_name: 'Okta' })).status, 200);
    const level = await asOkta('PATCH', path, { organization_access_level: 'full' });
    assert.equal(level.status, 400);
  });

  test('has it switched off where enable_organization is false', async () => {
    await configure({ enable_organization: false });
    const { answer } = await offer();
    assert.deepEqual([answer.status, answer.json.is_enabled], [201, false]);
    const refused = await offer({ is_enabled: true });
    assert.equal(refused.answer.status, 400);
    assert.equal(await organizationConnectionsOf(house.server.ctx).count({ connection_id: refused.id }), 0);
  });

  test('its people begin at initiate_login_uri_template', async () => {
    const { server, client, globex } = house;
    const where = (organization?: string) => loginRoute(server.ctx, { client_id: client.client_id, organization });
    const { id, name } = await made();
    await asOkta('POST', `organizations/${globex.id}/enabled_connections`, { connection_id: id });
    assert.equal(await where(globex.id), `https://globex.app.test/login?org=${globex.id}&connection=${name}`);
    assert.equal(await where(), undefined);
    await configure({ initiate_login_uri_template: 'https://app.test/start' });
    const browser = new Browser(server);
    const page = asPage(await browser.open(authorizeUrl({ client_id: client.client_id })));
    server.clock.advance(7200);
    const { headers } = await server.get(page.url, { jar: browser.jar });
    assert.match(headers.location ?? '', /^https:\/\/app\.test\/start\?/);
  });
});
