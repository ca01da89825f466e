/** Everything that can be wrong with a request to the MFA API, and that it changes nothing. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { addApplication, useFactors } from '../fixtures.ts';
import { type Answer, type TestServer, testServer } from '../server.ts';
import { type MfaClient, mfaClient } from './mfa-client.ts';

const SMS = { authenticator_types: ['oob'], oob_channels: ['sms'], phone_number: '+15551239167' };

let server: TestServer;
let client: MfaClient;
let people = 0;

before(async () => {
  server = await testServer();
});
after(() => server.close());
beforeEach(async () => {
  people += 1;
  await useFactors(server.ctx, ['otp', 'sms', 'recovery-code'], ['all-applications']);
  client = await mfaClient(server, { email: `person${people}@example.test` });
});

const refusal = ({ status, json }: Answer) => [status, json.error, json.error_description];

test('a bearer that is missing, made up, expired, spent, another tenant’s', async () => {
  const none = await server.get('/mfa/authenticators');
  assert.deepEqual([none.status, none.json.error], [401, 'unauthorized']);
  assert.equal(none.headers['www-authenticate'], 'Bearer');
  assert.deepEqual(refusal(await client.list('made-up')), [401, 'invalid_token', 'Invalid MFA token']);
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.`;
  assert.deepEqual(refusal(await client.list(unsigned)), [401, 'invalid_token', 'Invalid MFA token']);

  const api = await client.accessToken();
  const foreign = await server.other.get('/mfa/authenticators', { bearer: api });
  assert.deepEqual(refusal(foreign), [401, 'invalid_token', 'Invalid MFA token']);
  const mfaToken = await client.mfaToken();
  const elsewhere = await server.other.get('/mfa/authenticators', { bearer: mfaToken });
  assert.deepEqual(refusal(elsewhere), [401, 'invalid_token', 'Invalid MFA token']);

  server.clock.advance(600);
  assert.deepEqual(refusal(await client.list(mfaToken)), [401, 'expired_token', 'mfa_token is expired']);
  assert.deepEqual(refusal(await client.list(api)), [401, 'expired_token', 'mfa_token is expired']);
  const late = [401, 'expired_token', 'mfa_token is expired'];
  assert.deepEqual(refusal(await client.otp(mfaToken, '123456')), late);
  assert.deepEqual(refusal(await client.challenge(mfaToken)), late);
  assert.deepEqual(refusal(await client.oob(api, 'code', '123456')), late);
});

test('an access token for something else is not one for the MFA API', async () => {
  await useFactors(server.ctx, ['otp']);
  const { access_token, id_token } = (await client.login({ scope: 'openid' })).json;
  assert.deepEqual(refusal(await client.list(access_token)), [401, 'invalid_token', 'Invalid MFA token']);
  assert.deepEqual(refusal(await client.list(id_token)), [401, 'invalid_token', 'Invalid MFA token']);
});

test('scopes: each of the three is needed for its own', async () => {
  const enroll = await client.accessToken('enroll');
  assert.deepEqual(refusal(await client.list(enroll)).slice(0, 2), [403, 'insufficient_scope']);
  const read = await client.accessToken('read:authenticators');
  assert.deepEqual(refusal(await client.associate(read, { authenticator_types: ['otp'] })).slice(0, 2), [
    403,
    'insufficient_scope',
  ]);
  assert.equal((await client.list(read)).status, 200);
  assert.deepEqual(refusal(await client.remove(read, 'totp|dev_x')).slice(0, 2), [403, 'insufficient_scope']);
});

test('an mfa_token never removes a factor', async () => {
  await client.enrollOtp();
  const mfaToken = await client.mfaToken();
  const [{ id }] = (await client.list(mfaToken)).json;
  assert.deepEqual(refusal(await client.remove(mfaToken, id)).slice(0, 2), [403, 'insufficient_scope']);
});

test('an mfa_token belongs to one client', async () => {
  const other = await addApplication(server.ctx);
  const mfaToken = await client.mfaToken();
  const form = {
    ...other,
    grant_type: 'http://auth0.com/oauth/grant-type/mfa-otp',
    mfa_token: mfaToken,
    otp: '123456',
  };
  const malformed = [403, 'invalid_grant', 'Malformed mfa_token'];
  assert.deepEqual(refusal(await server.post('/oauth/token', { form })), malformed);
  const challenge = await server.post('/mfa/challenge', { json: { ...other, mfa_token: mfaToken } });
  assert.deepEqual(refusal(challenge), malformed);
  const associate = await client.associate(mfaToken, { ...other, authenticator_types: ['otp'] });
  assert.deepEqual(refusal(associate), [401, 'access_denied', 'Unauthorized']);
});

test('associate: every malformed body is refused and leaves nothing behind', async () => {
  const mfaToken = await client.mfaToken();
  const refusals: [unknown, number, string][] = [
    [{}, 400, 'invalid_request'],
    [{ authenticator_types: 'otp' }, 400, 'invalid_request'],
    [{ authenticator_types: [] }, 400, 'invalid_request'],
    [{ authenticator_types: ['otp', 'oob'] }, 400, 'invalid_request'],
    [{ authenticator_types: [1] }, 400, 'invalid_request'],
    [{ authenticator_types: ['duo'] }, 400, 'unsupported_authenticator_type'],
    [{ authenticator_types: ['oob'] }, 400, 'invalid_request'],
    [{ authenticator_types: ['oob'], oob_channels: ['fax'] }, 400, 'invalid_request'],
    [{ authenticator_types: ['oob'], oob_channels: ['sms'] }, 400, 'invalid_request'],
    [{ ...SMS, phone_number: 5551234 }, 400, 'invalid_request'],
    [{ ...SMS, phone_number: '5551234' }, 400, 'invalid_phone_number'],
    [{ ...SMS, phone_number: '+1555' }, 400, 'invalid_phone_number'],
    [{ authenticator_types: ['oob'], oob_channels: ['auth0'] }, 403, 'enrollment_method_disabled'],
    [{ authenticator_types: ['oob'], oob_channels: ['email'] }, 403, 'enrollment_method_disabled'],
  ];
  for (const [body, status, error] of refusals) {
    const answer = await client.associate(mfaToken, body as Record<string, unknown>);
    assert.deepEqual([answer.status, answer.json.error], [status, error], JSON.stringify(body));
  }
  assert.deepEqual((await client.list(mfaToken)).json, []);
  assert.deepEqual(await server.messages({ channel: 'sms' }), []);
});

test('challenge: no factor, none of the types, an unknown one, one that is not confirmed', async () => {
  const first = await client.mfaToken();
  assert.deepEqual(refusal(await client.challenge(first)).slice(0, 2), [400, 'association_required']);
  await client.associate(first, { authenticator_types: ['otp'] });
  const [{ id }] = (await client.list(first)).json;
  assert.deepEqual(refusal(await client.challenge(first, { authenticator_id: id })).slice(0, 2), [
    400,
    'association_required',
  ]);

  await client.enrollOtp(first);
  const mfaToken = await client.mfaToken();
  assert.deepEqual((await client.challenge(mfaToken)).json, { challenge_type: 'otp' });
  assert.deepEqual(refusal(await client.challenge(mfaToken, { challenge_type: 'oob' })), [
    400,
    'unsupported_challenge_type',
    'User does not have any of the supplied challenge types enrolled.',
  ]);
  assert.deepEqual(refusal(await client.challenge(mfaToken, { challenge_type: 'sms' })).slice(0, 2), [
    400,
    'unsupported_challenge_type',
  ]);
  assert.deepEqual(refusal(await client.challenge(mfaToken, { authenticator_id: 'sms|dev_unknown' })), [
    404,
    'invalid_authenticator',
    'Authenticator not found',
  ]);
  const wrongSecret = await client.challenge(mfaToken, { client_secret: 'wrong' });
  assert.deepEqual(refusal(wrongSecret), [401, 'access_denied', 'Unauthorized']);
  assert.deepEqual(refusal(await client.challenge(''))[1], 'invalid_request');
});

test('codes: wrong, of somebody else, missing', async () => {
  const mfaToken = await client.mfaToken();
  const { oob_code } = (await client.associate(mfaToken, SMS)).json;
  const code = await client.lastCode();
  const wrong = code === '000000' ? '111111' : '000000';
  assert.deepEqual(refusal(await client.oob(mfaToken, oob_code, wrong)), [
    403,
    'invalid_grant',
    'Invalid binding_code.',
  ]);
  assert.deepEqual(refusal(await client.oob(mfaToken, 'unknown', code)), [403, 'invalid_grant', 'Invalid oob_code.']);
  assert.deepEqual(refusal(await client.oob(mfaToken, oob_code)), [
    400,
    'invalid_request',
    'Missing required parameter: binding_code',
  ]);
  const stranger = await mfaClient(server, { email: 'stranger@example.test', credentials: client.credentials });
  const theirs = await stranger.oob(await stranger.mfaToken(), oob_code, code);
  assert.deepEqual(refusal(theirs), [403, 'invalid_grant', 'Invalid oob_code.']);
  assert.equal((await client.oob(mfaToken, oob_code, code)).status, 200);
});

test('whoever knows the password cannot add a factor beside those of the user, not even one begun before', async () => {
  const attacker = await client.mfaToken();
  const planted = (await client.associate(attacker, { authenticator_types: ['otp'] })).json;
  await client.enrollOtp();
  const refused = await client.otp(attacker, client.code(planted.secret));
  assert.deepEqual(refusal(refused), [403, 'invalid_grant', 'Invalid otp_code.']);
});

test('a grant that the client does not have uses nothing up', async () => {
  const poor = await mfaClient(server, {
    email: 'poor@example.test',
    credentials: await addApplication(server.ctx, {
      grant_types: ['http://auth0.com/oauth/grant-type/password-realm', 'http://auth0.com/oauth/grant-type/mfa-oob'],
    }),
  });
  const mfaToken = await poor.mfaToken();
  const { secret } = (await poor.associate(mfaToken, { authenticator_types: ['otp'] })).json;
  assert.deepEqual(refusal(await poor.otp(mfaToken, poor.code(secret))), [
    403,
    'unauthorized_client',
    "Grant type 'http://auth0.com/oauth/grant-type/mfa-otp' not allowed for the client.",
  ]);
  assert.equal((await poor.list(mfaToken)).json.length, 2);
});

test('twenty factors are enough', async () => {
  const access = await client.accessToken();
  const begin = () => client.associate(access, { authenticator_types: ['otp'] });
  for (let at = 0; at < 20; at++) assert.equal((await begin()).status, 200);
  assert.deepEqual(refusal(await begin()).slice(0, 2), [400, 'invalid_request']);
  // Each brings a recovery code along, until one of them is confirmed.
  assert.equal((await client.list(access)).json.length, 40);
});
