import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { asArrival, asPage, authorizeUrl, Browser, type Page } from '../../../test/browser.ts';
import { addApplication, addPerson, CONNECTION, type Credentials, PASSWORD } from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { changeSettings, payloadOf } from '../../../test/token-fixture.ts';
import { type Client, clientsOf, type StoredClient } from '../../resources/clients/index.ts';
import { type Connection, connectionsOf, findConnectionByName } from '../../resources/connections/index.ts';
import {
  addMember,
  addOrganizationConnection,
  createOrganization,
  deleteOrganization,
  isMember,
  type Organization,
  organizationClientsCollection,
  organizationsOf,
  removeMember,
} from '../../resources/organizations/index.ts';
import { createDatabaseUser, type User } from '../../resources/users/index.ts';

let server: TestServer;
let database: Connection;
let client: Credentials;
let acme: Organization;
let ada: User;
let count = 0;

before(async () => {
  server = await testServer();
  database = (await findConnectionByName(server.ctx, CONNECTION))!;
});
after(() => server.close());
beforeEach(async () => {
  await changeSettings(server.ctx, { allow_organization_name_in_authentication_api: false });
  client = await addApplication(server.ctx, { organization_usage: 'allow' });
  acme = await organization();
  ada = await addPerson(server.ctx, `ada-${++count}@example.test`);
});

async function organization(settings: object = {}): Promise<Organization> {
  const made = await createOrganization(server.ctx, { name: `acme-${++count}`, display_name: `Acme ${count}` });
  await addOrganizationConnection(server.ctx, made.id, { connection_id: database.id, ...settings });
  return made;
}
async function change(changes: Partial<Client>) {
  await clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, ...changes }) as StoredClient);
}
const at = (parameters: Record<string, string | undefined> = {}) =>
  authorizeUrl({ client_id: client.client_id, ...parameters });
const logIn = (browser: Browser, page: Page, user: User = ada) =>
  browser.submit(page, { username: user.email ?? '', password: PASSWORD });

async function enter(user: User, parameters: Record<string, string | undefined>) {
  const browser = new Browser(server);
  const page = asPage(await browser.open(at(parameters)));
  return { browser, reached: await logIn(browser, page, user) };
}
const exchange = (code: string | undefined) =>
  server.post('/oauth/token', {
    form: { grant_type: 'authorization_code', ...client, code, redirect_uri: 'https://app.test/callback' },
  });
const refusal = ({ parameters }: { parameters: Readonly<Record<string, string>> }) => [
  parameters.error,
  parameters.error_description,
];
const notPartOf = (user: User, id = acme.id) => [
  'access_denied',
  `user ${user.user_id} is not part of the ${id} organization`,
];

