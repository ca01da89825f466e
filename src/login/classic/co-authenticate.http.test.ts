/** Cross-origin authentication: who may prove what from where, and in which words the rest is refused. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { authorizeUrl, Browser } from '../../../test/browser.ts';
import {
  type CrossOriginHouse,
  crossOriginHouse,
  EMAIL,
  errorOf,
  INVALID_TICKET,
  ORIGIN,
} from '../../../test/cross-origin.ts';
import { CONNECTION, PASSWORD, useFactors } from '../../../test/fixtures.ts';
import { addPasswordless, otherThan, PASSWORDLESS_OTP } from '../../../test/passwordless.ts';
import type { TestServer } from '../../../test/server.ts';
import { API, addApi, CALLBACK, changeSettings, logTypes, payloadOf } from '../../../test/token-fixture.ts';
import { clientsOf } from '../../resources/clients/index.ts';
import { sessionsOf } from '../../resources/sessions/index.ts';
import { type User, usersOf } from '../../resources/users/index.ts';

let house: CrossOriginHouse;
let server: TestServer;
let client_id: string;
let client_secret: string;
let user: User;

beforeEach(async () => {
  house = await crossOriginHouse();
  ({ server, client_id, client_secret, user } = house);
  await addApi(server.ctx, { skip_consent_for_verifiable_first_party_clients: true });
});
afterEach(() => server.close());

test('a ticket leads /authorize straight to the application, with a session, scope and audience kept', async () => {
  const browser = new Browser(server);
  const answer = await house.authenticate(browser);
  assert.deepEqual(Object.keys(answer.json).sort(), ['co_id', 'co_verifier', 'login_ticket']);
  assert.equal(answer.headers['access-control-allow-origin'], ORIGIN);
  assert.equal(answer.headers['access-control-allow-credentials'], 'true');
  assert.equal(answer.headers['cache-control'], 'no-store');
  const { login_ticket, co_id } = answer.json;
  assert.match(
    String(answer.headers['set-cookie']),
    new RegExp(`co_${co_id}=[^;]+; .*HttpOnly; Secure; SameSite=None`),
  );
  assert.ok((await logTypes(server)).includes('scoa'));

  const asked = { scope: 'openid email read:things', audience: API };
  const { parameters } = await browser.openApp(house.withTicket(login_ticket, asked));
  assert.deepEqual(browser.trail, ['/authorize']);
  assert.equal(parameters.state, 'xyz');
  const grant = { grant_type: 'authorization_code', client_id, client_secret, redirect_uri: CALLBACK };
  const tokens = await server.post('/oauth/token', { form: { ...grant, code: parameters.code } });
  assert.equal(tokens.json.scope, 'openid email read:things');
  assert.deepEqual(payloadOf(tokens.json.access_token).aud, [API, `${server.url}/userinfo`]);
  assert.ok(browser.jar.auth0);
  assert.equal(browser.jar[`co_${co_id}`], undefined, 'the cookie goes with the ticket');
  const [session] = await sessionsOf(server.ctx).list();
  assert.equal(session?.user_id, user.user_id);
  assert.equal(session?.methods[0]?.name, 'pwd');
  assert.equal((await usersOf(server.ctx).get(user.user_id))?.logins_count, 1);
});

test('it works once, of a hundred tries at once', async () => {
  const browser = new Browser(server);
  const { login_ticket } = await house.earn(browser);
  const tries = Array.from({ length: 100 }, () => {
    const copy = new Browser(server);
    Object.assign(copy.jar, browser.jar);
    return copy.openApp(house.withTicket(login_ticket));
  });
  const arrived = await Promise.all(tries);
  assert.equal(arrived.filter(({ parameters }) => parameters.code).length, 1);
  assert.equal((await sessionsOf(server.ctx).list()).length, 1);
  const { parameters } = await browser.openApp(house.withTicket(login_ticket));
  assert.deepEqual(errorOf(parameters), INVALID_TICKET);
});

test('the popup of auth0.js: an answer by message, without any page; what would need one is refused and the ticket stays good', async () => {
  const browser = new Browser(server);
  await house.change({ callbacks: [`${ORIGIN}/callback`] });
  const silent = { prompt: 'none', response_mode: 'web_message', redirect_uri: `${ORIGIN}/callback` };
  const { login_ticket } = await house.earn(browser);
  const address = house.withTicket(login_ticket, { ...silent, response_type: 'token id_token', nonce: 'n' });
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const refused = await browser.openPage(address);
  assert.match(refused.html, /login_required/);
  assert.match(refused.html, /Multifactor authentication required/);
  await useFactors(server.ctx, []);
  const page = await browser.openPage(address);
  assert.equal(page.status, 200);
  assert.match(page.html, /data-target-origin="https:\/\/spa\.test"/);
  assert.match(page.html, /access_token/);
  assert.match(page.html, /id_token/);
});

test('a second factor is asked for on our pages', async () => {
  const browser = new Browser(server);
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const { login_ticket } = await house.earn(browser);
  const page = await browser.openPage(house.withTicket(login_ticket));
  assert.equal(page.path, '/u/mfa-otp-enrollment');
  assert.equal((await sessionsOf(server.ctx).list()).length, 0, 'no session before it');
});

describe('refused at /co/authenticate', () => {
  const only = (names: string) => `Invalid request body. All and only of ${names} are required.`;
  const REALM_ONLY = only('client_id, credential_type, username, password, realm');
  const cases: [string, () => Record<string, unknown>, number, string, string][] = [
    ['no credential_type', () => house.credentials({ credential_type: undefined }), 400, 'invalid_request', REALM_ONLY],
    ['no realm', () => house.credentials({ realm: undefined }), 400, 'invalid_request', REALM_ONLY],
    ['an empty password', () => house.credentials({ password: '' }), 400, 'invalid_request', REALM_ONLY],
    ['a username that is no text', () => house.credentials({ username: { a: 1 } }), 400, 'invalid_request', REALM_ONLY],
    ['something besides', () => house.credentials({ scope: 'openid' }), 400, 'invalid_request', REALM_ONLY],
    [
      'a realm where there is none',
      () => house.credentials({ credential_type: 'password' }),
      400,
      'invalid_request',
      only('client_id, credential_type, username, password'),
    ],
    [
      'a password for a code',
      () => house.credentials({ credential_type: PASSWORDLESS_OTP }),
      400,
      'invalid_request',
      only('client_id, credential_type, username, otp, realm'),
    ],
    [
      'another credential_type',
      () => house.credentials({ credential_type: 'magic' }),
      400,
      'unsupported_credential_type',
      'Unknown credential type parameter.',
    ],
    [
      'a name of every object',
      () => house.credentials({ credential_type: 'constructor' }),
      400,
      'unsupported_credential_type',
      'Unknown credential type parameter.',
    ],
    [
      'an unknown realm',
      () => house.credentials({ realm: 'non-existent-connection' }),
      400,
      'invalid_request',
      'Unknown realm non-existent-connection.',
    ],
    [
      'a wrong password',
      () => house.credentials({ password: 'wrong' }),
      403,
      'access_denied',
      'Wrong email or password.',
    ],
    [
      'somebody unknown',
      () => house.credentials({ username: 'nobody@example.test' }),
      403,
      'access_denied',
      'Wrong email or password.',
    ],
    [
      'an unknown client',
      () => house.credentials({ client_id: 'nobody' }),
      401,
      'unauthorized_client',
      'Cross origin login not allowed.',
    ],
  ];
  for (const [name, body, status, error, error_description] of cases) {
    test(name, async () => {
      const browser = new Browser(server);
      const answer = await house.authenticate(browser, JSON.parse(JSON.stringify(body())));
      assert.equal(answer.status, status, answer.text);
      assert.deepEqual(errorOf(answer.json), { error, error_description });
      assert.deepEqual(Object.keys(browser.jar), []);
    });
  }

  test('a client that does not allow it, one that is strict, and the tenant’s own', async () => {
    const refused = { error: 'unauthorized_client', error_description: 'Cross origin login not allowed.' };
    const browser = new Browser(server);
    const globals = await clientsOf(server.ctx).list();
    const own = globals.find((client) => client.global);
    assert.deepEqual(
      errorOf((await house.authenticate(browser, house.credentials({ client_id: own?.client_id }))).json),
      refused,
    );
    await house.change({ cross_origin_authentication: false });
    const answer = await house.authenticate(browser);
    assert.equal(answer.status, 401);
    assert.deepEqual(errorOf(answer.json), refused);
    await house.change({
      cross_origin_authentication: true,
      is_first_party: false,
      third_party_security_mode: 'strict',
    });
    assert.deepEqual(errorOf((await house.authenticate(browser)).json), refused);
    assert.ok((await logTypes(server)).includes('fcoa'));
  });

  test('an origin that the client does not list, or none: in plain text, before anything is checked', async () => {
    const browser = new Browser(server);
    const answer = await house.authenticate(browser, house.credentials(), { origin: 'https://evil.test' });
    assert.equal(answer.status, 403);
    assert.equal(answer.text, 'Origin https://evil.test is not allowed.');
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
    assert.equal((await house.authenticate(browser, house.credentials(), {})).text, 'Origin is missing.');
    assert.deepEqual(Object.keys(browser.jar), []);
    const types = await logTypes(server);
    assert.ok(types.includes('fco') && !types.includes('scoa'));
  });

  test('an origin of allowed_origins or of a callback will do', async () => {
    const callback = { origin: 'https://app.test' };
    assert.equal((await house.authenticate(new Browser(server), house.credentials(), callback)).status, 200);
    await house.change({ web_origins: [], allowed_origins: [ORIGIN] });
    assert.equal((await house.authenticate(new Browser(server))).status, 200);
  });

  test('a blocked user, and wrong passwords, counted with those of every other door', async () => {
    const browser = new Browser(server);
    await usersOf(server.ctx).update(user.user_id, (stored) => ({ ...stored, blocked: true }));
    const blocked = await house.authenticate(browser);
    assert.deepEqual(
      [blocked.status, errorOf(blocked.json)],
      [403, { error: 'blocked_user', error_description: 'Blocked user' }],
    );
    await usersOf(server.ctx).update(user.user_id, (stored) => ({ ...stored, blocked: false }));
    for (let failures = 0; failures < 10; failures++)
      await house.authenticate(browser, house.credentials({ password: 'wrong' }));
    const answer = await house.authenticate(browser);
    assert.equal(answer.status, 429);
    assert.equal(answer.json.error, 'too_many_attempts');
    const page = await browser.openPage(authorizeUrl({ client_id }));
    assert.match((await browser.submitPage(page, { username: EMAIL, password: PASSWORD })).html, /blocked/);
    assert.ok((await logTypes(server)).includes('limit_wc'));
  });

  test('a form, which browsers send across origins unasked', async () => {
    const form = Object.fromEntries(Object.entries(house.credentials())) as Record<string, string>;
    const answer = await server.post('/co/authenticate', { form, headers: { origin: ORIGIN } });
    assert.equal(answer.status, 415);
  });

  test('preflights: credentials for listed origins, nothing for others', async () => {
    const ask = (origin: string) =>
      server.request('OPTIONS', '/co/authenticate', { headers: { origin, 'access-control-request-method': 'POST' } });
    const answer = await ask(ORIGIN);
    assert.equal(answer.status, 204);
    assert.equal(answer.headers['access-control-allow-credentials'], 'true');
    assert.equal(answer.headers['access-control-allow-origin'], ORIGIN);
    assert.equal((await ask('https://evil.test')).status, 403);
  });
});

test('credential_type password: the default directory', async () => {
  const { realm: _, ...body } = house.credentials({ credential_type: 'password' });
  const browser = new Browser(server);
  assert.equal((await house.authenticate(browser, body)).status, 400, 'there is none');
  await changeSettings(server.ctx, { default_directory: CONNECTION });
  const { login_ticket } = await house.earn(browser, body);
  const { parameters } = await browser.openApp(authorizeUrl({ client_id, login_ticket }));
  assert.ok(parameters.code);
});

test('a code that was sent: used up by the ticket alone', async () => {
  await addPasswordless(server.ctx, 'email', [client_id]);
  const browser = new Browser(server);
  const start = { client_id, connection: 'email', email: 'grace@example.test', send: 'code' };
  await house.change({ token_endpoint_auth_method: 'none' });
  assert.equal((await server.post('/passwordless/start', { json: start })).status, 200);
  const [mail] = await server.messages({ to: 'grace@example.test' });
  const otp = mail?.code ?? '';
  const { password: _, ...body } = house.credentials({
    credential_type: PASSWORDLESS_OTP,
    username: 'grace@example.test',
    realm: 'email',
    otp: otherThan(otp),
  });
  const wrong = await house.authenticate(browser, body);
  assert.deepEqual([wrong.status, wrong.json.error_description], [403, 'Wrong email or verification code.']);
  assert.equal(wrong.json.error, 'access_denied');
  const { login_ticket } = await house.earn(browser, { ...body, otp });
  assert.equal((await house.authenticate(browser, { ...body, otp })).status, 403, 'the code is used up');
  const { parameters } = await browser.openApp(house.withTicket(login_ticket, { realm: 'email' }));
  assert.ok(parameters.code);
  assert.equal((await sessionsOf(server.ctx).list())[0]?.methods[0]?.name, 'email');
});
