/** How notices of ended sessions reach applications: kept with what caused them, tried again, delivered once, logged. */
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { authorizeUrl, Browser } from '../../../test/browser.ts';
import { addApplication, addPerson, PASSWORD } from '../../../test/fixtures.ts';
import { everything, logoutHouse } from '../../../test/logout-house.ts';
import { persistentDatabase } from '../../../test/persistent-database.ts';
import { testServer } from '../../../test/server.ts';
import { clientsOf } from '../clients/client.store.ts';
import { onSessionEnded, sessionsOf } from '../sessions/index.ts';
import { deleteUser } from '../users/index.ts';

const HOUR = 3600;
const SUCCEEDED = 'oidc_backchannel_logout_succeeded';
const FAILED = 'oidc_backchannel_logout_failed';

const house = await logoutHouse();
const { server, receiver, app, quiet, manage, logIn, logOut, tokens, logged, waiting } = house;
after(() => house.close());
beforeEach(() => house.begin());

test('what was delivered is in the log, in the shape of the published schema', async () => {
  const browser = new Browser(server);
  await logIn(browser);
  await logOut(browser);
  const [row, ...more] = await logged(SUCCEEDED);
  assert.deepEqual(more, []);
  assert.deepEqual(
    [row?.client_id, row?.client_name, row?.user_id],
    [app.client_id, 'Application', house.user.user_id],
  );
  assert.deepEqual(row?.details, {
    request: { method: 'POST', backchannel_logout_uri: `${receiver.url}/app` },
    response: { statusCode: 200 },
    initiator: 'rp-logout',
  });
});

test('an application that is down hears of it later, by a token that is fresh, and once', async () => {
  const browser = new Browser(server);
  const { sid } = await logIn(browser);
  receiver.status = 503;
  await logOut(browser);
  assert.equal(receiver.deliveries.length, 1);
  assert.deepEqual(await logged(SUCCEEDED), []);
  assert.deepEqual(await logged(FAILED), []);
  server.clock.advance(29);
  await server.app.deliverDue();
  assert.equal(receiver.deliveries.length, 1, 'not before its time');
  server.clock.advance(1);
  receiver.status = 204;
  await Promise.all(Array.from({ length: 5 }, () => server.app.deliverDue()));
  const [first, second, ...more] = tokens();
  assert.deepEqual(more, []);
  assert.deepEqual([second?.sid, second?.iat], [sid, (first?.iat ?? 0) + 30]);
  assert.notEqual(second?.jti, first?.jti);
  assert.equal((await logged(SUCCEEDED)).length, 1);
  assert.equal(await waiting(), 0);
});

test('an application that never answers well is given up, and that is logged once', async () => {
  const browser = new Browser(server);
  await logIn(browser);
  receiver.status = 302;
  await logOut(browser);
  for (let hour = 0; hour < 12; hour++) {
    server.clock.advance(HOUR);
    await server.app.deliverDue();
  }
  assert.ok(
    receiver.deliveries.every(({ path }) => path === '/app'),
    'redirects are not followed',
  );
  const [row, ...more] = await logged(FAILED);
  assert.deepEqual(more, []);
  assert.deepEqual(row?.details, {
    request: { method: 'POST', backchannel_logout_uri: `${receiver.url}/app` },
    response: { statusCode: 302 },
    initiator: 'rp-logout',
  });
  assert.equal(await waiting(), 0);
});

test('400 means that the application understood and refuses: it is not asked again', async () => {
  const browser = new Browser(server);
  await logIn(browser);
  receiver.status = 400;
  await logOut(browser);
  const [row] = await logged(FAILED);
  assert.deepEqual(row?.details, { ...(row?.details as object), response: { statusCode: 400 } });
  server.clock.advance(HOUR);
  await server.app.deliverDue();
  assert.equal(receiver.deliveries.length, 1);
});

test('an application that took its URL away hears nothing any more', async () => {
  const leaver = await addApplication(server.ctx, { oidc_logout: everything(`${receiver.url}/leaver`) });
  const browser = new Browser(server);
  await logIn(browser, leaver);
  receiver.status = 503;
  await logOut(browser);
  const json = { oidc_logout: { backchannel_logout_urls: [] } };
  await manage('PATCH', `clients/${leaver.client_id}`, json);
  server.clock.advance(HOUR);
  await server.app.deliverDue();
  assert.equal(receiver.deliveries.length, 1);
  assert.equal(await waiting(), 0);
});