describe('organization in the request', () => {
  test('a member logs in to it: the code, the ID token and /userinfo say so', async () => {
    await addMember(server.ctx, acme.id, ada.user_id);
    const { reached } = await enter(ada, { organization: acme.id });
    const { json } = await exchange(asArrival(reached).parameters.code);
    assert.equal(payloadOf(json.id_token).org_id, acme.id);
    assert.equal('org_name' in payloadOf(json.id_token), false);
    const userinfo = await server.get('/userinfo', { bearer: json.access_token });
    assert.equal(userinfo.json.org_id, acme.id);
  });

  test('implicit answers say it too', async () => {
    await change({ grant_types: ['implicit'] });
    await addMember(server.ctx, acme.id, ada.user_id);
    const { reached } = await enter(ada, { organization: acme.id, response_type: 'id_token', nonce: 'n' });
    const fragment = new URLSearchParams(asArrival(reached).url.hash.slice(1));
    assert.equal(payloadOf(fragment.get('id_token') ?? '').org_id, acme.id);
  });

  test('by name, where the tenant has names', async () => {
    await addMember(server.ctx, acme.id, ada.user_id);
    const refused = asArrival(await new Browser(server).open(at({ organization: acme.name })));
    assert.deepEqual(refusal(refused), [
      'invalid_request',
      'authorization request parameter organization must be an organization id',
    ]);
    await changeSettings(server.ctx, { allow_organization_name_in_authentication_api: true });
    const { reached } = await enter(ada, { organization: acme.name.toUpperCase() });
    const claims = payloadOf((await exchange(asArrival(reached).parameters.code)).json.id_token);
    assert.deepEqual([claims.org_id, claims.org_name], [acme.id, acme.name]);
  });

  test('who is no member is told to the application, and leaves no session', async () => {
    const { browser, reached } = await enter(ada, { organization: acme.id });
    assert.deepEqual(refusal(asArrival(reached)), notPartOf(ada));
    assert.equal(asPage(await browser.open(at())).path, '/u/login');
  });

  test('denied, required, unknown, of another tenant', async () => {
    const open = async (parameters: Record<string, string>) =>
      refusal(asArrival(await new Browser(server).open(at(parameters))));
    const invalid = ['invalid_request', 'parameter organization is invalid'];
    const theirs = await createOrganization(server.other.ctx, { name: 'theirs' });
    assert.deepEqual(await open({ organization: theirs.id }), invalid);
    assert.deepEqual(await open({ organization: 'org_0123456789abcdef' }), invalid);
    assert.equal(asPage(await new Browser(server).open(at())).path, '/u/login', 'allowed, not required');
    await change({ organization_usage: 'require' });
    for (const organization_require_behavior of [undefined, 'no_prompt'] as const) {
      await change({ organization_require_behavior } as Partial<Client>);
      assert.deepEqual(await open({}), ['invalid_request', 'parameter organization is required for this client']);
    }
    await change({ organization_usage: 'deny' });
    assert.deepEqual(await open({ organization: acme.id }), [
      'invalid_request',
      'parameter organization is not allowed for this client',
    ]);
  });

  test('its connections limit the login', async () => {
    const closed = await createOrganization(server.ctx, { name: `closed-${++count}` });
    const page = asPage(await new Browser(server).open(at({ organization: closed.id })));
    assert.match(page.html, /no connections enabled/);
    const named = await new Browser(server).open(at({ organization: closed.id, connection: CONNECTION }));
    assert.deepEqual(refusal(asArrival(named)), ['invalid_request', 'the connection is not enabled']);
    await connectionsOf(server.ctx).put({
      ...database,
      id: 'con_second0000000000',
      name: 'second',
      enabled_clients: [],
    });
    await addOrganizationConnection(server.ctx, closed.id, { connection_id: 'con_second0000000000' });
    const foreign = asPage(await new Browser(server).open(at({ organization: closed.id })));
    assert.match(foreign.html, /no connections enabled/, 'the application may not use it');
    await connectionsOf(server.ctx).put({
      ...database,
      id: 'con_second0000000000',
      name: 'second',
      enabled_clients: [client.client_id],
    });
    const second = (await findConnectionByName(server.ctx, 'second'))!;
    const eve = await createDatabaseUser(server.ctx, {
      connection: second,
      email: 'eve@example.test',
      password: PASSWORD,
    });
    await addMember(server.ctx, closed.id, eve.user_id);
    const { reached } = await enter(eve, { organization: closed.id });
    assert.ok(asArrival(reached).parameters.code);
    await connectionsOf(server.ctx).delete('con_second0000000000');
  });

  test('a connection makes members of those who log in with it, and of nobody before', async () => {
    const open = await organization({ assign_membership_on_login: true });
    const browser = new Browser(server);
    const page = asPage(await browser.open(at({ organization: open.id })));
    assert.equal(asPage(await browser.submit(page, { username: ada.email ?? '', password: 'wrong' })).status, 400);
    assert.equal(await isMember(server.ctx, open.id, ada.user_id), false);
    const arrival = asArrival(await logIn(browser, page));
    assert.equal(await isMember(server.ctx, open.id, ada.user_id), true);
    assert.equal(payloadOf((await exchange(arrival.parameters.code)).json.id_token).org_id, open.id);
  });

  test('sign-up only where the organization wants it', async () => {
    const page = asPage(await new Browser(server).open(at({ organization: acme.id })));
    assert.doesNotMatch(page.html, /\/u\/signup/);
    const closed = new Browser(server);
    assert.equal(asPage(await closed.open(at({ organization: acme.id, screen_hint: 'signup' }))).path, '/u/login');
    const open = await organization({ assign_membership_on_login: true, is_signup_enabled: true });
    const browser = new Browser(server);
    const signup = asPage(await browser.open(at({ organization: open.id, screen_hint: 'signup' })));
    assert.match(signup.html, new RegExp(open.display_name ?? ''));
    const arrival = asArrival(await browser.submit(signup, { email: `new-${count}@example.test`, password: PASSWORD }));
    const { sub } = payloadOf((await exchange(arrival.parameters.code)).json.id_token);
    assert.equal(await isMember(server.ctx, open.id, String(sub)), true);
  });
});

