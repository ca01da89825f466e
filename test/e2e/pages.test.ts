/** The login pages as people meet them, in a browser without JavaScript. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { totpAt } from '../../src/platform/crypto/index.ts';
import type { Client } from '../../src/resources/clients/index.ts';
import { savePromptSettings } from '../../src/resources/prompts/index.ts';
import { addApplication, addPerson, PASSWORD, useFactors } from '../fixtures.ts';
import { type House, look, openHouse } from './house.ts';

const STEP_SECONDS = 30;
const PHONE = '+15551234567';

let house: House;
let clientId: string;

before(async () => {
  house = await openHouse();
  clientId = await addClient({});
});
after(() => house.close());

async function addClient(body: Partial<Client>): Promise<string> {
  const client = await addApplication(house.server.ctx, {
    name: 'Shop',
    callbacks: [`${house.appUrl}/callback`],
    ...body,
  });
  return client.client_id;
}

function authorizeUrl(more: Record<string, string> = {}): string {
  const url = new URL(`${house.server.url}/authorize`);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: `${house.appUrl}/callback`,
    scope: 'openid profile email',
    state: 'the state',
    ...more,
  }).toString();
  return url.href;
}

/** Runs `steps` in a fresh browser without JavaScript, at the login page. */
async function visiting(steps: (page: Page) => Promise<void>, more: Record<string, string> = {}): Promise<void> {
  const context: BrowserContext = await house.visit({ javaScriptEnabled: false });
  try {
    const page = await context.newPage();
    await page.goto(authorizeUrl(more));
    await steps(page);
  } finally {
    await context.close();
  }
}

async function logIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await proceed(page);
}

const proceed = (page: Page) => page.getByRole('button', { name: 'Continue', exact: true }).click();

/** The browser is back at the application, with a code. */
function assertArrived(page: Page): void {
  const url = new URL(page.url());
  assert.equal(`${url.origin}${url.pathname}`, `${house.appUrl}/callback`, page.url());
  assert.equal(url.searchParams.get('state'), 'the state');
  assert.ok(url.searchParams.get('code'), page.url());
}

const focused = (page: Page, label: string) => page.getByLabel(label, { exact: true }).and(page.locator(':focus'));

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).innerText();

test('log in: a wrong password is told beside the field, the right one leads back', async () => {
  await addPerson(house.server.ctx, 'login@example.test');
  await visiting(async (page) => {
    await look(page, 'login');
    await logIn(page, 'login@example.test', 'wrong');
    assert.match(await page.getByRole('alert').innerText(), /Wrong email or password/);
    assert.equal(await page.getByLabel('Email address').inputValue(), 'login@example.test');
    await look(page, 'login-wrong');
    await logIn(page, 'login@example.test');
    assertArrived(page);
  });
});

test('log in in two steps: who, and then the password', async () => {
  await addPerson(house.server.ctx, 'steps@example.test');
  await savePromptSettings(house.server.ctx, { identifier_first: true });
  try {
    await visiting(async (page) => {
      await focused(page, 'Email address').waitFor();
      await look(page, 'login-identifier-first');
      await page.keyboard.type('typo@example.test');
      await page.keyboard.press('Enter');
      await focused(page, 'Password').waitFor();
      await look(page, 'login-password');
      await page.getByRole('link', { name: 'Use another account' }).click();
      await page.getByLabel('Email address').fill('steps@example.test');
      await proceed(page);
      await page.getByLabel('Password', { exact: true }).fill('wrong');
      await proceed(page);
      assert.match(await page.getByRole('alert').innerText(), /Wrong email or password/);
      await look(page, 'login-password-wrong');
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await proceed(page);
      assertArrived(page);
    });
  } finally {
    await savePromptSettings(house.server.ctx, { identifier_first: false });
  }
});

