import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeJwt } from '../../src/platform/crypto/index.ts';
import { findSession } from '../../src/resources/sessions/index.ts';
import { Browser } from '../browser.ts';
import { addDatabase, addUser, EMAIL, PASSWORD } from '../token-fixture.ts';
import { type House, oidcOptions, openHouse } from './federated-house.ts';

const BYE = 'https://app.test/bye';

let house: House;

before(async () => {
  house = await openHouse('https://logout.test');
  await house.connect('corp', { strategy: 'oidc', options: oidcOptions(house.provider) });
  await house.connect('endless', {
    strategy: 'oidc',
    options: {
      client_id: 'us',
      client_secret: 'secret',
      type: 'back_channel',
      issuer: house.provider.issuer,
      authorization_endpoint: `${house.provider.issuer}/authorize`,
      token_endpoint: `${house.provider.issuer}/token`,
      jwks_uri: `${house.provider.issuer}/jwks`,
    },
  });
});
after(() => house.server.close());

async function loggedIn(connection: string) {
  const { browser, address } = await house.leave({ connection });
  const arrival = await browser.openApp((await house.provider.approve(address)).back);
  return { browser, id_token: (await house.redeem(arrival)).id_token ?? '' };
}

const path = (place: string, parameters: Record<string, string>) => `${place}?${new URLSearchParams(parameters)}`;
const isLoggedIn = async (browser: Browser) => (await findSession(house.server.ctx, browser.jar)) !== undefined;

test('/v2/logout?federated ends the session, and leads over the provider to the application', async () => {
  const { browser } = await loggedIn('corp');
  const ask = { client_id: house.client.client_id, returnTo: BYE };
  const away = await browser.openApp(`${path('/v2/logout', ask)}&federated`);
  assert.equal(away.url.origin + away.url.pathname, 'https://logout.test/logout');
  const { id_token_hint, ...rest } = away.parameters;
  assert.deepEqual(rest, { client_id: 'us', post_logout_redirect_uri: BYE });
  assert.equal(decodeJwt(id_token_hint ?? '')?.payload.sub, 'ada-1');
  assert.equal(await isLoggedIn(browser), false);
});

test('without federated, or where there is nothing to log out of, it stays here', async () => {
  const ask = { client_id: house.client.client_id, returnTo: BYE };
  const plain = await loggedIn('corp');
  assert.equal((await plain.browser.openApp(path('/v2/logout', ask))).url.href, BYE);
  const endless = await loggedIn('endless');
  assert.equal((await endless.browser.openApp(path('/v2/logout', { ...ask, federated: '' }))).url.href, BYE);
  const database = await addDatabase(house.server.ctx, 'db', [house.client.client_id]);
  await addUser(house.server.ctx, database, EMAIL);
  const browser = new Browser(house.server);
  const page = await browser.openPage(
    `/authorize?${new URLSearchParams({ client_id: house.client.client_id, response_type: 'code', connection: 'db', state: 'xyz' })}`,
  );
  await browser.submitApp(page, { username: EMAIL, password: PASSWORD });
  assert.equal((await browser.openApp(path('/v2/logout', { ...ask, federated: '' }))).url.href, BYE);
  const stranger = new Browser(house.server);
  assert.equal((await stranger.openApp(path('/v2/logout', { ...ask, federated: '' }))).url.href, BYE);
});

test('a returnTo that is not allowed ends nothing, federated or not', async () => {
  const { browser } = await loggedIn('corp');
  const ask = { client_id: house.client.client_id, returnTo: 'https://evil.test/', federated: '' };
  assert.equal((await browser.openPage(path('/v2/logout', ask))).status, 400);
  assert.equal(await isLoggedIn(browser), true);
});

test('/oidc/logout: at once with a hint, after a question without; federated=false stays here', async () => {
  const ask = { client_id: house.client.client_id, post_logout_redirect_uri: BYE };
  const hinted = await loggedIn('corp');
  const away = await hinted.browser.openApp(
    path('/oidc/logout', { ...ask, id_token_hint: hinted.id_token, federated: 'true' }),
  );
  assert.equal(away.url.host, 'logout.test');
  const asked = await loggedIn('corp');
  const page = await asked.browser.openPage(path('/oidc/logout', { ...ask, federated: '' }));
  assert.equal(page.path, '/oidc/logout/confirm');
  assert.match(String(page.headers['content-security-policy']), /form-action[^;]*https:\/\/logout\.test/);
  assert.equal((await asked.browser.submitApp(page, { action: 'accept' })).url.host, 'logout.test');
  assert.equal(await isLoggedIn(asked.browser), false);
  const local = await loggedIn('corp');
  const stays = path('/oidc/logout', { ...ask, id_token_hint: local.id_token, federated: 'false' });
  assert.equal((await local.browser.openApp(stays)).url.href, BYE);
});

test('a provider that cannot be asked does not keep anybody logged in', async () => {
  const { browser } = await loggedIn('corp');
  house.server.clock.advance(3700);
  house.provider.answers = { 'GET /.well-known/openid-configuration': () => ({ status: 500, body: {} }) };
  const ask = { client_id: house.client.client_id, returnTo: BYE, federated: '' };
  assert.equal((await browser.openApp(path('/v2/logout', ask))).url.href, BYE);
  assert.equal(await isLoggedIn(browser), false);
  assert.equal((await house.logged('federated_logout_failed')).length, 1);
  house.provider.answers = {};
});
