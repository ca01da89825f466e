import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { managementToken } from '../../test/management.ts';
import { type TestServer, testServer } from '../../test/server.ts';
import { findConnectionByName } from '../resources/connections/index.ts';
import { consentGrantsOf } from '../resources/grants/index.ts';
import { logsOf } from '../resources/logs/index.ts';
import { createDatabaseUser, deleteUser } from '../resources/users/index.ts';
import { verifyPassword } from '../strategies/index.ts';

const CONNECTION = 'Username-Password-Authentication';
const PASSWORD = 'Correct-horse-7';

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, ['read:users', 'update:users', 'read:grants', 'delete:grants']);
});
after(() => server.close());

async function databaseConnection() {
  const connection = await findConnectionByName(server.ctx, CONNECTION);
  assert.ok(connection);
  return connection;
}

async function attempt(identifier: string, password: string): Promise<string> {
  const proof = { connection: await databaseConnection(), identifier, password, client: { client_id: 'app' } };
  return verifyPassword(server.ctx, { ...proof, ip: '192.0.2.1' }).then(
    () => 'ok',
    (error) => error.code,
  );
}

async function blockedUser(email: string) {
  const user = await createDatabaseUser(server.ctx, {
    connection: await databaseConnection(),
    email,
    password: PASSWORD,
  });
  for (let failed = 1; failed <= 10; failed++) await attempt(email, 'wrong');
  return { id: user.user_id, path: `/api/v2/user-blocks/${encodeURIComponent(user.user_id)}` };
}

test('blocks are listed and lifted by user', async () => {
  const { path } = await blockedUser('one@example.com');
  const block = { identifier: 'one@example.com', ip: '192.0.2.1', connection: CONNECTION };
  assert.deepEqual((await server.get(path, { bearer })).json, { blocked_for: [block] });
  assert.equal((await server.request('DELETE', path, { bearer })).status, 204);
  assert.deepEqual((await server.get(path, { bearer })).json, { blocked_for: [] });
  assert.equal(await attempt('one@example.com', PASSWORD), 'ok');
  const [lifted] = await logsOf(server.ctx).list({ where: { type: 'ublkdu' } });
  assert.equal(lifted?.user_name, 'one@example.com');
});

test('and by identifier, also one that nobody has', async () => {
  await blockedUser('two@example.com');
  for (let failed = 1; failed <= 10; failed++) await attempt('nobody@example.com', 'wrong');
  for (const identifier of ['Two@example.com', 'nobody@example.com']) {
    const at = { bearer, query: { identifier } };
    assert.equal((await server.get('/api/v2/user-blocks', at)).json.blocked_for.length, 1, identifier);
    assert.equal((await server.request('DELETE', '/api/v2/user-blocks', at)).status, 204);
    assert.deepEqual((await server.get('/api/v2/user-blocks', at)).json, { blocked_for: [] });
  }
  assert.equal(await attempt('two@example.com', PASSWORD), 'ok');
});

test('nine wrong passwords are no block; an unknown user is 404', async () => {
  const { path } = await blockedUser('three@example.com');
  await server.request('DELETE', path, { bearer });
  for (let failed = 1; failed <= 9; failed++) await attempt('three@example.com', 'wrong');
  assert.deepEqual((await server.get(path, { bearer })).json, { blocked_for: [] });
  assert.equal((await server.get('/api/v2/user-blocks/auth0%7Cnobody', { bearer })).json.errorCode, 'inexistent_user');
  assert.equal((await server.get('/api/v2/user-blocks', { bearer })).status, 400);
});

test('consents are listed, taken back, and go with their user', async () => {
  const { id } = await blockedUser('four@example.com');
  const grant = { clientID: 'app', user_id: id, scope: ['a'] };
  for (const audience of ['x', 'y', 'z'])
    await consentGrantsOf(server.ctx).insert({ ...grant, id: `g-${audience}`, audience });
  const list = async (query = {}) => (await server.get('/api/v2/grants', { bearer, query })).json;
  assert.deepEqual(await list({ audience: 'y' }), [{ ...grant, id: 'g-y', audience: 'y' }]);
  assert.equal((await list({ user_id: id, include_totals: 'true' })).total, 3);
  assert.equal((await server.request('DELETE', '/api/v2/grants/g-x', { bearer })).status, 204);
  assert.equal((await list({ client_id: 'app' })).length, 2);
  await deleteUser(server.ctx, id);
  assert.deepEqual(await list(), []);
  assert.equal((await server.request('DELETE', '/api/v2/grants', { bearer })).status, 400);
});
