import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { addPasswordless } from '../../../../test/passwordless.ts';
import { type TestServer, testServer } from '../../../../test/server.ts';
import {
  API,
  addApi,
  addClient,
  addClientGrant,
  addDatabase,
  addUser,
  type Credentials,
  changeSettings,
  EMAIL,
  logTypes,
  PASSWORD,
  payloadOf,
  refusalOf,
} from '../../../../test/token-fixture.ts';
import { clientsOf, type StoredClient } from '../../../resources/clients/index.ts';
import { type Connection, connectionsOf } from '../../../resources/connections/index.ts';
import { guardianCollection, guardianSettings } from '../../../resources/guardian/index.ts';
import { logsOf } from '../../../resources/logs/index.ts';
import { resourceServersOf } from '../../../resources/resource-servers/index.ts';
import { type User, usersOf } from '../../../resources/users/index.ts';

const WRONG = [403, 'invalid_grant', 'Wrong email or password.'];
const REALM = 'http://auth0.com/oauth/grant-type/password-realm';

let server: TestServer;
let client: Credentials;
let connection: Connection;
let user: User;

beforeEach(async () => {
  server = await testServer();
  await addApi(server.ctx);
  client = await addClient(server.ctx);
  connection = await addDatabase(server.ctx, 'db', [client.client_id]);
  user = await addUser(server.ctx, connection);
});
afterEach(() => server.close());

const login = (form: Record<string, string | undefined> = {}, headers: Record<string, string> = {}) =>
  server.post('/oauth/token', {
    form: { grant_type: 'password', ...client, username: EMAIL, password: PASSWORD, ...form },
    headers,
  });

test('the default directory’s users get what they ask for', async () => {
  const answer = await login({ audience: API, scope: 'openid email read:things nonsense' });
  assert.equal(answer.status, 200);
  assert.equal(answer.json.scope, 'openid email read:things');
  const claims = payloadOf(answer.json.access_token);
  assert.equal(claims.sub, user.user_id);
  assert.equal(claims.gty, 'password');
  assert.equal(payloadOf(answer.json.id_token).email, EMAIL);
  assert.ok((await logTypes(server)).includes('sepft'));
  const after = await usersOf(server.ctx).get(user.user_id);
  assert.equal(after?.logins_count, 1);
});

test('without a scope: everything', async () => {
  const userinfo = await login();
  assert.equal(userinfo.json.scope, 'openid profile email address phone');
  const api = await login({ audience: API });
  assert.equal(api.json.scope, 'openid profile email address phone read:things write:things');
  assert.equal(api.json.refresh_token, undefined);
});

test('the Management API gives users nothing that is for operators', async () => {
  const answer = await login({ audience: `${server.issuer}api/v2/` });
  assert.equal(answer.status, 200);
  const scopes = String(answer.json.scope)
    .split(' ')
    .filter((scope) => scope.includes(':'));
  assert.deepEqual(
    scopes.filter((scope) => !scope.includes('current_user')),
    [],
  );
});

test('wrong password and unknown user are one answer', async () => {
  assert.deepEqual(refusalOf(await login({ password: 'wrong' })), WRONG);
  assert.deepEqual(refusalOf(await login({ username: 'nobody@example.test' })), WRONG);
  assert.ok((await logTypes(server)).includes('fepft'));
  const after = await usersOf(server.ctx).get(user.user_id);
  assert.equal(after?.logins_count ?? 0, 0);
});

test('parameters are missing, or there is no directory', async () => {
  const missing = (name: string) => [400, 'invalid_request', `Missing required parameter: ${name}`];
  assert.deepEqual(refusalOf(await login({ username: undefined })), missing('username'));
  assert.deepEqual(refusalOf(await login({ password: '' })), missing('password'));
  assert.deepEqual(refusalOf(await login({ grant_type: REALM })), missing('realm'));
  const scope = await server.post('/oauth/token', {
    json: { grant_type: 'password', ...client, username: EMAIL, password: PASSWORD, scope: 7 },
  });
  assert.deepEqual(refusalOf(scope), [400, 'invalid_scope', 'Scope must be an array or a string']);
  await changeSettings(server.ctx, { default_directory: undefined });
  const none = await login();
  assert.deepEqual(
    [none.json.error, none.json.error_description],
    ['server_error', 'Authorization server not configured with default connection.'],
  );
});

test('a realm is a connection’s name, or one of its realms', async () => {
  await changeSettings(server.ctx, { default_directory: undefined });
  assert.equal((await login({ grant_type: REALM, realm: 'db' })).status, 200);
  assert.equal((await login({ realm: 'db' })).status, 200);
  const answer = await login({ grant_type: REALM, realm: 'db-realm' });
  assert.equal(payloadOf(answer.json.access_token.includes('..') ? answer.json.id_token : '').sub, user.user_id);
  const unknown = await login({ grant_type: REALM, realm: 'nowhere' });
  assert.deepEqual(refusalOf(unknown), [400, 'invalid_request', 'the connection was not found']);
  await connectionsOf(server.ctx).put({ ...connection, enabled_clients: [] });
  assert.deepEqual(refusalOf(await login({ grant_type: REALM, realm: 'db' })), [
    403,
    'invalid_request',
    'the connection was disabled',
  ]);
});

test('a realm without passwords', async () => {
  await addPasswordless(server.ctx, 'email', [client.client_id]);
  const unsupported = [400, 'invalid_request', 'specified strategy does not support requested operation'];
  assert.deepEqual(refusalOf(await login({ grant_type: REALM, realm: 'email' })), unsupported);
  await changeSettings(server.ctx, { default_directory: 'email' });
  assert.deepEqual(refusalOf(await login()), unsupported);
});

