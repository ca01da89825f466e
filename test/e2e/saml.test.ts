/** A login by SAML in Chromium, at a service provider that is not ours: there, back, and out again. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { addPerson, PASSWORD } from '../fixtures.ts';
import { type SamlApplication, samlApplication } from '../saml-application.ts';
import { addSamlClient, EMAIL, serviceProvider } from '../saml-house.ts';
import type { TestTenant } from '../server.ts';
import { type House, openHouse } from './house.ts';

let house: House;
let application: SamlApplication;
let userId: string;

before(async () => {
  [house, application] = await Promise.all([openHouse(), samlApplication()]);
  const { ctx, url } = house.server;
  userId = (await addPerson(ctx, EMAIL)).user_id;
  const callbackUrl = `${application.url}/acs`;
  const settings = { signatureAlgorithm: 'rsa-sha256', logout: { callback: `${application.url}/slo` } };
  const clientId = await addSamlClient(ctx, settings, { callbacks: [callbackUrl] });
  const tenant = { ctx, url, host: new URL(url).host } as TestTenant;
  // node-saml looks for the request that a LogoutResponse answers where only a Response has it.
  const options = { callbackUrl, validateInResponseTo: 'ifPresent' as never };
  application.sp = await serviceProvider(tenant, clientId, options);
});
after(async () => {
  await house.close();
  application.close();
});

async function typePassword(page: Page): Promise<void> {
  await page.getByLabel('Email address').fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
}

const words = (page: Page) => page.locator('body').innerText();

test('the answer posts itself; the session serves again; a logout ends it', async () => {
  const context = await house.visit();
  try {
    const page = await context.newPage();
    await page.goto(`${application.url}/login`);
    await typePassword(page);
    await page.waitForURL(`${application.url}/acs`);
    assert.equal(await words(page), `Welcome ${userId}, a & "b"`);
    await page.goto(`${application.url}/login`);
    await page.waitForURL(`${application.url}/acs`);
    assert.equal(await words(page), `Welcome ${userId}, a & "b"`);
    await page.goto(`${application.url}/logout`);
    await page.waitForURL(`${application.url}/slo`);
    assert.equal(await words(page), 'Logged out');
    await page.goto(`${application.url}/login`);
    await page.waitForURL(`${house.server.url}/u/login**`);
  } finally {
    await context.close();
  }
});

test('without scripts there is a button', async () => {
  const context = await house.visit({ javaScriptEnabled: false });
  try {
    const page = await context.newPage();
    await page.goto(`${application.url}/login`);
    await typePassword(page);
    await page.getByRole('button').click();
    await page.waitForURL(`${application.url}/acs`);
    assert.equal(await words(page), `Welcome ${userId}, a & "b"`);
  } finally {
    await context.close();
  }
});
