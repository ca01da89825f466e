import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Browser } from '../../../../test/browser.ts';
import {
  addPasswordless,
  addPasswordlessClient,
  otherThan,
  PERSON,
  redeem,
  start,
} from '../../../../test/passwordless.ts';
import { type TestServer, testServer } from '../../../../test/server.ts';
import { CALLBACK, type Credentials, logTypes, payloadOf } from '../../../../test/token-fixture.ts';
import type { Connection } from '../../../resources/connections/index.ts';
import { guardianCollection, guardianSettings } from '../../../resources/guardian/index.ts';
import { sessionsOf } from '../../../resources/sessions/index.ts';
import { createPasswordlessUser, usersOf } from '../../../resources/users/index.ts';

const WRONG = 'Wrong email or verification code.';
const PARAMS = { scope: 'openid email', redirect_uri: CALLBACK, state: 'the state', nonce: 'the nonce' };

let server: TestServer;
let client: Credentials;
let email: Connection;

beforeEach(async () => {
  server = await testServer();
  client = await addPasswordlessClient(server.ctx);
  email = await addPasswordless(server.ctx, 'email', [client.client_id]);
});
afterEach(() => server.close());

/** The link of a mail. */
async function mailed(authParams: Record<string, string> = PARAMS): Promise<URL> {
  const answer = await start(server, client, { send: 'link', authParams });
  assert.equal(answer.status, 200, answer.text);
  const [mail] = await server.messages({ to: PERSON });
  return new URL(mail?.link ?? '');
}
function changed(link: URL, changes: Record<string, string>): URL {
  const url = new URL(link);
  for (const [name, value] of Object.entries(changes)) url.searchParams.set(name, value);
  return url;
}
const follow = (link: URL, browser = new Browser(server)) => browser.openApp(link.pathname + link.search);
const codeOf = (link: URL) => link.searchParams.get('verification_code') ?? '';

async function idTokenOf(code: string | undefined) {
  const form = { grant_type: 'authorization_code', ...client, code, redirect_uri: CALLBACK };
  const answer = await server.post('/oauth/token', { form });
  assert.equal(answer.status, 200, answer.text);
  return payloadOf(answer.json.id_token);
}

test('the link leads straight to the application, with a code and a session', async () => {
  const browser = new Browser(server);
  const { parameters } = await follow(await mailed(), browser);
  assert.deepEqual(browser.trail, ['/passwordless/verify_redirect']);
  assert.equal(parameters.state, 'the state');
  const claims = await idTokenOf(parameters.code);
  assert.deepEqual([claims.email, claims.email_verified, claims.nonce], [PERSON, true, 'the nonce']);
  const [session] = await sessionsOf(server.ctx).list();
  assert.equal(session?.user_id, claims.sub);
  assert.ok(browser.jar.auth0);
  assert.ok((await logTypes(server)).includes('s'));
});

test('it works once, of a hundred who follow it at once', async () => {
  const link = await mailed();
  const arrivals = await Promise.all(Array.from({ length: 100 }, () => follow(link)));
  assert.equal(arrivals.filter(({ parameters }) => parameters.code).length, 1);
  const { parameters } = await follow(link);
  const { error, error_description, state } = parameters;
  assert.deepEqual([error, error_description, state], ['unauthorized', WRONG, 'the state']);
  assert.equal((await usersOf(server.ctx).list()).length, 1);
});

test('a wrong code is told to the application, and three of them end it', async () => {
  const link = await mailed();
  const wrong = changed(link, { verification_code: otherThan(codeOf(link)) });
  for (const _ of [1, 2, 3]) assert.equal((await follow(wrong)).parameters.error_description, WRONG);
  const { parameters } = await follow(link);
  assert.match(parameters.error_description ?? '', /maximum number of attempts/);
  assert.deepEqual(await usersOf(server.ctx).list(), []);
});

