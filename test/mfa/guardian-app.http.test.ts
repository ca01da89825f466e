/** An app made with the Guardian SDKs: what it sends, from scanning the QR code to approving logins and leaving. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { approvePush, listPushes, rejectPush } from '../../src/mfa/index.ts';
import { useFactors } from '../fixtures.ts';
import { type TestServer, testServer } from '../server.ts';
import { DEVICE, type GuardianApp, guardianApp, PUSH, strangersSigner } from './guardian-app.ts';
import { type MfaClient, mfaClient } from './mfa-client.ts';

let server: TestServer;
let client: MfaClient;
let app: GuardianApp;
let people = 0;

before(async () => {
  server = await testServer();
  app = guardianApp(server);
  await useFactors(server.ctx, ['otp', 'push-notification', 'recovery-code'], ['all-applications']);
});
after(() => server.close());
beforeEach(async () => {
  people += 1;
  client = await mfaClient(server, { email: `person${people}@example.test` });
});

test('the app scans, registers its device, and the login goes on', async () => {
  const mfaToken = await client.mfaToken();
  const begun = (await client.associate(mfaToken, PUSH)).json;
  const registered = await app.register(begun.barcode_uri);
  assert.equal(registered.status, 200, registered.text);
  const { id, url, issuer, token, totp } = registered.json;
  assert.match(id, /^dev_\w{16}$/);
  assert.deepEqual([url, issuer], [`${server.issuer}appliance-mfa`, 'tenant']);
  assert.ok(token.length > 20);
  assert.deepEqual({ ...totp, secret: '' }, { secret: '', algorithm: 'sha1', digits: 6, period: 30 });
  assert.equal((await app.register(begun.barcode_uri)).json.errorCode, 'enrollment_transaction_not_found');

  assert.equal((await client.oob(mfaToken, begun.oob_code)).status, 200);
  const listed = (await client.list(await client.mfaToken())).json.filter(
    (one: { type: string }) => one.type !== 'recovery-code',
  );
  assert.deepEqual(listed, [
    {
      id: `push|${id}`,
      authenticator_type: 'oob',
      active: true,
      oob_channel: 'auth0',
      name: DEVICE.name,
      type: 'push-notification',
    },
    { id: `totp|${id}`, authenticator_type: 'otp', active: true, type: 'otp' },
  ]);
});

test('a login is approved in the app', async () => {
  await app.enroll(client);
  const mfaToken = await client.mfaToken();
  const challenged = await client.challenge(mfaToken, { challenge_type: 'oob' });
  assert.deepEqual(Object.keys(challenged.json), ['challenge_type', 'oob_code']);
  const data = await app.notification();
  assert.deepEqual(Object.keys(data).sort(), ['c', 'd', 'dai', 's', 'sh', 'txtkn']);
  assert.equal(data.sh, `${server.issuer}appliance-mfa`);
  assert.deepEqual(JSON.parse(data.s ?? ''), {});

  assert.equal((await client.oob(mfaToken, challenged.json.oob_code)).json.error, 'authorization_pending');
  const approved = await app.resolve(data, { auth0_guardian_accepted: true });
  assert.equal(approved.status, 204, approved.text);
  assert.equal(
    (await app.resolve(data, { auth0_guardian_accepted: false })).json.errorCode,
    'login_transaction_not_found',
  );
  assert.equal((await client.oob(mfaToken, challenged.json.oob_code)).status, 200);
});

test('a login is rejected in the app, once and for all', async () => {
  await app.enroll(client);
  const mfaToken = await client.mfaToken();
  const { oob_code } = (await client.challenge(mfaToken)).json;
  await app.resolve(await app.notification(), { auth0_guardian_accepted: false, auth0_guardian_reason: 'hack' });
  const rejected = await client.oob(mfaToken, oob_code);
  assert.deepEqual(
    [rejected.status, rejected.json],
    [400, { error: 'access_denied', error_description: 'MFA Authorization rejected.' }],
  );
  assert.equal((await client.oob(mfaToken, oob_code)).json.error_description, 'Invalid oob_code.');
});

test('an answer that the device did not sign, or not for this, changes nothing', async () => {
  await app.enroll(client);
  const mfaToken = await client.mfaToken();
  const { oob_code } = (await client.challenge(mfaToken)).json;
  const data = await app.notification();
  const yes = { auth0_guardian_accepted: true };
  const wrong = [
    { ...yes, sub: 'another challenge' },
    { ...yes, aud: 'https://elsewhere.test/' },
    { ...yes, iss: 'another installation' },
    { ...yes, exp: Math.floor(server.clock.now() / 1000) - 61 },
    { ...yes, auth0_guardian_method: 'sms' },
    { auth0_guardian_accepted: 'true' },
  ];
  for (const claims of wrong) {
    const answer = await app.resolve(data, claims);
    assert.deepEqual([answer.status, answer.json.errorCode], [401, 'invalid_token'], JSON.stringify(claims));
  }
  assert.equal((await app.resolve(data, yes, strangersSigner)).status, 401);
  const lost = await app.resolve({ ...data, txtkn: 'made-up' }, yes);
  assert.equal(lost.json.errorCode, 'login_transaction_not_found');
  assert.equal((await client.oob(mfaToken, oob_code)).json.error, 'authorization_pending');
});

test('a device that cannot be checked is not registered', async () => {
  const begun = (await client.associate(await client.mfaToken(), PUSH)).json;
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
  const refused = [
    {},
    { ...DEVICE, public_key: undefined },
    { ...DEVICE, public_key: short },
    { ...DEVICE, public_key: { kty: 'RSA', n: '', e: '' } },
    { ...DEVICE, name: '' },
    { ...DEVICE, push_credentials: { service: 'CARRIER-PIGEON', token: 'x' } },
  ];
  for (const device of refused) {
    const answer = await app.register(begun.barcode_uri, device);
    assert.deepEqual([answer.status, answer.json.errorCode], [400, 'invalid_body'], JSON.stringify(device));
  }
  assert.equal((await app.register(begun.barcode_uri)).status, 200);
});

test('the app keeps its account up to date and removes it, by its token or by what it signs', async () => {
  const account = await app.enroll(client);
  const path = `/appliance-mfa/api/device-accounts/${account.id}`;
  const renamed = await server.request('PATCH', path, { bearer: account.token, json: { name: 'New phone' } });
  assert.deepEqual(renamed.json, {
    identifier: DEVICE.identifier,
    name: 'New phone',
    push_credentials: DEVICE.push_credentials,
  });
  const jwt = await app.sign({ iss: account.id, sub: account.user_id }, 'api/device-accounts');
  const moved = { push_credentials: { service: 'APNS', token: 'apns-token' } };
  assert.deepEqual(
    (await server.request('PATCH', path, { bearer: jwt, json: moved })).json.push_credentials,
    moved.push_credentials,
  );
  assert.equal((await server.request('DELETE', path, { bearer: 'made-up' })).json.errorCode, 'invalid_token');
  const another = await app.sign({ iss: account.id, sub: 'auth0|somebody' }, 'api/device-accounts');
  assert.equal((await server.request('DELETE', path, { bearer: another })).status, 401);

  await client.challenge(await client.mfaToken());
  const [message] = await server.messages({ channel: 'push' });
  assert.equal(message?.to, 'apns-token');
  const data = message?.data as { aps: { category: string }; mfa: { s: object; dai: string } };
  assert.equal(data.aps.category, 'com.auth0.notification.authentication');
  assert.deepEqual([data.mfa.dai, data.mfa.s], [account.id, {}]);

  assert.equal((await server.request('DELETE', path, { bearer: jwt })).status, 204);
  assert.equal((await server.request('DELETE', path, { bearer: jwt })).json.errorCode, 'device_account_not_found');
  const left = (await client.list(await client.mfaToken())).json.map((one: { type: string }) => one.type);
  assert.deepEqual(left, ['recovery-code']);
});

test('the app’s one-time passwords are a factor too, and go with it', async () => {
  const account = await app.enroll(client);
  assert.equal((await client.otp(await client.mfaToken(), client.code(account.secret))).status, 200);
  server.clock.advance(30);
  const stopped = (await client.login({ audience: `${server.issuer}mfa/`, scope: 'remove:authenticators' })).json;
  const access = (await client.otp(stopped.mfa_token, client.code(account.secret))).json.access_token;
  assert.equal((await client.remove(access, `totp|${account.id}`)).status, 204);
  assert.equal((await client.remove(access, `push|${account.id}`)).status, 404);
});

test('five notifications a minute', async () => {
  await app.enroll(client);
  const mfaToken = await client.mfaToken();
  const statuses: number[] = [];
  for (let at = 0; at < 6; at++) statuses.push((await client.challenge(mfaToken)).status);
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429]);
});

test('in development a person answers in place of the app', async () => {
  const mfaToken = await client.mfaToken();
  const begun = (await client.associate(mfaToken, PUSH)).json;
  const [waiting] = await listPushes(server.ctx);
  assert.equal(waiting?.status, 'pending');
  await approvePush(server.ctx, waiting?.id ?? '');
  assert.equal((await client.oob(mfaToken, begun.oob_code)).status, 200);

  const second = await client.mfaToken();
  server.clock.advance(1);
  const { oob_code } = (await client.challenge(second)).json;
  await rejectPush(server.ctx, (await listPushes(server.ctx))[0]?.id ?? '');
  assert.equal((await client.oob(second, oob_code)).json.error, 'access_denied');
  const production = { ...server.ctx, development: false };
  await assert.rejects(approvePush(production, 'any'), /development/);
});

test('what cannot be read is refused in the same words as everything else', async () => {
  const json = { 'content-type': 'application/json' };
  const unreadable = [
    { status: 400, form: 'no JSON', headers: json, errorCode: 'invalid_body' },
    { status: 413, form: 'x'.repeat(100_000), headers: json, errorCode: undefined },
    { status: 415, form: 'a=b', errorCode: undefined },
  ];
  for (const { status, errorCode, ...sent } of unreadable) {
    const answer = await server.request('POST', '/appliance-mfa/api/enroll', sent);
    assert.deepEqual([answer.json.statusCode, answer.json.errorCode], [status, errorCode], answer.text);
    assert.equal(typeof answer.json.message, 'string');
  }
  const garbled = await server.request('DELETE', '/appliance-mfa/api/device-accounts/%E0%A4%A');
  assert.equal(garbled.json.statusCode, 400);
});
