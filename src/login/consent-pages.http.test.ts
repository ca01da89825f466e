import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { authorizeUrl, Browser } from '../../test/browser.ts';
import { addApplication, addPerson, type Credentials, PASSWORD } from '../../test/fixtures.ts';
import { type TestServer, testServer } from '../../test/server.ts';
import type { Client } from '../resources/clients/index.ts';
import { clientsOf } from '../resources/clients/index.ts';
import { consentGrantsOf } from '../resources/grants/index.ts';
import { createResourceServer } from '../resources/resource-servers/index.ts';
import { tenantSettingsCollection } from '../resources/tenant-settings/index.ts';

const API = 'https://api.test/';
let server: TestServer;
let browser: Browser;
const typed = { username: 'ada@example.test', password: PASSWORD };

beforeEach(async () => {
  server = await testServer();
  await addPerson(server.ctx);
  const scopes = [{ value: 'read:trips', description: 'Read your trips' }, { value: 'write:trips' }];
  await createResourceServer(server.ctx, {
    identifier: API,
    name: 'Trips',
    scopes,
    skip_consent_for_verifiable_first_party_clients: true,
  } as never);
  browser = new Browser(server);
});
afterEach(() => server.close());

const LOCAL = 'http://localhost:4200/callback';
const application = (body: Partial<Client> = {}) =>
  addApplication(server.ctx, {
    callbacks: ['https://app.test/callback', LOCAL, 'com.example.app://callback'],
    skip_non_verifiable_callback_uri_confirmation_prompt: undefined,
    ...body,
  });
const thirdParty = async () => {
  const app = await application();
  await clientsOf(server.ctx).update(app.client_id, (client) => ({ ...client, is_first_party: false }));
  return app;
};
const start = (app: Credentials, parameters: Record<string, string | undefined> = {}) =>
  authorizeUrl({ client_id: app.client_id, ...parameters });
const refusal = ({ parameters }: { parameters: Record<string, string | undefined> }) => [
  parameters.error,
  parameters.error_description,
];

test('first-party applications skip consent where the API says so, and are asked where it does not', async () => {
  const app = await application();
  const wish = { audience: API, scope: 'openid read:trips' };
  assert.ok((await browser.submitApp(await browser.openPage(start(app, wish)), typed)).parameters.code);
  await createResourceServer(server.ctx, {
    identifier: 'https://careful.test/',
    skip_consent_for_verifiable_first_party_clients: false,
  } as never);
  const page = await browser.openPage(start(app, { audience: 'https://careful.test/' }));
  assert.equal(page.path, '/u/consent');
});

test('third-party applications always ask, once; more scopes ask again', async () => {
  const app = await thirdParty();
  const wish = { audience: API, scope: 'openid read:trips' };
  const page = await browser.submitPage(await browser.openPage(start(app, wish)), typed);
  assert.equal(page.path, '/u/consent');
  assert.match(page.html, /trips: read/);
  assert.match(page.html, /Trips/);
  assert.deepEqual(refusal(await browser.openApp(start(app, { ...wish, prompt: 'none' }))), [
    'consent_required',
    'Consent required',
  ]);
  const arrived = await browser.submitApp(page, { action: 'accept' });
  assert.ok(arrived.parameters.code);
  const [grant] = await consentGrantsOf(server.ctx).list();
  assert.deepEqual([grant?.clientID, grant?.audience, grant?.scope], [app.client_id, API, ['openid', 'read:trips']]);
  assert.ok((await browser.openApp(start(app, { ...wish, prompt: 'none' }))).parameters.code);
  const more = await browser.openPage(start(app, { ...wish, scope: 'openid read:trips write:trips' }));
  assert.equal(more.path, '/u/consent');
  await browser.submitApp(more, { action: 'accept' });
  const grants = await consentGrantsOf(server.ctx).list();
  assert.deepEqual(
    grants.map(({ scope }) => scope),
    [['openid', 'read:trips', 'write:trips']],
  );
  assert.ok((await browser.openApp(start(app, wish))).parameters.code);
});

