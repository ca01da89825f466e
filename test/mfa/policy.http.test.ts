/** When a second factor is asked for: policies, what the user has, the MFA API's audience, refresh tokens. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { logsOf } from '../../src/resources/logs/index.ts';
import { usersOf } from '../../src/resources/users/index.ts';
import { addApplication, useFactors } from '../fixtures.ts';
import { type TestServer, testServer } from '../server.ts';
import { type MfaClient, mfaClient } from './mfa-client.ts';

let server: TestServer;
let client: MfaClient;
let people = 0;

before(async () => {
  server = await testServer();
});
after(() => server.close());
beforeEach(async () => {
  people += 1;
  await useFactors(server.ctx, ['otp', 'sms', 'email']);
  client = await mfaClient(server, { email: `person${people}@example.test` });
});

test('no policy: nobody is asked, but the MFA API stays behind the factor', async () => {
  const access = await client.accessToken();
  await client.enrollSms(access);
  assert.equal((await client.login()).status, 200);
  const stopped = await client.login({ audience: `${server.issuer}mfa`, scope: 'enroll' });
  assert.deepEqual(
    [stopped.status, stopped.json.mfa_requirements],
    [403, { challenge: [{ type: 'phone' }, { type: 'email' }] }],
  );
  const { oob_code } = (await client.challenge(stopped.json.mfa_token)).json;
  const tokens = await client.oob(stopped.json.mfa_token, oob_code, await client.lastCode());
  assert.deepEqual([tokens.json.expires_in, tokens.json.scope], [600, 'enroll']);
});

test('confidence-score: asked once enrolled', async () => {
  await useFactors(server.ctx, ['otp'], ['confidence-score']);
  assert.equal((await client.login()).status, 200);
  await client.enrollOtp(await client.accessToken());
  assert.equal((await client.login()).json.error, 'mfa_required');
});

test('all-applications: everybody is asked; a verified address alone does not do where there is more', async () => {
  await useFactors(server.ctx, ['otp', 'email'], ['all-applications']);
  assert.deepEqual((await client.login()).json.mfa_requirements, { enroll: [{ type: 'otp' }] });
  await useFactors(server.ctx, ['email'], ['all-applications']);
  const stopped = (await client.login()).json;
  assert.deepEqual(stopped.mfa_requirements, { challenge: [{ type: 'email' }] });
  const { oob_code } = (await client.challenge(stopped.mfa_token)).json;
  assert.equal((await client.oob(stopped.mfa_token, oob_code, await client.lastCode('email'))).status, 200);
});

test('every authenticator has a type that mfa_requirements speaks of', async () => {
  await useFactors(server.ctx, ['otp', 'sms', 'email', 'recovery-code'], ['all-applications']);
  await client.enrollOtp();
  const { mfa_token, mfa_requirements } = (await client.login()).json;
  const wanted = mfa_requirements.challenge.map(({ type }: { type: string }) => type);
  const types = (await client.list(mfa_token)).json.map(({ type }: { type: string }) => type);
  assert.deepEqual(types.toSorted(), wanted.toSorted());
});

test('the log says that a second factor was asked for, and how it went', async () => {
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const { secret } = await client.enrollOtp();
  const mfaToken = await client.mfaToken();
  await client.otp(mfaToken, '000000');
  server.clock.advance(30);
  await client.otp(mfaToken, client.code(secret));
  const { client_id } = client.credentials;
  const types = (await logsOf(server.ctx).list({ where: { client_id } })).map(({ type }) => type);
  for (const type of ['mfar', 'gd_auth_failed', 'feotpft', 'gd_auth_succeed', 'seotpft']) {
    assert.ok(types.includes(type), `${type} is not among ${types}`);
  }
});

test('a refresh token of a login without a second factor needs one once the policy does', async () => {
  const credentials = await addApplication(server.ctx, {
    refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring' } as never,
  });
  const other = await mfaClient(server, { email: 'refresher@example.test', credentials });
  const before = (await other.login({ scope: 'openid offline_access' })).json;
  assert.ok(before.refresh_token);
  await other.enrollOtp(await other.accessToken());
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const refresh = () => other.token({ grant_type: 'refresh_token', refresh_token: before.refresh_token });
  const stopped = await refresh();
  assert.deepEqual([stopped.status, stopped.json.error], [403, 'mfa_required']);
  server.clock.advance(30);
  const { json } = await other.list(stopped.json.mfa_token);
  assert.equal(json.length, 1);
});

test('a blocked user’s mfa_token is worth nothing', async () => {
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const mfaToken = await client.mfaToken();
  const [user] = await usersOf(server.ctx).list({ where: { email: client.email } });
  await usersOf(server.ctx).update(user?.user_id ?? '', (stored) => ({ ...stored, blocked: true }));
  const refused = await client.list(mfaToken);
  assert.deepEqual(
    [refused.status, refused.json],
    [403, { error: 'unauthorized', error_description: 'user is blocked' }],
  );
});
