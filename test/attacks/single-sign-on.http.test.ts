/** A session of one application must not open another that its user may not use. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { connectionsOf, createConnection } from '../../src/resources/connections/index.ts';
import { createDatabaseUser } from '../../src/resources/users/index.ts';
import { authorizeUrl, Browser } from '../browser.ts';
import { addApplication, addPerson, type Credentials, PASSWORD } from '../fixtures.ts';
import { type TestServer, testServer } from '../server.ts';

let server: TestServer;
/** Of the tenant's first database, where anybody may sign up. */
let shop: Credentials;
/** Of a database of its own. */
let backOffice: Credentials;
let browser: Browser;

before(async () => {
  server = await testServer();
  const { ctx } = server;
  shop = await addApplication(ctx);
  backOffice = await addApplication(ctx);
  for (const connection of await connectionsOf(ctx).list()) {
    const enabled_clients = connection.enabled_clients.filter((id) => id !== backOffice.client_id);
    await connectionsOf(ctx).put({ ...connection, enabled_clients });
  }
  await addPerson(ctx, 'customer@example.test');
  const connection = await createConnection(ctx, {
    name: 'employees',
    strategy: 'auth0',
    enabled_clients: [backOffice.client_id],
  });
  await createDatabaseUser(ctx, { connection, email: 'employee@example.test', password: PASSWORD });
});
beforeEach(() => {
  browser = new Browser(server);
});
after(() => server.close());

const start = ({ client_id }: Credentials, more: Record<string, string> = {}) => authorizeUrl({ client_id, ...more });

async function logIn(client: Credentials, username: string): Promise<void> {
  const page = await browser.openPage(start(client));
  assert.ok((await browser.submitApp(page, { username, password: PASSWORD })).parameters.code);
}

test('a customer’s session does not open the back office', async () => {
  await logIn(shop, 'customer@example.test');
  assert.equal((await browser.openPage(start(backOffice))).path, '/u/login');
  const silent = await browser.openApp(start(backOffice, { prompt: 'none' }));
  assert.equal(silent.parameters.error, 'login_required');
  assert.ok((await browser.openApp(start(shop))).parameters.code, 'the session is still there');
});

test('an employee’s session does, and logging in there as a customer does not', async () => {
  await logIn(backOffice, 'employee@example.test');
  assert.ok((await browser.openApp(start(backOffice))).parameters.code);
  const page = await browser.openPage(start(backOffice, { prompt: 'login' }));
  const refused = await browser.submitPage(page, { username: 'customer@example.test', password: PASSWORD });
  assert.equal(refused.status, 400);
});

test('a connection that is taken from an application takes its sessions from it too', async () => {
  await logIn(shop, 'customer@example.test');
  const { ctx } = server;
  const found = await connectionsOf(ctx).find({ name: 'Username-Password-Authentication' });
  assert.ok(found);
  await connectionsOf(ctx).put({ ...found, enabled_clients: [] });
  const silent = await browser.openApp(start(shop, { prompt: 'none' }));
  assert.equal(silent.parameters.error, 'login_required');
  await connectionsOf(ctx).put(found);
  assert.ok((await browser.openApp(start(shop, { prompt: 'none' }))).parameters.code);
});
