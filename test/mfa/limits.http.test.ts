/** What guards codes: attempts that are counted before they are answered, single use, and allowances of messages. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { useFactors } from '../fixtures.ts';
import { type Answer, type TestServer, testServer } from '../server.ts';
import { type MfaClient, mfaClient } from './mfa-client.ts';

const TOO_MANY_CODES = 'Too many failed codes. Wait for some minutes before retrying.';
const SMS = { authenticator_types: ['oob'], oob_channels: ['sms'], phone_number: '+15551239167' };

let server: TestServer;
let client: MfaClient;
let people = 0;

before(async () => {
  server = await testServer();
  await useFactors(server.ctx, ['otp', 'sms', 'email', 'recovery-code'], ['all-applications']);
});
after(() => server.close());
beforeEach(async () => {
  people += 1;
  client = await mfaClient(server, { email: `person${people}@example.test` });
});

const wrongOf = (code: string) => (code === '000000' ? '111111' : '000000');
const count = (answers: Answer[], description: string) =>
  answers.filter((answer) => answer.json.error_description === description).length;
const manyTimes = (n: number, call: () => Promise<Answer>) => Promise.all(Array.from({ length: n }, call));

test('100 wrong one-time passwords at once cost 100 attempts: ten are answered, then even the right one is refused', async () => {
  const { secret } = await client.enrollOtp();
  server.clock.advance(30);
  const mfaToken = await client.mfaToken();
  const wrong = wrongOf(client.code(secret));
  const answers = await manyTimes(100, () => client.otp(mfaToken, wrong));
  assert.equal(count(answers, 'Invalid otp_code.'), 10);
  assert.equal(count(answers, TOO_MANY_CODES), 90);
  const right = await client.otp(mfaToken, client.code(secret));
  assert.deepEqual([right.status, right.json], [429, { error: 'invalid_request', error_description: TOO_MANY_CODES }]);

  server.clock.advance(6 * 60);
  const allowed = await client.otp(mfaToken, client.code(secret));
  assert.equal(allowed.status, 200, allowed.text);
});

test('a one-time password is accepted once, and none before it', async () => {
  const { secret } = await client.enrollOtp();
  const used = client.code(secret);
  assert.equal((await client.otp(await client.mfaToken(), used)).json.error_description, 'Invalid otp_code.');
  const early = await client.otp(await client.mfaToken(), client.code(secret, 1));
  assert.equal(early.status, 200);
  server.clock.advance(30);
  assert.equal(
    (await client.otp(await client.mfaToken(), client.code(secret))).json.error_description,
    'Invalid otp_code.',
  );
  const far = await client.otp(await client.mfaToken(), client.code(secret, 3));
  assert.equal(far.json.error_description, 'Invalid otp_code.');
});

test('of 100 exchanges of one one-time password exactly one succeeds, whatever the mfa_token', async () => {
  const { secret } = await client.enrollOtp();
  server.clock.advance(60);
  const tokens = await Promise.all([client.mfaToken(), client.mfaToken()]);
  let at = 0;
  const answers = await manyTimes(100, () => client.otp(tokens[at++ % 2] ?? '', client.code(secret)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
});

test('of 100 exchanges of one oob_code, or of one recovery code, exactly one succeeds', async () => {
  const { recovery_code = '', secret } = await client.enrollOtp();
  server.clock.advance(60);
  const api = await client.otp(await client.mfaToken(), client.code(secret));
  assert.equal(api.status, 200);
  const mfaToken = await client.mfaToken();
  const { oob_code } = (await client.challenge(mfaToken, { challenge_type: 'oob', oob_channel: 'email' })).json;
  const code = await client.lastCode('email');
  const byCode = await manyTimes(100, () => client.oob(mfaToken, oob_code, code));
  assert.equal(byCode.filter(({ status }) => status === 200).length, 1);

  const another = await client.mfaToken();
  const byRecovery = await manyTimes(100, () => client.recover(another, recovery_code));
  assert.equal(byRecovery.filter(({ status }) => status === 200).length, 1);
});

test('a code dies after ten guesses; a new one does not give guesses back', async () => {
  const mfaToken = await client.mfaToken();
  const { oob_code } = (await client.associate(mfaToken, SMS)).json;
  const code = await client.lastCode();
  const answers = await manyTimes(30, () => client.oob(mfaToken, oob_code, wrongOf(code)));
  assert.equal(count(answers, 'Invalid binding_code.'), 10);
  assert.equal(count(answers, TOO_MANY_CODES), 20);
  const second = (await client.associate(mfaToken, SMS)).json;
  const guess = await client.oob(mfaToken, second.oob_code, await client.lastCode());
  assert.equal(guess.json.error_description, TOO_MANY_CODES);
});

test('recovery codes: ten failures an hour', async () => {
  await client.enrollOtp();
  const mfaToken = await client.mfaToken();
  const answers = await manyTimes(20, () => client.recover(mfaToken, 'AAAABBBBCCCCDDDDEEEEFFFF'));
  assert.equal(count(answers, 'MFA Authorization rejected.'), 10);
  assert.equal(count(answers, TOO_MANY_CODES), 10);
});

test('ten text messages, then one an hour', async () => {
  const mfaToken = await client.mfaToken();
  const answers = await manyTimes(12, () => client.associate(mfaToken, SMS));
  assert.equal(answers.filter(({ status }) => status === 200).length, 10);
  const refused = answers.find(({ status }) => status !== 200);
  assert.deepEqual(
    [refused?.status, refused?.json],
    [
      429,
      {
        error: 'invalid_request',
        error_description: 'Too many SMS sent by the user. Wait for some minutes before retrying.',
      },
    ],
  );
  server.clock.advance(3600);
  const later = await client.mfaToken();
  assert.equal((await client.associate(later, SMS)).status, 200);
  assert.equal((await client.associate(later, SMS)).status, 429);
});

test('a code and its oob_code live five minutes', async () => {
  const mfaToken = await client.mfaToken();
  const { oob_code } = (await client.associate(mfaToken, SMS)).json;
  server.clock.advance(300);
  const late = await client.oob(mfaToken, oob_code, await client.lastCode());
  assert.deepEqual([late.status, late.json], [403, { error: 'invalid_grant', error_description: 'Invalid oob_code.' }]);
});

test('polling is limited to twelve a minute for each challenge', async () => {
  await useFactors(server.ctx, ['otp', 'push-notification'], ['all-applications']);
  const mfaToken = await client.mfaToken();
  const push = { authenticator_types: ['oob'], oob_channels: ['auth0'] };
  const { oob_code } = (await client.associate(mfaToken, push)).json;
  const answers = await manyTimes(14, () => client.oob(mfaToken, oob_code));
  const codes = answers.map(({ json }) => json.error).sort();
  assert.deepEqual([codes.filter((code) => code === 'slow_down').length, codes[0]], [2, 'authorization_pending']);
  server.clock.advance(5);
  assert.equal((await client.oob(mfaToken, oob_code)).json.error, 'authorization_pending');
});
