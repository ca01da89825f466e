import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { newAuthenticator } from '../../test/authenticator.ts';
import { authorizeUrl, Browser } from '../../test/browser.ts';
import { addApplication, addPerson, CONNECTION, type Credentials, PASSWORD } from '../../test/fixtures.ts';
import { managementToken } from '../../test/management.ts';
import { EMAIL, passkeyCalls, setOptions } from '../../test/passkeys.ts';
import { type TestServer, testServer } from '../../test/server.ts';
import { addClient, logTypes, payloadOf } from '../../test/token-fixture.ts';
import { clientsOf, type StoredClient } from '../resources/clients/index.ts';
import { createConnection, findConnectionByName } from '../resources/connections/index.ts';
import { addMember, addOrganizationConnection, createOrganization } from '../resources/organizations/index.ts';
import { usersOf } from '../resources/users/index.ts';

let server: TestServer;
let app: Credentials;
let browser: Browser;

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx);
  await addPerson(server.ctx);
});
after(() => server.close());
beforeEach(async () => {
  browser = new Browser(server);
  await askFirst(true);
});

async function askFirst(identifier_first: boolean): Promise<void> {
  const bearer = await managementToken(server, ['update:prompts']);
  const { status } = await server.request('PATCH', '/api/v2/prompts', { bearer, json: { identifier_first } });
  assert.equal(status, 200);
}
const start = (parameters: Record<string, string | undefined> = {}) =>
  authorizeUrl({ client_id: app.client_id, ...parameters });
const database = async () => (await findConnectionByName(server.ctx, CONNECTION)) ?? assert.fail();

test('the identifier on a page, the password on another, and back', async () => {
  const first = await browser.openPage(start());
  assert.equal(first.path, '/u/login/identifier');
  assert.match(first.html, /name="username"/);
  assert.doesNotMatch(first.html, /type="password"/);
  const second = await browser.submitPage(first, { username: ' ada@example.test ' });
  assert.deepEqual([second.path, second.fields.username], ['/u/login/password', 'ada@example.test']);
  assert.match(second.html, /readonly/);
  const edit = /href="(\/u\/login\/identifier\?state=[^"]*)"/.exec(second.html)?.[1] ?? assert.fail();
  const edited = await browser.openPage(edit);
  assert.equal(edited.fields.username, 'ada@example.test');
  assert.equal((await browser.openPage(second.url)).path, '/u/login/password');
  const { parameters } = await browser.submitApp(second, { password: PASSWORD });
  assert.ok(parameters.code);
});

test('nobody learns who has an account, and what is typed with the password does not change whose it is', async () => {
  await addPerson(server.ctx, 'eve@example.test');
  const first = await browser.openPage(start());
  const unknown = await browser.submitPage(first, { username: 'nobody@example.test' });
  const wrong = await browser.submitPage(unknown, { password: 'wrong' });
  assert.deepEqual([wrong.status, wrong.path], [400, '/u/login/password']);
  const known = await browser.submitPage(first, { username: 'ada@example.test' });
  const refused = await browser.submitPage(known, { password: 'wrong' });
  const masked = (html: string) => html.replaceAll(/nobody@example.test|ada@example.test|nonce="[^"]*"/g, '');
  assert.equal(masked(refused.html), masked(wrong.html));
  assert.match((await browser.submitPage(known, { password: '' })).html, /Enter your password/);
  const renamed = await browser.submitApp(known, { password: PASSWORD, username: 'eve@example.test' });
  const form = { grant_type: 'authorization_code', ...app, code: renamed.parameters.code };
  const tokens = await server.post('/oauth/token', { form: { ...form, redirect_uri: 'https://app.test/callback' } });
  assert.equal(payloadOf(tokens.json.id_token).email, 'ada@example.test');
  assert.ok((await logTypes(server)).includes('fp'));
});

test('guesses are counted as everywhere', async () => {
  await addPerson(server.ctx, 'guessed@example.test');
  const first = await browser.openPage(start());
  let page = await browser.submitPage(first, { username: 'guessed@example.test' });
  for (let i = 0; i < 10; i++) page = await browser.submitPage(page, { password: `guess ${i}` });
  assert.match((await browser.submitPage(page, { password: PASSWORD })).html, /blocked/);
});

