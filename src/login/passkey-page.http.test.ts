import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { type Authenticator, type Behaviour, newAuthenticator } from '../../test/authenticator.ts';
import { authorizeUrl, Browser, type Page } from '../../test/browser.ts';
import { addPasskeyClient, addPasskeyDatabase, passkeyCalls, setOptions } from '../../test/passkeys.ts';
import { type TestServer, testServer } from '../../test/server.ts';
import { type Credentials, logTypes, payloadOf } from '../../test/token-fixture.ts';
import { type Connection, connectionsOf } from '../resources/connections/index.ts';
import { guardianCollection, guardianSettings } from '../resources/guardian/index.ts';
import { sessionsOf } from '../resources/sessions/index.ts';
import { usersOf } from '../resources/users/index.ts';

let server: TestServer;
let client: Credentials;
let connection: Connection;
let browser: Browser;
let key: Authenticator;
let sub: string;

const { challenge, signUp } = passkeyCalls(() => ({ server, client }));

beforeEach(async () => {
  server = await testServer();
  client = await addPasskeyClient(server);
  connection = await addPasskeyDatabase(server, 'db', client.client_id);
  browser = new Browser(server);
  key = newAuthenticator(new URL(server.issuer).origin, { counts: true });
  sub = String(payloadOf((await signUp(key)).json.id_token).sub);
});
afterEach(() => server.close());

async function open(on = browser): Promise<Page> {
  const login = await on.openPage(authorizeUrl({ client_id: client.client_id }));
  return on.openPage(`/u/login/passkey?state=${login.fields.state}`);
}

const decode = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
const optionsOf = ({ html }: Page) => JSON.parse(decode(/data-passkey="([^"]*)"/.exec(html)?.[1] ?? ''));
const answer = (page: Page, behaviour?: Behaviour) => ({
  authn_response: JSON.stringify(key.get(optionsOf(page), behaviour)),
});

test('a passkey logs in on the page', async () => {
  const login = await browser.openPage(authorizeUrl({ client_id: client.client_id }));
  assert.match(login.html, /href="\/u\/login\/passkey\?state=/);
  const page = await open();
  const { parameters } = await browser.submitApp(page, answer(page));
  assert.ok(parameters.code);
  const [session] = await sessionsOf(server.ctx).list();
  const methods = session?.methods.map(({ name }) => name);
  assert.deepEqual([session?.user_id, methods], [sub, ['passkey']]);
});

test('what is wrong is told on the page, with a new challenge', async () => {
  let page = await open();
  const refused: Record<string, string>[] = [
    {},
    { authn_response: 'no json' },
    { authn_response: '[]' },
    { auth_session: 'unknown', ...answer(page) },
    answer(page, { origin: 'https://evil.test' }),
    answer(page, { userVerified: false }),
  ];
  for (const values of refused) {
    const again = await browser.submitPage(page, values);
    assert.deepEqual([again.status, /couldn&#39;t log you in/.test(again.html)], [400, true], JSON.stringify(values));
    assert.notEqual(optionsOf(again).challenge, optionsOf(page).challenge);
    page = again;
  }
  assert.deepEqual(await sessionsOf(server.ctx).list(), []);
  assert.ok((await logTypes(server)).includes('f'));
  assert.ok((await browser.submitApp(page, answer(page))).parameters.code);
});

test('an answer is good once, and in the browser of its login', async () => {
  const page = await open();
  const given = answer(page);
  const thief = new Browser(server);
  assert.match((await thief.submitPage(page, given)).html, /pressed the back button/);
  await browser.submitApp(page, given);
  const other = new Browser(server);
  const replayed = await other.submitPage(await open(other), {
    auth_session: page.fields.auth_session ?? '',
    ...given,
  });
  assert.equal(replayed.status, 400);
});

test('a challenge of the API is a challenge, of the same client only', async () => {
  const { json } = await challenge();
  const page = await open();
  const authn_response = JSON.stringify(key.get(json.authn_params_public_key));
  const other = await addPasskeyClient(server);
  const enabled_clients = [client.client_id, other.client_id];
  await connectionsOf(server.ctx).update(connection.id, (one) => ({ ...one, enabled_clients }));
  const login = await browser.openPage(authorizeUrl({ client_id: other.client_id }));
  const theirs = await browser.openPage(`/u/login/passkey?state=${login.fields.state}`);
  const values = { auth_session: json.auth_session, authn_response };
  assert.equal((await browser.submitPage(theirs, values)).status, 400);
  assert.ok((await browser.submitApp(page, values)).parameters.code);
});

test('a connection without passkeys has no such page', async () => {
  await setOptions(server, connection, { authentication_methods: { passkey: { enabled: false } } });
  const page = await open();
  assert.equal(page.path, '/u/login');
  assert.doesNotMatch(page.html, /u\/login\/passkey/);
});

test('a blocked user’s application is told', async () => {
  await usersOf(server.ctx).update(sub, (user) => ({ ...user, blocked: true }));
  const page = await open();
  const { parameters } = await browser.submitApp(page, answer(page));
  assert.deepEqual([parameters.error, parameters.error_description], ['unauthorized', 'user is blocked']);
});

test('a second factor comes after the passkey', async () => {
  const settings = await guardianSettings(server.ctx);
  const factors = { ...settings.factors, otp: true };
  await server.ctx.store.collection(guardianCollection).put({ ...settings, policies: ['all-applications'], factors });
  const page = await open();
  assert.match((await browser.submitPage(page, answer(page))).path, /^\/u\/mfa-/);
  assert.deepEqual(await sessionsOf(server.ctx).list(), []);
});

test('the connection says how a passkey is asked for: with a button, by the browser, or both', async () => {
  const login = async (challenge_ui?: string) => {
    await setOptions(server, connection, { passkey_options: challenge_ui ? { challenge_ui } : undefined });
    const { html } = await new Browser(server).openPage(authorizeUrl({ client_id: client.client_id }));
    return [/href="\/u\/login\/passkey\?/.test(html), /autocomplete="username webauthn"/.test(html)];
  };
  assert.deepEqual(await login(), [true, true]);
  assert.deepEqual(await login('both'), [true, true]);
  assert.deepEqual(await login('button'), [true, false]);
  assert.deepEqual(await login('autofill'), [false, true]);
});

test('what the browser filled in logs in, also after a wrong password', async () => {
  const first = await browser.openPage(authorizeUrl({ client_id: client.client_id }));
  const page = await browser.submitPage(first, { username: 'ada@example.test', password: 'wrong' });
  assert.equal(page.status, 400);
  assert.notEqual(optionsOf(page).challenge, optionsOf(first).challenge);
  const action = /action="(\/u\/login\/passkey[^"]*)"/.exec(page.html)?.[1] ?? '';
  const auth_session = /name="auth_session" value="([^"]*)"/.exec(page.html)?.[1] ?? '';
  const form = { state: page.fields.state, auth_session, ...answer(page) };
  const led = await server.post(decode(action), { form, jar: browser.jar });
  assert.match(led.headers.location ?? '', /^\/authorize\/resume/, led.text);
});
