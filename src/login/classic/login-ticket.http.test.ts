/** What a login ticket is worth: where, to whom, how long, and what happens where the browser's cookie does not come along. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { authorizeUrl, Browser } from '../../../test/browser.ts';
import {
  type CrossOriginHouse,
  crossOriginHouse,
  errorOf,
  INVALID_TICKET,
  ORIGIN,
} from '../../../test/cross-origin.ts';
import { addApplication, CONNECTION } from '../../../test/fixtures.ts';
import { managementToken } from '../../../test/management.ts';
import { addPasswordless } from '../../../test/passwordless.ts';
import type { TestServer, TestTenant } from '../../../test/server.ts';
import { logTypes } from '../../../test/token-fixture.ts';
import { connectionsOf, findConnectionByName } from '../../resources/connections/index.ts';
import { sessionsOf } from '../../resources/sessions/index.ts';
import { type User, usersOf } from '../../resources/users/index.ts';

const OTHER_BROWSER = { error: 'access_denied', error_description: 'Unable to verify transaction consistency' };

let house: CrossOriginHouse;
let server: TestServer;
let client_id: string;
let user: User;

beforeEach(async () => {
  house = await crossOriginHouse();
  ({ server, client_id, user } = house);
});
afterEach(() => server.close());

describe('what a ticket is bound to', () => {
  async function refused(browser: Browser, address: string): Promise<unknown> {
    const { parameters } = await browser.openApp(address);
    assert.equal(parameters.code, undefined);
    assert.equal(browser.jar.auth0, undefined, 'no session');
    return errorOf(parameters);
  }

  test('its client', async () => {
    const browser = new Browser(server);
    const { login_ticket } = await house.earn(browser);
    const other = await addApplication(server.ctx, { cross_origin_authentication: true });
    const address = house.withTicket(login_ticket, { client_id: other.client_id });
    assert.deepEqual(await refused(browser, address), INVALID_TICKET);
    assert.ok((await browser.openApp(house.withTicket(login_ticket))).parameters.code, 'and it is still good');
  });

  test('its browser: another one is told nothing more, and uses nothing up', async () => {
    const browser = new Browser(server);
    const { login_ticket, co_id } = await house.earn(browser);
    const victim = new Browser(server);
    assert.deepEqual(await refused(victim, house.withTicket(login_ticket)), OTHER_BROWSER);
    victim.jar[`co_${co_id}`] = 'A'.repeat(43);
    assert.deepEqual(await refused(victim, house.withTicket(login_ticket)), OTHER_BROWSER);
    assert.ok((await browser.openApp(house.withTicket(login_ticket))).parameters.code);
  });

  test('its realm, its connection, its tenant, five minutes, and what the client allows', async () => {
    const browser = new Browser(server);
    const { login_ticket } = await house.earn(browser);
    assert.deepEqual(await refused(browser, house.withTicket(login_ticket, { realm: 'another' })), INVALID_TICKET);
    await addPasswordless(server.ctx, 'email', [client_id]);
    assert.deepEqual(await refused(browser, house.withTicket(login_ticket, { connection: 'email' })), INVALID_TICKET);
    const database = await findConnectionByName(server.ctx, CONNECTION);
    assert.ok(database);
    await connectionsOf(server.ctx).put({ ...database, enabled_clients: [] });
    assert.deepEqual(
      await refused(browser, house.withTicket(login_ticket)),
      INVALID_TICKET,
      'taken from the client meanwhile',
    );
    await connectionsOf(server.ctx).put(database);
    await house.change({ cross_origin_authentication: false });
    assert.deepEqual(await refused(browser, house.withTicket(login_ticket)), INVALID_TICKET);
    await house.change({ cross_origin_authentication: true });
    server.clock.advance(301);
    assert.deepEqual(await refused(browser, house.withTicket(login_ticket)), INVALID_TICKET);
    assert.deepEqual(await refused(browser, house.withTicket('unknown')), INVALID_TICKET);
  });

  test('its tenant', async () => {
    const { other } = server as { other: TestTenant };
    const app = await addApplication(other.ctx, { cross_origin_authentication: true, web_origins: [ORIGIN] });
    const { login_ticket, co_id, co_verifier } = await house.earn(new Browser(server));
    const browser = new Browser(other);
    browser.jar[`co_${co_id}`] = co_verifier;
    assert.deepEqual(
      await refused(browser, house.withTicket(login_ticket, { client_id: app.client_id })),
      INVALID_TICKET,
    );
  });

  test('what its user may still do: revoked access ends it', async () => {
    const browser = new Browser(server);
    const { login_ticket } = await house.earn(browser);
    const bearer = await managementToken(server, ['delete:sessions', 'delete:refresh_tokens']);
    const path = `/api/v2/users/${encodeURIComponent(user.user_id)}/revoke-access`;
    assert.equal((await server.post(path, { bearer, json: {} })).status, 202);
    assert.deepEqual(await refused(browser, house.withTicket(login_ticket)), INVALID_TICKET);
  });

  test('its user: a new password or a block comes before it', async () => {
    const browser = new Browser(server);
    const { login_ticket } = await house.earn(browser);
    await usersOf(server.ctx).update(user.user_id, (stored) => ({ ...stored, blocked: true }));
    const blocked = { error: 'unauthorized', error_description: 'user is blocked' };
    assert.deepEqual(await refused(browser, house.withTicket(login_ticket)), blocked);
    const later = new Date(server.clock.now() + 1000).toISOString();
    await usersOf(server.ctx).update(user.user_id, (stored) => ({
      ...stored,
      blocked: false,
      last_password_reset: later,
    }));
    assert.deepEqual(await refused(browser, house.withTicket(login_ticket)), INVALID_TICKET);
  });

  test('strict third-party applications bring none', async () => {
    const browser = new Browser(server);
    const { login_ticket } = await house.earn(browser);
    await house.change({ is_first_party: false, third_party_security_mode: 'strict' });
    const { error, error_description } = (await browser.openApp(house.withTicket(login_ticket))).parameters;
    assert.deepEqual(
      [error, error_description],
      ['invalid_request', 'parameter login_ticket is not allowed for this client'],
    );
  });
});

describe('where the cookie does not come: the application’s page is asked', () => {
  const LOC = 'https://spa.test/verify?a=b';

  async function arrive(browser: Browser) {
    await house.change({ cross_origin_loc: LOC });
    const earned = await house.earn(new Browser(server));
    return { ...earned, page: await browser.openPage(house.withTicket(earned.login_ticket)) };
  }

  test('its page stands in a frame of ours; the right secret goes on with the login, once', async () => {
    const browser = new Browser(server);
    const { page, co_id, co_verifier } = await arrive(browser);
    assert.equal(page.path, '/co/verify');
    assert.match(page.html, new RegExp(`data-co-id="${co_id}" data-framed-origin="https://spa\\.test"`));
    assert.match(page.html, /data-url="https:\/\/spa\.test\/verify\?a=b#origin=https%3A%2F%2Ftenant\.test"/);
    assert.match(page.headers['content-security-policy'] ?? '', /frame-src https:\/\/spa\.test;/);
    assert.equal(page.headers['x-frame-options'], 'DENY');
    const { parameters } = await browser.submitApp(page, { verifier: co_verifier });
    assert.ok(parameters.code);
    assert.equal((await sessionsOf(server.ctx).list())[0]?.user_id, user.user_id);
    assert.equal((await browser.submitPage(page, { verifier: co_verifier })).status, 400, 'the login is over');
  });

  test('a wrong secret ends the login; the ticket stays good', async () => {
    const browser = new Browser(server);
    const { page, login_ticket, co_id, co_verifier } = await arrive(browser);
    const { parameters } = await browser.submitApp(page, { verifier: '' });
    assert.deepEqual(errorOf(parameters), OTHER_BROWSER);
    assert.ok((await logTypes(server)).includes('fcoa'));
    browser.jar[`co_${co_id}`] = co_verifier;
    assert.ok((await browser.openApp(house.withTicket(login_ticket))).parameters.code);
  });

  test('an application that may not ask for passwords any more is not asked either', async () => {
    const browser = new Browser(server);
    const { page, co_verifier } = await arrive(browser);
    await house.change({ cross_origin_authentication: false });
    assert.deepEqual(errorOf((await browser.submitApp(page, { verifier: co_verifier })).parameters), OTHER_BROWSER);
    assert.equal((await sessionsOf(server.ctx).list()).length, 0);
  });

  test('who has the secret of another browser’s login cannot post it there', async () => {
    const { page, co_verifier } = await arrive(new Browser(server));
    const other = new Browser(server);
    const answer = await other.submitPage(page, { verifier: co_verifier });
    assert.equal(answer.status, 400);
    assert.equal((await sessionsOf(server.ctx).list()).length, 0);
  });

  test('without a page for it, and where nothing may be shown, there is no asking', async () => {
    const { login_ticket } = await arrive(new Browser(server));
    const { parameters } = await new Browser(server).openApp(house.withTicket(login_ticket, { prompt: 'none' }));
    assert.deepEqual(errorOf(parameters), OTHER_BROWSER);
    const login = await new Browser(server).openPage(authorizeUrl({ client_id }));
    const state = new URL(login.url).searchParams.get('state') ?? '';
    assert.equal((await server.get(`/co/verify?state=${encodeURIComponent(state)}`)).status, 400, 'another browser');
  });
});