test('a user who is blocked, in the words that SDKs know', async () => {
  await usersOf(server.ctx).put({ ...user, blocked: true });
  assert.deepEqual(refusalOf(await login()), [403, 'unauthorized', 'user is blocked']);
  assert.deepEqual(refusalOf(await login({ password: 'wrong' })), WRONG, 'only to who knows the password');
});

test('wrong passwords block the address that a trusted client forwards, and no other', async () => {
  await clientsOf(server.ctx).update(client.client_id, (stored) => ({
    ...stored,
    is_token_endpoint_ip_header_trusted: true,
  }));
  const from = (ip: string) => ({ 'auth0-forwarded-for': ip });
  for (let tries = 0; tries < 10; tries++) await login({ password: 'wrong' }, from('203.0.113.7'));
  const blocked = await login({}, from('203.0.113.7'));
  assert.deepEqual([blocked.status, blocked.json.error], [429, 'too_many_attempts']);
  assert.match(blocked.json.error_description, /^Your account has been blocked after multiple consecutive login/);
  assert.equal((await login({}, from('203.0.113.8'))).status, 200);
  const [row] = await logsOf(server.ctx).list({ where: { type: 'fp' }, limit: 1 });
  assert.deepEqual([row?.ip, row?.client_ip], ['203.0.113.7', '127.0.0.1']);
});

test('an unknown API is refused before the password is looked at', async () => {
  const answer = await login({ audience: 'https://nowhere.test/', password: 'wrong' });
  assert.deepEqual(refusalOf(answer), [
    403,
    'access_denied',
    'Service not enabled within domain: https://nowhere.test/',
  ]);
  assert.equal((await logTypes(server)).includes('fp'), false);
});

test('policies of the API', async () => {
  const api = await resourceServersOf(server.ctx).find({ identifier: API });
  const policy = (user: 'deny_all' | 'require_client_grant') =>
    resourceServersOf(server.ctx).put({
      ...api!,
      subject_type_authorization: { user: { policy: user }, client: { policy: 'deny_all' } },
    });
  const refused = [
    403,
    'access_denied',
    `Client "${client.client_id}" is not authorized to access resource server "${API}".`,
  ];
  await policy('deny_all');
  assert.deepEqual(refusalOf(await login({ audience: API })), refused);
  await policy('require_client_grant');
  assert.deepEqual(refusalOf(await login({ audience: API })), refused);
  await addClientGrant(server.ctx, client.client_id, ['read:things'], 'user');
  assert.equal((await login({ audience: API, scope: 'read:things write:things' })).json.scope, 'read:things');
  await resourceServersOf(server.ctx).put({ ...api!, enforce_policies: true, token_dialect: 'access_token_authz' });
  const claims = payloadOf((await login({ audience: API, scope: 'openid read:things' })).json.access_token);
  assert.deepEqual([claims.scope, claims.permissions], ['openid', []]);
});

test('the forwarded address counts only from a client that is trusted and has proved itself', async () => {
  const headers = { 'auth0-forwarded-for': '203.0.113.7' };
  const lastIp = async () => (await usersOf(server.ctx).get(user.user_id))?.last_ip;
  await login({}, headers);
  assert.notEqual(await lastIp(), '203.0.113.7');
  const trust = (changes: Partial<StoredClient>) =>
    clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, ...changes }) as StoredClient);
  await trust({ is_token_endpoint_ip_header_trusted: true });
  await login({}, headers);
  assert.equal(await lastIp(), '203.0.113.7');
  const [row] = await logsOf(server.ctx).list({
    where: { type: 'sepft' },
    orderBy: 'log_id',
    descending: true,
    limit: 1,
  });
  assert.ok(row);
  const rows = await logsOf(server.ctx).list({ where: { ip: '203.0.113.7' } });
  assert.deepEqual(
    rows.map(({ type }) => type),
    ['sepft'],
  );
  await login({}, { 'auth0-forwarded-for': 'not an address' });
  assert.notEqual(await lastIp(), '203.0.113.7');
  await trust({ token_endpoint_auth_method: 'none' });
  await login({}, headers);
  assert.notEqual(await lastIp(), '203.0.113.7');
});

test('a second factor that the tenant asks for withholds the tokens', async () => {
  const guardian = await guardianSettings(server.ctx);
  const demanding = {
    ...guardian,
    factors: { ...guardian.factors, otp: true },
    policies: ['all-applications'] as const,
  };
  await server.ctx.store.collection(guardianCollection).put(demanding);
  const answer = await login({ audience: API, scope: 'read:things' });
  assert.deepEqual(refusalOf(answer), [403, 'mfa_required', 'Multifactor authentication required']);
  assert.deepEqual(answer.json.mfa_requirements, { enroll: [{ type: 'otp' }] });
  const types = await logTypes(server);
  assert.equal(types.includes('mfar') && !types.includes('fepft') && !types.includes('sepft'), true);
  assert.equal((await usersOf(server.ctx).get(user.user_id))?.logins_count ?? 0, 0);
});

test('the MFA API, for clients that may use it', async () => {
  const answer = await login({ audience: `${server.issuer}mfa`, scope: 'enroll' });
  assert.equal(answer.json.expires_in, 600);
  assert.equal(answer.json.scope, 'enroll');
  assert.equal(payloadOf(answer.json.access_token).aud, `${server.issuer}mfa/`);
  const plain = await addClient(server.ctx, { grant_types: ['password'] });
  await connectionsOf(server.ctx).put({ ...connection, enabled_clients: [plain.client_id] });
  const refused = await login({ ...plain, audience: `${server.issuer}mfa/` });
  assert.deepEqual([refused.status, refused.json.error], [403, 'access_denied']);
});