test('log in with nothing but a keyboard', async () => {
  await addPerson(house.server.ctx, 'keyboard@example.test');
  await visiting(async (page) => {
    // Autofocus comes a moment after the page: what is typed before it goes nowhere.
    await focused(page, 'Email address').waitFor();
    await page.keyboard.type('keyboard@example.test');
    await page.keyboard.press('Tab');
    await focused(page, 'Password').waitFor();
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${house.appUrl}/**`);
    assertArrived(page);
  });
});

test('sign up: a weak password is explained, a good one leads back', async () => {
  await visiting(async (page) => {
    await page.getByRole('link', { name: 'Sign up' }).click();
    await look(page, 'signup');
    await page.getByLabel('Email address').fill('fresh@example.test');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await proceed(page);
    assert.ok((await page.getByRole('alert').count()) > 0);
    await look(page, 'signup-weak');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await proceed(page);
    assertArrived(page);
  });
});

test('reset a forgotten password by the link in the e-mail, which works once', async () => {
  const email = 'forgetful@example.test';
  await addPerson(house.server.ctx, email);
  await visiting(async (page) => {
    await page.getByRole('link', { name: 'Forgot password?' }).click();
    await look(page, 'reset-request');
    await page.getByLabel('Email address').fill(email);
    await proceed(page);
    await look(page, 'reset-sent');
    const [message] = await house.server.messages({ channel: 'email', to: email });
    assert.ok(message?.link, 'a message with a link');
    await page.goto(message.link);
    await look(page, 'reset-new-password');
    await page.getByLabel('New password', { exact: true }).fill('Another-horse-2');
    await page.getByLabel('New password again', { exact: true }).fill('Another-horse-3');
    await page.getByRole('button', { name: 'Set password' }).click();
    assert.ok((await page.getByRole('alert').count()) > 0);
    await look(page, 'reset-mismatch');
    await page.getByLabel('New password', { exact: true }).fill('Another-horse-2');
    await page.getByLabel('New password again', { exact: true }).fill('Another-horse-2');
    await page.getByRole('button', { name: 'Set password' }).click();
    assert.equal(await heading(page), 'Password changed');
    await look(page, 'reset-done');
    await page.goto(message.link);
    assert.equal(await heading(page), 'This link no longer works');
    await look(page, 'reset-spent-link');
    await page.goto(authorizeUrl());
    await logIn(page, email, 'Another-horse-2');
    assertArrived(page);
  });
});

/** Enrols an authenticator app in the middle of a login; answers its secret and the recovery code. */
async function enrolApp(page: Page): Promise<{ secret: string; recoveryCode: string }> {
  assert.equal(await heading(page), 'Protect your account');
  await look(page, 'mfa-choose');
  await page.getByRole('button', { name: 'Authenticator app' }).click();
  await page.getByText("Can't scan it?").click();
  await look(page, 'mfa-otp-enrollment');
  const secret = ((await page.locator('.secret').textContent()) ?? '').trim();
  await page.getByLabel('Enter the 6-digit code it shows').fill('000000');
  await proceed(page);
  assert.ok((await page.getByRole('alert').count()) > 0, 'a wrong code is refused');
  await page.getByLabel('Enter the 6-digit code it shows').fill(totpAt(secret, house.server.clock.now()));
  await proceed(page);
  return { secret, recoveryCode: await saveRecoveryCode(page, 'mfa-recovery-code') };
}

/** Reads the recovery code off the page and says that it is saved. */
async function saveRecoveryCode(page: Page, picture: string): Promise<string> {
  await look(page, picture);
  const code = ((await page.locator('.secret').textContent()) ?? '').trim();
  assert.match(code, /^[A-Z1-9]{24}$/);
  await page.getByRole('checkbox').check();
  await proceed(page);
  return code;
}

test('a second factor by an app: enrolled, asked for, tried another way, by recovery code', async () => {
  await useFactors(house.server.ctx, ['otp', 'sms', 'email', 'recovery-code'], ['all-applications']);
  const email = 'app@example.test';
  await addPerson(house.server.ctx, email);
  let enrolled = { secret: '', recoveryCode: '' };
  await visiting(async (page) => {
    await logIn(page, email);
    enrolled = await enrolApp(page);
    assertArrived(page);
  });
  house.server.clock.advance(STEP_SECONDS);
  await visiting(async (page) => {
    await logIn(page, email);
    assert.equal(await heading(page), 'Confirm that it is you');
    await look(page, 'mfa-otp-challenge');
    await page.getByLabel('Enter the 6-digit code').fill('000000');
    await proceed(page);
    assert.ok((await page.getByRole('alert').count()) > 0);
    await look(page, 'mfa-otp-wrong');
    await page.getByLabel('Enter the 6-digit code').fill(totpAt(enrolled.secret, house.server.clock.now()));
    await proceed(page);
    assertArrived(page);
  });
  await visiting(async (page) => {
    await logIn(page, email);
    await page.getByRole('button', { name: 'Try another method' }).click();
    await look(page, 'mfa-login-options');
    await page.getByRole('button', { name: 'Recovery code' }).click();
    await look(page, 'mfa-recovery-code-challenge');
    await page.getByLabel('Recovery code').fill(enrolled.recoveryCode);
    await proceed(page);
    assert.notEqual(await saveRecoveryCode(page, 'mfa-recovery-code-new'), enrolled.recoveryCode);
    assertArrived(page);
  });
  await useFactors(house.server.ctx, []);
});

test('a second factor by text message: enrolled, asked for, sent again', async () => {
  await useFactors(house.server.ctx, ['otp', 'sms'], ['all-applications']);
  const email = 'phone@example.test';
  await addPerson(house.server.ctx, email);
  const code = async () => {
    const [message] = await house.server.messages({ channel: 'sms', to: PHONE });
    assert.ok(message?.code, 'a message with a code');
    return message.code;
  };
  await visiting(async (page) => {
    await logIn(page, email);
    await page.getByRole('button', { name: 'Text message' }).click();
    await look(page, 'mfa-sms-enrollment');
    await page.getByLabel('Phone number').fill('12');
    await proceed(page);
    assert.ok((await page.getByRole('alert').count()) > 0, 'no phone number');
    await page.getByLabel('Phone number').fill(PHONE);
    await proceed(page);
    await look(page, 'mfa-sms-enrollment-verify');
    await page.getByLabel('Enter the 6-digit code').fill(await code());
    await proceed(page);
    assertArrived(page);
  });
  await visiting(async (page) => {
    await logIn(page, email);
    await look(page, 'mfa-sms-challenge');
    const first = await code();
    house.server.clock.advance(STEP_SECONDS);
    await page.getByRole('button', { name: 'Send again' }).click();
    await look(page, 'mfa-sms-resent');
    assert.notEqual(await code(), first);
    await page.getByLabel('Enter the 6-digit code').fill(await code());
    await proceed(page);
    assertArrived(page);
  });
  await useFactors(house.server.ctx, []);
});

test('consent: declined, the application hears of it; accepted, it is not asked again', async () => {
  const other = await addClient({
    name: 'Somebody else',
    is_first_party: false,
    grant_types: ['authorization_code', 'refresh_token'],
  });
  await addPerson(house.server.ctx, 'consent@example.test');
  const more = { client_id: other, scope: 'openid profile email offline_access' };
  await visiting(async (page) => {
    await logIn(page, 'consent@example.test');
    assert.equal(await heading(page), 'Authorize Somebody else');
    await look(page, 'consent');
    await page.getByRole('button', { name: 'Decline' }).click();
    const url = new URL(page.url());
    assert.equal(url.searchParams.get('error'), 'access_denied');
    assert.equal(url.searchParams.get('error_description'), 'User did not authorize the request');
    await page.goto(authorizeUrl(more));
    await page.getByRole('button', { name: 'Accept' }).click();
    assertArrived(page);
    await page.goto(authorizeUrl(more));
    assertArrived(page);
  }, more);
});

test('what can not be answered to the application is said on a page', async () => {
  await visiting(
    async (page) => {
      assert.match(await page.locator('main').innerText(), /Unknown client: nobody/);
      await look(page, 'error');
    },
    { client_id: 'nobody' },
  );
  await visiting(
    async (page) => {
      await look(page, 'error-callback');
      assert.match(await page.locator('main').innerText(), /callback/i);
    },
    { redirect_uri: 'https://elsewhere.test/' },
  );
});

test('in the dark', async () => {
  const context = await house.visit({ colorScheme: 'dark' });
  const page = await context.newPage();
  await page.goto(authorizeUrl());
  await look(page, 'login-dark');
  await context.close();
});

test('the page of the development outbox', async () => {
  const context = await house.visit();
  const page = await context.newPage();
  await page.goto(`${house.server.url}/_dev`);
  await look(page, 'outbox');
  assert.ok((await page.getByText('Messages').count()) > 0);
  await context.close();
});
