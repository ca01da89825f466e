import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import {
  API,
  addApi,
  addClient,
  addDatabase,
  addUser,
  type Credentials,
  changeSettings,
  EMAIL,
  PASSWORD,
  refusalOf,
} from '../../../test/token-fixture.ts';
import { consentGrantsOf } from '../../resources/grants/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import { usersOf } from '../../resources/users/index.ts';

let server: TestServer;
let client: Credentials;
let stranger: Credentials;

before(async () => {
  server = await testServer();
  client = await addClient(server.ctx);
  stranger = await addClient(server.ctx);
  await addUser(server.ctx, await addDatabase(server.ctx, 'db', [client.client_id]));
});
after(() => server.close());

async function begin(more: Record<string, string> = {}): Promise<string> {
  const login = { grant_type: 'password', username: EMAIL, password: PASSWORD, scope: 'offline_access' };
  const form = { ...login, ...client, ...more };
  return (await server.post('/oauth/token', { form })).json.refresh_token;
}
const isAlive = async (refresh_token: string) =>
  (await server.post('/oauth/token', { form: { grant_type: 'refresh_token', ...client, refresh_token } })).status ===
  200;

test('a revoked token is gone; the answer is empty', async () => {
  const token = await begin();
  const other = await begin();
  const answer = await server.post('/oauth/revoke', { json: { ...client, token, token_type_hint: 'access_token' } });
  assert.deepEqual([answer.status, answer.text], [200, '']);
  assert.match(String(answer.headers['content-type']), /^application\/json/);
  assert.equal(await isAlive(token), false);
  assert.equal(await isAlive(other), true);
});

test('unknown and foreign tokens get the same answer and nothing happens', async () => {
  const token = await begin();
  const foreign = await server.post('/oauth/revoke', { form: { ...stranger, token } });
  const unknown = await server.post('/oauth/revoke', { form: { ...client, token: 'nothing' } });
  for (const answer of [foreign, unknown]) assert.deepEqual([answer.status, answer.text], [200, '']);
  assert.equal(await isAlive(token), true);
});

test('client and token must be there', async () => {
  const token = await begin();
  const wrong = await server.post('/oauth/revoke', { form: { ...client, client_secret: 'wrong', token } });
  assert.deepEqual(refusalOf(wrong), [401, 'access_denied', 'Unauthorized']);
  const missing = await server.post('/oauth/revoke', { form: client });
  assert.deepEqual(refusalOf(missing), [400, 'invalid_request', 'Missing required parameter: token']);
  assert.equal(await isAlive(token), true);
});

test('with the tenant’s flag the whole grant goes: consent and tokens of the user, the application and the API', async () => {
  const { flags } = await tenantSettings(server.ctx);
  await changeSettings(server.ctx, { flags: { ...flags, revoke_refresh_token_grant: true } });
  await addApi(server.ctx);
  const [token, other, elsewhere] = [await begin(), await begin(), await begin({ audience: API })];
  const [user] = await usersOf(server.ctx).list();
  const consents = consentGrantsOf(server.ctx);
  for (const audience of [API, `${server.issuer}userinfo`])
    await consents.insert({ id: audience, clientID: client.client_id, user_id: user!.user_id, audience, scope: [] });
  await server.post('/oauth/revoke', { form: { ...client, token } });
  assert.equal(await isAlive(other), false);
  assert.equal(await isAlive(elsewhere), true);
  assert.deepEqual(
    (await consents.list()).map(({ id }) => id),
    [API],
  );
});

test('a consent that is deleted takes its refresh tokens along', async () => {
  const bearer = await managementToken(server, ['delete:grants', 'read:grants']);
  const [plain, forApi] = [await begin(), await begin({ audience: API })];
  assert.equal((await server.request('DELETE', `/api/v2/grants/${encodeURIComponent(API)}`, { bearer })).status, 204);
  assert.deepEqual([await isAlive(plain), await isAlive(forApi)], [true, false]);
  const [user] = await usersOf(server.ctx).list();
  const { user_id } = user!;
  const audience = `${server.issuer}userinfo`;
  await consentGrantsOf(server.ctx).insert({ id: 'c', clientID: client.client_id, user_id, audience, scope: [] });
  const all = await server.request('DELETE', '/api/v2/grants', { bearer, query: { user_id } });
  assert.equal(all.status, 204);
  assert.equal(await isAlive(plain), false);
});