test('a notice of a process that died is delivered by another', async () => {
  const browser = new Browser(server);
  await logIn(browser);
  // What `server.ctx` puts off is never begun, as in a process that ends there.
  await deleteUser(server.ctx, house.user.user_id);
  assert.equal(await waiting(), 1);
  await server.app.deliverDue();
  assert.equal(tokens().length, 1);
});

test('a change that is rolled back tells nobody', async () => {
  const browser = new Browser(server);
  const { sid } = await logIn(browser);
  const undo = async () => {
    await server.ctx.store.transaction(async () => {
      await deleteUser(server.ctx, house.user.user_id);
      throw new Error('no');
    });
  };
  await assert.rejects(undo, /no/);
  assert.equal(await waiting(), 0);
  assert.ok(await sessionsOf(server.ctx).get(String(sid)));
});

test('a follower that fails keeps the session alive: nothing ends without its notices', async () => {
  const browser = new Browser(server);
  const { sid } = await logIn(browser);
  let isBroken = true;
  onSessionEnded(async () => {
    if (isBroken) throw new Error('the queue is full');
  });
  assert.equal((await manage('DELETE', `sessions/${sid}`)).status, 500);
  assert.ok(await sessionsOf(server.ctx).get(String(sid)));
  assert.deepEqual(receiver.deliveries, []);
  isBroken = false;
});

test('addresses that only the server reaches are not called, wherever the URL came from', async () => {
  const inside = 'http://169.254.169.254/latest/meta-data/';
  await clientsOf(server.ctx).update(quiet.client_id, (stored) => ({ ...stored, oidc_logout: everything(inside) }));
  const browser = new Browser(server);
  await logIn(browser, quiet);
  await logOut(browser);
  const [row] = await logged(FAILED);
  assert.deepEqual(row?.details, {
    request: { method: 'POST', backchannel_logout_uri: inside },
    response: { statusCode: 0 },
    errors: ['169.254.169.254 may not be contacted'],
    initiator: 'rp-logout',
  });
  assert.equal(await waiting(), 0, 'asking again would not help');
  const oidc_logout = { backchannel_logout_urls: [`${receiver.url}/quiet`] };
  await clientsOf(server.ctx).update(quiet.client_id, (stored) => ({ ...stored, oidc_logout }));
});

test('one change that ends very many sessions does not call everybody at once; nothing is forgotten', async () => {
  for (let count = 0; count < 30; count++) await logIn(new Browser(server));
  await manage('DELETE', `users/${house.user.user_id}/sessions`);
  await house.settle();
  assert.equal(receiver.deliveries.length, 20);
  assert.equal(await waiting(), 10);
  await server.app.deliverDue();
  assert.equal(new Set(tokens().map(({ sid }) => sid)).size, 30);
  assert.equal(receiver.deliveries.length, 30);
});

test('a tenant whose receivers are slow is not begun a second time, and holds up no other', async () => {
  const browser = new Browser(server);
  await logIn(browser);
  await deleteUser(server.ctx, house.user.user_id);
  const busy = new Set([server.host]);
  await server.app.deliverDue(busy);
  assert.equal(receiver.deliveries.length, 0);
  busy.clear();
  await server.app.deliverDue(busy);
  assert.equal(receiver.deliveries.length, 1);
  assert.deepEqual(busy, new Set());
});

test('of several nodes on one database, one ends an expired session and one delivers its notice', async (t) => {
  const database = await persistentDatabase(t);
  const first = await testServer({ database, seed: 'first' });
  const nodes = [first, ...(await Promise.all(['second', 'third'].map((seed) => testServer({ database, seed }))))];
  const client = await addApplication(first.ctx, { oidc_logout: everything(`${receiver.url}/nodes`) });
  await addPerson(first.ctx);
  const browser = new Browser(first);
  const login = await browser.openPage(authorizeUrl({ client_id: client.client_id }));
  await browser.submitApp(login, { username: 'ada@example.test', password: PASSWORD });
  for (const node of nodes) node.clock.advance(73 * HOUR);
  await Promise.all(nodes.flatMap((node) => [node.app.deliverDue(), node.app.deliverDue()]));
  // Whoever came too late for the session may have been too early for its notice.
  await first.app.deliverDue();
  assert.equal(tokens('/nodes').length, 1);
  await Promise.all(nodes.map((node) => node.close()));
});
