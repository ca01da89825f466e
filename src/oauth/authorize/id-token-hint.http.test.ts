/** `id_token_hint` and `prompt=none`: what may be answered without a page, and what it says when it may not. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { authorizeUrl, Browser } from '../../../test/browser.ts';
import { addApplication, addPerson, type Credentials, PASSWORD } from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { signJwt } from '../../platform/crypto/index.ts';
import { clientsOf } from '../../resources/clients/index.ts';
import { currentSigner } from '../../resources/keys/index.ts';
import { type User, usersOf } from '../../resources/users/index.ts';
import { authorizationCodesOf } from '../authorization-code.store.ts';

const CALLBACK = 'https://app.test/callback';
const GRACE = 'grace@example.test';
let server: TestServer;
let app: Credentials;
let rival: Credentials;
let ada: User;
let grace: User;

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx);
  rival = await addApplication(server.ctx);
  ada = await addPerson(server.ctx);
  grace = await addPerson(server.ctx, GRACE);
});
after(() => server.close());

const ask = (parameters: Record<string, string | undefined> = {}) =>
  authorizeUrl({ client_id: app.client_id, scope: 'openid', ...parameters });
const logIn = async (browser: Browser, username = 'ada@example.test', parameters: Record<string, string> = {}) =>
  browser.submitApp(await browser.openPage(ask(parameters)), { username, password: PASSWORD });

/** A browser that somebody is logged in with, and their ID token. */
async function loggedIn(username?: string): Promise<{ browser: Browser; idToken: string }> {
  const browser = new Browser(server);
  const { parameters } = await logIn(browser, username);
  const form = { grant_type: 'authorization_code', code: parameters.code, redirect_uri: CALLBACK, ...app };
  return { browser, idToken: (await server.post('/oauth/token', { form })).json.id_token };
}

async function hintFor(claims: Record<string, unknown>): Promise<string> {
  const now = Math.floor(server.clock.now() / 1000);
  const signer = await currentSigner(server.ctx);
  return signJwt(signer, { iss: server.issuer, aud: app.client_id, iat: now, exp: now + 60, ...claims });
}

const LOGIN_REQUIRED = ['login_required', 'Login required'];
const refusal = ({ parameters }: { parameters: Readonly<Record<string, string | undefined>> }) => [
  parameters.error,
  parameters.error_description,
];

test('the user of the hint is let through silently, however old the token', async () => {
  const { browser, idToken } = await loggedIn();
  server.clock.advance(36_001);
  assert.ok((await browser.openApp(ask({ id_token_hint: idToken, prompt: 'none' }))).parameters.code);
  assert.ok((await browser.openApp(ask({ id_token_hint: idToken }))).parameters.code);
});

test('somebody else’s session does not serve: login_required, or the login page, where only the expected user gets on', async () => {
  const { browser } = await loggedIn(GRACE);
  const id_token_hint = await hintFor({ sub: ada.user_id });
  assert.deepEqual(refusal(await browser.openApp(ask({ id_token_hint, prompt: 'none' }))), LOGIN_REQUIRED);
  const codes = await authorizationCodesOf(server.ctx).count();
  const page = await browser.openPage(ask({ id_token_hint }));
  assert.equal(page.path, '/u/login');
  const wrong = await browser.submitApp(page, { username: GRACE, password: PASSWORD });
  assert.deepEqual(refusal(wrong), LOGIN_REQUIRED);
  assert.equal(wrong.parameters.state, 'xyz');
  assert.equal(await authorizationCodesOf(server.ctx).count(), codes);
  assert.ok((await logIn(browser, 'ada@example.test', { id_token_hint })).parameters.code);
});

test('nobody logged in: login_required, or the login page', async () => {
  const id_token_hint = await hintFor({ sub: ada.user_id });
  assert.deepEqual(refusal(await new Browser(server).openApp(ask({ id_token_hint, prompt: 'none' }))), LOGIN_REQUIRED);
  assert.equal((await new Browser(server).openPage(ask({ id_token_hint }))).path, '/u/login');
});

test('hints that are not the client’s own ID tokens are refused', async () => {
  const { idToken } = await loggedIn();
  const [header, payload = ''] = idToken.split('.');
  const bad: [string, string][] = [
    ['nonsense', 'nonsense'],
    ['another client', await hintFor({ sub: ada.user_id, aud: rival.client_id })],
    ['an API', await hintFor({ sub: ada.user_id, aud: 'https://api.test/' })],
    ['another issuer', await hintFor({ sub: ada.user_id, iss: server.other.issuer })],
    ['nobody', await hintFor({})],
    ['a cut signature', `${header}.${payload}.AAAA`],
    ['no signature', `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`],
    ['from the future', await hintFor({ sub: ada.user_id, nbf: Math.floor(server.clock.now() / 1000) + 900 })],
  ];
  for (const [name, id_token_hint] of bad) {
    const { parameters } = await new Browser(server).openApp(ask({ id_token_hint }));
    assert.deepEqual(
      [parameters.error, parameters.error_description, parameters.state],
      ['invalid_request', 'Invalid id_token_hint', 'xyz'],
      name,
    );
  }
});

test('prompt=none: a user who is gone or blocked meanwhile', async () => {
  const { browser } = await loggedIn(GRACE);
  await usersOf(server.ctx).update(grace.user_id, (user) => ({ ...user, blocked: true }));
  assert.deepEqual(refusal(await browser.openApp(ask({ prompt: 'none' }))), ['unauthorized', 'user is blocked']);
  await usersOf(server.ctx).update(grace.user_id, (user) => ({ ...user, blocked: false }));
  assert.ok((await browser.openApp(ask({ prompt: 'none' }))).parameters.code);
  await usersOf(server.ctx).delete(grace.user_id);
  assert.deepEqual(refusal(await browser.openApp(ask({ prompt: 'none' }))), LOGIN_REQUIRED);
});

test('prompt=none: a session that is too old, that does not count for the client, or that may not consent', async () => {
  const { browser } = await loggedIn();
  server.clock.advance(10);
  assert.deepEqual(refusal(await browser.openApp(ask({ prompt: 'none', max_age: '5' }))), LOGIN_REQUIRED);
  assert.ok((await browser.openApp(ask({ prompt: 'none', max_age: '50' }))).parameters.code);
  const change = (changes: object) =>
    clientsOf(server.ctx).update(app.client_id, (stored) => ({ ...stored, ...changes }));
  await change({ sso_disabled: true });
  assert.deepEqual(refusal(await browser.openApp(ask({ prompt: 'none' }))), LOGIN_REQUIRED);
  await change({ sso_disabled: false, is_first_party: false });
  assert.deepEqual(refusal(await browser.openApp(ask({ prompt: 'none' }))), ['consent_required', 'Consent required']);
  await change({ is_first_party: true });
});
