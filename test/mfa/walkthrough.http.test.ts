/** The traces that a user of the MFA API follows, from the first `mfa_required` to the last token. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { decodeJwt } from '../../src/platform/crypto/index.ts';
import { useFactors } from '../fixtures.ts';
import { type TestServer, testServer } from '../server.ts';
import { type MfaClient, mfaClient } from './mfa-client.ts';

const API_ANSWER = { scope: 'enroll read:authenticators remove:authenticators', expires_in: 600, token_type: 'Bearer' };

let server: TestServer;
let client: MfaClient;
let people = 0;

before(async () => {
  server = await testServer();
  await useFactors(server.ctx, ['otp', 'sms', 'recovery-code', 'push-notification'], ['all-applications']);
});
after(() => server.close());
beforeEach(async () => {
  people += 1;
  client = await mfaClient(server, { email: `person${people}@example.test` });
});

/** The answer of an enrolment or challenge that was confirmed with an access token of the MFA API. */
function assertApiAnswer(json: Record<string, unknown>): void {
  const { access_token, ...rest } = json;
  assert.deepEqual(rest, API_ANSWER);
  assert.equal(decodeJwt(String(access_token))?.payload.aud, `${server.issuer}mfa/`);
}

interface Listed {
  readonly id: string;
  readonly type: string;
}

/** Without the random part of the id. */
const nameless = (one: Listed): Listed => ({ ...one, id: one.id.replace(/dev_\w{16}$/, 'dev_') });
const byType = (one: Listed, other: Listed) => one.type.localeCompare(other.type);

test('A: a first factor through mfa_required', async () => {
  const stopped = await client.login({ scope: 'openid email' });
  assert.equal(stopped.status, 403);
  const { mfa_token, ...rest } = stopped.json;
  assert.match(mfa_token, /^Fe26\.2\*/);
  assert.deepEqual(rest, {
    error: 'mfa_required',
    error_description: 'Multifactor authentication required',
    mfa_requirements: { enroll: [{ type: 'push-notification' }, { type: 'otp' }, { type: 'phone' }] },
  });
  assert.deepEqual((await client.list(mfa_token)).json, []);

  const begun = await client.associate(mfa_token, { authenticator_types: ['otp'] });
  assert.equal(begun.status, 200);
  assert.deepEqual(Object.keys(begun.json), ['authenticator_type', 'secret', 'barcode_uri', 'recovery_codes']);
  const { secret, barcode_uri, recovery_codes } = begun.json;
  assert.match(secret, /^[A-Z2-7]{32}$/);
  assert.match(recovery_codes[0], /^[A-Z1-9]{24}$/);
  const account = encodeURIComponent(client.email);
  assert.equal(
    barcode_uri,
    `otpauth://totp/tenant:${account}?secret=${secret}&issuer=tenant&algorithm=SHA1&digits=6&period=30`,
  );
  const pending = (await client.list(mfa_token)).json.map(nameless);
  assert.deepEqual(pending.sort(byType), [
    { id: 'totp|dev_', authenticator_type: 'otp', active: false, type: 'otp' },
    { id: 'recovery-code|dev_', authenticator_type: 'recovery-code', active: false, type: 'recovery-code' },
  ]);

  const tokens = await client.otp(mfa_token, client.code(secret));
  assert.equal(tokens.status, 200);
  assert.equal(tokens.json.scope, 'openid email');
  assert.ok(tokens.json.id_token);
  assert.equal((await client.otp(mfa_token, client.code(secret, 1))).json.error_description, 'Malformed mfa_token');

  const again = await client.login();
  assert.deepEqual(again.json.mfa_requirements, { challenge: [{ type: 'otp' }, { type: 'recovery-code' }] });
  const refused = await client.associate(again.json.mfa_token, { authenticator_types: ['otp'] });
  assert.deepEqual(
    [refused.status, refused.json],
    [403, { error: 'access_denied', error_description: 'User is already enrolled.' }],
  );
  const active = (await client.list(again.json.mfa_token)).json.map((one: { active: boolean }) => one.active);
  assert.deepEqual(active, [true, true]);
});

