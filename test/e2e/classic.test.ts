/** An operator's login page in Chromium: Lock logs in, signs up and resets a password from it, auth0.js logs in; both as released. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { changeSettings } from '../../src/resources/tenant-settings/settings.ts';
import { changeClient } from '../cross-origin.ts';
import { addPerson, addPublicApplication, CONNECTION, PASSWORD } from '../fixtures.ts';
import { addPasswordless } from '../passwordless.ts';
import { bundle } from './bundle.ts';
import { type House, openHouse, photograph } from './house.ts';

const EMAIL = 'ada@example.test';
const AUTH0_JS = new URL('../../node_modules/auth0-js/dist/auth0.min.js', import.meta.url);

/** As Auth0's template for Lock does it. */
const LOCK_PAGE = (
  appUrl: string,
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in</title></head><body>
<script src="${appUrl}/lock.js"></script>
<script>
  const config = JSON.parse(decodeURIComponent(escape(window.atob('@@config@@'))));
  const { internalOptions, extraParams } = config;
  const options = {
    auth: { redirectUrl: config.callbackURL, responseType: internalOptions.response_type, params: internalOptions },
    configurationBaseUrl: config.clientConfigurationBaseUrl,
    overrides: { __tenant: config.auth0Tenant, __token_issuer: config.authorizationServer.issuer },
    assetsUrl: config.assetsUrl,
    allowedConnections: config.connection ? [config.connection] : null,
    rememberLastLogin: !config.prompt,
    languageDictionary: { title: config.dict.signin.title },
    theme: { primaryColor: config.colors.primary || 'green' },
    prefill: extraParams.login_hint ? { email: extraParams.login_hint } : null,
    initialScreen: extraParams.screen_hint === 'signup' ? 'signUp' : 'login',
    closable: false, avatar: null,
  };
  if (extraParams.login_hint !== 'code') new Lock.Auth0Lock(config.clientID, config.auth0Domain, options).show();
  else new Lock.Auth0LockPasswordless(config.clientID, config.auth0Domain, {
    ...options, prefill: null, allowedConnections: ['email'], passwordlessMethod: 'code',
  }).show();
</script></body></html>`;

/** As Auth0's template for a form of one's own does it. */
const FORM_PAGE = (
  appUrl: string,
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in</title></head><body>
<form><label>Email <input name="email"></label><label>Password <input name="password" type="password"></label>
<button name="login">Log in</button><button name="signup" type="button">Sign up</button></form><p role="alert"></p><div id="captcha"></div>
<script src="${appUrl}/auth0.js"></script>
<script>
  const config = JSON.parse(decodeURIComponent(escape(window.atob('@@config@@'))));
  const webAuth = new auth0.WebAuth(Object.assign({
    overrides: { __tenant: config.auth0Tenant, __token_issuer: config.authorizationServer.issuer },
    domain: config.auth0Domain, clientID: config.clientID, redirectUri: config.callbackURL,
    responseType: config.internalOptions.response_type,
  }, config.internalOptions));
  webAuth.renderCaptcha(document.querySelector('#captcha'));
  const { email, password, login, signup } = document.forms[0].elements;
  const tell = (error) => { document.querySelector('[role=alert]').textContent = error ? error.code + ': ' + error.description : ''; };
  const realm = '${CONNECTION}';
  document.forms[0].addEventListener('submit', (event) => {
    event.preventDefault();
    webAuth.login({ realm, username: email.value, password: password.value }, tell);
  });
  signup.addEventListener('click', () =>
    webAuth.redirect.signupAndLogin({ connection: realm, email: email.value, password: password.value }, tell));
</script></body></html>`;

let house: House;
let clientId: string;

before(async () => {
  const files = { '/lock.js': bundle('auth0-lock', 'Lock'), '/auth0.js': readFileSync(AUTH0_JS, 'utf8') };
  house = await openHouse(files);
  const { ctx } = house.server;
  ({ client_id: clientId } = await addPublicApplication(ctx, {
    name: 'Travel Desk',
    callbacks: [`${house.appUrl}/callback`],
  }));
  await addPerson(ctx, EMAIL);
  await addPasswordless(ctx, 'email', [clientId]);
});
after(() => house.close());

const show = (custom_login_page: string) => changeClient(house.server.ctx, clientId, { custom_login_page });

async function begin(context: BrowserContext, parameters: Record<string, string> = {}): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => console.error(error));
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: `${house.appUrl}/callback`,
    scope: 'openid email',
    state: 'the application’s',
    ...parameters,
  });
  await page.goto(`${house.server.url}/authorize?${query}`);
  return page;
}

/** What the application got. */
async function arrival(page: Page): Promise<Record<string, string>> {
  await page.waitForURL(`${house.appUrl}/callback?**`);
  return Object.fromEntries(new URL(page.url()).searchParams);
}

test('Lock logs in from the operator’s page', async () => {
  await show(LOCK_PAGE(house.appUrl));
  const context = await house.visit();
  const page = await begin(context, { connection: CONNECTION });
  const form = page.locator('form.auth0-lock-widget');
  await form.locator('input[name=email]').fill(EMAIL);
  await form.locator('input[name=password]').fill('wrong');
  await form.locator('button[type=submit]').click();
  await page.getByText('Wrong email or password.').waitFor();
  await photograph(page, 'classic-lock-wrong');
  await form.locator('input[name=password]').fill(PASSWORD);
  await form.locator('button[type=submit]').click();
  const { code, state } = await arrival(page);
  assert.ok(code);
  assert.equal(state, 'the application’s');
  await context.close();
});

