/** How a client proves who it is, and whether a session here counts for it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser } from '../browser.ts';
import { type ClientHouse, clientHouse, type Made } from './client-house.ts';

let house: ClientHouse;
let app: Made;

before(async () => {
  house = await clientHouse();
  app = await house.create();
});
after(() => house.close());

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
