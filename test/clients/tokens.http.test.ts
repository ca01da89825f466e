/** What a client's settings make of its tokens. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { Browser } from '../browser.ts';
import { payloadOf } from '../token-fixture.ts';
import { type ClientHouse, clientHouse, type Made } from './client-house.ts';

let house: ClientHouse;
let app: Made;

before(async () => {
  house = await clientHouse();
  app = await house.create();
});
after(() => house.close());

const idToken = async (jwt_configuration: object, browser?: Browser): Promise<string> => {
  await house.change(app, { jwt_configuration });
  return (await house.tokens(app, {}, browser)).json.id_token;
};

test('jwt_configuration.alg: signs the ID tokens, which are as good as any', async () => {
  const keys = createLocalJWKSet((await house.server.get('/.well-known/jwks.json')).json);
  const currentDate = new Date(house.server.clock.now());
  for (const alg of ['RS256', 'RS512', 'PS256']) {
    const browser = new Browser(house.server);
    const token = await idToken({ alg }, browser);
    assert.equal(decodeProtectedHeader(token).alg, alg);
    if (alg === 'RS256') await jwtVerify(token, keys, { currentDate });
    const { parameters } = await house.logIn(app, { prompt: 'none', id_token_hint: token }, browser);
    assert.ok(parameters.code, alg);
    const logout = `/oidc/logout?id_token_hint=${token}`;
    assert.equal((await house.server.get(logout, { jar: browser.jar })).status, 200, alg);
  }
  const token = await idToken({ alg: 'HS256' });
  await jwtVerify(token, new TextEncoder().encode(app.client_secret), { currentDate, algorithms: ['HS256'] });
  const { status } = await house.manage('PATCH', `clients/${app.client_id}`, { jwt_configuration: { alg: 'none' } });
  assert.equal(status, 400);
});

test('jwt_configuration.lifetime_in_seconds: how long ID tokens are good', async () => {
  for (const lifetime_in_seconds of [60, 7200]) {
    const { iat, exp } = payloadOf(await idToken({ alg: 'RS256', lifetime_in_seconds }));
    assert.equal(Number(exp) - Number(iat), lifetime_in_seconds);
  }
});

test('jwt_configuration.secret_encoded: the decoded secret signs with HS256', async () => {
  const currentDate = new Date(house.server.clock.now());
  const token = await idToken({ alg: 'HS256', secret_encoded: true });
  await jwtVerify(token, Buffer.from(app.client_secret, 'base64'), { currentDate, algorithms: ['HS256'] });
  const plain = await idToken({ secret_encoded: false });
  await assert.rejects(jwtVerify(plain, Buffer.from(app.client_secret, 'base64'), { currentDate }));
});

test('sso_disabled: its users log in anew, whoever is logged in here', async () => {
  const browser = new Browser(house.server);
  await house.logIn(app, {}, browser);
  const silent = async () => (await house.logIn(app, { prompt: 'none' }, browser)).parameters.error;
  assert.equal(await silent(), undefined);
  await house.change(app, { sso_disabled: true });
  assert.equal(await silent(), 'login_required');
  await house.change(app, { sso_disabled: false });
  assert.equal(await silent(), undefined);
});

test('token_endpoint_auth_method: none needs no secret, the others do, wherever it stands', async () => {
  const ask = async (form: object, headers: Record<string, string> = {}) => {
    const answer = await house.server.post('/oauth/token', {
      form: { grant_type: 'refresh_token', refresh_token: 'none', ...form },
      headers,
    });
    return answer.json.error;
  };
  const { client_id, client_secret } = app;
  const authorization = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`;
  for (const token_endpoint_auth_method of ['client_secret_post', 'client_secret_basic']) {
    await house.change(app, { token_endpoint_auth_method });
    assert.equal(await ask({ client_id }), 'access_denied');
    assert.equal(await ask({ client_id, client_secret }), 'invalid_grant');
    assert.equal(await ask({}, { authorization }), 'invalid_grant');
  }
  await house.change(app, { token_endpoint_auth_method: 'none' });
  assert.equal(await ask({ client_id }), 'invalid_grant');
  await house.change(app, { token_endpoint_auth_method: null });
  assert.equal(await ask({ client_id }), 'access_denied');
});
