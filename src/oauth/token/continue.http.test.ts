import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { ACCESS_TOKEN, exchangeTenant, VERIFIER } from '../../../test/exchange-fixture.ts';
import { useFactors } from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import {
  API,
  addApi,
  addClient,
  addDatabase,
  addUser,
  type Credentials,
  EMAIL,
  logTypes,
  PASSWORD,
  payloadOf,
  refusalOf,
} from '../../../test/token-fixture.ts';
import { totpAt } from '../../platform/crypto/index.ts';
import { guardianCollection, guardianSettings } from '../../resources/guardian/index.ts';
import { logsOf } from '../../resources/logs/index.ts';
import { refreshTokensOf } from '../../resources/refresh-tokens/index.ts';
import { usersOf } from '../../resources/users/index.ts';

const MFA_OTP = 'http://auth0.com/oauth/grant-type/mfa-otp';
const REQUIRED = [403, 'mfa_required', 'Multifactor authentication required'];

let server: TestServer;
let client: Credentials;

beforeEach(async () => {
  server = await testServer();
  await addApi(server.ctx);
  client = await addClient(server.ctx, {
    refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0 },
  });
  await addUser(server.ctx, await addDatabase(server.ctx, 'db', [client.client_id]));
  const guardian = await guardianSettings(server.ctx);
  await server.ctx.store.collection(guardianCollection).put({
    ...guardian,
    factors: { ...guardian.factors, otp: true },
    policies: ['all-applications'],
  });
});
afterEach(() => server.close());

const ask = (form: Record<string, string>) => server.post('/oauth/token', { form: { ...client, ...form } });
const login = () =>
  ask({
    grant_type: 'password',
    username: EMAIL,
    password: PASSWORD,
    audience: API,
    scope: 'openid offline_access read:things',
  });

/** Logs in, sets up an authenticator app on the way, and answers its secret with the tokens. */
async function enroll() {
  const stopped = await login();
  assert.deepEqual(refusalOf(stopped), REQUIRED);
  const { mfa_token } = stopped.json;
  const associated = await server.post('/mfa/associate', { bearer: mfa_token, json: { authenticator_types: ['otp'] } });
  assert.equal(associated.status, 200);
  const { secret } = associated.json;
  const answer = await ask({ grant_type: MFA_OTP, mfa_token, otp: totpAt(secret, server.clock.now()) });
  assert.equal(answer.status, 200);
  return { secret: secret as string, mfa_token: mfa_token as string, tokens: answer.json };
}

test('a stopped password grant goes on as it was asked for', async () => {
  const { tokens, mfa_token, secret } = await enroll();
  assert.equal(tokens.scope, 'openid offline_access read:things');
  assert.match(tokens.refresh_token, /^v1\.M/);
  const claims = payloadOf(tokens.access_token);
  assert.deepEqual(claims.aud, [API, `${server.issuer}userinfo`]);
  assert.equal(claims.gty, 'password');
  assert.equal('amr' in payloadOf(tokens.id_token), false);
  const [user] = await usersOf(server.ctx).list();
  assert.equal(user?.logins_count, 1);
  assert.ok((await logTypes(server)).includes('seotpft'));
  server.clock.advance(30);
  const again = await ask({ grant_type: MFA_OTP, mfa_token, otp: totpAt(secret, server.clock.now()) });
  assert.deepEqual(refusalOf(again), [403, 'invalid_grant', 'Malformed mfa_token']);
});

test('what was proved goes for the refresh token’s family, but does not open the MFA API', async () => {
  const { tokens, secret } = await enroll();
  const refreshed = await ask({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
  assert.equal(refreshed.status, 200);
  const { refresh_token } = refreshed.json;
  const before = await refreshTokensOf(server.ctx).list();
  const mfaApi = { grant_type: 'refresh_token', refresh_token, audience: `${server.issuer}mfa/`, scope: 'enroll' };
  const stopped = await ask(mfaApi);
  assert.deepEqual(refusalOf(stopped), REQUIRED);
  assert.deepEqual(stopped.json.mfa_requirements.challenge[0], { type: 'otp' });
  assert.deepEqual(await refreshTokensOf(server.ctx).list(), before);
  server.clock.advance(30);
  const { mfa_token } = stopped.json;
  const answer = await ask({ grant_type: MFA_OTP, mfa_token, otp: totpAt(secret, server.clock.now()) });
  assert.equal(answer.json.scope, 'enroll');
  assert.equal(answer.json.expires_in, 600);
  assert.match(answer.json.refresh_token, /^v1\.M/);
  assert.equal((await ask({ grant_type: 'refresh_token', refresh_token: answer.json.refresh_token })).status, 200);
});

test('a hundred proofs of one login at once: one answer with tokens', async () => {
  const { secret } = await enroll();
  server.clock.advance(30);
  const { mfa_token } = (await login()).json;
  const form = { grant_type: MFA_OTP, mfa_token, otp: totpAt(secret, server.clock.now()) };
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask(form)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.equal(answers.filter(({ status }) => status >= 500).length, 0);
});

test('an exchange goes on as one: with the type of what was issued, for the address that was forwarded', async () => {
  const tenant = await exchangeTenant();
  await tenant.useVerifier(VERIFIER);
  await useFactors(tenant.server.ctx, ['otp'], ['all-applications']);
  const stopped = await tenant.exchange({ scope: 'openid' }, '198.51.100.77');
  assert.deepEqual(refusalOf(stopped), REQUIRED);
  const { mfa_token } = stopped.json;
  const json = { authenticator_types: ['otp'] };
  const { secret } = (await tenant.server.post('/mfa/associate', { bearer: mfa_token, json })).json;
  const form = { grant_type: MFA_OTP, ...tenant.client, mfa_token, otp: totpAt(secret, tenant.server.clock.now()) };
  const answer = await tenant.server.post('/oauth/token', { form });
  assert.equal(answer.json.issued_token_type, ACCESS_TOKEN, answer.text);
  assert.equal((await usersOf(tenant.server.ctx).get(tenant.user.user_id))?.last_ip, '198.51.100.77');
  const rows = await logsOf(tenant.server.ctx).list({ where: { type: 'seotpft' } });
  assert.deepEqual(
    rows.map(({ ip }) => ip),
    ['198.51.100.77'],
  );
  await tenant.server.close();
});