test('Lock signs up, and is logged in', async () => {
  await show(LOCK_PAGE(house.appUrl));
  const context = await house.visit();
  const page = await begin(context, { screen_hint: 'signup', connection: CONNECTION });
  const form = page.locator('form.auth0-lock-widget');
  await form.locator('input[name=email]').fill('grace@example.test');
  await form.locator('input[name=password]').fill(PASSWORD);
  await photograph(page, 'classic-lock-signup');
  await form.locator('button[type=submit]').click();
  assert.ok((await arrival(page)).code);
  await context.close();
});

test('Lock has a password reset', async () => {
  await show(LOCK_PAGE(house.appUrl));
  const context = await house.visit();
  const page = await begin(context, { connection: CONNECTION });
  await page.getByText("Don't remember your password?").click();
  const form = page.locator('form.auth0-lock-widget');
  await form.locator('input[name=password]').waitFor({ state: 'detached' });
  await form.locator('input[name=email]').fill(EMAIL);
  await form.locator('button[type=submit]').click();
  await page.getByText("We've just sent you an email to reset your password.").waitFor();
  await photograph(page, 'classic-lock-reset');
  const [mail] = await house.server.messages({ to: EMAIL });
  assert.match(mail?.link ?? '', /ticket=/);
  await context.close();
});

test('Lock logs in with a code that is mailed', async () => {
  await show(LOCK_PAGE(house.appUrl));
  const context = await house.visit();
  const page = await begin(context, { login_hint: 'code' });
  const form = page.locator('form.auth0-lock-widget');
  await form.locator('input[name=email]').fill('hedy@example.test');
  await form.locator('button[type=submit]').click();
  const field = form.locator('input[name=vcode]');
  await field.waitFor();
  const [mail] = await house.server.messages({ to: 'hedy@example.test' });
  await field.fill(mail?.code ?? '');
  await photograph(page, 'classic-lock-code');
  await form.locator('button[type=submit]').click();
  const { code, state } = await arrival(page);
  assert.ok(code);
  assert.equal(state, 'the application’s');
  await context.close();
});

test('auth0.js logs in and signs up from a form on the operator’s page', async () => {
  await show(FORM_PAGE(house.appUrl));
  const context = await house.visit();
  const page = await begin(context);
  await page.getByLabel('Email').fill(EMAIL);
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('invalid_user_password: Wrong email or password.').waitFor();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
  assert.ok((await arrival(page)).code);
  await context.close();

  const other = await house.visit();
  const again = await begin(other);
  await again.getByLabel('Email').fill('mary@example.test');
  await again.getByLabel('Password').fill(PASSWORD);
  await again.getByRole('button', { name: 'Sign up' }).click();
  const { code, state } = await arrival(again);
  assert.ok(code);
  assert.equal(state, 'the application’s');
  await other.close();
});

/** As Auth0's template for a new password, with a widget of one's own. */
const RESET_PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>New password</title></head>
<body style="background: {{tenant.colors.page_background | default: '#e8ebef'}}"><h1>{{tenant.friendly_name}}</h1>
<form><label>New password <input name="password" type="password"></label><button>Change</button></form><p role="alert"></p>
<script>
  const config = { email: "{{email | escape}}", csrf_token: "{{csrf_token}}", ticket: "{{ticket}}",
    password_complexity_options: {{password_complexity_options}} };
  const tell = (text) => { document.querySelector('[role=alert]').textContent = text; };
  document.forms[0].addEventListener('submit', async (event) => {
    event.preventDefault();
    const typed = document.forms[0].elements.password.value;
    const body = { _csrf: config.csrf_token, ticket: config.ticket, newPassword: typed, confirmNewPassword: typed };
    const answer = await fetch('/lo/reset', { method: 'POST', body: new URLSearchParams(body) });
    const { name, result_url } = await answer.json();
    if (answer.ok && result_url) location.replace(result_url);
    else tell(answer.ok ? 'Changed for ' + config.email : name);
  });
</script></body></html>`;

test('a new password on a page of the operator', async () => {
  const { ctx } = house.server;
  const email = 'reset@example.test';
  await addPerson(ctx, email);
  await changeSettings(ctx, { friendly_name: 'Northwind', change_password: { enabled: true, html: RESET_PAGE } });
  const context = await house.visit();
  const page = await context.newPage();
  const data = { connection: CONNECTION, email };
  await context.request.post(`${house.server.url}/dbconnections/change_password`, { data });
  const { link } = (await house.server.messages({ to: email }))[0] ?? assert.fail('no mail');
  await page.goto(link ?? '');
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Northwind');
  await page.getByLabel('New password').fill('weak');
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByText('PasswordStrengthError').waitFor();
  await photograph(page, 'classic-reset');
  await page.getByLabel('New password').fill('Another-horse-9');
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByText(`Changed for ${email}`).waitFor();
  await context.close();
});
