import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type Authenticator, newAuthenticator } from '../../test/authenticator.ts';
import { authorizeUrl, Browser, type Page } from '../../test/browser.ts';
import { addPerson, CONNECTION, PASSWORD, useFactors } from '../../test/fixtures.ts';
import { addPasskeyClient, passkeyCalls, setOptions } from '../../test/passkeys.ts';
import { type TestServer, testServer } from '../../test/server.ts';
import { type Credentials, logTypes } from '../../test/token-fixture.ts';
import { listPasskeys, passkeySnoozesCollection } from '../resources/authentication-methods/index.ts';
import { connectionsOf, findConnectionByName } from '../resources/connections/index.ts';
import { endSessionsOf } from '../resources/sessions/index.ts';
import { changePassword, deleteUser, type User, usersOf } from '../resources/users/index.ts';

const OFFER = '/u/passkey-enrollment';
const LOCAL = '/u/passkey-enrollment-local';
const DAY = 86_400;

let server: TestServer;
let client: Credentials;
let user: User;
let browser: Browser;
let key: Authenticator;
let count = 0;

before(async () => {
  server = await testServer();
  client = await addPasskeyClient(server);
  const connection = (await findConnectionByName(server.ctx, CONNECTION)) ?? assert.fail();
  await connectionsOf(server.ctx).update(connection.id, (one) => ({ ...one, enabled_clients: [client.client_id] }));
});
after(() => server.close());
beforeEach(async () => {
  browser = new Browser(server);
  user = await addPerson(server.ctx, `person-${++count}@example.test`);
  key = newAuthenticator(new URL(server.issuer).origin, { counts: true });
  await allow({ progressive_enrollment_enabled: true, local_enrollment_enabled: true });
});

async function allow(passkey_options: object, enabled = true): Promise<void> {
  const connection = (await findConnectionByName(server.ctx, CONNECTION)) ?? assert.fail();
  await setOptions(server, connection, { authentication_methods: { passkey: { enabled } }, passkey_options });
}
const start = () => authorizeUrl({ client_id: client.client_id });
const CAN = { 'webauthn-available': 'true', 'webauthn-platform-available': 'true' };
async function logIn(more: Record<string, string> = CAN, on = browser) {
  const page = await on.openPage(authorizeUrl({ client_id: client.client_id, prompt: 'login' }));
  return on.submit(page, { username: user.email ?? '', password: PASSWORD, ...more });
}
const offered = async (more?: Record<string, string>, on = browser) => {
  const reached = await logIn(more, on);
  return 'path' in reached ? reached.path : 'application';
};
const decode = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
const optionsOf = ({ html }: Page) => JSON.parse(decode(/data-passkey="([^"]*)"/.exec(html)?.[1] ?? ''));
const made = (page: Page, by = key) => ({ authn_response: JSON.stringify(by.create(optionsOf(page))) });
const decline = { action: 'abort-passkey-enrollment' };
const own = () => listPasskeys(server.ctx, user.user_id);

test('after a password, who has no passkey is offered one; it is made, and logs in from then on', async () => {
  const page = (await logIn()) as Page;
  assert.equal(page.path, OFFER);
  assert.equal(optionsOf(page).user.name, user.email);
  const arrived = await browser.submitApp(page, made(page));
  assert.ok(arrived.parameters.code);
  const [passkey] = await own();
  const stored = [passkey?.connection, passkey?.identity_user_id, passkey?.credential_id];
  assert.deepEqual(stored, [CONNECTION, user.user_id, key.id]);
  assert.ok((await logTypes(server)).includes('gd_enrollment_complete'));
  const { challenge, exchange } = passkeyCalls(() => ({ server, client }));
  const { json } = await challenge({ realm: CONNECTION });
  const tokens = await exchange(json.auth_session, key.get(json.authn_params_public_key), { realm: CONNECTION });
  assert.equal(tokens.status, 200);
  assert.equal(await offered(), 'application', 'who has one is not asked again');
});

test('not where the connection does not want it, nor to a browser that knows no passkeys', async () => {
  assert.equal(await offered({}), 'application');
  assert.equal(await offered({ 'webauthn-available': 'false' }), 'application');
  await allow({ progressive_enrollment_enabled: false });
  assert.equal(await offered(), 'application');
  await allow({}, false);
  assert.equal(await offered(), 'application');
  await allow({});
  assert.equal(await offered(), OFFER);
});

test('declined, it is offered again next time; or in thirty days, if that was wished', async () => {
  assert.ok((await browser.submitApp((await logIn()) as Page, decline)).parameters.code);
  const again = (await logIn()) as Page;
  assert.equal(again.path, OFFER);
  await browser.submitApp(again, { ...decline, 'dont-show-again': 'true' });
  assert.equal(await offered(), 'application');
  assert.equal(await offered(CAN, new Browser(server)), 'application', 'in every browser');
  server.clock.advance(30 * DAY - 60);
  assert.equal(await offered(), 'application');
  server.clock.advance(120);
  assert.equal(await offered(), OFFER);
  const snoozes = server.ctx.store.collection(passkeySnoozesCollection);
  const count = () => snoozes.count({ user_id: user.user_id });
  await browser.submitApp((await logIn()) as Page, { ...decline, 'dont-show-again': 'true' });
  assert.equal(await count(), 1);
  await deleteUser(server.ctx, user.user_id);
  assert.equal(await count(), 0);
});

