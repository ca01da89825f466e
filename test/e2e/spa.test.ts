/** `@auth0/auth0-spa-js`, unmodified, in Chromium: a single-page application that logs people in with a second factor. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { totpAt } from '../../src/platform/crypto/index.ts';
import { clientsOf } from '../../src/resources/clients/index.ts';
import { createResourceServer } from '../../src/resources/resource-servers/index.ts';
import { addPerson, addPublicApplication, PASSWORD, useFactors } from '../fixtures.ts';
import { type House, look, openHouse } from './house.ts';

const API = 'https://api.test/';
const PHONE = '+15551234567';
const SDK = new URL('../../node_modules/@auth0/auth0-spa-js/dist/auth0-spa-js.production.js', import.meta.url);

/** The application: logs in, takes the callback, and says when it is ready. */
const APPLICATION = `<!doctype html><title>Application</title><h1>Application</h1>
<script src="/auth0-spa-js.js"></script>
<script type="module">
  const { domain, clientId } = await (await fetch('/settings.js')).json();
  window.client = new auth0.Auth0Client({
    domain, clientId, useRefreshTokens: true, cacheLocation: 'localstorage',
    authorizationParams: { redirect_uri: location.origin + '/callback', audience: '${API}', scope: 'openid profile email offline_access read:things' },
  });
  if (location.search.includes('state=')) {
    try { window.outcome = await client.handleRedirectCallback(); } catch (error) { window.failure = String(error); }
    history.replaceState(null, '', '/');
  }
  document.body.dataset.ready = 'yes';
</script>`;

let house: House;

before(async () => {
  const files: Record<string, string> = { '/': APPLICATION, '/auth0-spa-js.js': readFileSync(SDK, 'utf8') };
  house = await openHouse(files);
  const { ctx, domain } = house.server;
  const { client_id } = await addPublicApplication(ctx, {
    callbacks: [`${house.appUrl}/callback`],
    allowed_logout_urls: [`${house.appUrl}/`],
    allowed_origins: [house.appUrl],
    web_origins: [house.appUrl],
    refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0 },
  });
  const stored = await clientsOf(ctx).get(client_id);
  assert.equal(stored?.token_endpoint_auth_method, 'none');
  await createResourceServer(ctx, {
    identifier: API,
    name: 'Things',
    allow_offline_access: true,
    skip_consent_for_verifiable_first_party_clients: true,
    scopes: [{ value: 'read:things' }],
  });
  files['/settings.js'] = JSON.stringify({ domain, clientId: client_id });
});
after(() => house.close());

async function openApplication(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${house.appUrl}/`);
  await ready(page);
  return page;
}

/** Waits until the application has looked at the address it was opened with. */
async function ready(page: Page): Promise<void> {
  await page.waitForSelector('body[data-ready=yes]');
  assert.equal(await page.evaluate('window.failure'), undefined);
}

/** Goes to the login page by the SDK. */
async function startLogin(page: Page): Promise<void> {
  await page.evaluate('void client.loginWithRedirect({ appState: { from: "here" } })');
  await page.waitForURL(`${house.server.url}/**`);
}

/** Waits until the login has led back to the application. */
async function comeBack(page: Page): Promise<void> {
  await page.waitForURL(`${house.appUrl}/**`);
  await ready(page);
}

async function typePassword(page: Page, email: string): Promise<void> {
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await proceed(page);
}

const proceed = (page: Page) => page.getByRole('button', { name: 'Continue', exact: true }).click();

async function typeSentCode(page: Page): Promise<void> {
  const [message] = await house.server.messages({ channel: 'sms', to: PHONE });
  await page.getByLabel('Enter the 6-digit code').fill(message?.code ?? 'no message');
  await proceed(page);
}

/** What the SDK answers to `expression`, an error as `{error, …}`. */
function ask<T>(page: Page, expression: string): Promise<T> {
  return page.evaluate(
    `(async () => { try { return await (${expression}); } catch (error) { return { ...error, error: error.error ?? String(error) }; } })()`,
  );
}

interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly scope?: string;
  readonly error?: string;
  readonly mfa_token?: string;
}

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

