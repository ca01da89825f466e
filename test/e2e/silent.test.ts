/** Answers that no refresh token is behind, in Chromium: `@auth0/auth0-spa-js` over its hidden frame and its popup, and a posted form. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { clientsOf } from '../../src/resources/clients/index.ts';
import { ALL_GRANTS, addPerson, addPublicApplication, PASSWORD } from '../fixtures.ts';
import { type House, openHouse } from './house.ts';

const SDK = new URL('../../node_modules/@auth0/auth0-spa-js/dist/auth0-spa-js.production.js', import.meta.url);
const EMAIL = 'ada@example.test';

/** The application: tokens in memory only, so that each reload asks the hidden frame again. */
const APPLICATION = `<!doctype html><title>Application</title><h1>Application</h1>
<script src="/auth0-spa-js.js"></script>
<script type="module">
  const { domain, clientId } = await (await fetch('/settings.js')).json();
  window.client = new auth0.Auth0Client({
    domain, clientId, authorizeTimeoutInSeconds: 5,
    authorizationParams: { redirect_uri: location.origin + '/callback', scope: 'openid profile email' },
  });
  document.body.dataset.ready = 'yes';
</script>`;

let house: House;
let clientId: string;

before(async () => {
  const files: Record<string, string> = { '/': APPLICATION, '/auth0-spa-js.js': readFileSync(SDK, 'utf8') };
  house = await openHouse(files);
  const { ctx, plainUrl } = house.server;
  const grant_types = [...ALL_GRANTS.filter((grant) => grant !== 'client_credentials'), 'implicit'];
  const application = { grant_types, callbacks: [`${house.appUrl}/callback`], web_origins: [house.appUrl] };
  ({ client_id: clientId } = await addPublicApplication(ctx, application));
  await addPerson(ctx, EMAIL);
  // Without TLS the server is on the application's site. A frame of another site gets no cookies from today's browsers.
  files['/settings.js'] = JSON.stringify({ domain: plainUrl, clientId });
});
after(() => house.close());

async function openApplication(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${house.appUrl}/`);
  await page.waitForSelector('body[data-ready=yes]');
  return page;
}

async function typePassword(page: Page): Promise<void> {
  await page.getByLabel('Email address').fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
}

/** What the SDK answers to `expression`, or the code of its error. */
function ask<T>(page: Page, expression: string): Promise<T> {
  return page.evaluate(`${expression}.catch((error) => error.error ?? String(error))`);
}

/** Logs in by the SDK's popup, which closes itself with the message that it gets. */
async function logIn(context: BrowserContext, page: Page): Promise<void> {
  const [popup] = await Promise.all([
    context.waitForEvent('page'),
    page.evaluate(`void (window.done = client.loginWithPopup().then(() => 'in', String))`),
  ]);
  await typePassword(popup);
  assert.equal(await page.evaluate('window.done'), 'in');
}

test('the hidden frame: login_required for a stranger; after a login by popup, tokens, each time anew', async () => {
  const context = await house.visit();
  const page = await openApplication(context);
  assert.equal(await ask(page, 'client.getTokenSilently()'), 'login_required');
  await logIn(context, page);
  assert.equal(await page.evaluate('client.getUser().then((user) => user.email)'), EMAIL);

  await page.reload();
  await page.waitForSelector('body[data-ready=yes]');
  assert.equal(await page.evaluate('client.isAuthenticated()'), false, 'nothing is kept');
  const first = await ask<string>(page, 'client.getTokenSilently()');
  assert.match(first, /^ey[\w-]+\.\./);
  assert.equal(await page.evaluate('client.isAuthenticated()'), true);
  const second = await ask<string>(page, `client.getTokenSilently({ cacheMode: 'off' })`);
  assert.match(second, /^ey[\w-]+\.\./);
  assert.notEqual(second, first);
  await context.close();
});

test('an origin that the client does not list: the browser shows the frame to nobody', async () => {
  const context = await house.visit();
  const page = await openApplication(context);
  await logIn(context, page);
  const refused = page.waitForEvent('console', (message) => /refused|frame-ancestors/i.test(message.text()));
  await clientsOf(house.server.ctx).update(clientId, (stored) => ({ ...stored, web_origins: [] }));
  try {
    await page.evaluate(`void client.getTokenSilently({ cacheMode: 'off' }).catch(() => {})`);
    assert.match((await refused).text(), /frame/i);
  } finally {
    await clientsOf(house.server.ctx).update(clientId, (stored) => ({ ...stored, web_origins: [house.appUrl] }));
  }
  await context.close();
});

test('response_type=id_token by form_post: the form posts itself to the application', async () => {
  const context = await house.visit();
  const page = await context.newPage();
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'id_token',
    response_mode: 'form_post',
    redirect_uri: `${house.appUrl}/callback`,
    scope: 'openid email',
    state: 'a&b="c"',
    nonce: 'n',
  });
  await page.goto(`${house.server.plainUrl}/authorize?${query}`);
  const posted = page.waitForRequest(`${house.appUrl}/callback`);
  await typePassword(page);
  const request = await posted;
  assert.equal(request.method(), 'POST');
  assert.equal(request.headers().referer, undefined);
  const fields = Object.fromEntries(new URLSearchParams(request.postData() ?? ''));
  assert.deepEqual(Object.keys(fields), ['id_token', 'state']);
  assert.equal(fields.state, 'a&b="c"');
  await context.close();
});
