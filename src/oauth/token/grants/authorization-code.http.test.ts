import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type TestServer, testServer } from '../../../../test/server.ts';
import {
  API,
  addApi,
  addClient,
  addCode,
  addDatabase,
  addUser,
  CALLBACK,
  type Credentials,
  countRefreshTokens,
  EMAIL,
  logTypes,
  payloadOf,
  refusalOf,
} from '../../../../test/token-fixture.ts';
import { decryptOpaque, importSigner } from '../../../platform/crypto/index.ts';
import { clientsOf } from '../../../resources/clients/index.ts';
import { type User, usersOf } from '../../../resources/users/index.ts';
import { authorizationCodesOf } from '../../authorization-code.store.ts';

const INVALID = [403, 'invalid_grant', 'Invalid authorization code'];
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

let server: TestServer;
let client: Credentials;
let user: User;

before(async () => {
  server = await testServer();
  await addApi(server.ctx);
  client = await addClient(server.ctx);
  user = await addUser(server.ctx, await addDatabase(server.ctx, 'db', [client.client_id]));
});
after(() => server.close());

const newCode = (code: Parameters<typeof addCode>[1] | object = {}) =>
  addCode(server.ctx, { client_id: client.client_id, user_id: user.user_id, ...code });
const redeem = (code: string, form: Record<string, string | undefined> = {}) =>
  server.post('/oauth/token', {
    form: { grant_type: 'authorization_code', ...client, redirect_uri: CALLBACK, code, ...form },
  });

