/** An application whose own pages ask for passwords, and tickets that were earned there. */
import assert from 'node:assert/strict';
import type { Context } from '../src/kernel/index.ts';
import { clientsOf } from '../src/resources/clients/index.ts';
import { authorizeUrl, type Browser } from './browser.ts';
import { addApplication, CONNECTION, type Credentials, PASSWORD } from './fixtures.ts';
import type { Answer } from './server.ts';

export const ORIGIN = 'https://spa.test';
export const EMAIL = 'ada@example.test';
export const REALM = 'http://auth0.com/oauth/grant-type/password-realm';

/** The application, on the pages of `ORIGIN`. */
export const addCrossOriginApplication = (ctx: Context): Promise<Credentials> =>
  addApplication(ctx, {
    cross_origin_authentication: true,
    web_origins: [ORIGIN],
    grant_types: ['authorization_code', 'implicit', 'refresh_token'],
  });

/** A body for `/co/authenticate`: the right password, unless `changes` say otherwise. */
export const credentials = (client_id: string, changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  client_id,
  credential_type: REALM,
  username: EMAIL,
  password: PASSWORD,
  realm: CONNECTION,
  ...changes,
});

export function authenticate(
  browser: Browser,
  json: Record<string, unknown>,
  headers: Record<string, string> = { origin: ORIGIN },
): Promise<Answer> {
  return browser.tenant.post('/co/authenticate', { json, headers, jar: browser.jar });
}

/** A ticket that was earned in `browser`. */
export async function earn(
  browser: Browser,
  json: Record<string, unknown>,
): Promise<{ login_ticket: string; co_verifier: string; co_id: string }> {
  const answer = await authenticate(browser, json);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

/** The address that takes a ticket to `/authorize`. */
export const withTicket = (client_id: string, login_ticket: string, more: Record<string, string> = {}): string =>
  authorizeUrl({ client_id, login_ticket, realm: CONNECTION, ...more });

export const errorOf = ({ error, error_description }: Readonly<Record<string, string>>) => ({
  error,
  error_description,
});

export const INVALID_TICKET = { error: 'access_denied', error_description: 'Unknown or invalid login ticket.' };

/** Changes properties of a client past the Management API. */
export async function changeClient(
  ctx: Context,
  client_id: string,
  properties: Record<string, unknown>,
): Promise<void> {
  await clientsOf(ctx).update(client_id, (stored) => ({ ...stored, ...properties }));
}