test('nobody makes one with a password that was changed since, nor in a session that was ended', async () => {
  const page = (await logIn()) as Page;
  server.clock.advance(1);
  await changePassword(server.ctx, user.user_id, 'Another-horse-2');
  assert.equal((await browser.submitPage(page, made(page))).path, '/u/login');
  assert.deepEqual(await own(), []);
  await changePassword(server.ctx, user.user_id, PASSWORD);
  const again = (await logIn()) as Page;
  await endSessionsOf(server.ctx, user.user_id, 'session-revoked');
  assert.equal((await browser.submitPage(again, made(again))).path, '/u/login');
  assert.deepEqual(await own(), []);
});

test('what is wrong is told, and makes nothing; a challenge is good once, for its user, and proves nobody', async () => {
  let page = (await logIn()) as Page;
  const other = newAuthenticator('https://evil.test');
  for (const values of [{}, { authn_response: 'x' }, made(page, other), { ...made(page), auth_session: 'unknown' }]) {
    const again = await browser.submitPage(page, values as Record<string, string>);
    assert.deepEqual([again.status, again.path], [400, OFFER]);
    assert.match(again.html, /couldn&#39;t make this passkey/);
    page = again;
  }
  assert.deepEqual(await own(), []);
  const auth_session = page.fields.auth_session ?? '';
  const answer = key.create(optionsOf(page));
  const { exchange } = passkeyCalls(() => ({ server, client }));
  const asLogin = await exchange(auth_session, answer, { realm: CONNECTION });
  assert.deepEqual([asLogin.status, asLogin.json.error], [403, 'invalid_grant']);
  const victim = await addPerson(server.ctx, `victim-${count}@example.test`);
  const thief = new Browser(server);
  const theirs = (await thief.submit(await thief.openPage(start()), {
    username: victim.email ?? '',
    password: PASSWORD,
    ...CAN,
  })) as Page;
  const stolen = await thief.submitPage(theirs, { auth_session, authn_response: JSON.stringify(answer) });
  assert.equal(stolen.status, 400);
  const tries = await Promise.all(
    Array.from({ length: 20 }, () => browser.submit(page, { authn_response: JSON.stringify(answer) })),
  );
  assert.equal((await own()).length, 1);
  assert.ok(tries.some((one) => 'parameters' in one && one.parameters.code));
  assert.deepEqual(await listPasskeys(server.ctx, victim.user_id), []);
});

test('a password alone makes no passkey: the second factor comes first', async () => {
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  try {
    const page = (await logIn()) as Page;
    assert.match(page.path, /^\/u\/mfa-/);
    const offer = await browser.openPage(`${OFFER}?state=${page.fields.state}`);
    assert.match(offer.path, /^\/u\/mfa-/);
    const form = { state: page.fields.state ?? '', action: 'default', auth_session: 'x', authn_response: '{}' };
    const posted = await server.request('POST', `${OFFER}?state=${page.fields.state}`, { form, jar: browser.jar });
    assert.match(String(posted.headers.location), /^\/authorize\/resume/);
    assert.deepEqual(await own(), []);
  } finally {
    await useFactors(server.ctx, [], []);
  }
});

test('not to who was blocked or deleted meanwhile', async () => {
  const page = (await logIn()) as Page;
  await usersOf(server.ctx).update(user.user_id, (one) => ({ ...one, blocked: true }));
  const { parameters } = await browser.submitApp(page, made(page));
  assert.deepEqual([parameters.error, parameters.code], ['unauthorized', undefined]);
  assert.deepEqual(await own(), []);
});

test('after a passkey of another device: one of this device, in this browser', async () => {
  const page = (await logIn()) as Page;
  await browser.submitApp(page, made(page));
  const byPasskey = async (authenticatorAttachment: string, more = CAN, on = browser) => {
    const login = await on.openPage(authorizeUrl({ client_id: client.client_id, prompt: 'login' }));
    const asked = await on.openPage(`/u/login/passkey?state=${login.fields.state}`);
    const answer = { ...key.get(optionsOf(asked)), authenticatorAttachment };
    return on.submit(asked, { authn_response: JSON.stringify(answer), ...more });
  };
  assert.ok('parameters' in (await byPasskey('platform')));
  assert.ok('parameters' in (await byPasskey('cross-platform', { ...CAN, 'webauthn-platform-available': 'false' })));
  const offer = (await byPasskey('cross-platform')) as Page;
  assert.equal(offer.path, LOCAL);
  const options = optionsOf(offer);
  assert.equal(options.authenticatorSelection.authenticatorAttachment, 'platform');
  assert.deepEqual(options.excludeCredentials, [{ type: 'public-key', id: key.id }]);
  await browser.submitApp(offer, { ...decline, 'dont-show-again': 'true' });
  assert.ok('parameters' in (await byPasskey('cross-platform')));
  const elsewhere = new Browser(server);
  const there = (await byPasskey('cross-platform', CAN, elsewhere)) as Page;
  assert.equal(there.path, LOCAL, 'another browser is another device');
  const local = newAuthenticator(new URL(server.issuer).origin);
  await elsewhere.submitApp(there, made(there, local));
  assert.deepEqual(new Set((await own()).map((one) => one.user_handle)).size, 1);
  await allow({ local_enrollment_enabled: false });
  assert.ok('parameters' in (await byPasskey('cross-platform', CAN, new Browser(server))));
});
