/** `auth0-js` and Lock, as released, on a page of the application in Chromium: they ask for the password themselves. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { ALL_GRANTS, addPerson, addPublicApplication, CONNECTION, PASSWORD } from '../fixtures.ts';
import { addPasswordless } from '../passwordless.ts';
import { bundle } from './bundle.ts';
import { type House, openHouse, photograph } from './house.ts';

const SDK = new URL('../../node_modules/auth0-js/dist/auth0.min.js', import.meta.url);
const EMAIL = 'ada@example.test';

/** What auth0.js answers is kept where the test looks. */
const APPLICATION = `<!doctype html><title>Application</title><h1>Application</h1>
<script src="/auth0.js"></script>
<script src="/lock.js"></script>
<script type="module">
  const { url, clientID } = await (await fetch('/settings.js')).json();
  window.webAuth = new auth0.WebAuth({
    domain: url, clientID, redirectUri: location.origin + '/callback', responseType: 'token id_token', scope: 'openid email',
    overrides: { __token_issuer: url + '/', __jwks_uri: url + '/.well-known/jwks.json' },
  });
  window.openLock = (options) => new Lock.Auth0Lock(clientID, url, {
    auth: { redirectUrl: location.origin + '/callback', responseType: 'token id_token', params: { scope: 'openid email' } },
    configurationBaseUrl: url, overrides: { __token_issuer: url + '/' }, avatar: null, allowedConnections: ['${CONNECTION}'],
    ...options,
  });
  window.ask = (call) => new Promise((resolve) => call((error, result) => resolve({ error, result })));
  if (location.pathname === '/verify') webAuth.crossOriginVerification();
  if (location.pathname === '/callback') window.parsed = ask((done) => webAuth.parseHash(done));
  document.body.dataset.ready = 'yes';
</script>`;

interface Told {
  readonly error?: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly result?: any;
}

let house: House;
let clientId: string;

before(async () => {
  const files: Record<string, string> = {
    '/': APPLICATION,
    '/auth0.js': readFileSync(SDK, 'utf8'),
    '/lock.js': bundle('auth0-lock', 'Lock'),
  };
  house = await openHouse(files);
  const { ctx, plainUrl } = house.server;
  const grant_types = [...ALL_GRANTS.filter((grant) => grant !== 'client_credentials'), 'implicit'];
  ({ client_id: clientId } = await addPublicApplication(ctx, {
    grant_types,
    callbacks: [`${house.appUrl}/callback`],
    web_origins: [house.appUrl],
    cross_origin_authentication: true,
    cross_origin_loc: `${house.appUrl}/verify`,
  }));
  await addPerson(ctx, EMAIL);
  await addPasswordless(ctx, 'email', [clientId]);
  // Without TLS the server is on the application's site: browsers keep its cookies then.
  files['/settings.js'] = JSON.stringify({ url: plainUrl, clientID: clientId });
});
after(() => house.close());

async function openApplication(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(`${house.appUrl}/`);
  await page.waitForSelector('body[data-ready=yes]');
  return page;
}

/** What `webAuth.<call>` answers, with `done` for its callback. */
const ask = (page: Page, call: string) => page.evaluate<Told>(`ask((done) => webAuth.${call})`);

const credentials = (password = PASSWORD) => JSON.stringify({ realm: CONNECTION, username: EMAIL, password });

/** Goes where `webAuth.<call>` leads, and back: what auth0.js reads there. */
async function arrive(page: Page, call: string): Promise<Told> {
  await page.evaluate(`void webAuth.${call}`);
  await page.waitForURL(`${house.appUrl}/callback**`);
  await page.waitForSelector('body[data-ready=yes]');
  return page.evaluate<Told>('parsed');
}

test('login: wrong, then right; the tokens are good, and the browser is logged in', async () => {
  const context = await house.visit();
  const page = await openApplication(context);
  const { error } = await ask(page, `login(${credentials('wrong')}, done)`);
  assert.deepEqual([error?.code, error?.description], ['access_denied', 'Wrong email or password.']);
  const arrived = await arrive(page, `login(${credentials()}, () => {})`);
  assert.equal(arrived.error, null);
  assert.equal(arrived.result.idTokenPayload.email, EMAIL);
  assert.ok(arrived.result.accessToken);
  const { result } = await ask(page, 'checkSession({}, done)');
  assert.equal(result.idTokenPayload.email, EMAIL);
  await context.close();
});

test('popup.loginWithCredentials: nothing is shown, and the page stays', async () => {
  const context = await house.visit();
  const page = await openApplication(context);
  const before = await ask(page, 'checkSession({}, done)');
  assert.equal(before.error?.code, 'login_required');
  const { error, result } = await ask(page, `popup.loginWithCredentials(${credentials()}, done)`);
  assert.equal(error, null);
  assert.equal(result.idTokenPayload.email, EMAIL);
  assert.equal(page.url(), `${house.appUrl}/`);
  assert.equal((await ask(page, 'checkSession({}, done)')).error, null);
  await context.close();
});

test('popup.authorize with owp: our page in a window of its own, which closes with the answer', async () => {
  const context = await house.visit();
  const page = await openApplication(context);
  const opened = context.waitForEvent('page');
  await page.evaluate('void (window.told = ask((done) => webAuth.popup.authorize({ owp: true }, done)))');
  const popup = await opened;
  await popup.getByLabel('Email address').fill(EMAIL);
  await popup.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await popup.getByRole('button', { name: 'Continue', exact: true }).click();
  const { error, result } = await page.evaluate<Told>('told');
  assert.equal(error, null);
  assert.ok(result.accessToken && result.idToken);
  assert.ok(popup.isClosed() || (await popup.waitForEvent('close')));
  await context.close();
});

