/** `@auth0/auth0-spa-js`, unmodified, in Chromium: a token of somebody else is exchanged, and the user is logged in. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { createTokenExchangeProfile } from '../../src/resources/token-exchange-profiles/index.ts';
import { CUSTOM, key, TYPE, VERIFIER } from '../exchange-fixture.ts';
import { addPerson, addPublicApplication } from '../fixtures.ts';
import { foreignToken } from '../foreign-issuer.ts';
import { API, addApi, payloadOf } from '../token-fixture.ts';
import { type House, openHouse } from './house.ts';

const SDK = new URL('../../node_modules/@auth0/auth0-spa-js/dist/auth0-spa-js.production.js', import.meta.url);

const APPLICATION = `<!doctype html><title>Application</title><h1>Application</h1>
<script src="/auth0-spa-js.js"></script>
<script type="module">
  const { domain, clientId } = await (await fetch('/settings.js')).json();
  window.client = new auth0.Auth0Client({ domain, clientId, authorizationParams: { redirect_uri: location.origin } });
  window.exchange = async (options) => {
    try { return await client.exchangeToken(options); } catch (error) { return { error: error.error, text: error.message }; }
  };
  document.body.dataset.ready = 'yes';
</script>`;

let house: House;

before(async () => {
  const files: Record<string, string> = { '/': APPLICATION, '/auth0-spa-js.js': readFileSync(SDK, 'utf8') };
  house = await openHouse(files);
  const { ctx, domain } = house.server;
  await addApi(ctx, { skip_consent_for_verifiable_first_party_clients: true });
  const { client_id } = await addPublicApplication(ctx, { ...CUSTOM, web_origins: [house.appUrl] });
  await createTokenExchangeProfile(ctx, {
    name: 'Legacy',
    type: 'custom_authentication',
    subject_token_type: TYPE,
    subject_token_verifier: VERIFIER,
  });
  files['/settings.js'] = JSON.stringify({ domain, clientId: client_id });
});
after(() => house.close());

test('exchangeToken logs the user in; a wrong token is told as such', async () => {
  const { ctx } = house.server;
  const user = await addPerson(ctx);
  const exp = Math.floor(ctx.clock.now() / 1000) + 60;
  const claims = { iss: VERIFIER.issuer, aud: VERIFIER.audience, sub: user.user_id, exp };
  const page = await (await house.visit()).newPage();
  await page.goto(house.appUrl);
  await page.waitForSelector('body[data-ready=yes]');
  const exchange = (subject_token: string) => {
    const options = { subject_token, subject_token_type: TYPE, audience: API, scope: 'openid email read:things' };
    return page.evaluate(`exchange(${JSON.stringify(options)})`) as Promise<Record<string, string>>;
  };
  const refused = await exchange('wrong');
  assert.deepEqual([refused.error, refused.text], ['invalid_request', 'Invalid subject_token']);
  const tokens = await exchange(await foreignToken(key, claims));
  assert.equal(payloadOf(String(tokens.access_token)).sub, user.user_id);
  assert.equal(await page.evaluate('client.getUser().then((user) => user.email)'), user.email);
});