test('log in and enrol, log out, log in and prove it; tokens are refreshed in silence', async () => {
  await useFactors(house.server.ctx, ['otp', 'sms', 'recovery-code'], ['all-applications']);
  const user = await addPerson(house.server.ctx);
  const context = await house.visit();
  const page = await openApplication(context);

  await startLogin(page);
  await look(page, 'spa-login');
  await typePassword(page, 'ada@example.test');
  await page.getByRole('button', { name: 'Text message' }).click();
  await page.getByLabel('Phone number').fill(PHONE);
  await proceed(page);
  await typeSentCode(page);
  assert.match((await page.locator('.secret').textContent()) ?? '', /^[A-Z1-9]{24}$/);
  await page.getByRole('checkbox').check();
  await proceed(page);
  await comeBack(page);

  assert.deepEqual(await page.evaluate('outcome'), { appState: { from: 'here' }, response_type: 'code' });
  const profile = await ask<{ sub: string; email: string }>(page, 'client.getUser()');
  assert.deepEqual([profile.sub, profile.email], [user.user_id, 'ada@example.test']);
  const first = await ask<Tokens>(page, 'client.getTokenSilently({ detailedResponse: true })');
  const claims = claimsOf(first.access_token);
  assert.deepEqual(claims.aud, [API, `${house.server.url}/userinfo`]);
  assert.ok(String(claims.scope).includes('read:things'), String(claims.scope));

  house.server.clock.advance(2);
  const second = await ask<Tokens>(page, "client.getTokenSilently({ cacheMode: 'off', detailedResponse: true })");
  assert.equal(second.error, undefined, JSON.stringify(second));
  assert.notEqual(second.access_token, first.access_token);
  await page.reload();
  await ready(page);
  assert.equal(await page.evaluate('client.isAuthenticated()'), true);

  await page.evaluate(`void client.logout({ logoutParams: { returnTo: '${house.appUrl}/' } })`);
  await page.waitForURL(`${house.appUrl}/`);
  await ready(page);
  assert.equal(await page.evaluate('client.isAuthenticated()'), false);

  await startLogin(page);
  await typePassword(page, 'ada@example.test');
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Confirm that it is you');
  await typeSentCode(page);
  await comeBack(page);
  assert.equal(await page.evaluate('client.isAuthenticated()'), true);
  await context.close();
});

test('a second factor that is demanded later: refused in silence, enrolled through the SDK, then let through', async () => {
  await useFactors(house.server.ctx, ['otp', 'sms']);
  await addPerson(house.server.ctx, 'later@example.test');
  const context = await house.visit();
  const page = await openApplication(context);
  await startLogin(page);
  await typePassword(page, 'later@example.test');
  await comeBack(page);

  await useFactors(house.server.ctx, ['otp', 'sms'], ['all-applications']);
  const demanded = await ask<Tokens>(page, "client.getTokenSilently({ cacheMode: 'off' })");
  assert.equal(demanded.error, 'mfa_required', JSON.stringify(demanded));
  const mfaToken = JSON.stringify(demanded.mfa_token);
  const factors = await ask<{ type: string }[]>(page, `client.mfa.getEnrollmentFactors(${mfaToken})`);
  assert.ok(
    factors.some(({ type }) => type === 'otp'),
    JSON.stringify(factors),
  );
  const enrolment = await ask<{ secret: string }>(
    page,
    `client.mfa.enroll({ mfaToken: ${mfaToken}, factorType: 'otp' })`,
  );
  const otp = totpAt(enrolment.secret, house.server.clock.now());
  const tokens = await ask<Tokens>(page, `client.mfa.verify({ mfaToken: ${mfaToken}, otp: '${otp}' })`);
  assert.ok(tokens.access_token, JSON.stringify(tokens));
  await context.close();
});

test('a page reads answers only where the client lists its origin', async () => {
  const context = await house.visit();
  const page = await context.newPage();
  const post = `fetch('${house.server.url}/oauth/token', {
    method: 'POST', headers: { 'content-type': 'application/json', 'auth0-client': 'x' }, body: '{}',
  }).then((response) => response.status, (error) => error.name)`;
  await page.goto(`${house.appUrl}/`);
  assert.equal(await page.evaluate(post), 400);
  await page.goto(house.appUrl.replace('localhost', '127.0.0.1'));
  assert.equal(await page.evaluate(post), 'TypeError');
  await context.close();
});
