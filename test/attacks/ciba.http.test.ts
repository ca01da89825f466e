/** Attacks on OpenID CIBA: answering for somebody else, taking another's tokens, passing an approval off as a proof of identity. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Browser } from '../browser.ts';
import { addBackchannelClient, ask, asked, hintOf, linkTo, personWithApp, poll } from '../ciba-fixture.ts';
import { addPerson, type Credentials, PASSWORD, useFactors } from '../fixtures.ts';
import { type GuardianApp, strangersSigner } from '../mfa/guardian-app.ts';
import { mfaClient } from '../mfa/mfa-client.ts';
import { type TestServer, testServer } from '../server.ts';
import { refusalOf } from '../token-fixture.ts';

const EMAIL = 'ada@example.test';
const BY_EMAIL = { requested_expiry: '600' };
const UNKNOWN = [400, 'invalid_grant', 'Invalid or expired auth_req_id'] as const;
const YES = { auth0_guardian_accepted: true };

let server: TestServer;
let client: Credentials;
let app: GuardianApp;
let ada: string;

before(async () => {
  server = await testServer();
  client = await addBackchannelClient(server.ctx);
  ({ app, user_id: ada } = await personWithApp(server, EMAIL));
  await addPerson(server.ctx, 'eve@example.test');
});
after(() => server.close());
beforeEach(() => server.clock.advance(600));

const isPending = async (auth_req_id: string) =>
  assert.equal((await poll(server, client, auth_req_id)).json.error, 'authorization_pending');

test('whoever else has the mail can neither approve nor decline, nor see what is asked for', async () => {
  const auth_req_id = await asked(server, client, ada, BY_EMAIL);
  const link = await linkTo(server, EMAIL);
  const eve = new Browser(server);
  const login = await eve.openPage(link);
  const refused = await eve.submitPage(login, { username: 'eve@example.test', password: PASSWORD });
  assert.equal(refused.status, 403);
  assert.match(refused.html, /Another user was asked/);
  assert.doesNotMatch(refused.html, /TEST-BINDING-MESSAGE/);
  const state = new URL(login.url).searchParams.get('state') ?? '';
  for (const action of ['accept', 'deny']) {
    const forged = await server.post('/u/request-approval', { form: { state, action }, jar: eve.jar });
    assert.equal(forged.status, 400);
  }
  await isPending(auth_req_id);
  // Ada can still answer.
  const browser = new Browser(server);
  const page = await browser.submitPage(await browser.openPage(link), { username: EMAIL, password: PASSWORD });
  await browser.submitPage(page, { action: 'accept' });
  assert.equal((await poll(server, client, auth_req_id)).status, 200);
});

test('a session of somebody else is not enough, and is not taken for the right one', async () => {
  const eve = new Browser(server);
  await asked(server, client, ada, BY_EMAIL);
  const forEve = await asked(server, client, (await addPerson(server.ctx, 'mallory@example.test')).user_id, BY_EMAIL);
  const own = await eve.openPage(await linkTo(server, 'mallory@example.test'));
  await eve.submitPage(await eve.submitPage(own, { username: 'mallory@example.test', password: PASSWORD }), {
    action: 'accept',
  });
  assert.equal((await poll(server, client, forEve)).status, 200);
  assert.equal((await eve.openPage(await linkTo(server, EMAIL))).path, '/u/login');
});

test('another site’s form approves nothing: the answer needs the state of the login, in its browser', async () => {
  const auth_req_id = await asked(server, client, ada, BY_EMAIL);
  const browser = new Browser(server);
  const link = await linkTo(server, EMAIL);
  const page = await browser.submitPage(await browser.openPage(link), { username: EMAIL, password: PASSWORD });
  const other = await new Browser(server).openPage(link);
  const otherState = new URL(other.url).searchParams.get('state') ?? '';
  for (const state of ['', 'made-up', otherState]) {
    const forged = await server.post('/u/request-approval', { form: { state, action: 'accept' }, jar: browser.jar });
    assert.equal(forged.status, 400);
  }
  const elsewhere = await server.post('/u/request-approval', { form: { ...page.fields, action: 'accept' }, jar: {} });
  assert.equal(elsewhere.status, 400);
  await isPending(auth_req_id);
});

test('another client, and another tenant, get nothing for an auth_req_id and use nothing up', async () => {
  const auth_req_id = await asked(server, client, ada);
  await app.resolve(await app.notification(), YES);
  const thief = await addBackchannelClient(server.ctx);
  assert.deepEqual(refusalOf(await poll(server, thief, auth_req_id)), UNKNOWN);
  const foreign = await addBackchannelClient(server.other.ctx);
  assert.deepEqual(refusalOf(await poll(server.other, foreign, auth_req_id)), UNKNOWN);
  const wrong = await poll(server, { ...client, client_secret: 'wrong' }, auth_req_id);
  assert.equal(wrong.status, 401);
  assert.equal((await poll(server, client, auth_req_id)).status, 200);
});

test('a user of another tenant is unknown, by either issuer', async () => {
  const foreign = await addBackchannelClient(server.other.ctx);
  assert.equal((await ask(server.other, foreign, ada)).json.error, 'unknown_user_id');
  const byIssuer = await ask(server.other, foreign, ada, { login_hint: hintOf(server, ada) });
  assert.match(byIssuer.json.error_description, /"iss" must be/);
});

test('only the device that was notified answers, once', async () => {
  const auth_req_id = await asked(server, client, ada);
  const data = await app.notification();
  assert.equal((await app.resolve(data, YES, strangersSigner)).status, 401);
  assert.equal((await app.resolve({ ...data, txtkn: 'made-up' }, YES)).status, 404);
  assert.equal((await app.resolve(data, { ...YES, sub: 'another challenge' })).status, 401);
  await isPending(auth_req_id);
  assert.equal((await app.resolve(data, { auth0_guardian_accepted: false })).status, 204);
  assert.equal((await app.resolve(data, YES)).status, 404);
  assert.equal((await poll(server, client, auth_req_id)).json.error, 'access_denied');
});

test('an approval is no second factor, and a second factor no approval', async () => {
  await useFactors(server.ctx, ['otp', 'push-notification'], ['all-applications']);
  const login = await mfaClient(server, { email: 'bob@example.test' });
  const { user_id } = await app.enroll(login);
  const mfaToken = await login.mfaToken();
  const { oob_code } = (await login.challenge(mfaToken)).json;
  const forLogin = await app.notification();
  server.clock.advance(1);
  const auth_req_id = await asked(server, client, user_id);
  const forRequest = await app.notification();
  assert.notEqual(forRequest.txtkn, forLogin.txtkn);
  assert.equal(forLogin.txlnkid, undefined);
  await app.resolve(forLogin, YES);
  await isPending(auth_req_id);
  server.clock.advance(1);
  const second = (await login.challenge(mfaToken)).json.oob_code;
  await app.resolve(forRequest, YES);
  // What the application polls with opens no login, and what a login polls with no request.
  assert.equal((await login.oob(mfaToken, second)).json.error, 'authorization_pending');
  assert.equal((await login.oob(mfaToken, auth_req_id)).json.error, 'invalid_grant');
  assert.deepEqual(refusalOf(await poll(server, client, oob_code)), UNKNOWN);
  assert.equal((await poll(server, client, auth_req_id)).status, 200);
  await useFactors(server.ctx, ['otp', 'push-notification']);
});

test('a device code is no auth_req_id, and the other way round', async () => {
  const auth_req_id = await asked(server, client, ada);
  await app.resolve(await app.notification(), YES);
  const form = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', ...client, device_code: auth_req_id };
  assert.equal((await server.post('/oauth/token', { form })).json.error, 'unauthorized_client');
  assert.equal((await poll(server, client, auth_req_id)).status, 200);
});
