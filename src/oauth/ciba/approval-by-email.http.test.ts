import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Browser } from '../../../test/browser.ts';
import { addBackchannelClient, ask, asked, linkTo, poll } from '../../../test/ciba-fixture.ts';
import { addPerson, type Credentials, PASSWORD, useFactors } from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { API, addApi, payloadOf, refusalOf } from '../../../test/token-fixture.ts';
import { consentGrantsOf } from '../../resources/grants/index.ts';
import { logsOf } from '../../resources/logs/index.ts';
import { type User, usersOf } from '../../resources/users/index.ts';

const EMAIL = 'ada@example.test';
const BY_EMAIL = { requested_expiry: '301' };
const DECLINED = 'The end-user denied the authorization request or it has been expired';
const typed = { username: EMAIL, password: PASSWORD };

let server: TestServer;
let client: Credentials;
let browser: Browser;
let ada: User;

before(async () => {
  server = await testServer();
  client = await addBackchannelClient(server.ctx);
  await addApi(server.ctx, { authorization_details: [{ type: 'money_transfer' }] } as never);
  ada = await addPerson(server.ctx, EMAIL);
});
after(() => server.close());
beforeEach(() => {
  browser = new Browser(server);
  server.clock.advance(600);
});

/** Opens the newest link and logs in where that is asked for. */
async function openRequest(): Promise<Awaited<ReturnType<Browser['openPage']>>> {
  const page = await browser.openPage(await linkTo(server, EMAIL));
  return page.path === '/u/login' ? browser.submitPage(page, typed) : page;
}

test('the mailed link leads to a login and to what is asked for; approved there, the application gets tokens, once', async () => {
  const details = [{ type: 'money_transfer', amount: '2500' }];
  const wish = {
    scope: 'openid offline_access read:things',
    audience: API,
    requested_expiry: '259200',
    authorization_details: JSON.stringify(details),
  };
  const answer = await ask(server, client, ada.user_id, wish);
  assert.deepEqual([answer.json.expires_in, answer.json.interval], [259_200, 5]);
  const { auth_req_id } = answer.json;
  const [mail] = await server.messages({ to: EMAIL });
  assert.match(mail?.text ?? '', /Call centre asks for your approval at tenant\. Request code: TEST-BINDING-MESSAGE/);
  const link = await linkTo(server, EMAIL);
  assert.equal(link.pathname, '/bc-verify');
  server.clock.advance(86_400);
  const login = await browser.openPage(link);
  assert.equal(login.path, '/u/login');
  assert.equal(login.fields.username, EMAIL);
  const page = await browser.submitPage(login, typed);
  assert.equal(page.path, '/u/request-approval');
  for (const shown of [
    /Call centre/,
    /TEST-BINDING-MESSAGE/,
    /things: read/,
    /money_transfer/,
    /2500/,
    /Logged in as ada@example\.test/,
  ])
    assert.match(page.html, shown);
  assert.equal((await poll(server, client, auth_req_id)).json.error, 'authorization_pending');
  const done = await browser.submitPage(page, { action: 'accept' });
  assert.equal(done.path, '/bc-verify/result');
  assert.match(done.html, /Request approved/);
  const tokens = await poll(server, client, auth_req_id);
  assert.equal(tokens.status, 200, tokens.text);
  assert.equal(tokens.json.scope, wish.scope);
  assert.deepEqual(tokens.json.authorization_details, details);
  const id = payloadOf(tokens.json.id_token);
  assert.deepEqual([id.sub, id.aud], [ada.user_id, client.client_id]);
  assert.match(String(id.sid), /^[\w-]{32}$/);
  assert.equal((await poll(server, client, auth_req_id)).json.error, 'invalid_grant');
  // Used up: the link, too.
  assert.match((await browser.openPage(link)).html, /no longer open/);
  // An approval is for this once: it is no consent.
  assert.equal(await consentGrantsOf(server.ctx).count(), 0);
});

