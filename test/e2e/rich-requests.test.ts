/** A pushed request with details, in a real browser: the person reads what they allow, and the answer is the application's. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addApplication, addPerson, type Credentials, PASSWORD } from '../fixtures.ts';
import { addApi, changeSettings } from '../token-fixture.ts';
import { type House, look, openHouse } from './house.ts';

const EMAIL = 'rich@example.test';
const API = 'https://payments.test/';
const TRANSFER = {
  type: 'money_transfer',
  instructedAmount: { amount: 2500, currency: 'USD' },
  sourceAccount: 'xxxxxxxxxxx1234',
  destinationAccount: 'xxxxxxxxxxx9876',
  beneficiary: 'Hanna <b>Herwitz</b> & sons, of a very long name that goes on and on without an end in sight',
};
const PROFILE = {
  type: 'urn:auth0:schemas:authorization-details:v1:user-profile',
  instruction: 'Please approve the request.',
  properties: {
    second: { display: true, name: 'A number:', display_order: 2, value: 100 },
    first: { display: true, name: 'A text:', display_order: 1, value: 'Value 1' },
    hidden: { display: false, value: 'not for people' },
  },
};

let house: House;
let app: Credentials;

before(async () => {
  house = await openHouse();
  const { ctx } = house.server;
  app = await addApplication(ctx, { name: 'Bank', callbacks: [`${house.appUrl}/callback`] });
  await addPerson(ctx, EMAIL);
  const authorization_details = [{ type: TRANSFER.type }, { type: PROFILE.type }];
  await addApi(ctx, { identifier: API, name: 'Payments', authorization_details });
  await changeSettings(ctx, { pushed_authorization_requests_supported: true });
});
after(() => house.close());

test('what is asked for stands on the page, word for word, and the code comes back', async () => {
  const context = await house.visit();
  const page = await context.newPage();
  const form = new URLSearchParams({
    ...app,
    response_type: 'code',
    redirect_uri: `${house.appUrl}/callback`,
    scope: 'openid read:things',
    audience: API,
    authorization_details: JSON.stringify([TRANSFER, PROFILE]),
    state: 'rich',
  });
  const pushed = await fetch(`${house.server.url}/oauth/par`, { method: 'POST', body: form });
  const { request_uri } = (await pushed.json()) as { request_uri: string };
  const query = new URLSearchParams({ client_id: app.client_id, request_uri });
  await page.goto(`${house.server.url}/authorize?${query}`);
  await page.fill('input[name=username]', EMAIL);
  await page.fill('input[name=password]', PASSWORD);
  await page.click('button[value=default]');
  await page.waitForURL(/\/u\/consent/);
  await look(page, 'consent-details');
  const text = await page.innerText('main');
  for (const shown of [TRANSFER.beneficiary, 'instructedAmount.amount', '2500', PROFILE.instruction, 'Value 1'])
    assert.ok(text.includes(shown), shown);
  assert.ok(text.indexOf('A text:') < text.indexOf('A number:'));
  assert.ok(!text.includes('not for people'));
  await page.click('button[value=accept]');
  await page.waitForURL(/\/callback\?/);
  assert.equal(new URL(page.url()).searchParams.get('state'), 'rich');
  await context.close();
});