test('a callback with the organization’s name is good for that organization', async () => {
  const callbacks = ['https://{organization_name}.app.test/callback'];
  await change({ callbacks });
  const open = async (name: string, organization?: string) =>
    new Browser(server).open(
      at({ redirect_uri: `https://${name}.app.test/callback`, ...(organization ? { organization } : {}) }),
    );
  await addMember(server.ctx, acme.id, ada.user_id);
  const browser = new Browser(server);
  const redirect_uri = `https://${acme.name}.app.test/callback`;
  const page = asPage(await browser.open(at({ redirect_uri, organization: acme.id })));
  const arrival = asArrival(await logIn(browser, page));
  assert.equal(arrival.url.host, `${acme.name}.app.test`);
  const other = await organization();
  for (const one of [open(acme.name, other.id), open(acme.name), open('evil', acme.id), open('{organization_name}')])
    assert.match(asPage(await one).html, /Callback URL mismatch/);
  const unnamed = await new Browser(server).open(at({ redirect_uri: undefined }));
  assert.match(asPage(unnamed).html, /missing required parameter: redirect_uri/);
  const first = asPage(await new Browser(server).open(at({ redirect_uri: undefined, organization: acme.id })));
  assert.equal(first.path, '/u/login');
});

describe('applications that an organization keeps out', () => {
  const kept = () => ['access_denied', `client is not authorized to access the ${acme.id} organization`];
  const open = async () => refusal(asArrival(await new Browser(server).open(at({ organization: acme.id }))));
  const say = (settings: Partial<Organization>) =>
    organizationsOf(server.ctx).update(acme.id, (stored) => ({ ...stored, ...settings }));

  test('those of third parties, unless it wants them', async () => {
    await addMember(server.ctx, acme.id, ada.user_id);
    await change({ is_first_party: false });
    assert.deepEqual(await open(), kept());
    await say({ third_party_client_access: 'allow' });
    const browser = new Browser(server);
    const page = asPage(await browser.open(at({ organization: acme.id })));
    await say({ third_party_client_access: 'block' });
    assert.deepEqual(refusal(asArrival(await logIn(browser, page))), kept(), 'as it is when the login ends');
  });

  test('those that it does not name, where it names them one by one; tokens end too', async () => {
    await addMember(server.ctx, acme.id, ada.user_id);
    const { reached } = await enter(ada, { organization: acme.id, scope: 'openid offline_access' });
    const { refresh_token } = (await exchange(asArrival(reached).parameters.code)).json;
    const refresh = () =>
      server.post('/oauth/token', { form: { grant_type: 'refresh_token', ...client, refresh_token } });
    await say({ is_app_entitlement_active: true });
    assert.deepEqual(await open(), kept());
    assert.deepEqual((await refresh()).json.error_description, kept()[1]);
    const row = { id: `${acme.id}|${client.client_id}`, organization_id: acme.id, client_id: client.client_id };
    const named = server.ctx.store.collection(organizationClientsCollection);
    await named.put({ ...row, use_for_member_access: false });
    assert.deepEqual(await open(), kept());
    await named.put({ ...row, use_for_member_access: true });
    assert.ok(asArrival((await enter(ada, { organization: acme.id })).reached).parameters.code);
    assert.equal((await refresh()).status, 200);
  });
});

describe('single sign-on', () => {
  test('serves where the user belongs, and asks for somebody else where they do not', async () => {
    await addMember(server.ctx, acme.id, ada.user_id);
    const { browser } = await enter(ada, { organization: acme.id });
    const silent = asArrival(await browser.open(at({ organization: acme.id, prompt: 'none' })));
    assert.equal(payloadOf((await exchange(silent.parameters.code)).json.id_token).org_id, acme.id);
    const other = await organization();
    const refused = asArrival(await browser.open(at({ organization: other.id, prompt: 'none' })));
    assert.deepEqual(refusal(refused), ['login_required', 'Login required']);
    const page = asPage(await browser.open(at({ organization: other.id })));
    assert.equal(page.path, '/u/login');
    const bob = await addPerson(server.ctx, `bob-${++count}@example.test`);
    await addMember(server.ctx, other.id, bob.user_id);
    assert.ok(asArrival(await logIn(browser, page, bob)).parameters.code);
  });

  test('without an organization nothing is said of one', async () => {
    await addMember(server.ctx, acme.id, ada.user_id);
    const { browser } = await enter(ada, { organization: acme.id });
    const plain = asArrival(await browser.open(at()));
    assert.equal('org_id' in payloadOf((await exchange(plain.parameters.code)).json.id_token), false);
  });
});