test('without an audience: an opaque token for /userinfo, an ID token, a refresh token', async () => {
  const code = await newCode({ nonce: 'n-1' });
  const answer = await redeem(code);
  assert.equal(answer.status, 200);
  assert.deepEqual(Object.keys(answer.json), [
    'access_token',
    'refresh_token',
    'id_token',
    'scope',
    'expires_in',
    'token_type',
  ]);
  assert.equal(answer.json.scope, 'openid profile email offline_access');
  assert.match(answer.json.refresh_token, /^v1\.M[\w-]{60}$/);
  assert.match(answer.json.access_token, /^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
  assert.equal(decryptOpaque(answer.json.access_token, new Uint8Array(32)), undefined);
  const claims = payloadOf(answer.json.id_token);
  const now = server.clock.now() / 1000;
  assert.deepEqual(Object.keys(claims), [
    'nickname',
    'name',
    'picture',
    'updated_at',
    'email',
    'email_verified',
    'iss',
    'aud',
    'sub',
    'iat',
    'exp',
    'sid',
    'nonce',
  ]);
  assert.equal(claims.email, EMAIL);
  assert.equal(claims.aud, client.client_id);
  assert.equal(claims.sub, user.user_id);
  assert.equal(claims.exp, now + 36_000);
  assert.equal(claims.nonce, 'n-1');
  const userinfo = await server.get('/userinfo', { bearer: answer.json.access_token });
  assert.equal(userinfo.status, 200);
  assert.equal(userinfo.json.sub, user.user_id);
});

test('for an API: a JWT that /userinfo takes too when openid was granted', async () => {
  const code = await newCode({ audience: API, scope: ['openid', 'read:things', 'delete:things'] });
  const answer = await redeem(code);
  assert.equal(answer.json.scope, 'openid read:things');
  assert.equal(answer.json.refresh_token, undefined);
  const claims = payloadOf(answer.json.access_token);
  assert.deepEqual(claims.aud, [API, `${server.issuer}userinfo`]);
  assert.equal('gty' in claims, false);
  assert.equal((await server.get('/userinfo', { bearer: answer.json.access_token })).status, 200);
  const bare = await redeem(await newCode({ audience: API, scope: ['read:things'] }));
  assert.equal(bare.json.id_token, undefined);
  assert.equal(payloadOf(bare.json.access_token).aud, API);
  assert.equal((await server.get('/userinfo', { bearer: bare.json.access_token })).status, 401);
});

test('the ID token says what the login asked it to say', async () => {
  const methods = [
    { name: 'pwd', timestamp: '' },
    { name: 'mfa', type: 'otp', timestamp: '' },
  ] as const;
  const authTime = 1_768_000_000;
  const answer = await redeem(await newCode({ auth_time_requested: true, auth_time: authTime, methods }));
  const claims = payloadOf(answer.json.id_token);
  assert.equal(claims.auth_time, authTime);
  assert.equal(claims.acr, 'http://schemas.openid.net/pape/policies/2007/06/multi-factor');
  assert.deepEqual(claims.amr, ['mfa']);
  const refreshed = await server.post('/oauth/token', {
    form: { grant_type: 'refresh_token', ...client, refresh_token: answer.json.refresh_token },
  });
  const renewed = payloadOf(refreshed.json.id_token);
  assert.equal(renewed.auth_time, authTime);
  assert.equal(renewed.sid, claims.sid);
  assert.equal('amr' in renewed || 'nonce' in renewed, false);
});

test('HS256 ID tokens are signed with the client’s secret', async () => {
  const own = await addClient(server.ctx, { jwt_configuration: { alg: 'HS256', lifetime_in_seconds: 60 } });
  const answer = await redeem(await newCode({ client_id: own.client_id }), own);
  const [header, payload, signature] = answer.json.id_token.split('.');
  const expected = await importSigner(own.client_secret, undefined, 'HS256').sign(`${header}.${payload}`);
  assert.equal(signature, expected);
  const { iat, exp } = payloadOf(answer.json.id_token);
  assert.equal(Number(exp) - Number(iat), 60);
});

test('secret_encoded: the decoded secret is the key of HS256 ID tokens', async () => {
  const own = await addClient(server.ctx, { jwt_configuration: { alg: 'HS256', secret_encoded: true } });
  const answer = await redeem(await newCode({ client_id: own.client_id }), own);
  const [header, payload, signature] = answer.json.id_token.split('.');
  const key = Buffer.from(own.client_secret, 'base64url');
  assert.equal(signature, createHmac('sha256', key).update(`${header}.${payload}`).digest('base64url'));
});

test('PKCE: the verifier must fit, and a wrong one costs nothing', async () => {
  const wrong = [403, 'invalid_grant', 'Failed to verify code verifier'];
  const code = await newCode({ code_challenge: CHALLENGE, code_challenge_method: 'S256' });
  assert.deepEqual(refusalOf(await redeem(code)), wrong);
  assert.deepEqual(refusalOf(await redeem(code, { code_verifier: 'x'.repeat(43) })), wrong);
  assert.deepEqual(refusalOf(await redeem(code, { code_verifier: 'short' })), [
    400,
    'invalid_request',
    "Parameter 'code_verifier' must be between 43 and 128 characters long",
  ]);
  assert.deepEqual(refusalOf(await redeem(code, { code_verifier: '§'.repeat(43) })), [
    400,
    'invalid_request',
    "Parameter 'code_verifier' must only contain unreserved characters",
  ]);
  assert.equal((await redeem(code, { code_verifier: VERIFIER })).status, 200);
  const plain = await newCode({ code_challenge: VERIFIER, code_challenge_method: 'plain' });
  assert.equal((await redeem(plain, { code_verifier: VERIFIER })).status, 200);
  const stripped = await newCode();
  assert.deepEqual(refusalOf(await redeem(stripped, { code_verifier: VERIFIER })), wrong);
  assert.equal((await redeem(stripped)).status, 200);
});

test('the redirect URI is repeated exactly, or left out both times', async () => {
  const code = await newCode();
  assert.deepEqual(refusalOf(await redeem(code, { redirect_uri: `${CALLBACK}/` })), [
    403,
    'invalid_grant',
    `The redirect URI is wrong. You sent ${CALLBACK}/, and we expected ${CALLBACK}`,
  ]);
  assert.deepEqual(refusalOf(await redeem(code, { redirect_uri: undefined })), [
    403,
    'invalid_grant',
    `The redirect URI is wrong. You sent null, and we expected ${CALLBACK}`,
  ]);
  assert.equal((await redeem(code)).status, 200);
  const silent = await newCode({ redirect_uri_given: false });
  assert.equal((await redeem(silent, { redirect_uri: undefined })).status, 200);
});

test('unknown, foreign and expired codes are all just invalid', async () => {
  assert.deepEqual(refusalOf(await redeem('never-issued')), INVALID);
  assert.deepEqual(refusalOf(await redeem('', {})), [400, 'invalid_request', 'Missing required parameter: code']);
  const code = await newCode();
  const stranger = await addClient(server.ctx);
  assert.deepEqual(refusalOf(await redeem(code, stranger)), INVALID);
  assert.equal((await redeem(code)).status, 200);
  const late = await newCode({ expires_at: server.clock.now() });
  assert.deepEqual(refusalOf(await redeem(late)), INVALID);
  assert.ok((await logTypes(server)).includes('feacft'));
});

test('a client without the grant cannot use a code up', async () => {
  const own = await addClient(server.ctx);
  const stored = await clientsOf(server.ctx).get(own.client_id);
  await clientsOf(server.ctx).put({ ...stored!, grant_types: [] });
  const code = await newCode({ client_id: own.client_id });
  assert.deepEqual(refusalOf(await redeem(code, own)), [
    403,
    'unauthorized_client',
    "Grant type 'authorization_code' not allowed for the client.",
  ]);
  await clientsOf(server.ctx).put(stored!);
  assert.equal((await redeem(code, own)).status, 200);
});

test('a blocked user gets nothing', async () => {
  const code = await newCode();
  await usersOf(server.ctx).update(user.user_id, (current) => ({ ...current, blocked: true }));
  assert.deepEqual(refusalOf(await redeem(code)), [403, 'unauthorized', 'user is blocked']);
  await usersOf(server.ctx).update(user.user_id, (current) => ({ ...current, blocked: false }));
  assert.equal((await redeem(code)).status, 200);
});

test('a code that comes again is refused and takes back what it gave', async () => {
  const code = await newCode();
  const { refresh_token } = (await redeem(code)).json;
  assert.deepEqual(refusalOf(await redeem(code)), INVALID);
  const form = { grant_type: 'refresh_token', ...client, refresh_token };
  assert.deepEqual(refusalOf(await server.post('/oauth/token', { form })), [
    403,
    'invalid_grant',
    'Unknown or invalid refresh token.',
  ]);
});

test('of a hundred at once exactly one gets tokens', async () => {
  const code = await newCode();
  const before = await countRefreshTokens(server.ctx);
  const answers = await Promise.all(Array.from({ length: 100 }, () => redeem(code)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  for (const answer of answers.filter(({ status }) => status !== 200)) assert.deepEqual(refusalOf(answer), INVALID);
  assert.ok((await countRefreshTokens(server.ctx)) <= before);
});

test('refusals leave the code as it was', async () => {
  const code = await newCode({ code_challenge: CHALLENGE, code_challenge_method: 'S256' });
  const stored = async () =>
    (await authorizationCodesOf(server.ctx).list()).filter((one) => one.redeemed_at === undefined);
  const before = await stored();
  await redeem(code, { code_verifier: 'y'.repeat(43) });
  await redeem(code, { redirect_uri: 'https://evil.test/' });
  await redeem(code, { client_secret: 'wrong' });
  assert.deepEqual(await stored(), before);
});
