import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type TestServer, testServer } from '../../../test/server.ts';
import {
  API,
  addApi,
  addClient,
  addDatabase,
  addUser,
  type Credentials,
  EMAIL,
  PASSWORD,
} from '../../../test/token-fixture.ts';
import { type User, usersOf } from '../../resources/users/index.ts';

let server: TestServer;
let client: Credentials;
let user: User;

before(async () => {
  server = await testServer();
  await addApi(server.ctx);
  await addApi(server.ctx, { identifier: 'https://hs.test/', signing_alg: 'HS256' });
  client = await addClient(server.ctx);
  user = await addUser(server.ctx, await addDatabase(server.ctx, 'db', [client.client_id]));
});
after(() => server.close());

async function tokens(form: Record<string, string>) {
  const answer = await server.post('/oauth/token', {
    form: { grant_type: 'password', ...client, username: EMAIL, password: PASSWORD, ...form },
  });
  assert.equal(answer.status, 200);
  return answer.json;
}

test('claims follow the scopes of the token', async () => {
  const all = await server.get('/userinfo', { bearer: (await tokens({ scope: 'openid profile email' })).access_token });
  assert.equal(all.status, 200);
  assert.equal(all.headers['content-type'], 'application/json; charset=utf-8');
  const stored = await usersOf(server.ctx).get(user.user_id);
  assert.deepEqual(all.json, {
    sub: user.user_id,
    nickname: 'ada',
    name: EMAIL,
    picture: stored?.picture,
    updated_at: stored?.updated_at,
    email: EMAIL,
    email_verified: true,
  });
  const few = await server.get('/userinfo', { bearer: (await tokens({ scope: 'openid nickname' })).access_token });
  assert.deepEqual(few.json, { sub: user.user_id, nickname: 'ada' });
});

test('the token may be a JWT, and may come in a form', async () => {
  const { access_token } = await tokens({ audience: API, scope: 'openid email read:things' });
  const posted = await server.post('/userinfo', { form: { access_token } });
  assert.deepEqual(posted.json, { sub: user.user_id, email: EMAIL, email_verified: true });
  assert.equal((await server.post('/userinfo', { bearer: access_token })).status, 200);
  assert.equal((await server.get('/userinfo', { headers: { authorization: `bearer ${access_token}` } })).status, 200);
  assert.equal((await server.get('/userinfo', { query: { access_token } })).status, 401);
});

test('anything else is unauthorized', async () => {
  const none = await server.get('/userinfo');
  assert.deepEqual(
    [none.status, none.text, none.headers['www-authenticate']],
    [401, 'Unauthorized', 'Bearer realm="Users"'],
  );
  const api = await tokens({ audience: API, scope: 'read:things' });
  const hs = await tokens({ audience: 'https://hs.test/', scope: 'openid' });
  const { id_token, access_token } = await tokens({ scope: 'openid' });
  const tampered = `${access_token.slice(0, -2)}${access_token.endsWith('AA') ? 'BB' : 'AA'}`;
  for (const bearer of [api.access_token, hs.access_token, id_token, tampered, 'x', 'a.b.c', 'a..b.c.d']) {
    const answer = await server.get('/userinfo', { bearer });
    assert.equal(answer.status, 401, bearer);
    assert.equal(answer.headers['www-authenticate'], 'Bearer realm="Users", error="invalid_token"');
  }
  assert.equal((await server.other.get('/userinfo', { bearer: access_token })).status, 401);
});

test('a token without openid is for nobody here', async () => {
  const { access_token } = await tokens({ scope: 'email' });
  const answer = await server.get('/userinfo', { bearer: access_token });
  assert.equal(answer.status, 403);
  assert.match(String(answer.headers['www-authenticate']), /error="insufficient_scope"/);
});

test('tokens end with their time, and with their user', async () => {
  const { access_token } = await tokens({ scope: 'openid' });
  await usersOf(server.ctx).update(user.user_id, (current) => ({ ...current, blocked: true }));
  assert.equal((await server.get('/userinfo', { bearer: access_token })).status, 401);
  await usersOf(server.ctx).update(user.user_id, (current) => ({ ...current, blocked: false }));
  server.clock.advance(86_399);
  assert.equal((await server.get('/userinfo', { bearer: access_token })).status, 200);
  server.clock.advance(1);
  assert.equal((await server.get('/userinfo', { bearer: access_token })).status, 401);
});
