/** A button for another provider on a login page that the operator wrote. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { authorizeUrl, Browser } from '../browser.ts';
import { OPERATORS_PAGE, openClassic } from '../classic.ts';
import { changeClient } from '../cross-origin.ts';
import { payloadOf } from '../token-fixture.ts';
import { type House, oidcOptions, openHouse } from './federated-house.ts';

let house: House;

before(async () => {
  house = await openHouse('https://idp.test');
  const options = oidcOptions(house.provider);
  await house.connect('northwind', { strategy: 'oidc', options });
  await house.connect('southwind', { strategy: 'oidc', options });
  await changeClient(house.server.ctx, house.client.client_id, { custom_login_page: OPERATORS_PAGE });
});
after(() => house.server.close());

test('it goes on with the login of the page: what the application asked for, and its own state', async () => {
  const browser = new Browser(house.server);
  const { client_id } = house.client;
  const asked = { scope: 'openid email', nonce: 'the nonce', state: 'the application’s' };
  const { config } = await openClassic(browser, client_id, asked);
  const again = { client_id, ...config.internalOptions, connection: 'northwind' };
  const away = await browser.openApp(authorizeUrl({ ...again, nonce: 'another', redirect_uri: 'https://evil.test/' }));
  assert.equal(away.url.origin, house.provider.issuer);
  const arrived = await browser.openApp((await house.provider.approve(away.url)).back);
  assert.equal(arrived.url.origin + arrived.url.pathname, 'https://app.test/callback');
  assert.equal(arrived.parameters.error_description, undefined);
  assert.equal(arrived.parameters.state, 'the application’s');
  const { id_token = '' } = await house.redeem(arrived);
  assert.equal(payloadOf(id_token).nonce, 'the nonce');
  const over = await browser.openPage(authorizeUrl(again));
  assert.equal(over.status, 400, 'the login is over');
});