test('B: both factors, enrolled while logged in (text message, then one-time password)', async () => {
  // Without a factor the MFA API's audience is free, whatever the policy.
  const access = await client.accessToken('enroll');
  const begun = await client.associate(access, {
    authenticator_types: ['oob'],
    oob_channels: ['sms'],
    phone_number: '+15551234567',
  });
  assert.deepEqual(Object.keys(begun.json), [
    'authenticator_type',
    'binding_method',
    'recovery_codes',
    'oob_channel',
    'oob_code',
  ]);
  assert.deepEqual(
    [begun.json.authenticator_type, begun.json.binding_method, begun.json.oob_channel],
    ['oob', 'prompt', 'sms'],
  );
  assert.match(begun.json.oob_code, /^Fe26\.2\*/);
  const [message] = await server.messages({ channel: 'sms' });
  assert.equal(message?.to, '+15551234567');
  assert.match(message?.text ?? '', /^\d{6} is your verification code for tenant\. Please enter this code/);

  const confirmed = await server.post('/oauth/token', {
    bearer: access,
    form: {
      ...client.credentials,
      grant_type: 'http://auth0.com/oauth/grant-type/mfa-oob',
      mfa_token: access,
      oob_code: begun.json.oob_code,
      binding_code: message?.code,
    },
  });
  assert.equal(confirmed.status, 200);
  assertApiAnswer(confirmed.json);

  const otp = await client.associate(access, { authenticator_types: ['otp'] });
  assert.deepEqual(Object.keys(otp.json), ['authenticator_type', 'secret', 'barcode_uri']);
  const second = await client.otp(access, client.code(otp.json.secret));
  assert.equal(second.status, 200, second.text);
  assertApiAnswer(second.json);

  const full = second.json.access_token;
  const ids = (await client.list(full)).json.map((one: { id: string }) => one.id.split('|')[0]);
  assert.deepEqual(ids.sort(), ['recovery-code', 'sms', 'totp', 'voice']);
});

test('B: the MFA API is behind the factor that the user has', async () => {
  await client.enrollOtp();
  const stopped = await client.login({ audience: `${server.issuer}mfa/`, scope: 'enroll' });
  assert.equal(stopped.json.error, 'mfa_required');
});

test('C: a push enrolment waits for the app, and a push challenge for its answer', async () => {
  const mfaToken = await client.mfaToken();
  const begun = await client.associate(mfaToken, { authenticator_types: ['oob'], oob_channels: ['auth0'] });
  assert.deepEqual(Object.keys(begun.json), [
    'authenticator_type',
    'barcode_uri',
    'oob_channel',
    'oob_code',
    'recovery_codes',
  ]);
  const base = encodeURIComponent(`${server.issuer}appliance-mfa`);
  assert.match(
    begun.json.barcode_uri,
    new RegExp(`^otpauth://totp/tenant:[^?]+\\?enrollment_tx_id=\\w{32}&base_url=${base}$`),
  );
  const waiting = await client.oob(mfaToken, begun.json.oob_code);
  assert.deepEqual(
    [waiting.status, waiting.json],
    [
      400,
      {
        error: 'authorization_pending',
        error_description: 'Authorization pending: please repeat the request in a few seconds.',
      },
    ],
  );
});

test('D: a recovery code is good for one login and brings the next', async () => {
  const { recovery_code = '' } = await client.enrollOtp();
  const first = await client.recover(await client.mfaToken(), recovery_code);
  assert.equal(first.status, 200, first.text);
  assert.match(first.json.recovery_code, /^[A-Z1-9]{24}$/);
  assert.notEqual(first.json.recovery_code, recovery_code);
  const again = await client.recover(await client.mfaToken(), recovery_code);
  assert.deepEqual(
    [again.status, again.json],
    [403, { error: 'invalid_grant', error_description: 'MFA Authorization rejected.' }],
  );
  assert.equal((await client.recover(await client.mfaToken(), first.json.recovery_code)).status, 200);
});
