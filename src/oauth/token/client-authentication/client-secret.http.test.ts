import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type TestServer, testServer } from '../../../../test/server.ts';
import {
  API,
  addApi,
  addClient,
  addClientGrant,
  addCode,
  addDatabase,
  addUser,
  CALLBACK,
  type Credentials,
  refusalOf,
} from '../../../../test/token-fixture.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const UNAUTHORIZED = [401, 'access_denied', 'Unauthorized'];

let server: TestServer;
let client: Credentials;

before(async () => {
  server = await testServer();
  await addApi(server.ctx);
  client = await addClient(server.ctx);
  await addClientGrant(server.ctx, client.client_id, ['read:things']);
});
after(() => server.close());

const ask = (form: Record<string, string | undefined>, headers: Record<string, string> = {}) =>
  server.post('/oauth/token', { form: { grant_type: 'client_credentials', audience: API, ...form }, headers });
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

test('a secret may come in the body or in the header', async () => {
  assert.equal((await ask({ ...client })).status, 200);
  assert.equal((await ask({}, basic(client.client_id, client.client_secret))).status, 200);
  const encoded = [...client.client_secret].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
  assert.equal((await ask({}, basic(client.client_id, encoded))).status, 200);
  assert.equal((await ask({ client_id: client.client_id }, basic(client.client_id, client.client_secret))).status, 200);
});

test('unknown client, wrong secret and no secret get the same answer', async () => {
  const wrong = [
    await ask({ client_id: 'nobody', client_secret: client.client_secret }),
    await ask({ client_id: client.client_id, client_secret: `${client.client_secret}x` }),
    await ask({ client_id: client.client_id }),
    await ask({ client_id: 'nobody' }),
  ];
  for (const answer of wrong) {
    assert.deepEqual(refusalOf(answer), UNAUTHORIZED);
    assert.equal(answer.headers['www-authenticate'], undefined);
  }
  const byHeader = await ask({}, basic(client.client_id, 'wrong'));
  assert.deepEqual(refusalOf(byHeader), UNAUTHORIZED);
  assert.match(String(byHeader.headers['www-authenticate']), /^Basic /);
});

test('without a name, or with two proofs, it is refused', async () => {
  assert.deepEqual(refusalOf(await ask({})), [401, 'invalid_client', 'Missing client_id']);
  const twice = await ask({ ...client }, basic(client.client_id, client.client_secret));
  assert.deepEqual([twice.status, twice.json.error], [400, 'invalid_request']);
  const both = await ask({ ...client, client_assertion: 'a.b.c', client_assertion_type: ASSERTION_TYPE });
  assert.deepEqual([both.status, both.json.error], [400, 'invalid_request']);
  const repeated = await server.post('/oauth/token', {
    form: `grant_type=client_credentials&client_id=${client.client_id}&client_id=${client.client_id}`,
  });
  assert.deepEqual([repeated.status, repeated.json.error], [400, 'invalid_request']);
});

test('the grant type is read first, and known before it is allowed', async () => {
  const missing = await server.post('/oauth/token', { form: { client_id: 'nobody' } });
  assert.deepEqual(refusalOf(missing), [400, 'invalid_request', 'Missing required parameter: grant_type']);
  const empty = await ask({ grant_type: '', client_id: 'nobody' });
  assert.deepEqual(refusalOf(empty), [400, 'invalid_request', 'Missing required parameter: grant_type']);
  const unknown = await ask({ ...client, grant_type: 'implicit' });
  assert.deepEqual(refusalOf(unknown), [403, 'unsupported_grant_type', 'Unsupported grant type: implicit']);
  assert.deepEqual(refusalOf(await ask({ grant_type: 'implicit', client_id: 'nobody' })), UNAUTHORIZED);
  const typed = await server.post('/oauth/token', { json: { grant_type: 7 } });
  assert.deepEqual([typed.status, typed.json.error], [400, 'invalid_request']);
});

test('a public client needs its name alone; what it sends besides is not looked at', async () => {
  const { client_id } = await addClient(server.ctx, {
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code'],
  });
  const redeem = (form: Record<string, string>, headers = {}) =>
    server.post('/oauth/token', { form: { grant_type: 'authorization_code', code: 'none', ...form }, headers });
  const known = [403, 'invalid_grant', 'Invalid authorization code'];
  assert.deepEqual(refusalOf(await redeem({ client_id })), known);
  assert.deepEqual(refusalOf(await redeem({ client_id, client_secret: 'anything' })), known);
  assert.deepEqual(refusalOf(await redeem({}, basic(client_id, 'anything'))), known);
  const assertion = { client_assertion: 'a.b.c', client_assertion_type: ASSERTION_TYPE };
  assert.equal((await redeem({ client_id, ...assertion })).status, 401);
});

test('a secret is of one client in one tenant', async () => {
  const other = await addClient(server.ctx);
  const swapped = await ask({ client_id: other.client_id, client_secret: client.client_secret });
  assert.deepEqual(refusalOf(swapped), UNAUTHORIZED);
  const abroad = await server.other.post('/oauth/token', {
    form: { grant_type: 'client_credentials', audience: API, ...client },
  });
  assert.deepEqual(refusalOf(abroad), UNAUTHORIZED);
});

test('what a refused client holds stays good', async () => {
  const connection = await addDatabase(server.ctx, 'users', [client.client_id]);
  const user = await addUser(server.ctx, connection);
  const code = await addCode(server.ctx, { client_id: client.client_id, user_id: user.user_id });
  const redeem = (secret: string) =>
    ask({ ...client, client_secret: secret, grant_type: 'authorization_code', code, redirect_uri: CALLBACK });
  assert.deepEqual(refusalOf(await redeem('wrong')), UNAUTHORIZED);
  assert.equal((await redeem(client.client_secret)).status, 200);
});