test('declining: the application is told, the user stays logged in, nothing is granted', async () => {
  const app = await thirdParty();
  const page = await browser.submitPage(await browser.openPage(start(app)), typed);
  assert.equal((await browser.submitPage(page, { action: 'dance' })).path, '/u/consent');
  const arrived = await browser.submitApp(page, { action: 'deny' });
  assert.deepEqual(refusal(arrived), ['access_denied', 'User did not authorize the request']);
  assert.equal(arrived.parameters.state, 'xyz');
  assert.equal(await consentGrantsOf(server.ctx).count(), 0);
  assert.equal((await browser.openPage(start(app))).path, '/u/consent');
});

test('prompt=consent asks whom it would not ask, every time', async () => {
  const app = await application();
  await browser.submitApp(await browser.openPage(start(app)), typed);
  for (let time = 0; time < 2; time++) {
    const page = await browser.openPage(start(app, { prompt: 'consent' }));
    assert.equal(page.path, '/u/consent');
    assert.ok((await browser.submitApp(page, { action: 'accept' })).parameters.code);
  }
});

test('descriptions of scopes, where the tenant wants them', async () => {
  await server.ctx.store.collection(tenantSettingsCollection).update('settings', (stored) => ({
    ...stored,
    flags: { ...stored.flags, use_scope_descriptions_for_consent: true },
  }));
  const app = await thirdParty();
  const page = await browser.submitPage(
    await browser.openPage(start(app, { audience: API, scope: 'read:trips' })),
    typed,
  );
  assert.match(page.html, /Read your trips/);
});

test('the consent page is worth nothing before a login, nor to another browser', async () => {
  const app = await thirdParty();
  const login = await browser.openPage(start(app));
  const skipped = await browser.openPage(login.url.replace('/u/login', '/u/consent'));
  assert.equal(skipped.path, '/u/login');
  const posted = await server.post('/u/consent', {
    jar: browser.jar,
    form: { state: login.fields.state, action: 'accept' },
  });
  assert.match(posted.headers.location ?? '', /^\/authorize\/resume/);
  const page = await browser.submitPage(login, typed);
  const foreign = await server.post('/u/consent', { jar: {}, form: { state: page.fields.state, action: 'accept' } });
  assert.equal(foreign.status, 400);
  assert.equal(await consentGrantsOf(server.ctx).count(), 0);
});

for (const redirect_uri of [LOCAL, 'com.example.app://callback']) {
  test(`${redirect_uri}: asked only when no other page was shown`, async () => {
    const app = await application();
    const wish = { redirect_uri };
    assert.ok((await browser.submitApp(await browser.openPage(start(app, wish)), typed)).parameters.code);
    const page = await browser.openPage(start(app, wish));
    assert.equal(page.path, '/u/callback-confirmation');
    assert.match(page.html, new RegExp(redirect_uri.replace(/[.:/]/g, '\\$&')));
    assert.deepEqual(refusal(await browser.openApp(start(app, { ...wish, prompt: 'none' }))), [
      'interaction_required',
      'Interaction required',
    ]);
    assert.ok((await browser.submitApp(page, { action: 'accept' })).parameters.code);
    const declined = await browser.submitApp(await browser.openPage(start(app, wish)), { action: 'deny' });
    assert.deepEqual(refusal(declined), ['access_denied', 'User did not authorize the request']);
    assert.ok((await browser.openApp(start(app))).parameters.code, 'a verifiable callback is not asked about');
  });
}

test('the confirmation can be switched off, by the client before the tenant', async () => {
  const app = await application();
  const wish = { redirect_uri: LOCAL };
  const settings = server.ctx.store.collection(tenantSettingsCollection);
  await browser.submitApp(await browser.openPage(start(app, wish)), typed);
  const change = (value: boolean | undefined) =>
    clientsOf(server.ctx).update(app.client_id, (client) => ({
      ...client,
      skip_non_verifiable_callback_uri_confirmation_prompt: value,
    }));
  await settings.update('settings', (stored) => ({
    ...stored,
    skip_non_verifiable_callback_uri_confirmation_prompt: true,
  }));
  assert.ok((await browser.openApp(start(app, wish))).parameters.code);
  await change(false);
  assert.equal((await browser.openPage(start(app, wish))).path, '/u/callback-confirmation');
  await settings.update('settings', (stored) => ({
    ...stored,
    skip_non_verifiable_callback_uri_confirmation_prompt: false,
  }));
  await change(true);
  assert.ok((await browser.openApp(start(app, wish))).parameters.code);
});
