/** Whoever comes to a login that is over begins a new one where its application does (default login routes). */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { authorizeUrl, Browser } from '../../test/browser.ts';
import { addApplication, addPerson, CONNECTION, type Credentials, PASSWORD } from '../../test/fixtures.ts';
import { type TestServer, testServer } from '../../test/server.ts';
import { changeSettings } from '../../test/token-fixture.ts';
import { clientsOf } from '../resources/clients/client.store.ts';
import { findConnectionByName } from '../resources/connections/index.ts';
import {
  addOrganizationConnection,
  createOrganization,
  type Organization,
  organizationsOf,
} from '../resources/organizations/index.ts';

const TENANT_ROUTE = 'https://start.test/login';
const LOGIN = 'https://app.test/login?from=bookmark';
const HOUR = 3600;
const login = { username: 'ada@example.test', password: PASSWORD };

let server: TestServer;
let app: Credentials;
let organization: Organization;
let browser: Browser;

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx, { organization_usage: 'allow' });
  organization = await createOrganization(server.ctx, { name: 'acme' });
  const connection = await findConnectionByName(server.ctx, CONNECTION);
  await addOrganizationConnection(server.ctx, organization.id, { connection_id: connection!.id });
  await addPerson(server.ctx);
});
after(() => server.close());
beforeEach(async () => {
  server.clock.reset();
  browser = new Browser(server);
  await route({ client: LOGIN, tenant: TENANT_ROUTE });
});

async function route({ client, tenant }: { client?: string; tenant?: string }): Promise<void> {
  await clientsOf(server.ctx).update(app.client_id, ({ initiate_login_uri: _before, ...rest }) => ({
    ...rest,
    ...(client ? { initiate_login_uri: client } : {}),
  }));
  await changeSettings(server.ctx, { default_redirection_uri: tenant ?? '' });
}

const start = (more: Record<string, string> = {}) => authorizeUrl({ client_id: app.client_id, ...more });
/** Where a login page leads whose login is over. */
async function bookmarked(more: Record<string, string> = {}): Promise<string | undefined> {
  const { url } = await browser.openPage(start(more));
  server.clock.advance(2 * HOUR);
  return (await server.get(url, { jar: browser.jar })).headers.location;
}
const issued = `iss=${encodeURIComponent('https://tenant.test/')}`;

test('an expired login page leads to where the application begins logins, and says who sends them', async () => {
  assert.equal(await bookmarked(), `${LOGIN}&${issued}`);
});

test('so do a login that is finished, a form that is sent too late, and another browser', async () => {
  const page = await browser.openPage(start());
  const elsewhere = await server.get(page.url, { jar: {} });
  assert.equal(elsewhere.headers.location, `${LOGIN}&${issued}`);
  await browser.submitApp(page, login);
  assert.equal((await server.get(page.url, { jar: browser.jar })).headers.location, `${LOGIN}&${issued}`);
  const late = await server.post('/u/login', { jar: browser.jar, form: { ...page.fields, ...login } });
  assert.deepEqual([late.status, late.headers.location], [302, `${LOGIN}&${issued}`]);
});

test('without an address of the application the tenant’s counts, without both there is the error page', async () => {
  await route({ tenant: TENANT_ROUTE });
  assert.equal(await bookmarked(), `${TENANT_ROUTE}?${issued}`);
  await route({});
  server.clock.reset();
  const { url } = await browser.openPage(start());
  server.clock.advance(2 * HOUR);
  const answer = await server.get(url, { jar: browser.jar });
  assert.equal(answer.status, 400);
  assert.match(answer.text, /You may have pressed the back button/);
});

test('the organization of the login goes along', async () => {
  const { searchParams } = new URL((await bookmarked({ organization: organization.id })) ?? '');
  assert.deepEqual([searchParams.get('iss'), searchParams.get('organization')], [server.issuer, organization.id]);
});

test('placeholders are filled from the organization; what cannot be filled leads to the tenant’s address', async () => {
  await route({ client: 'https://{organization.metadata.public_host}/login', tenant: TENANT_ROUTE });
  const metadata = (value: string) =>
    organizationsOf(server.ctx).update(organization.id, (stored) => ({ ...stored, metadata: { public_host: value } }));
  await metadata('acme.app.test');
  const led = await bookmarked({ organization: organization.id });
  assert.match(led ?? '', /^https:\/\/acme\.app\.test\/login\?/);
  await metadata('evil.test/#');
  server.clock.reset();
  assert.match((await bookmarked({ organization: organization.id })) ?? '', /^https:\/\/start\.test\/login\?/);
  server.clock.reset();
  assert.equal(await bookmarked(), `${TENANT_ROUTE}?${issued}`);
});

test('a state that somebody made up leads to registered addresses only', async () => {
  const led = async (state: string, tenant = server as Pick<TestServer, 'get'>) =>
    (await tenant.get('/u/login', { query: { state } })).headers.location;
  assert.equal(await led(`x.${app.client_id}`), `${LOGIN}&${issued}`);
  assert.equal(
    await led(`x.${app.client_id}.org_nobody`),
    `${LOGIN}&${issued}`,
    'no unknown organization is passed on',
  );
  assert.equal(await led('x.https://evil.test'), `${TENANT_ROUTE}?${issued}`);
  assert.equal(await led(`x.${app.client_id}`, server.other), undefined, 'another tenant has no such application');
});

test('the state of a login that goes on is worth what it was: no other secret fits', async () => {
  const page = await browser.openPage(start());
  const state = page.fields.state ?? '';
  const other = state.replace(app.client_id, 'another');
  assert.notEqual(state, other);
  const answer = await server.get('/u/login', { jar: browser.jar, query: { state: other } });
  assert.equal(answer.headers.location, `${TENANT_ROUTE}?${issued}`);
});

test('an address on this very host is not followed: it would come back here', async () => {
  await route({ client: 'https://tenant.test/authorize' });
  const { url } = await browser.openPage(start());
  server.clock.advance(2 * HOUR);
  assert.equal((await server.get(url, { jar: browser.jar })).status, 400);
});
