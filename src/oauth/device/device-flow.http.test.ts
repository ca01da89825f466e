import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Browser } from '../../../test/browser.ts';
import {
  activate,
  addDeviceClient,
  askForCodes,
  DEVICE_GRANT,
  newCodes,
  poll,
  typeCode,
} from '../../../test/device-fixture.ts';
import { createProver } from '../../../test/dpop.ts';
import { addApplication, addPerson, useFactors } from '../../../test/fixtures.ts';
import { managementToken } from '../../../test/management.ts';
import { mfaClient } from '../../../test/mfa/mfa-client.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { API, addApi, payloadOf, refusalOf } from '../../../test/token-fixture.ts';
import { clientsOf } from '../../resources/clients/index.ts';
import { consentGrantsOf } from '../../resources/grants/index.ts';
import { logsOf } from '../../resources/logs/index.ts';
import { refreshTokensOf } from '../../resources/refresh-tokens/index.ts';
import { resourceServersCollection } from '../../resources/resource-servers/index.ts';
import { sessionsOf } from '../../resources/sessions/index.ts';
import { deleteUser, type User, usersOf } from '../../resources/users/index.ts';
import { deferredAuthorizationsOf } from '../deferred/deferred.store.ts';

const PENDING = [403, 'authorization_pending', 'User has yet to authorize device code.'] as const;
const UNKNOWN = [403, 'invalid_grant', 'Invalid or expired device code.'] as const;

let server: TestServer;
let client: string;
let browser: Browser;
let ada: User;

before(async () => {
  server = await testServer();
  client = await addDeviceClient(server.ctx);
  await addApi(server.ctx, { skip_consent_for_verifiable_first_party_clients: true } as never);
  ada = await addPerson(server.ctx);
});
after(() => server.close());
beforeEach(() => {
  browser = new Browser(server);
  // Allowances of the tests before are full again.
  server.clock.advance(600);
});

const logged = async (type: string) => logsOf(server.ctx).list({ where: { type } });

