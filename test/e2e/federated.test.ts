/** A login page with a button, in a real browser, over TLS: one tenant is the identity provider of the other. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Context } from '../../src/kernel/index.ts';
import { ensureTenant } from '../../src/provisioning/index.ts';
import { createConnection } from '../../src/resources/connections/index.ts';
import { usersOf } from '../../src/resources/users/index.ts';
import { addApplication, addPerson, PASSWORD, useFactors } from '../fixtures.ts';
import { type House, look, openHouse } from './house.ts';

const EMAIL = 'ada@corp.test';

let house: House;
let clientId: string;
let provider: { readonly ctx: Context; readonly url: string };

before(async () => {
  house = await openHouse();
  // The same server under another host name is another tenant, with cookies of its own.
  const url = house.server.url.replace('localhost', '127.0.0.1');
  provider = { url, ctx: (await ensureTenant(house.server.app.shared, { name: 'provider', url })).ctx };
  const there = await addApplication(provider.ctx, {
    name: 'Northwind',
    callbacks: [`${house.server.url}/login/callback`],
    grant_types: ['authorization_code', 'implicit', 'refresh_token'],
    allowed_logout_urls: [`${house.appUrl}/bye`],
  });
  await addPerson(provider.ctx, EMAIL);
  const here = await addApplication(house.server.ctx, {
    name: 'Shop',
    callbacks: [`${house.appUrl}/callback`],
    allowed_logout_urls: [`${house.appUrl}/bye`],
  });
  clientId = here.client_id;
  await addPerson(house.server.ctx, 'local@shop.test');
  for (const [name, type] of [
    ['northwind', 'back_channel'],
    ['front', 'front_channel'],
  ])
    await createConnection(house.server.ctx, {
      name: name as string,
      strategy: 'oidc',
      display_name: name === 'northwind' ? 'Northwind' : 'Northwind by form',
      show_as_button: true,
      enabled_clients: [clientId],
      options: {
        type,
        discovery_url: `${url}/.well-known/openid-configuration`,
        client_id: there.client_id,
        client_secret: there.client_secret,
        scope: 'openid profile email',
      },
    });
});
after(() => house.close());

function authorizeUrl(more: Record<string, string> = {}): string {
  const url = new URL(`${house.server.url}/authorize`);
  const request = { response_type: 'code', client_id: clientId, redirect_uri: `${house.appUrl}/callback` };
  url.search = new URLSearchParams({
    ...request,
    scope: 'openid profile email',
    state: 'the state',
    ...more,
  }).toString();
  return url.href;
}

for (const [button, connection] of [
  ['Continue with Northwind', 'northwind'],
  ['Continue with Northwind by form', 'front'],
] as const)
  test(`${connection}: from the button to the provider, back to the application, and out again`, async () => {
    const context = await house.visit({ javaScriptEnabled: connection === 'front' });
    try {
      const page = await context.newPage();
      await page.goto(authorizeUrl());
      await look(page, `login-with-providers-${connection}`);
      await page.getByRole('link', { name: button, exact: true }).click();
      await page.waitForURL(`${provider.url}/u/login**`);
      await page.getByLabel('Email address').fill(EMAIL);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Continue', exact: true }).click();
      await page.waitForURL(`${house.appUrl}/callback**`);
      const arrived = new URL(page.url()).searchParams;
      assert.equal(arrived.get('error_description'), null);
      assert.ok(arrived.get('code'));
      assert.equal(arrived.get('state'), 'the state');
      const users = await usersOf(house.server.ctx).list({ where: { email: EMAIL } });
      assert.ok(users.some(({ user_id }) => user_id.startsWith(`oidc|${connection}|auth0|`)));
      await page.goto(authorizeUrl({ prompt: 'none', connection }));
      assert.ok(new URL(page.url()).searchParams.get('code'), page.url());
      const logout = { client_id: clientId, returnTo: `${house.appUrl}/bye`, federated: '' };
      await page.goto(`${house.server.url}/v2/logout?${new URLSearchParams(logout)}`);
      await page.waitForURL(`${house.appUrl}/bye**`);
      await page.goto(authorizeUrl({ connection }));
      await page.waitForURL(`${provider.url}/u/login**`);
    } finally {
      await context.close();
    }
  });

test('a second factor is asked for after the provider too', async () => {
  await useFactors(house.server.ctx, ['otp'], ['all-applications']);
  const context = await house.visit({ javaScriptEnabled: false });
  try {
    const page = await context.newPage();
    await page.goto(authorizeUrl({ connection: 'northwind' }));
    await page.getByLabel('Email address').fill(EMAIL);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    await page.waitForURL(`${house.server.url}/u/mfa-**`);
  } finally {
    await context.close();
  }
});