describe('membership that ends', () => {
  test('while the login is on its way: no code', async () => {
    await addMember(server.ctx, acme.id, ada.user_id);
    const browser = new Browser(server);
    const page = asPage(await browser.open(at({ organization: acme.id })));
    await removeMember(server.ctx, acme.id, ada.user_id);
    assert.deepEqual(refusal(asArrival(await logIn(browser, page))), notPartOf(ada));
  });

  test('before the code is exchanged: no tokens, and the code is not used up by trying', async () => {
    await addMember(server.ctx, acme.id, ada.user_id);
    const { reached } = await enter(ada, { organization: acme.id });
    const { code } = asArrival(reached).parameters;
    await removeMember(server.ctx, acme.id, ada.user_id);
    const refused = await exchange(code);
    assert.deepEqual(
      [refused.status, refused.json.error, refused.json.error_description],
      [403, 'invalid_grant', notPartOf(ada)[1]],
    );
    await addMember(server.ctx, acme.id, ada.user_id);
    assert.equal((await exchange(code)).status, 200);
  });

  test('before a refresh: no tokens; afterwards again', async () => {
    await addMember(server.ctx, acme.id, ada.user_id);
    const { reached } = await enter(ada, { organization: acme.id, scope: 'openid offline_access' });
    const { refresh_token } = (await exchange(asArrival(reached).parameters.code)).json;
    const refresh = (more: object = {}) =>
      server.post('/oauth/token', { form: { grant_type: 'refresh_token', ...client, refresh_token, ...more } });
    assert.equal(payloadOf((await refresh()).json.id_token).org_id, acme.id);
    const other = await organization();
    const elsewhere = await refresh({ organization: other.id });
    assert.deepEqual([elsewhere.status, elsewhere.json.error], [403, 'access_denied']);
    assert.equal((await refresh({ organization: acme.id })).status, 200);
    await removeMember(server.ctx, acme.id, ada.user_id);
    const refused = await refresh();
    assert.deepEqual([refused.json.error, refused.json.error_description], ['invalid_grant', notPartOf(ada)[1]]);
    await addMember(server.ctx, acme.id, ada.user_id);
    assert.equal((await refresh()).status, 200);
    await deleteOrganization(server.ctx, acme);
    assert.equal((await refresh()).json.error, 'invalid_grant');
  });
});

describe('password grants', () => {
  const ask = (form: Record<string, string> = {}) =>
    server.post('/oauth/token', {
      form: {
        grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
        realm: CONNECTION,
        ...client,
        username: ada.email,
        password: PASSWORD,
        scope: 'openid',
        ...form,
      },
    });

  test('for members of an organization', async () => {
    const stranger = await ask({ organization: acme.id });
    assert.deepEqual([stranger.status, stranger.json.error_description], [403, notPartOf(ada)[1]]);
    await addMember(server.ctx, acme.id, ada.user_id);
    assert.equal(payloadOf((await ask({ organization: acme.id })).json.id_token).org_id, acme.id);
  });

  test('make members where the connection does', async () => {
    const open = await organization({ assign_membership_on_login: true });
    assert.equal((await ask({ organization: open.id, password: 'wrong' })).status, 403);
    assert.equal(await isMember(server.ctx, open.id, ada.user_id), false);
    assert.equal((await ask({ organization: open.id })).status, 200);
    assert.equal(await isMember(server.ctx, open.id, ada.user_id), true);
  });

  test('obey the application’s usage', async () => {
    await change({ organization_usage: 'require' });
    const required = await ask();
    assert.deepEqual([required.status, required.json.error], [403, 'invalid_request']);
    await change({ organization_usage: 'deny' });
    assert.equal(
      (await ask({ organization: acme.id })).json.error_description,
      'parameter organization is not allowed for this client',
    );
    assert.equal((await ask()).status, 200);
  });
});
