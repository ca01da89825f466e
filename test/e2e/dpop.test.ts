/** `@auth0/auth0-spa-js`, unmodified, in Chromium, with `useDpop`: tokens that are bound to a key which never leaves the browser. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createResourceServer } from '../../src/resources/resource-servers/index.ts';
import { addPerson, addPublicApplication, PASSWORD } from '../fixtures.ts';
import { payloadOf } from '../token-fixture.ts';
import { type House, openHouse } from './house.ts';

const API = 'https://api.test/';
const EMAIL = 'dora@example.test';
const SDK = new URL('../../node_modules/@auth0/auth0-spa-js/dist/auth0-spa-js.production.js', import.meta.url);

const APPLICATION = `<!doctype html><title>Application</title><h1>Application</h1>
<script src="/auth0-spa-js.js"></script>
<script type="module">
  const { domain, clientId } = await (await fetch('/settings.js')).json();
  window.client = new auth0.Auth0Client({
    domain, clientId, useDpop: true, useRefreshTokens: true, cacheLocation: 'localstorage',
    authorizationParams: { redirect_uri: location.origin + '/callback', audience: '${API}', scope: 'openid email offline_access read:things' },
  });
  window.userinfo = async () => {
    const token = await client.getTokenSilently();
    const proof = await client.generateDpopProof({ url: 'https://' + domain + '/userinfo', method: 'GET', accessToken: token });
    const ask = (authorization, headers) => fetch('https://' + domain + '/userinfo', { headers: { authorization, ...headers } });
    const proved = await ask('DPoP ' + token, { dpop: proof });
    return [(await proved.json()).email, (await ask('Bearer ' + token, {})).status];
  };
  if (location.search.includes('state=')) {
    try { window.outcome = await client.handleRedirectCallback(); } catch (error) { window.failure = String(error); }
    history.replaceState(null, '', '/');
  }
  document.body.dataset.ready = 'yes';
</script>`;

let house: House;
let page: Page;

before(async () => {
  const files: Record<string, string> = { '/': APPLICATION, '/auth0-spa-js.js': readFileSync(SDK, 'utf8') };
  house = await openHouse(files);
  const { ctx, domain } = house.server;
  await addPerson(ctx, EMAIL);
  await createResourceServer(ctx, {
    identifier: API,
    name: 'Things',
    allow_offline_access: true,
    skip_consent_for_verifiable_first_party_clients: true,
    scopes: [{ value: 'read:things' }],
    proof_of_possession: { mechanism: 'dpop', required: true },
  });
  const { client_id } = await addPublicApplication(ctx, {
    callbacks: [`${house.appUrl}/callback`],
    allowed_origins: [house.appUrl],
    web_origins: [house.appUrl],
    refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0 },
    require_proof_of_possession: true,
  });
  files['/settings.js'] = JSON.stringify({ domain, clientId: client_id });
  page = await (await house.visit()).newPage();
});
after(() => house.close());

async function ready(): Promise<void> {
  await page.waitForSelector('body[data-ready=yes]');
  assert.equal(await page.evaluate('window.failure'), undefined);
}

const token = async (options = '') => payloadOf(String(await page.evaluate(`client.getTokenSilently(${options})`)));

test('login, refresh and userinfo, all under the one key', async () => {
  await page.goto(`${house.appUrl}/`);
  await ready();
  await page.evaluate('void client.loginWithRedirect()');
  await page.waitForURL(`${house.server.url}/**`);
  await page.getByLabel('Email address').fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.waitForURL(`${house.appUrl}/**`);
  await ready();
  const first = await token();
  const { jkt } = first.cnf as { jkt: string };
  assert.match(jkt, /^[A-Za-z0-9_-]{43}$/);
  const refreshed = await token('{ cacheMode: "off" }');
  assert.deepEqual(refreshed.cnf, { jkt });
  assert.deepEqual(await page.evaluate('userinfo()'), [EMAIL, 401]);
});
