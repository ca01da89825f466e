/** Pages that decide about something asked for elsewhere, as people meet them: a device's code, a mailed link. In both colour schemes. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createResourceServer } from '../../src/resources/resource-servers/index.ts';
import { addBackchannelClient } from '../ciba-fixture.ts';
import { addDeviceClient, DEVICE_GRANT } from '../device-fixture.ts';
import { addPerson, type Credentials, PASSWORD } from '../fixtures.ts';
import { type House, look, openHouse } from './house.ts';

const EMAIL = 'ada@example.test';
const API = 'https://trips.test/';
type Scheme = 'light' | 'dark';

let house: House;
let device: string;
let backchannel: Credentials;
let ada: string;

before(async () => {
  house = await openHouse();
  const { ctx } = house.server;
  device = await addDeviceClient(ctx);
  backchannel = await addBackchannelClient(ctx);
  ({ user_id: ada } = await addPerson(ctx, EMAIL));
  await createResourceServer(ctx, {
    identifier: API,
    name: 'Trips',
    scopes: [{ value: 'read:trips' }, { value: 'write:trips' }],
    authorization_details: [{ type: 'money_transfer' }],
    skip_consent_for_verifiable_first_party_clients: true,
  } as never);
});
after(() => house.close());

/** Runs `steps` in a fresh browser without JavaScript. */
async function visiting(colorScheme: Scheme, steps: (page: Page) => Promise<void>): Promise<void> {
  const context = await house.visit({ javaScriptEnabled: false, colorScheme });
  try {
    await steps(await context.newPage());
  } finally {
    await context.close();
  }
}

async function post(path: string, form: Record<string, string>) {
  const response = await fetch(`${house.server.url}${path}`, { method: 'POST', body: new URLSearchParams(form) });
  return (await response.json()) as Record<string, string>;
}

async function logIn(page: Page): Promise<void> {
  const email = page.getByLabel('Email address');
  if ((await email.inputValue()) === '') await email.fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const heading = (page: Page) => page.getByRole('heading', { level: 1 }).innerText();

for (const scheme of ['light', 'dark'] as const) {
  test(`a device is activated by hand, in the ${scheme} scheme`, async () => {
    const wish = { client_id: device, scope: 'openid profile read:trips write:trips', audience: API };
    const { device_code = '', user_code = '' } = await post('/oauth/device/code', wish);
    await visiting(scheme, async (page) => {
      await page.goto(`${house.server.url}/activate`);
      const field = page.getByLabel('Code', { exact: true });
      assert.equal(await field.and(page.locator(':focus')).count(), 1);
      await field.fill('bbbb-bbbb');
      await press(page, 'Continue');
      assert.match(await page.locator('#user_code-error').innerText(), /isn't right, or it has expired/);
      await look(page, `device-user-code-${scheme}`);
      await field.fill(user_code.toLowerCase().replace('-', ''));
      await press(page, 'Continue');
      assert.equal(await heading(page), 'Confirm your device');
      await look(page, `device-confirmation-${scheme}`);
      await press(page, 'Confirm');
      await logIn(page);
      assert.equal(await heading(page), 'Your device is connected');
      await look(page, `device-result-${scheme}`);
    });
    const tokens = await post('/oauth/token', { grant_type: DEVICE_GRANT, client_id: device, device_code });
    assert.equal(tokens.scope, wish.scope);
  });

  test(`a device is refused from its QR code, in the ${scheme} scheme`, async () => {
    const codes = await post('/oauth/device/code', { client_id: device, scope: 'openid' });
    await visiting(scheme, async (page) => {
      await page.goto(codes.verification_uri_complete ?? '');
      assert.equal(await page.locator('.user-code').innerText(), codes.user_code);
      await press(page, 'Cancel');
      assert.equal(await heading(page), 'Your device was not connected');
      await look(page, `device-refused-${scheme}`);
    });
  });

  test(`a request is approved by a mailed link, in the ${scheme} scheme`, async () => {
    const details = [{ type: 'money_transfer', amount: { value: 2500, currency: 'USD' }, beneficiary: 'Hanna' }];
    const { auth_req_id = '' } = await post('/bc-authorize', {
      ...backchannel,
      scope: 'openid read:trips',
      audience: API,
      binding_message: 'Order 4711',
      requested_expiry: '600',
      login_hint: JSON.stringify({ format: 'iss_sub', iss: `${house.server.url}/`, sub: ada }),
      authorization_details: JSON.stringify(details),
    });
    await visiting(scheme, async (page) => {
      const [mail] = await house.server.messages({ channel: 'email', to: EMAIL });
      await page.goto(mail?.link ?? '');
      await logIn(page);
      assert.equal(await heading(page), 'Approve this request?');
      await look(page, `request-approval-${scheme}`);
      await press(page, 'Approve');
      assert.equal(await heading(page), 'Request approved');
      await look(page, `request-approved-${scheme}`);
    });
    const grant_type = 'urn:openid:params:grant-type:ciba';
    assert.equal((await post('/oauth/token', { grant_type, ...backchannel, auth_req_id })).scope, 'openid read:trips');
  });
}