test('an identifier that is missing is asked for again; the pages of the other kind lead to the right ones', async () => {
  const first = await browser.openPage(start({ login_hint: 'ada@example.test' }));
  assert.equal(first.fields.username, 'ada@example.test');
  const empty = await browser.submitPage(first, { username: ' ' });
  assert.equal(empty.status, 400);
  assert.match(empty.html, /Enter your email address/);
  const { state } = first.fields;
  assert.equal((await browser.openPage(`/u/login/password?state=${state}`)).path, '/u/login/identifier');
  assert.equal((await browser.openPage(`/u/login?state=${state}`)).path, '/u/login/identifier');
  const thief = new Browser(server);
  assert.equal((await thief.openPage(`/u/login/password?state=${state}`)).status, 400);
  const second = await browser.submitPage(first, { username: 'new@example.test' });
  const signup = await browser.openPage(`/u/signup?state=${state}`);
  assert.equal(signup.fields.email, 'new@example.test');
  const reset = await browser.openPage(`/u/reset-password/request?state=${state}`);
  assert.equal(reset.fields.email, 'new@example.test');
  assert.equal((await browser.openPage(start({ screen_hint: 'signup' }))).path, '/u/signup');
  await askFirst(false);
  assert.equal((await browser.openPage(second.url)).path, '/u/login');
  assert.equal((await browser.openPage(`/u/login/identifier?state=${state}`)).path, '/u/login');
});

test('an address of an enterprise leads to its provider, before a password is asked for', async () => {
  const client = await addClient(server.ctx);
  const database = await createConnection(server.ctx, {
    name: 'customers',
    strategy: 'auth0',
    enabled_clients: [client.client_id],
  });
  const endpoints = { authorization_endpoint: 'https://idp.test/authorize', token_endpoint: 'https://idp.test/token' };
  const options = { type: 'back_channel', issuer: 'https://idp.test', jwks_uri: 'https://idp.test/jwks', ...endpoints };
  await createConnection(server.ctx, {
    name: 'corporate',
    strategy: 'oidc',
    options: { ...options, client_id: 'us', client_secret: 's', domain_aliases: ['corporate.test'] },
    enabled_clients: [client.client_id],
  });
  const first = await browser.openPage(authorizeUrl({ client_id: client.client_id }));
  assert.equal(first.path, '/u/login/identifier');
  const away = await browser.submitApp(first, { username: 'ada@Corporate.test' });
  assert.deepEqual([away.url.host, away.parameters.login_hint], ['idp.test', 'ada@Corporate.test']);
  const second = await browser.submitPage(first, { username: 'ada@private.test' });
  assert.equal(second.path, '/u/login/password');
  assert.equal(database.name, 'customers');
});

test('at an organization the login is one of its connections', async () => {
  const organization = await createOrganization(server.ctx, { name: 'acme', display_name: 'Acme' });
  await addOrganizationConnection(server.ctx, organization.id, { connection_id: (await database()).id });
  const user = (await usersOf(server.ctx).find({ email: 'ada@example.test' })) ?? assert.fail();
  await addMember(server.ctx, organization.id, user.user_id);
  await clientsOf(server.ctx).update(app.client_id, (one) => ({ ...one, organization_usage: 'allow' }) as StoredClient);
  const first = await browser.openPage(start({ organization: organization.id }));
  assert.match(first.html, /at Acme/);
  assert.doesNotMatch(first.html, /Sign up/, 'the organization takes nobody in');
  const second = await browser.submitPage(first, { username: 'ada@example.test' });
  assert.match(second.html, /at Acme/);
  assert.ok((await browser.submitApp(second, { password: PASSWORD })).parameters.code);
});

test('a passkey is offered beside the identifier', async () => {
  const connection = await database();
  await setOptions(server, connection, { authentication_methods: { passkey: { enabled: true } } });
  await clientsOf(server.ctx).update(app.client_id, (one) => ({
    ...one,
    grant_types: [...(one.grant_types ?? []), 'urn:okta:params:oauth:grant-type:webauthn'],
  }));
  const key = newAuthenticator(new URL(server.issuer).origin, { counts: true });
  const { register, exchange } = passkeyCalls(() => ({ server, client: app }));
  const more = { realm: CONNECTION };
  const { json } = await register({ ...more, user_profile: { email: `key-${EMAIL}` } });
  await exchange(json.auth_session, key.create(json.authn_params_public_key), more);
  const first = await browser.openPage(start());
  assert.match(first.html, /autocomplete="username webauthn"/);
  const page = await browser.openPage(`/u/login/passkey?state=${first.fields.state}`);
  const decoded = page.html.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  const options = JSON.parse(/data-passkey="(\{.*?\})"/.exec(decoded)?.[1] ?? '');
  const { parameters } = await browser.submitApp(page, { authn_response: JSON.stringify(key.get(options)) });
  assert.ok(parameters.code);
});