test('declined', async () => {
  const auth_req_id = await asked(server, client, ada.user_id, BY_EMAIL);
  const done = await browser.submitPage(await openRequest(), { action: 'deny' });
  assert.equal(done.path, '/bc-verify/result');
  assert.match(done.html, /Request declined/);
  assert.deepEqual(refusalOf(await poll(server, client, auth_req_id)), [400, 'access_denied', DECLINED]);
  assert.match((await browser.openPage(await linkTo(server, EMAIL))).html, /no longer open/);
});

test('whoever is logged in already only has to answer, every time', async () => {
  await asked(server, client, ada.user_id, BY_EMAIL);
  await browser.submitPage(await openRequest(), { action: 'accept' });
  const again = await asked(server, client, ada.user_id, BY_EMAIL);
  const page = await browser.openPage(await linkTo(server, EMAIL));
  assert.equal(page.path, '/u/request-approval');
  await browser.submitPage(page, { action: 'accept' });
  assert.equal((await poll(server, client, again)).status, 200);
});

test('second factors are asked for as in any login', async () => {
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const auth_req_id = await asked(server, client, ada.user_id, BY_EMAIL);
  const page = await openRequest();
  assert.match(page.path, /^\/u\/mfa-/);
  const state = new URL(page.url).searchParams.get('state') ?? '';
  assert.equal((await browser.openPage(`/u/request-approval?state=${state}`)).path, page.path);
  await useFactors(server.ctx, []);
  assert.equal((await poll(server, client, auth_req_id)).json.error, 'authorization_pending');
});

test('a request that has expired while it was read', async () => {
  const auth_req_id = await asked(server, client, ada.user_id, BY_EMAIL);
  const page = await openRequest();
  server.clock.advance(301);
  const late = await browser.submitPage(page, { action: 'accept' });
  assert.match(late.html, /no longer open/);
  assert.deepEqual(refusalOf(await poll(server, client, auth_req_id)), [400, 'access_denied', DECLINED]);
});

test('the client’s channels and the expiry choose how the user is asked', async () => {
  const channels = (async_approval_notification_channels?: string[]) =>
    addBackchannelClient(server.ctx, { async_approval_notification_channels } as never);
  const needs = (expiry: number, channel: string) =>
    `A requested_expiry of ${expiry} needs the notification channel ${channel}, which is not enabled for the client`;
  const byPush = await channels(['guardian-push']);
  const unsaid = await channels(undefined);
  for (const one of [byPush, unsaid])
    assert.equal((await ask(server, one, ada.user_id, BY_EMAIL)).json.error_description, needs(301, 'email'));
  const byMail = await channels(['email']);
  for (const one of [byMail, client]) {
    const before = (await server.messages({ channel: 'email', to: EMAIL })).length;
    assert.equal((await ask(server, one, ada.user_id, { requested_expiry: '300' })).status, 200);
    assert.equal(
      (await server.messages({ channel: 'email', to: EMAIL })).length,
      before + 1,
      'who has no app is mailed',
    );
  }
  const nobody = await addPerson(server.ctx, 'unverified@example.test');
  await usersOf(server.ctx).update(nobody.user_id, (user) => ({ ...user, email_verified: false }));
  const unverified = await ask(server, byMail, nobody.user_id, BY_EMAIL);
  assert.deepEqual(refusalOf(unverified), [400, 'access_denied', 'The user is without a verified email address']);
  const neither = await ask(server, client, nobody.user_id);
  const lacks = 'not enrolled in push notifications and without a verified email address';
  assert.deepEqual(refusalOf(neither), [400, 'access_denied', `The user is ${lacks}`]);
  assert.equal((await server.messages({ to: 'unverified@example.test' })).length, 0);
});

test('a link that nobody was sent', async () => {
  for (const path of ['/bc-verify', '/bc-verify?consent=', '/bc-verify?consent=made-up'])
    assert.match((await browser.openPage(path)).html, /no longer open/, path);
  assert.equal((await logsOf(server.ctx).list({ where: { type: 'fn' } })).length, 0);
});
