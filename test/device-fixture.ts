/** The device flow as tests need it: a device that asks for a code and polls, and a person who activates it. */
import assert from 'node:assert/strict';
import type { Context } from '../src/kernel/index.ts';
import type { Client } from '../src/resources/clients/index.ts';
import type { Browser, Page } from './browser.ts';
import { addApplication, PASSWORD } from './fixtures.ts';
import type { Answer, TestTenant } from './server.ts';

export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** An application on a device. */
export async function addDeviceClient(ctx: Context, body: Partial<Client> = {}): Promise<string> {
  const { client_id } = await addApplication(ctx, {
    name: 'Television',
    app_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: [DEVICE_GRANT, 'refresh_token'],
    ...body,
  });
  return client_id;
}

export interface Codes {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri_complete: string;
}

export const askForCodes = (
  tenant: TestTenant,
  client_id: string,
  more: Record<string, string> = {},
  from = '127.0.0.1',
): Promise<Answer> =>
  tenant.post('/oauth/device/code', { form: { client_id, scope: 'openid profile', ...more }, from });

export async function newCodes(tenant: TestTenant, client_id: string, more?: Record<string, string>): Promise<Codes> {
  const answer = await askForCodes(tenant, client_id, more);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

export const poll = (tenant: TestTenant, client_id: string, device_code: string): Promise<Answer> =>
  tenant.post('/oauth/token', { form: { grant_type: DEVICE_GRANT, client_id, device_code } });

/** Types the code and arrives at the page that asks whether it is right. */
export async function typeCode(browser: Browser, user_code: string): Promise<Page> {
  return browser.submitPage(await browser.openPage('/activate'), { user_code });
}

/** Types the code, confirms it and logs in where that is asked for; answers the last page. */
export async function activate(browser: Browser, user_code: string, username = 'ada@example.test'): Promise<Page> {
  const confirmation = await typeCode(browser, user_code);
  assert.equal(confirmation.path, '/u/device-confirmation', confirmation.html);
  const next = await browser.submitPage(confirmation, { action: 'accept' });
  return next.path === '/u/login' ? browser.submitPage(next, { username, password: PASSWORD }) : next;
}
