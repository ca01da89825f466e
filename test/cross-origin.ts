/** An application whose own pages ask for passwords, and tickets that were earned there. */
import assert from 'node:assert/strict';
import type { Context } from '../src/kernel/index.ts';
import { clientsOf } from '../src/resources/clients/index.ts';
import type { User } from '../src/resources/users/index.ts';
import { authorizeUrl, type Browser } from './browser.ts';
import { addApplication, addPerson, CONNECTION, PASSWORD } from './fixtures.ts';
import { type Answer, type TestServer, testServer } from './server.ts';

export const ORIGIN = 'https://spa.test';
export const EMAIL = 'ada@example.test';
export const REALM = 'http://auth0.com/oauth/grant-type/password-realm';

export interface CrossOriginHouse {
  readonly server: TestServer;
  /** The application, on the pages of `ORIGIN`. */
  readonly client_id: string;
  readonly client_secret: string;
  /** Has the address `EMAIL`. */
  readonly user: User;
  /** A body for `/co/authenticate`: the right password, unless `changes` say otherwise. */
  credentials(changes?: Record<string, unknown>): Record<string, unknown>;
  authenticate(browser: Browser, json?: Record<string, unknown>, headers?: Record<string, string>): Promise<Answer>;
  /** A ticket that was earned in `browser`. */
  earn(browser: Browser, json?: Record<string, unknown>): Promise<Ticket>;
  /** The address that takes a ticket to `/authorize`. */
  withTicket(login_ticket: string, more?: Record<string, string>): string;
  /** Changes properties of the application past the Management API. */
  change(properties: Record<string, unknown>): Promise<void>;
}

interface Ticket {
  readonly login_ticket: string;
  readonly co_verifier: string;
  readonly co_id: string;
}

export async function crossOriginHouse(): Promise<CrossOriginHouse> {
  const server = await testServer();
  const { client_id, client_secret } = await addApplication(server.ctx, {
    cross_origin_authentication: true,
    web_origins: [ORIGIN],
    grant_types: ['authorization_code', 'implicit', 'refresh_token'],
  });
  const right = { client_id, credential_type: REALM, username: EMAIL, password: PASSWORD, realm: CONNECTION };
  const authenticate: CrossOriginHouse['authenticate'] = (browser, json = right, headers = { origin: ORIGIN }) =>
    browser.tenant.post('/co/authenticate', { json, headers, jar: browser.jar });
  return {
    server,
    client_id,
    client_secret,
    user: await addPerson(server.ctx, EMAIL),
    credentials: (changes) => ({ ...right, ...changes }),
    authenticate,
    async earn(browser, json) {
      const answer = await authenticate(browser, json);
      assert.equal(answer.status, 200, answer.text);
      return answer.json;
    },
    withTicket: (login_ticket, more) => authorizeUrl({ client_id, login_ticket, realm: CONNECTION, ...more }),
    change: (properties) => changeClient(server.ctx, client_id, properties),
  };
}

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
