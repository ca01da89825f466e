/** `@auth0/auth0-spa-js`, unmodified, in Chromium: one refresh token for several APIs, and one that lives with the session. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createResourceServer } from '../../src/resources/resource-servers/index.ts';
import { sessionsOf } from '../../src/resources/sessions/index.ts';
import { addPerson, addPublicApplication, PASSWORD } from '../fixtures.ts';
import { payloadOf } from '../token-fixture.ts';
import { type House, openHouse } from './house.ts';

const API = 'https://api.test/';
const BILLING = 'https://billing.test/';
const EMAIL = 'mira@example.test';
const SDK = new URL('../../node_modules/@auth0/auth0-spa-js/dist/auth0-spa-js.production.js', import.meta.url);

/** The application; by its path it asks for a refresh token that lasts, or for one of the session. */
const APPLICATION = `<!doctype html><title>Application</title><h1>Application</h1>
<script src="/auth0-spa-js.js"></script>
<script type="module">
  const { domain, clientId } = await (await fetch('/settings.js')).json();
  window.client = new auth0.Auth0Client({
    domain, clientId, useRefreshTokens: true, useMrrt: true, cacheLocation: 'localstorage',
    ...(location.pathname === '/online' ? { refreshTokenMode: 'online', useDpop: true } : {}),
    authorizationParams: {
      redirect_uri: location.origin + location.pathname,
      audience: '${API}',
      scope: { '${API}': 'email read:things', '${BILLING}': 'email' },
    },
  });
  window.billing = (scope) => client.getTokenSilently({ authorizationParams: { audience: '${BILLING}', scope } });
  if (location.search.includes('state=')) {
    try { await client.handleRedirectCallback(); } catch (error) { window.failure = String(error); }
    history.replaceState(null, '', location.pathname);
  }
  document.body.dataset.ready = 'yes';
</script>`;

let house: House;

before(async () => {
  const files: Record<string, string> = {
    '/': APPLICATION,
    '/auth0-spa-js.js': readFileSync(SDK, 'utf8'),
  };
  house = await openHouse(files);
  const { ctx, domain } = house.server;
  await addPerson(ctx, EMAIL);
  const api = {
    allow_offline_access: true,
    allow_online_access: true,
    skip_consent_for_verifiable_first_party_clients: true,
  };
  await createResourceServer(ctx, { identifier: API, name: 'Things', scopes: [{ value: 'read:things' }], ...api });
  await createResourceServer(ctx, {
    identifier: BILLING,
    name: 'Billing',
    skip_consent_for_verifiable_first_party_clients: true,
    scopes: [{ value: 'read:bills' }, { value: 'pay' }],
  });
  const policies = [{ audience: BILLING, scope: ['read:bills'] }];
  const { client_id } = await addPublicApplication(ctx, {
    callbacks: [`${house.appUrl}/offline`, `${house.appUrl}/online`],
    allowed_origins: [house.appUrl],
    web_origins: [house.appUrl],
    refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0, policies },
  });
  files['/settings.js'] = JSON.stringify({ domain, clientId: client_id });
});
after(() => house.close());

async function ready(page: Page): Promise<void> {
  await page.waitForSelector('body[data-ready=yes]');
  assert.equal(await page.evaluate('window.failure'), undefined);
}

/** The application at `path`, with its user logged in. */
async function logInAt(path: string): Promise<Page> {
  const page = await (await house.visit()).newPage();
  await page.goto(`${house.appUrl}${path}`);
  await ready(page);
  // The SDK takes the scopes of an API only where it is named.
  await page.evaluate(`void client.loginWithRedirect({ authorizationParams: { audience: '${API}' } })`);
  await page.waitForURL(`${house.server.url}/**`);
  await page.getByLabel('Email address').fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.waitForURL(`${house.appUrl}${path}*`);
  await ready(page);
  return page;
}

const scopeOf = async (page: Page, expression: string) => payloadOf(String(await page.evaluate(expression))).scope;
const FRESH = `client.getTokenSilently({ cacheMode: 'off', authorizationParams: { audience: '${API}' } })`;

test('a token for another API by the refresh token, and back; a scope that no policy has is missed', async () => {
  const page = await logInAt('/offline');
  assert.match(String(await scopeOf(page, 'billing("read:bills")')), /\bread:bills\b/);
  assert.match(String(await scopeOf(page, FRESH)), /\bread:things\b/);
  const missed = await page.evaluate('billing("pay").then(() => "granted", (error) => error.error)');
  assert.equal(missed, 'missing_scopes');
});

test('a refresh token of the session: renewed, good for the other API, and the session ends with it', async () => {
  const page = await logInAt('/online');
  const sessions = () => sessionsOf(house.server.ctx).count();
  const before = await sessions();
  assert.equal(await scopeOf(page, FRESH), 'openid email read:things');
  assert.match(String(await scopeOf(page, 'billing("read:bills")')), /\bread:bills\b/);
  await page.evaluate('client.revokeRefreshToken()');
  assert.equal(await page.evaluate('client.isAuthenticated()'), false);
  assert.equal(await sessions(), before - 1);
});
