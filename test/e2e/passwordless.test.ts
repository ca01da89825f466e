/** Logging in with a code or a link, as people meet it, in a browser without JavaScript. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { addPasswordless, addPasswordlessClient, otherThan, PHONE } from '../passwordless.ts';
import type { Credentials } from '../token-fixture.ts';
import { type House, look, openHouse } from './house.ts';

let house: House;
let client: Credentials;
let callback: string;

before(async () => {
  house = await openHouse();
  callback = `${house.appUrl}/callback`;
  client = await addPasswordlessClient(house.server.ctx, {
    name: 'Shop',
    callbacks: [callback],
    skip_non_verifiable_callback_uri_confirmation_prompt: true,
  } as Parameters<typeof addPasswordlessClient>[1]);
  await addPasswordless(house.server.ctx, 'email', [client.client_id], { totp: { length: 8, time_step: 600 } });
  await addPasswordless(house.server.ctx, 'sms', [client.client_id]);
});
after(() => house.close());

async function visiting(steps: (page: Page) => Promise<void>): Promise<void> {
  const context = await house.visit({ javaScriptEnabled: false });
  try {
    await steps(await context.newPage());
  } finally {
    await context.close();
  }
}

async function begin(page: Page): Promise<void> {
  const url = new URL(`${house.server.url}/authorize`);
  const parameters = { response_type: 'code', redirect_uri: callback, scope: 'openid email', state: 'the state' };
  url.search = new URLSearchParams({ client_id: client.client_id, ...parameters }).toString();
  await page.goto(url.href);
}

const proceed = (page: Page) => page.getByRole('button', { name: 'Continue', exact: true }).click();
const lastTo = async (to: string) => (await house.server.messages({ to }))[0] ?? assert.fail('no message');

function assertArrived(page: Page): void {
  const url = new URL(page.url());
  assert.equal(`${url.origin}${url.pathname}`, callback, page.url());
  assert.deepEqual([url.searchParams.get('state'), !!url.searchParams.get('code')], ['the state', true], page.url());
}

test('a code by mail: a wrong one is told beside the field, the right one leads back', async () => {
  await visiting(async (page) => {
    await begin(page);
    await look(page, 'passwordless-identifier');
    await page.getByLabel('Email address or phone number').fill('nobody');
    await proceed(page);
    assert.match(await page.getByRole('alert').innerText(), /phone number/);
    await page.getByLabel('Email address or phone number').fill('mail@example.test');
    await proceed(page);
    await look(page, 'passwordless-email-code');
    const { code = '' } = await lastTo('mail@example.test');
    await page.getByLabel('Enter the 8-digit code').fill(otherThan(code));
    await proceed(page);
    assert.match(await page.getByRole('alert').innerText(), /That code isn't right/);
    await look(page, 'passwordless-email-code-wrong');
    await page.getByLabel('Enter the 8-digit code').fill(code);
    await proceed(page);
    assertArrived(page);
  });
});

test('a code by text message, sent again', async () => {
  await visiting(async (page) => {
    await begin(page);
    await page.getByLabel('Email address or phone number').fill(PHONE);
    await proceed(page);
    await page.getByRole('button', { name: 'Send again' }).click();
    await look(page, 'passwordless-sms-code');
    await page.getByLabel('Enter the 6-digit code').fill((await lastTo(PHONE)).code ?? '');
    await proceed(page);
    assertArrived(page);
  });
});

test('a magic link leads to the application, once', async () => {
  const authParams = { scope: 'openid', redirect_uri: callback, state: 'the state' };
  const body = { ...client, connection: 'email', email: 'link@example.test', send: 'link', authParams };
  const headers = { 'content-type': 'application/json' };
  const started = await fetch(`${house.server.url}/passwordless/start`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  assert.equal(started.status, 200, await started.text());
  const { link = '' } = await lastTo('link@example.test');
  await visiting(async (page) => {
    await page.goto(link);
    assertArrived(page);
    await begin(page);
    assertArrived(page);
    await page.goto(link);
    assert.equal(new URL(page.url()).searchParams.get('error'), 'unauthorized', page.url());
  });
});