test('signup, and its login at once', async () => {
  const context = await house.visit();
  const page = await openApplication(context);
  const account = JSON.stringify({ connection: CONNECTION, email: 'grace@example.test', password: PASSWORD });
  const signedUp = await ask(page, `signup(${account}, done)`);
  assert.equal(signedUp.result.email, 'grace@example.test');
  const again = await ask(page, `signup(${account}, done)`);
  assert.equal(again.error?.code, 'invalid_signup', 'nobody is told who has an account');
  const other = JSON.stringify({ connection: CONNECTION, email: 'mary@example.test', password: PASSWORD });
  const arrived = await arrive(page, `redirect.signupAndLogin(${other}, () => {})`);
  assert.equal(arrived.result.idTokenPayload.email, 'mary@example.test');
  await context.close();
});

test('changePassword: the same words for everybody, and a mail for who has an account', async () => {
  const context = await house.visit();
  const page = await openApplication(context);
  for (const email of [EMAIL, 'nobody@example.test']) {
    const { result } = await ask(page, `changePassword(${JSON.stringify({ connection: CONNECTION, email })}, done)`);
    assert.equal(result, "We've just sent you an email to reset your password.");
  }
  assert.match((await house.server.messages({ to: EMAIL }))[0]?.link ?? '', /ticket=/);
  assert.equal((await house.server.messages({ to: 'nobody@example.test' })).length, 0);
  await context.close();
});

test('passwordlessStart and passwordlessLogin', async () => {
  const context = await house.visit();
  const page = await openApplication(context);
  const email = 'hedy@example.test';
  const started = await ask(page, `passwordlessStart({ connection: 'email', send: 'code', email: '${email}' }, done)`);
  assert.equal(started.result.email, email);
  const [mail] = await house.server.messages({ to: email });
  const login = (code: string) => `{ connection: 'email', email: '${email}', verificationCode: '${code}' }`;
  const wrong = await ask(page, `passwordlessLogin(${login('000000')}, done)`);
  assert.equal(wrong.error?.description, 'Wrong email or verification code.');
  const arrived = await arrive(page, `passwordlessLogin(${login(mail?.code ?? '')}, () => {})`);
  assert.equal(arrived.result.idTokenPayload.email, email);
  await context.close();
});

test('Lock on the application’s page: wrong, then right; and a sign-up', async () => {
  const context = await house.visit();
  const page = await openApplication(context);
  await page.evaluate('void openLock({}).show()');
  const form = page.locator('form.auth0-lock-widget');
  await form.locator('input[name=email]').fill(EMAIL);
  await form.locator('input[name=password]').fill('wrong');
  await form.locator('button[type=submit]').click();
  await page.getByText('Wrong credentials.').or(page.getByText('Wrong email or password.')).first().waitFor();
  await photograph(page, 'cross-origin-lock');
  await form.locator('input[name=password]').fill(PASSWORD);
  await form.locator('button[type=submit]').click();
  await page.waitForURL(`${house.appUrl}/callback**`);
  assert.match(page.url(), /access_token=/);
  await context.close();

  const other = await house.visit();
  const again = await openApplication(other);
  await again.evaluate(`void openLock({ initialScreen: 'signUp' }).show()`);
  await again.locator('input[name=email]').fill('joan@example.test');
  await again.locator('input[name=password]').fill(PASSWORD);
  await again.locator('form.auth0-lock-widget button[type=submit]').click();
  await again.waitForURL(`${house.appUrl}/callback**`);
  assert.match(again.url(), /access_token=/);
  await other.close();
});

test('where the cookie is lost, the application’s page knows the secret, and nobody else’s page does', async () => {
  const context = await house.visit();
  const page = await openApplication(context);
  const held = `login({ ...${credentials()}, onRedirecting: (done) => { window.goOn = done; } }, () => {})`;
  await page.evaluate(`void webAuth.${held}`);
  await page.waitForFunction('window.goOn');
  await context.clearCookies({ name: /^co_/ });
  const seen: string[] = [];
  page.on('framenavigated', (frame) => seen.push(new URL(frame.url()).pathname));
  await page.evaluate('void goOn()');
  await page.waitForURL(`${house.appUrl}/callback**`);
  await page.waitForSelector('body[data-ready=yes]');
  assert.equal((await page.evaluate<Told>('parsed')).result.idTokenPayload.email, EMAIL);
  assert.ok(seen.includes('/co/verify') && seen.includes('/verify'), seen.join());
  await context.close();

  const attacker = await house.visit();
  const theirs = await openApplication(attacker);
  const leaving = theirs.waitForRequest('**/authorize?**');
  await theirs.route('**/authorize?**', (route) => route.abort());
  await theirs.evaluate(`void webAuth.login(${credentials()}, () => {})`);
  const address = (await leaving).url();
  await attacker.close();
  const victim = await house.visit();
  const lured = await openApplication(victim);
  await lured.goto(address);
  await lured.waitForURL(`${house.appUrl}/callback**`);
  const told = new URLSearchParams(new URL(lured.url()).hash.slice(1));
  assert.equal(told.get('error_description'), 'Unable to verify transaction consistency');
  assert.ok(!(await victim.cookies(house.server.plainUrl)).some(({ name }) => name === 'auth0'), 'no session');
  await victim.close();
});