test('a device gets codes in the form of the tenant', async () => {
  const answer = await askForCodes(server, client);
  assert.equal(answer.status, 200);
  const { device_code, user_code, ...rest } = answer.json;
  assert.deepEqual(Object.keys(answer.json), [
    'device_code',
    'user_code',
    'verification_uri',
    'expires_in',
    'interval',
    'verification_uri_complete',
  ]);
  assert.match(device_code, /^[\w-]{43}$/);
  assert.match(user_code, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
  assert.deepEqual(rest, {
    verification_uri: `${server.issuer}activate`,
    expires_in: 900,
    interval: 5,
    verification_uri_complete: `${server.issuer}activate?user_code=${user_code}`,
  });
  const json = await server.post('/oauth/device/code', { json: { client_id: client, scope: 'openid' } });
  assert.equal(json.status, 200);
  assert.ok(!JSON.stringify(await deferredAuthorizationsOf(server.ctx).list()).includes(user_code));
});

test('charset and mask are the tenant’s; what could be guessed is refused when it is written', async () => {
  const bearer = await managementToken(server, ['update:tenant_settings']);
  const write = (device_flow: unknown) =>
    server.request('PATCH', '/api/v2/tenants/settings', { bearer, json: { device_flow } });
  const refused = [
    { charset: 'base20', mask: '***-****' },
    { charset: 'digits', mask: '****-****' },
    { mask: 'ABCD-****-****' },
    { mask: '********_' },
  ];
  for (const device_flow of refused) {
    const answer = await write(device_flow);
    assert.deepEqual([answer.status, answer.json.errorCode], [400, 'invalid_body'], JSON.stringify(device_flow));
  }
  assert.equal((await write({ charset: 'digits', mask: '*** *** ***' })).status, 200);
  const { user_code } = await newCodes(server, client);
  assert.match(user_code, /^\d{3} \d{3} \d{3}$/);
  assert.equal((await typeCode(browser, user_code.replaceAll(' ', ''))).path, '/u/device-confirmation');
  assert.equal((await write({ charset: 'digits' })).status, 200);
  assert.match((await newCodes(server, client)).user_code, /^\d{3}-\d{3}-\d{3}$/);
  assert.equal((await write(null)).status, 200);
  assert.match((await newCodes(server, client)).user_code, /^[A-Z]{4}-[A-Z]{4}$/);
});

test('who may not use it, or not for this API, is told so and logged', async () => {
  const notAllowed = "Grant type 'urn:ietf:params:oauth:grant-type:device_code' not allowed for the client.";
  const web = await addApplication(server.ctx);
  const secretive = await addDeviceClient(server.ctx, { token_endpoint_auth_method: 'client_secret_post' });
  const others = [
    await addDeviceClient(server.ctx, { grant_types: ['refresh_token'] }),
    await addDeviceClient(server.ctx, { app_type: 'spa' }),
    await addDeviceClient(server.ctx, { oidc_conformant: false }),
  ];
  for (const client_id of others)
    assert.deepEqual(refusalOf(await askForCodes(server, client_id)), [403, 'unauthorized_client', notAllowed]);
  assert.deepEqual(refusalOf(await askForCodes(server, web.client_id)), [401, 'access_denied', 'Unauthorized']);
  assert.deepEqual(refusalOf(await askForCodes(server, secretive)), [401, 'access_denied', 'Unauthorized']);
  assert.deepEqual(refusalOf(await askForCodes(server, 'nobody')), [401, 'access_denied', 'Unauthorized']);
  assert.equal((await server.post('/oauth/device/code', { form: {} })).json.error, 'invalid_client');
  const unknown = await askForCodes(server, client, { audience: 'https://nowhere.test/' });
  assert.deepEqual(refusalOf(unknown), [403, 'access_denied', 'Service not found: https://nowhere.test/']);
  const list = await server.post('/oauth/device/code', { json: { client_id: client, scope: 7 } });
  assert.deepEqual(refusalOf(list), [400, 'invalid_scope', 'Scope must be an array or a string']);
  const rows = await logged('fdeaz');
  assert.equal(rows.length, 9);
  assert.ok(rows.some(({ description, client_id }) => description === notAllowed && client_id === others[0]));
});

test('codes are counted by address: a hundred, then one every five seconds', async () => {
  const codes = () => askForCodes(server, client, {}, '203.0.113.9');
  const answers = await Promise.all(Array.from({ length: 101 }, codes));
  assert.equal(answers.filter(({ status }) => status === 200).length, 100);
  const refused = await codes();
  const text = 'Too many requests. Wait for some minutes before retrying.';
  assert.deepEqual(refusalOf(refused), [429, 'too_many_requests', text]);
  assert.equal(refused.headers['x-ratelimit-remaining'], '0');
  assert.equal((await askForCodes(server, client)).status, 200);
  server.clock.advance(5);
  assert.equal((await codes()).status, 200);
  assert.ok((await logged('fdeaz')).some(({ description }) => description === text));
});

test('the whole flow: type the code, confirm it, log in; the device gets tokens, once', async () => {
  const scope = 'openid profile offline_access read:things';
  const { device_code, user_code } = await newCodes(server, client, { audience: API, scope });
  assert.deepEqual(refusalOf(await poll(server, client, device_code)), PENDING);
  const confirmation = await typeCode(browser, ` ${user_code.toLowerCase().replace('-', ' ')} `);
  assert.equal(confirmation.path, '/u/device-confirmation');
  for (const shown of [/With API, Television/, /things: read/, /If you did not start this yourself/])
    assert.match(confirmation.html, shown);
  assert.ok(confirmation.html.includes(user_code));
  const login = await browser.submitPage(confirmation, { action: 'accept' });
  assert.equal(login.path, '/u/login');
  server.clock.advance(5);
  assert.deepEqual(refusalOf(await poll(server, client, device_code)), PENDING);
  const done = await browser.submitPage(login, { username: 'ada@example.test', password: 'Correct-horse-1' });
  assert.equal(done.path, '/device/success');
  assert.match(done.html, /Your device is connected/);

  const tokens = await poll(server, client, device_code);
  assert.equal(tokens.status, 200, tokens.text);
  const { access_token, id_token, refresh_token, ...rest } = tokens.json;
  assert.deepEqual(rest, { scope, expires_in: 86_400, token_type: 'Bearer' });
  const access = payloadOf(access_token);
  assert.deepEqual([access.sub, access.azp, access.gty], [ada.user_id, client, undefined]);
  const id = payloadOf(id_token);
  assert.deepEqual([id.sub, id.aud, id.auth_time], [ada.user_id, client, undefined]);
  assert.match(String(id.sid), /^[\w-]{32}$/);
  assert.equal(id.name, ada.name);
  assert.deepEqual(refusalOf(await poll(server, client, device_code)), UNKNOWN);
  const refreshed = await server.post('/oauth/token', {
    form: { grant_type: 'refresh_token', client_id: client, refresh_token },
  });
  assert.equal(refreshed.status, 200, refreshed.text);
  const [row] = await logged('sede');
  assert.deepEqual([row?.client_id, row?.user_id, row?.audience], [client, ada.user_id, API]);
  assert.equal((await logged('fede')).length, 1);
  assert.equal((await usersOf(server.ctx).get(ada.user_id))?.logins_count, 1);
});

test('the QR code’s address leads to the page that asks whether the code is right; a session then is enough', async () => {
  await activate(browser, (await newCodes(server, client)).user_code);
  const { device_code, verification_uri_complete } = await newCodes(server, client);
  const confirmation = await browser.openPage(verification_uri_complete);
  assert.equal(confirmation.path, '/u/device-confirmation');
  assert.match(confirmation.html, /Logged in as ada@example\.test/);
  server.clock.advance(1);
  assert.equal((await poll(server, client, device_code)).json.error, 'authorization_pending');
  const done = await browser.submitPage(confirmation, { action: 'accept' });
  assert.equal(done.path, '/device/success');
  assert.equal((await poll(server, client, device_code)).status, 200);
});

test('cancelled: the device is told, the browser too, the log has it', async () => {
  const { device_code, user_code } = await newCodes(server, client);
  const page = await browser.submitPage(await typeCode(browser, user_code), { action: 'deny' });
  assert.equal(page.path, '/device/failure');
  assert.match(page.html, /was not connected/);
  const told = [403, 'access_denied', 'User cancelled the confirmation prompt.'];
  assert.deepEqual(refusalOf(await poll(server, client, device_code)), told);
  assert.deepEqual(refusalOf(await poll(server, client, device_code)), told);
  assert.equal((await logged('fdecc'))[0]?.client_id, client);
  const again = await typeCode(browser, user_code);
  assert.equal(again.status, 400);
  assert.match(again.html, /isn&#39;t right, or it has expired/);
});

test('consent is asked of third parties; who declines it declines the device', async () => {
  const stranger = await addDeviceClient(server.ctx);
  await clientsOf(server.ctx).update(stranger, (stored) => ({ ...stored, is_first_party: false }));
  const wish = { audience: API, scope: 'openid read:things' };
  const declined = await newCodes(server, stranger, wish);
  const consent = await activate(browser, declined.user_code);
  assert.equal(consent.path, '/u/consent');
  assert.equal((await browser.submitPage(consent, { action: 'deny' })).path, '/device/failure');
  const told = [403, 'access_denied', 'User did not authorize the request'];
  assert.deepEqual(refusalOf(await poll(server, stranger, declined.device_code)), told);
  assert.ok((await logged('fdeac')).some(({ description }) => description === told[2]));
  const accepted = await newCodes(server, stranger, wish);
  const asked = await activate(browser, accepted.user_code);
  assert.equal((await browser.submitPage(asked, { action: 'accept' })).path, '/device/success');
  assert.equal((await poll(server, stranger, accepted.device_code)).json.scope, 'openid read:things');
  assert.equal(await consentGrantsOf(server.ctx).count({ clientID: stranger }), 1);
});

test('a code that has expired: said once to the device, and no page takes it', async () => {
  const { device_code, user_code } = await newCodes(server, client);
  const confirmation = await typeCode(browser, user_code);
  server.clock.advance(899);
  assert.equal((await poll(server, client, device_code)).json.error, 'authorization_pending');
  server.clock.advance(1);
  assert.equal((await typeCode(new Browser(server), user_code)).status, 400);
  const login = await browser.submitPage(confirmation, { action: 'accept' });
  const late = await browser.submitPage(login, { username: 'ada@example.test', password: 'Correct-horse-1' });
  assert.equal(late.path, '/device/failure');
  assert.match(late.html, /no longer valid/);
  assert.deepEqual(refusalOf(await poll(server, client, device_code)), [
    403,
    'expired_token',
    'The device code is expired.',
  ]);
  assert.deepEqual(refusalOf(await poll(server, client, device_code)), UNKNOWN);
});

test('an approved code that is not fetched in time is worth nothing', async () => {
  const { device_code, user_code } = await newCodes(server, client);
  await activate(browser, user_code);
  server.clock.advance(900);
  const answers = await Promise.all(Array.from({ length: 10 }, () => poll(server, client, device_code)));
  const errors = answers.map(({ json }) => json.error).sort();
  assert.deepEqual(errors, ['expired_token', ...Array(9).fill('invalid_grant')]);
});

test('a device that asks too often is slowed down, and five seconds more each time', async () => {
  const { device_code, user_code } = await newCodes(server, client);
  const ask = async (seconds: number) => {
    server.clock.advance(seconds);
    const answer = await poll(server, client, device_code);
    return answer.json.error === 'slow_down' ? refusalOf(answer) : answer.json.error;
  };
  const tooFast = (seconds: number) => [
    429,
    'slow_down',
    `You are polling faster than the specified interval of ${seconds} seconds.`,
  ];
  assert.equal(await ask(0), 'authorization_pending');
  assert.equal(await ask(5), 'authorization_pending');
  assert.deepEqual(await ask(4), tooFast(5));
  assert.deepEqual(await ask(9), tooFast(10));
  assert.equal(await ask(15), 'authorization_pending');
  assert.equal(
    (await logged('fede')).filter(({ description }) => /polling|yet to/.test(String(description))).length,
    0,
  );
  // Whoever has approved need not wait for a device that is impatient.
  await activate(browser, user_code);
  assert.equal((await poll(server, client, device_code)).status, 200);
});

test('second factors are asked for as in any login, and the ID token says so', async () => {
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const careful = await mfaClient(server, { email: 'careful@example.test' });
  const { secret } = await careful.enrollOtp();
  const { device_code, user_code } = await newCodes(server, client);
  const challenge = await activate(browser, user_code, 'careful@example.test');
  assert.equal(challenge.path, '/u/mfa-otp-challenge');
  assert.equal((await poll(server, client, device_code)).json.error, 'authorization_pending');
  server.clock.advance(30);
  const done = await browser.submitPage(challenge, { code: careful.code(secret) });
  assert.equal(done.path, '/device/success');
  const id = payloadOf((await poll(server, client, device_code)).json.id_token);
  assert.deepEqual(id.amr, ['mfa']);
  await useFactors(server.ctx, []);
});

test('an API that goes away while its user logs in: the device is told why', async () => {
  const identifier = 'https://short-lived.test/';
  const { id } = await addApi(server.ctx, { identifier });
  const { device_code, user_code } = await newCodes(server, client, { audience: identifier });
  const confirmation = await typeCode(browser, user_code);
  await server.ctx.store.collection(resourceServersCollection).delete(id);
  assert.equal((await browser.submitPage(confirmation, { action: 'accept' })).path, '/device/failure');
  const told = [403, 'access_denied', `Service not found: ${identifier}`];
  assert.deepEqual(refusalOf(await poll(server, client, device_code)), told);
});

test('a hundred polls at once: one gets the tokens', async () => {
  const { device_code, user_code } = await newCodes(server, client, { scope: 'openid offline_access' });
  await activate(browser, user_code);
  const before = await refreshTokensOf(server.ctx).count();
  const answers = await Promise.all(Array.from({ length: 100 }, () => poll(server, client, device_code)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  for (const answer of answers.filter(({ status }) => status !== 200)) assert.deepEqual(refusalOf(answer), UNKNOWN);
  assert.equal(await refreshTokensOf(server.ctx).count(), before + 1);
});

test('a user who was blocked or deleted, or has a new password, gets nothing', async () => {
  const approvedBy = async (email: string) => {
    const user = await addPerson(server.ctx, email);
    const { device_code, user_code } = await newCodes(server, client);
    assert.equal((await activate(new Browser(server), user_code, email)).path, '/device/success');
    return { user, device_code };
  };
  const blocked = await approvedBy('blocked@example.test');
  await usersOf(server.ctx).update(blocked.user.user_id, (user) => ({ ...user, blocked: true }));
  assert.deepEqual(refusalOf(await poll(server, client, blocked.device_code)), [
    403,
    'unauthorized',
    'user is blocked',
  ]);
  const deleted = await approvedBy('deleted@example.test');
  await deleteUser(server.ctx, deleted.user.user_id);
  assert.deepEqual(refusalOf(await poll(server, client, deleted.device_code)), UNKNOWN);
  const changed = await approvedBy('changed@example.test');
  const last_password_reset = new Date(server.clock.now() + 1).toISOString();
  await usersOf(server.ctx).update(changed.user.user_id, (user) => ({ ...user, last_password_reset }));
  assert.deepEqual(refusalOf(await poll(server, client, changed.device_code)), UNKNOWN);
});

test('what comes of a session that was handed over ends with it', async () => {
  await activate(browser, (await newCodes(server, client)).user_code);
  const [session] = await sessionsOf(server.ctx).list({ orderBy: 'created_at', descending: true, limit: 1 });
  assert.ok(session);
  await sessionsOf(server.ctx).update(session.id, (stored) => ({ ...stored, transferred_from: 'family' }));
  const { device_code, user_code } = await newCodes(server, client, { scope: 'openid offline_access' });
  assert.equal((await activate(browser, user_code)).path, '/device/success');
  await sessionsOf(server.ctx).deleteWhere({ transferred_from: 'family' });
  assert.deepEqual(refusalOf(await poll(server, client, device_code)), UNKNOWN);
});

test('what is left out of the form, or is no text, is said as for every grant', async () => {
  const grant_type = DEVICE_GRANT;
  const missing = await server.post('/oauth/token', { form: { grant_type, client_id: client } });
  assert.deepEqual(refusalOf(missing), [400, 'invalid_request', 'Missing required parameter: device_code']);
  assert.deepEqual(refusalOf(await poll(server, client, 'made up')), UNKNOWN);
  const empty = await browser.submitPage(await browser.openPage('/activate'), { user_code: '' });
  assert.equal(empty.status, 400);
  assert.match(empty.html, /Enter the code that your device shows/);
});

test('no organization, and none for a client whose users must have one', async () => {
  const named = await askForCodes(server, client, { organization: 'org_0123456789abcdef' });
  assert.match(named.json.error_description, /organization is not allowed/);
  const strict = await addDeviceClient(server.ctx, { organization_usage: 'require' });
  const text = 'parameter organization is required for this client';
  assert.deepEqual(refusalOf(await askForCodes(server, strict)), [400, 'invalid_request', text]);
});

test('tokens are bound to the key that the device proves when it asks for them', async () => {
  const bound = await addDeviceClient(server.ctx, { require_proof_of_possession: true });
  const { device_code, user_code } = await newCodes(server, bound);
  await activate(browser, user_code);
  assert.notEqual((await poll(server, bound, device_code)).status, 200);
  const prover = createProver(server.clock);
  const form = { grant_type: DEVICE_GRANT, client_id: bound, device_code };
  const ask = (nonce?: string) => {
    const dpop = prover.proof(`${server.issuer}oauth/token`, nonce === undefined ? {} : { nonce });
    return server.post('/oauth/token', { form, headers: { dpop } });
  };
  const told = await ask();
  const tokens = told.status === 200 ? told : await ask(told.headers['dpop-nonce']);
  assert.equal(tokens.status, 200, tokens.text);
  assert.equal(tokens.json.token_type, 'DPoP');
});

test('discovery names the endpoint', async () => {
  const document = (await server.get('/.well-known/openid-configuration')).json;
  assert.equal(document.device_authorization_endpoint, `${server.issuer}oauth/device/code`);
});
