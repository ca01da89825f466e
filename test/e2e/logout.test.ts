/** The ends of logins in Chromium: an application that hears of a logout, and pages that are opened when their login is over. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeJwt } from 'jose';
import type { Page } from 'playwright-core';
import { addApplication, addPerson, type Credentials, PASSWORD } from '../fixtures.ts';
import { everything } from '../logout-house.ts';
import { type LogoutReceiver, logoutReceiver } from '../logout-receiver.ts';
import { type House, look, openHouse } from './house.ts';

const EMAIL = 'ada@example.test';

let house: House;
let receiver: LogoutReceiver;
let app: Credentials;

before(async () => {
  [house, receiver] = await Promise.all([openHouse(), logoutReceiver()]);
  app = await addApplication(house.server.ctx, {
    name: 'Shop',
    callbacks: [`${house.appUrl}/callback`],
    allowed_logout_urls: [`${house.appUrl}/bye`],
    initiate_login_uri: `${house.appUrl.replace('localhost', '127.0.0.1')}/login`,
    oidc_logout: everything(`${receiver.url}/logged-out`),
  });
  await addPerson(house.server.ctx, EMAIL);
});
after(async () => {
  await house.close();
  await receiver.close();
});

function address(path: string, parameters: Record<string, string>): string {
  return `${house.server.url}${path}?${new URLSearchParams({ client_id: app.client_id, ...parameters })}`;
}
const start = () =>
  address('/authorize', { response_type: 'code', scope: 'openid', redirect_uri: `${house.appUrl}/callback` });
async function typePassword(page: Page): Promise<void> {
  await page.getByLabel('Email address').fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
}
const isAtLogin = (page: Page) =>
  page.waitForURL((url) => url.pathname === '/login' && url.searchParams.get('iss') === `${house.server.url}/`);

test('a person agrees to log out; the application is told, and the session is over', async () => {
  const page = await (await house.visit()).newPage();
  await page.goto(start());
  await typePassword(page);
  await page.waitForURL(/\/callback\?code=/);
  await page.goto(address('/oidc/logout', { post_logout_redirect_uri: `${house.appUrl}/bye`, state: 'xyz' }));
  await look(page, 'logout-confirm');
  await page.getByRole('button').first().click();
  await page.waitForURL(`${house.appUrl}/bye?state=xyz`);
  await house.server.app.shared.background.idle(5000);
  assert.deepEqual(
    receiver.deliveries.map(({ token }) => [decodeJwt(token).aud, decodeJwt(token).iss]),
    [[app.client_id, `${house.server.url}/`]],
  );
  await page.goto(start());
  await page.waitForURL(/\/u\/login/);
});

test('the back button after a login, and a form that is sent too late, begin a new login at the application', async () => {
  const page = await (await house.visit()).newPage();
  await page.goto(start());
  const bookmark = page.url();
  await typePassword(page);
  await page.waitForURL(/\/callback\?code=/);
  await page.goto(bookmark);
  await isAtLogin(page);
  const late = await (await house.visit()).newPage();
  await late.goto(start());
  house.server.clock.advance(2 * 3600);
  await typePassword(late);
  await isAtLogin(late);
});
