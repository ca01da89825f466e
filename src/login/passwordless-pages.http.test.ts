import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { authorizeUrl, Browser, type Page } from '../../test/browser.ts';
import {
  addPasswordless,
  addPasswordlessClient,
  changeOptions,
  codeFor,
  otherThan,
  PERSON,
  PHONE,
} from '../../test/passwordless.ts';
import { type TestServer, testServer } from '../../test/server.ts';
import { addDatabase, type Credentials, logTypes, payloadOf } from '../../test/token-fixture.ts';
import type { Connection } from '../resources/connections/index.ts';
import { guardianCollection, guardianSettings } from '../resources/guardian/index.ts';
import { sessionsOf } from '../resources/sessions/index.ts';
import { createPasswordlessUser, usersOf } from '../resources/users/index.ts';

let server: TestServer;
let client: Credentials;
let email: Connection;
let browser: Browser;

beforeEach(async () => {
  server = await testServer();
  client = await addPasswordlessClient(server.ctx);
  email = await addPasswordless(server.ctx, 'email', [client.client_id]);
  browser = new Browser(server);
});
afterEach(() => server.close());

const begin = (parameters: Record<string, string> = {}) =>
  browser.openPage(authorizeUrl({ client_id: client.client_id, ...parameters }));
const askFor = async (username: string, parameters: Record<string, string> = {}) =>
  browser.submitPage(await begin(parameters), { username });

async function exchange(code: string | undefined) {
  const form = { grant_type: 'authorization_code', ...client, code, redirect_uri: 'https://app.test/callback' };
  return server.post('/oauth/token', { form });
}

test('a client with no other connection logs its people in with a code', async () => {
  const page = await begin();
  assert.equal(page.path, '/u/login/identifier');
  const asked = await browser.submitPage(page, { username: PERSON });
  assert.equal(asked.path, '/u/login/passwordless-email-challenge');
  assert.match(asked.html, /ada@example\.test/);
  const { parameters } = await browser.submitApp(asked, { code: await codeFor(server) });
  assert.equal(parameters.state, 'xyz');
  const tokens = await exchange(parameters.code);
  const claims = payloadOf(tokens.json.id_token);
  assert.deepEqual([claims.email, claims.email_verified], [PERSON, true]);
  const [session] = await sessionsOf(server.ctx).list();
  assert.deepEqual(
    session?.methods.map(({ name }) => name),
    ['email'],
  );
  assert.equal((await usersOf(server.ctx).get(String(claims.sub)))?.logins_count, 1);
  const again = await browser.openApp(authorizeUrl({ client_id: client.client_id }));
  assert.ok(again.parameters.code, 'the session serves');
});

test('connection=sms goes to the number’s page, also beside a database', async () => {
  await addDatabase(server.ctx, 'db', [client.client_id]);
  await addPasswordless(server.ctx, 'sms', [client.client_id]);
  assert.equal((await begin()).path, '/u/login', 'with a database among them');
  const asked = await askFor('+1 (555) 123-4567', { connection: 'sms' });
  assert.equal(asked.path, '/u/login/passwordless-sms-challenge');
  const { parameters } = await browser.submitApp(asked, { code: await codeFor(server, PHONE) });
  assert.match(String(payloadOf((await exchange(parameters.code)).json.id_token).sub), /^sms\|/);
});

test('where both are to be had, what is typed decides', async () => {
  await addPasswordless(server.ctx, 'sms', [client.client_id]);
  assert.match((await begin()).html, /Email address or phone number/);
  assert.equal((await askFor(PHONE)).path, '/u/login/passwordless-sms-challenge');
  assert.equal((await askFor(PERSON)).path, '/u/login/passwordless-email-challenge');
});

test('what is typed wrong is told beside the field', async () => {
  const told = async (page: Page, values: Record<string, string>, text: RegExp) => {
    const answer = await browser.submitPage(page, values);
    assert.deepEqual([answer.status, text.test(answer.html)], [400, true], answer.html.slice(-2000));
  };
  const page = await begin();
  await told(page, { username: ' ' }, /Enter your email address/);
  await told(page, { username: 'foo' }, /This doesn&#39;t look like an email address/);
  assert.deepEqual(await server.messages(), []);
  const asked = await browser.submitPage(page, { username: PERSON });
  const code = await codeFor(server);
  await told(asked, { code: '' }, /Enter the code/);
  for (const _ of [1, 2, 3]) await told(asked, { code: otherThan(code) }, /That code isn&#39;t right/);
  await told(asked, { code }, /wrong too often/);
  server.clock.advance(180);
  await told(asked, { code }, /has expired/);
  assert.deepEqual(await usersOf(server.ctx).list(), []);
  assert.ok((await logTypes(server)).includes('f'));
});

test('another code can be asked for, and another address', async () => {
  const asked = await askFor(PERSON);
  const old = await codeFor(server);
  const resent = await browser.submitPage(asked, { action: 'resend-code' });
  assert.equal(resent.status, 200);
  assert.equal((await server.messages({ to: PERSON })).length, 2);
  assert.equal((await browser.submitPage(asked, { code: old })).status, 400);
  const back = await browser.submitPage(asked, { action: 'back' });
  assert.equal(back.path, '/u/login/identifier');
  assert.equal(back.fields.username, PERSON);
});

test('opening the code’s page sends nothing, and without a code leads back', async () => {
  const page = await begin();
  const state = page.fields.state ?? '';
  const opened = await browser.openPage(`/u/login/passwordless-email-challenge?state=${state}`);
  assert.equal(opened.path, '/u/login/identifier');
  assert.deepEqual(await server.messages(), []);
});

test('a code works in the browser and for the login that it was sent for', async () => {
  const asked = await askFor(PERSON);
  const code = await codeFor(server);
  const thief = new Browser(server);
  const answer = await thief.submitPage(asked, { code });
  assert.match(answer.html, /pressed the back button/);
  await browser.submitApp(asked, { code });
  const replayed = await browser.submitPage(asked, { code });
  assert.match(replayed.html, /pressed the back button/);
});

test('a stranger sees the same where nobody may sign up', async () => {
  await changeOptions(server.ctx, email, { disable_signup: true });
  await createPasswordlessUser(server.ctx, { connection: email, email: PERSON });
  const known = await askFor(PERSON);
  const stranger = await askFor('eve@example.test');
  assert.equal(stranger.path, known.path);
  assert.equal((await server.messages({ to: 'eve@example.test' })).length, 0);
});

test('a blocked user’s application is told', async () => {
  await createPasswordlessUser(server.ctx, { connection: email, email: PERSON, blocked: true });
  const asked = await askFor(PERSON);
  const { parameters } = await browser.submitApp(asked, { code: await codeFor(server) });
  assert.deepEqual([parameters.error, parameters.error_description], ['unauthorized', 'user is blocked']);
});

test('a second factor comes after the code', async () => {
  const settings = await guardianSettings(server.ctx);
  const factors = { ...settings.factors, otp: true };
  await server.ctx.store.collection(guardianCollection).put({ ...settings, policies: ['all-applications'], factors });
  const asked = await askFor(PERSON);
  const page = await browser.submitPage(asked, { code: await codeFor(server) });
  assert.match(page.path, /^\/u\/mfa-/);
  assert.deepEqual(await sessionsOf(server.ctx).list(), []);
});

test('too many codes are refused on the page', async () => {
  let page = await begin();
  for (let at = 0; at < 10; at += 1) await browser.submitPage(page, { username: PERSON });
  page = await browser.submitPage(page, { username: PERSON });
  assert.match(page.html, /Too many messages/);
});