test('late is late', async () => {
  const link = await mailed();
  server.clock.advance(180);
  assert.match((await follow(link)).parameters.error_description ?? '', /has expired/);
});

test('a request that is refused for something else uses nothing up', async () => {
  const link = await mailed();
  const elsewhere = changed(link, { redirect_uri: 'https://evil.test/' });
  const page = await server.get(elsewhere.pathname + elsewhere.search);
  assert.equal(page.status, 403);
  assert.equal(page.headers.location, undefined);
  const unknown = changed(link, { client_id: 'nobody' });
  assert.equal((await server.get(unknown.pathname + unknown.search)).status, 400);
  const audience = await follow(changed(link, { audience: 'https://nobody.test/' }));
  assert.equal(audience.parameters.error, 'access_denied');
  const missing = changed(link, { verification_code: '' });
  assert.equal((await server.get(missing.pathname + missing.search)).status, 400);
  assert.ok((await follow(link)).parameters.code);
});

test('what only looks at the link does not use it up', async () => {
  const link = await mailed();
  const path = link.pathname + link.search;
  assert.equal((await server.request('HEAD', path)).status, 404);
  for (const name of ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'])
    assert.equal((await server.get(path, { headers: { [name]: 'prefetch' } })).status, 204, name);
  assert.ok((await follow(link)).parameters.code);
});

test('the code of a link is a code: whichever way comes first', async () => {
  const link = await mailed();
  assert.equal((await redeem(server, client, codeOf(link))).status, 200);
  assert.equal((await follow(link)).parameters.error, 'unauthorized');
});

test('another client, and another tenant, cannot follow it', async () => {
  const link = await mailed();
  const other = await addPasswordlessClient(server.ctx);
  const disabled = await follow(changed(link, { client_id: other.client_id }));
  assert.equal(disabled.parameters.error_description, 'the connection was disabled');
  const there = await addPasswordlessClient(server.other.ctx);
  await addPasswordless(server.other.ctx, 'email', [there.client_id]);
  const away = changed(link, { client_id: there.client_id });
  const { parameters } = await new Browser(server.other).openApp(away.pathname + away.search);
  assert.equal(parameters.error_description, WRONG);
});

test('tokens come over the browser where the link asks for them', async () => {
  const link = await mailed({ ...PARAMS, response_type: 'id_token token' });
  const { url } = await follow(link);
  const fragment = new URLSearchParams(url.hash.slice(1));
  assert.ok(fragment.get('access_token'));
  assert.equal(payloadOf(fragment.get('id_token') ?? '').email, PERSON);
});

test('a blocked user’s application is told', async () => {
  await createPasswordlessUser(server.ctx, { connection: email, email: PERSON, blocked: true });
  const { parameters } = await follow(await mailed());
  assert.deepEqual([parameters.error, parameters.error_description], ['unauthorized', 'user is blocked']);
});

test('a second factor comes after the link', async () => {
  const settings = await guardianSettings(server.ctx);
  const factors = { ...settings.factors, otp: true };
  await server.ctx.store.collection(guardianCollection).put({ ...settings, policies: ['all-applications'], factors });
  const link = await mailed();
  const page = await new Browser(server).openPage(link.pathname + link.search);
  assert.match(page.path, /^\/u\/mfa-/);
  assert.deepEqual(await sessionsOf(server.ctx).list(), []);
});

test('whoever was logged in before is not any more', async () => {
  const browser = new Browser(server);
  await follow(await mailed(), browser);
  const before = browser.jar.auth0;
  await start(server, client, { email: 'eve@example.test', send: 'link', authParams: PARAMS });
  const [mail] = await server.messages({ to: 'eve@example.test' });
  const { parameters } = await follow(new URL(mail?.link ?? ''), browser);
  assert.equal((await idTokenOf(parameters.code)).email, 'eve@example.test');
  assert.notEqual(browser.jar.auth0, before);
  assert.equal((await sessionsOf(server.ctx).list()).length, 1);
});
