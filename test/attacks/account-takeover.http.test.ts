/** Ways into somebody's account that outlive the moment in which they should have closed. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { User } from '../../src/resources/users/index.ts';
import { authorizeUrl, Browser } from '../browser.ts';
import {
  addApplication,
  addPerson,
  CONNECTION,
  type Credentials,
  PASSWORD,
  PASSWORD_REALM,
  useFactors,
} from '../fixtures.ts';
import { managementToken } from '../management.ts';
import { type Answer, type TestServer, testServer } from '../server.ts';

const CALLBACK = 'https://app.test/callback';
const NEW_PASSWORD = 'Another-horse-2';

let server: TestServer;
let app: Credentials;
let user: User;
let email: string;
let people = 0;

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx);
});
beforeEach(async () => {
  people += 1;
  email = `user${people}@example.test`;
  user = await addPerson(server.ctx, email);
});
after(() => server.close());

async function change(body: Record<string, unknown>): Promise<Answer> {
  const bearer = await managementToken(server, ['update:users']);
  const json = { connection: CONNECTION, ...body };
  const answer = await server.request('PATCH', `/api/v2/users/${encodeURIComponent(user.user_id)}`, { bearer, json });
  assert.equal(answer.status, 200, answer.text);
  return answer;
}

async function obtainCode(password = PASSWORD): Promise<string> {
  const browser = new Browser(server);
  const page = await browser.openPage(authorizeUrl({ client_id: app.client_id, scope: 'openid offline_access' }));
  const arrived = await browser.submitApp(page, { username: email, password });
  assert.ok(arrived.parameters.code);
  return arrived.parameters.code;
}

const redeem = (code: string) =>
  server.post('/oauth/token', { form: { ...app, grant_type: 'authorization_code', code, redirect_uri: CALLBACK } });

test('a code from before a change of password is worth nothing after it', async () => {
  const code = await obtainCode();
  server.clock.advance(1);
  await change({ password: NEW_PASSWORD });
  const refused = await redeem(code);
  assert.deepEqual([refused.status, refused.json.error], [403, 'invalid_grant']);
  assert.ok((await redeem(await obtainCode(NEW_PASSWORD))).json.refresh_token);
});

test('a token for the MFA API from before a change of password neither adds nor lists factors after it', async () => {
  await useFactors(server.ctx, ['otp']);
  const logIn = async (password: string) => {
    const form = { ...app, grant_type: PASSWORD_REALM, realm: CONNECTION, username: email, password };
    const answer = await server.post('/oauth/token', { form: { ...form, audience: `${server.issuer}mfa/` } });
    return answer.json.access_token as string;
  };
  const associate = (bearer: string) =>
    server.post('/mfa/associate', { bearer, json: { authenticator_types: ['otp'] } });
  const before = await logIn(PASSWORD);
  assert.equal((await associate(before)).status, 200);
  server.clock.advance(1);
  await change({ password: NEW_PASSWORD });
  assert.deepEqual([(await associate(before)).status, (await associate(before)).json.error], [401, 'invalid_token']);
  assert.equal((await server.get('/mfa/authenticators', { bearer: before })).status, 401);
  assert.equal((await associate(await logIn(NEW_PASSWORD))).status, 200);
});

test('a reset link that was mailed to an address is worth nothing once the account has another', async () => {
  await server.post('/dbconnections/change_password', {
    json: { client_id: app.client_id, connection: CONNECTION, email },
  });
  const [mail] = await server.messages({ channel: 'email', to: email });
  const browser = new Browser(server);
  const page = await browser.openPage(mail?.link ?? '');
  const form = { 'password-reset': NEW_PASSWORD, 're-enter-password': NEW_PASSWORD };
  const moved = `moved-${email}`;
  await change({ email: moved, email_verified: true });
  assert.equal((await browser.submitPage(page, form)).status, 400);
  assert.equal((await browser.openPage(mail?.link ?? '')).status, 400);
  email = moved;
  assert.ok(await obtainCode());
});

test('ten reset mails to one account, however its address is written', async () => {
  const ask = (username: string) =>
    server.post('/dbconnections/change_password', {
      json: { client_id: app.client_id, connection: CONNECTION, username },
    });
  const spellings = Array.from({ length: 30 }, (_, at) => `${' '.repeat(at % 3)}${email}${'\u00a0'.repeat(at)}`);
  const statuses = [];
  for (const spelling of spellings) statuses.push((await ask(spelling)).status);
  assert.equal((await server.messages({ channel: 'email', to: email })).length, 10);
  assert.equal(statuses.filter((status) => status === 429).length, 20);
});

test('links in mails lead to the tenant’s own domain, whatever the request claims', async () => {
  const json = { client_id: app.client_id, connection: CONNECTION, email };
  const forged = { 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'http', forwarded: 'host=evil.test' };
  assert.equal((await server.post('/dbconnections/change_password', { json, headers: forged })).status, 200);
  const elsewhere = await server.post('/dbconnections/change_password', { json, headers: { host: 'evil.test' } });
  assert.equal(elsewhere.status, 404);
  const mails = await server.messages({ channel: 'email', to: email });
  assert.deepEqual(
    mails.map(({ link }) => new URL(link ?? '').origin),
    [server.url],
  );
});
