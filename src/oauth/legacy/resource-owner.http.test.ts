/** `POST /oauth/ro`, both of its grants. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { createProver } from '../../../test/dpop.ts';
import { addPasswordless, codeFor, PERSON, start } from '../../../test/passwordless.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import {
  addDatabase,
  addUser,
  type Credentials,
  countRefreshTokens,
  EMAIL,
  logTypes,
  PASSWORD,
  payloadOf,
  refusalOf,
} from '../../../test/token-fixture.ts';
import { forgetSecondFactorsOf } from '../../mfa/index.ts';
import { totpAt } from '../../platform/crypto/index.ts';
import { clientsOf, createClient, revealClientSecret, type StoredClient } from '../../resources/clients/index.ts';
import { type Connection, connectionsOf } from '../../resources/connections/index.ts';
import { guardianCollection, guardianSettings } from '../../resources/guardian/index.ts';
import { logsOf } from '../../resources/logs/index.ts';
import { refreshTokensOf } from '../../resources/refresh-tokens/index.ts';
import { type User, usersOf } from '../../resources/users/index.ts';

const RO = 'http://auth0.com/oauth/legacy/grant-type/ro';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const WRONG = [401, 'invalid_user_password', 'Wrong email or password.'];
const notAllowed = (type: string) => [403, 'unauthorized_client', `Grant type '${type}' not allowed for the client.`];
const missing = (name: string) => [400, 'invalid_request', `missing ${name} parameter`];

let server: TestServer;
let client: StoredClient;
let connection: Connection;
let user: User;

before(async () => {
  server = await testServer();
  client = await createClient(server.ctx, { name: 'Old app' }, { existing: true });
  connection = await addDatabase(server.ctx, 'db', [client.client_id]);
  user = await addUser(server.ctx, connection);
});
after(() => server.close());
beforeEach(async () => {
  await clientsOf(server.ctx).put(client);
  await connectionsOf(server.ctx).put(connection);
  await usersOf(server.ctx).put(user);
  await refreshTokensOf(server.ctx).deleteWhere({});
});

type Form = Record<string, string | undefined>;
const post = (form: Form) => server.post('/oauth/ro', { form: { client_id: client.client_id, ...form } });
const login = (form: Form = {}) =>
  post({ grant_type: 'password', connection: 'db', username: EMAIL, password: PASSWORD, ...form });
const bearer = (id_token: string, form: Form = {}) =>
  post({ grant_type: JWT_BEARER, device: 'phone', id_token, scope: 'openid', ...form });
const idToken = async (): Promise<string> => (await login({ scope: 'openid' })).json.id_token;

async function changeClient(changes: Partial<StoredClient>) {
  await clientsOf(server.ctx).put({ ...client, ...changes } as StoredClient);
}
async function demandFactors(policies: readonly 'all-applications'[]) {
  const guardian = await guardianSettings(server.ctx);
  const factors = { ...guardian.factors, otp: true };
  await server.ctx.store.collection(guardianCollection).put({ ...guardian, factors, policies });
}

test('a password, without a secret: tokens for /userinfo in the older shape', async () => {
  const answer = await login({ scope: 'openid email' });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(Object.keys(answer.json), ['id_token', 'access_token', 'token_type']);
  assert.equal(answer.json.token_type, 'bearer');
  const claims = payloadOf(answer.json.id_token);
  assert.deepEqual([claims.sub, claims.aud, claims.email], [user.user_id, client.client_id, EMAIL]);
  const info = await server.get('/userinfo', { bearer: answer.json.access_token });
  assert.equal(info.json.sub, user.user_id);
  assert.equal((await usersOf(server.ctx).get(user.user_id))?.logins_count, 1);
  assert.ok((await logTypes(server)).includes('s'));
});

test('grant_type may be left out, the body may be JSON, and without openid there is no ID token', async () => {
  const json = { client_id: client.client_id, connection: 'db', username: EMAIL, password: PASSWORD };
  const answer = await server.post('/oauth/ro', { json });
  assert.deepEqual(Object.keys(answer.json), ['access_token', 'token_type']);
});

test('a refresh token belongs to a device, and is good for /delegation alone', async () => {
  assert.deepEqual(refusalOf(await login({ scope: 'openid offline_access' })), missing('device'));
  assert.equal(await countRefreshTokens(server.ctx), 0);
  const answer = await login({ scope: 'openid offline_access', device: 'my phone' });
  assert.match(answer.json.refresh_token, /^v1\.M/);
  const [row] = await refreshTokensOf(server.ctx).list();
  assert.deepEqual([row?.device, row?.rotating], ['my phone', false]);
  const secret = revealClientSecret(server.ctx, client);
  const form = { grant_type: 'refresh_token', client_id: client.client_id, client_secret: secret };
  const renewed = await server.post('/oauth/token', { form: { ...form, refresh_token: answer.json.refresh_token } });
  assert.deepEqual(refusalOf(renewed), [403, 'invalid_grant', 'Unknown or invalid refresh token.']);
});

test('what is missing, in the older words', async () => {
  for (const name of ['username', 'password', 'connection', 'client_id'])
    assert.deepEqual(refusalOf(await login({ [name]: undefined })), missing(name));
  assert.deepEqual(refusalOf(await login({ client_id: 'nobody' })), [403, 'unauthorized_client', 'invalid client']);
  const json = {
    client_id: client.client_id,
    connection: 'db',
    username: EMAIL,
    password: PASSWORD,
    scope: ['openid'],
  };
  assert.deepEqual(refusalOf(await server.post('/oauth/ro', { json })), [
    400,
    'invalid_request',
    'scope parameter must be a string',
  ]);
  assert.deepEqual(refusalOf(await login({ grant_type: 'implicit' })), [
    403,
    'unsupported_grant_type',
    'Unsupported grant type: implicit',
  ]);
});

test('connections that are not there, not for the client, or not for passwords', async () => {
  const invalid = (text: string) => [400, 'invalid_request', text];
  assert.deepEqual(refusalOf(await login({ connection: 'nowhere' })), invalid('the connection was not found'));
  await connectionsOf(server.ctx).put({ ...connection, enabled_clients: [] });
  assert.deepEqual(refusalOf(await login()), invalid('the connection was disabled'));
  await connectionsOf(server.ctx).put({ ...connection, strategy: 'google-oauth2' } as Connection);
  assert.deepEqual(refusalOf(await login()), invalid('specified strategy does not support requested operation'));
});

test('clients without the grant, new ones, third parties and those that conform to OpenID Connect', async () => {
  await changeClient({ grant_types: ['password'] });
  assert.deepEqual(refusalOf(await login()), notAllowed(RO));
  await changeClient({ is_first_party: false });
  assert.deepEqual(refusalOf(await login()), notAllowed(RO));
  await changeClient({ oidc_conformant: true });
  assert.deepEqual(refusalOf(await login()), [400, 'invalid_request', 'OIDC conformant clients cannot use /oauth/ro']);
  const fresh = await createClient(server.ctx, { name: 'New app' });
  assert.deepEqual(refusalOf(await login({ client_id: fresh.client_id })), notAllowed(RO));
  assert.equal((await usersOf(server.ctx).get(user.user_id))?.logins_count, user.logins_count);
});

test('a secret need not be sent, but must be right', async () => {
  const right = revealClientSecret(server.ctx, client);
  assert.equal((await login({ client_secret: right })).status, 200);
  assert.deepEqual(refusalOf(await login({ client_secret: 'wrong' })), [401, 'access_denied', 'Unauthorized']);
});

test('the address that a client forwards is not believed: it proved nothing', async () => {
  await changeClient({ is_token_endpoint_ip_header_trusted: true });
  const headers = { 'auth0-forwarded-for': '203.0.113.7' };
  const form = { client_id: client.client_id, connection: 'db', username: EMAIL, password: PASSWORD };
  await server.post('/oauth/ro', { form, headers });
  assert.notEqual((await usersOf(server.ctx).get(user.user_id))?.last_ip, '203.0.113.7');
});

test('wrong passwords look like unknown users, and are counted', async () => {
  assert.deepEqual(refusalOf(await login({ username: 'nobody@example.test' })), WRONG);
  for (let tries = 0; tries < 10; tries++) assert.deepEqual(refusalOf(await login({ password: 'wrong' })), WRONG);
  const blocked = await login();
  assert.deepEqual([blocked.status, blocked.json.error], [429, 'too_many_attempts']);
  const types = await logTypes(server);
  for (const type of ['fp', 'fu', 'limit_wc', 'f']) assert.ok(types.includes(type), type);
  server.clock.advance(31 * 86_400);
  assert.equal((await login()).status, 200);
});

test('a blocked user', async () => {
  const token = await idToken();
  await usersOf(server.ctx).put({ ...user, blocked: true });
  assert.deepEqual(refusalOf(await login()), [401, 'unauthorized', 'user is blocked']);
  assert.deepEqual(refusalOf(await bearer(token)), [401, 'unauthorized', 'user is blocked']);
});

test('a second factor that the tenant asks for withholds the tokens', async () => {
  const token = await idToken();
  await demandFactors(['all-applications']);
  for (const answer of [await login({ scope: 'openid' }), await bearer(token)]) {
    assert.deepEqual(refusalOf(answer), [403, 'mfa_required', 'Multifactor authentication required']);
    assert.match(answer.json.mfa_token, /^Fe26/);
  }
  await demandFactors([]);
});

test('once the second factor is passed, the refresh token belongs to the device that was named', async () => {
  await demandFactors(['all-applications']);
  const { mfa_token } = (await login({ scope: 'openid offline_access', device: 'my phone' })).json;
  const json = { authenticator_types: ['otp'] };
  const { secret } = (await server.post('/mfa/associate', { bearer: mfa_token, json })).json;
  const credentials = { client_id: client.client_id, client_secret: revealClientSecret(server.ctx, client) };
  const otp = totpAt(secret, server.clock.now());
  const form = { grant_type: 'http://auth0.com/oauth/grant-type/mfa-otp', ...credentials, mfa_token, otp };
  const answer = await server.post('/oauth/token', { form });
  assert.ok(answer.json.refresh_token, answer.text);
  const [row] = await refreshTokensOf(server.ctx).list();
  assert.deepEqual([row?.device, row?.rotating], ['my phone', false]);
  await forgetSecondFactorsOf(server.ctx, user.user_id);
  await demandFactors([]);
});

test('an address and the code that was sent to it', async () => {
  await addPasswordless(server.ctx, 'email', [client.client_id]);
  const sender: Credentials = {
    client_id: client.client_id,
    client_secret: revealClientSecret(server.ctx, client),
  };
  assert.equal((await start(server, sender)).status, 200);
  const code = await codeFor(server);
  const wrong = code === '000000' ? '111111' : '000000';
  const form = { connection: 'email', username: PERSON, scope: 'openid email' };
  assert.equal((await login({ ...form, password: wrong })).json.error, 'invalid_grant');
  const answer = await login({ ...form, password: code });
  assert.equal(payloadOf(answer.json.id_token).email, PERSON);
  assert.notEqual((await login({ ...form, password: code })).status, 200, 'once');
});

test('an ID token in place of a password', async () => {
  const token = await idToken();
  const answer = await bearer(token, { scope: 'openid offline_access' });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(Object.keys(answer.json), ['id_token', 'access_token', 'refresh_token', 'token_type']);
  assert.equal(payloadOf(answer.json.id_token).sub, user.user_id);
  const [row] = await refreshTokensOf(server.ctx).list();
  assert.equal(row?.device, 'phone');
  assert.deepEqual(refusalOf(await bearer(token, { device: undefined })), missing('device'));
  assert.deepEqual(refusalOf(await bearer('')), missing('id_token'));
  const other = await bearer(token, { connection: 'nowhere' });
  assert.equal(other.json.error_description, 'the connection was not found');
});

test('ID tokens that prove nothing', async () => {
  const invalid = [400, 'invalid_grant', 'invalid id_token'];
  const token = await idToken();
  const [header, , signature] = token.split('.');
  const forged = Buffer.from(JSON.stringify({ ...payloadOf(token), sub: 'auth0|other' })).toString('base64url');
  assert.deepEqual(refusalOf(await bearer(`${header}.${forged}.${signature}`)), invalid);
  const access = (await login({ scope: 'openid' })).json.access_token;
  assert.deepEqual(refusalOf(await bearer(access)), invalid);
  const stranger = await createClient(server.ctx, { name: 'Another' }, { existing: true });
  await connectionsOf(server.ctx).put({ ...connection, enabled_clients: [client.client_id, stranger.client_id] });
  assert.deepEqual(refusalOf(await bearer(token, { client_id: stranger.client_id })), invalid);
  const later = new Date(server.clock.now() + 5000).toISOString();
  await usersOf(server.ctx).put({ ...user, last_password_reset: later });
  assert.deepEqual(refusalOf(await bearer(token)), invalid, 'older than the password');
  await usersOf(server.ctx).put(user);
  server.clock.advance(36_000);
  assert.deepEqual(refusalOf(await bearer(token)), invalid, 'expired');
  await changeClient({ grant_types: [RO] });
  assert.deepEqual(refusalOf(await bearer(token)), notAllowed(`${RO}/jwt-bearer`));
});

test('an ID token that the client’s secret signs', async () => {
  await changeClient({ jwt_configuration: { alg: 'HS256' } });
  const token = await idToken();
  assert.equal((await bearer(token)).status, 200);
  await clientsOf(server.ctx).put(client);
  assert.equal((await bearer(token)).status, 400, 'the secret is no key of a client that signs with RS256');
});

test('a client that wants organizations, of which these endpoints know nothing, is refused', async () => {
  await changeClient({ organization_usage: 'require' });
  const answer = await login();
  assert.deepEqual([answer.status, answer.json.error], [403, 'invalid_request']);
});

test('tokens that are bound to a key say so', async () => {
  const prover = createProver(server.clock);
  await changeClient({ token_endpoint_auth_method: 'none' });
  const form = { client_id: client.client_id, connection: 'db', username: EMAIL, password: PASSWORD };
  const send = (nonce?: string) => {
    const dpop = prover.proof(`${server.issuer}oauth/ro`, nonce === undefined ? {} : { nonce });
    return server.post('/oauth/ro', { form, headers: { dpop } });
  };
  const first = await send();
  assert.equal(first.json.error, 'use_dpop_nonce');
  const answer = await send(first.headers['dpop-nonce']);
  assert.equal(answer.json.token_type, 'DPoP', answer.text);
});

test('another tenant’s client is unknown here', async () => {
  const form = { client_id: client.client_id, connection: 'db', username: EMAIL, password: PASSWORD };
  assert.equal((await server.other.post('/oauth/ro', { form })).json.error_description, 'invalid client');
  const rows = await logsOf(server.other.ctx).list();
  assert.deepEqual(
    rows.map(({ type }) => type),
    ['f'],
  );
});
