/** What a client is: its names, its secret, whose it is, and what it is called on the way. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, test } from 'node:test';
import { importX509, jwtVerify } from 'jose';
import { clientsOf } from '../../src/resources/clients/index.ts';
import { logsOf } from '../../src/resources/logs/index.ts';
import { asPage, Browser } from '../browser.ts';
import { CONNECTION, PASSWORD } from '../fixtures.ts';
import { payloadOf } from '../token-fixture.ts';
import { type ClientHouse, clientHouse, type Made } from './client-house.ts';

let house: ClientHouse;
let app: Made;

before(async () => {
  house = await clientHouse();
  app = await house.create({ grant_types: ['authorization_code', 'client_credentials', 'refresh_token'] });
});
after(() => house.close());

const loginPage = async () => asPage(await house.begin(app)).html;

test('client_id: names the client everywhere; it is neither chosen nor changed', async () => {
  const { id_token } = (await house.tokens(app)).json;
  assert.equal(payloadOf(id_token).aud, app.client_id);
  assert.match(asPage(await house.begin({ client_id: 'nobody' })).html, /Unknown client: nobody/);
  for (const [method, path] of [
    ['POST', 'clients'],
    ['PATCH', `clients/${app.client_id}`],
  ] as const) {
    const { status, json } = await house.manage(method, path, { name: 'x', client_id: 'chosen' });
    assert.deepEqual([status, json.errorCode], [400, 'invalid_body']);
  }
  assert.equal((await house.manage('GET', 'clients/chosen')).status, 404);
});

test('tenant: its name, which nobody writes', async () => {
  assert.equal(app.tenant, 'tenant');
  const { status, json } = await house.manage('PATCH', `clients/${app.client_id}`, { tenant: 'other' });
  assert.equal(status, 400);
  assert.match(json.message, /Additional properties not allowed: tenant/);
  assert.equal((await house.read(app)).tenant, 'tenant');
});

test('name: on the pages of a login, in mails and in the log', async () => {
  assert.ok((await loginPage()).includes('Travel Desk'));
  await house.change(app, { name: 'Room & Board' });
  const page = await loginPage();
  assert.ok(page.includes('Room &amp; Board') && !page.includes('Travel Desk'));
  await house.logIn(app);

  const [row] = await logsOf(house.server.ctx).list({ where: { type: 's' }, orderBy: 'log_id', descending: true });
  assert.equal(row?.client_name, 'Room & Board');

  const theirs = await house.create({ name: 'Bed & Bath', is_first_party: false });
  const browser = new Browser(house.server);
  const login = asPage(await house.begin(theirs, {}, browser));
  const values = { username: house.user.email ?? '', password: PASSWORD, action: 'default' };
  assert.match(asPage(await browser.submit(login, values)).html, /Authorize Bed &amp; Bath/);

  const json = { client_id: app.client_id, connection: CONNECTION, email: house.user.email };
  assert.equal((await house.server.post('/dbconnections/change_password', { json })).status, 200);
  const [mail] = await house.server.messages();
  assert.match(mail?.text ?? '', /your account at Room & Board/);
  await house.change(app, { name: 'Travel Desk' });
});

test('logo_uri: on the pages of a login, until it is emptied', async () => {
  assert.ok(!(await loginPage()).includes('<img'));
  await house.change(app, { logo_uri: 'https://cdn.test/logo.png' });
  assert.ok((await loginPage()).includes('<img src="https://cdn.test/logo.png"'));
  await house.change(app, { logo_uri: '' });
  assert.ok(!(await loginPage()).includes('<img'));
});

test('description: kept for operators, up to 140 characters', async () => {
  const longest = 'd'.repeat(140);
  assert.equal((await house.change(app, { description: longest })).description, longest);
  const { status, json } = await house.manage('PATCH', `clients/${app.client_id}`, { description: `${longest}d` });
  assert.equal(status, 400);
  assert.match(json.message, /String is too long \(141 chars\), maximum 140/);
  assert.equal((await house.read(app)).description, longest);
  assert.ok(!(await loginPage()).includes(longest));
});

test('global: the tenant’s own client logs nobody in, gets no token and stays', async () => {
  assert.equal(app.global, false);
  const [{ client_id }] = (await house.manage('GET', 'clients?is_global=true')).json;
  const global = await house.read({ client_id });
  assert.deepEqual([global.global, global.owners], [true, []]);
  assert.match(asPage(await house.begin(global)).html, /Unknown client/);
  const form = { grant_type: 'client_credentials', audience: `${house.server.issuer}api/v2/` };
  assert.notEqual((await house.exchange(global, form)).status, 200);
  assert.equal((await house.manage('DELETE', `clients/${client_id}`)).status, 400);
  const { status } = await house.manage('PATCH', `clients/${app.client_id}`, { global: true });
  assert.equal(status, 400);
  assert.equal((await house.manage('DELETE', `clients/${(await house.create()).client_id}`)).status, 204);
});

test('client_secret: proves who the client is; a new one ends the old one', async () => {
  const refused = async (client: Made) => (await house.exchange(client, { grant_type: 'refresh_token' })).json.error;
  assert.equal(await refused({ ...app, client_secret: 'wrong' }), 'access_denied');
  assert.notEqual(await refused(app), 'access_denied');
  const secret = 'a-secret-of-our-own-that-is-long-enough';
  const changed = await house.change(app, { client_secret: secret });
  assert.equal(changed.client_secret, secret);
  assert.equal(await refused(app), 'access_denied');
  assert.notEqual(await refused(changed), 'access_denied');
  const stored = await clientsOf(house.server.ctx).get(app.client_id);
  assert.ok(!JSON.stringify(stored).includes(secret), 'not in clear where it is stored');
  app = (await house.manage('POST', `clients/${app.client_id}/rotate-secret`)).json;
  assert.equal(await refused(changed), 'access_denied');
});

test('is_first_party: others’ users are asked, and they have no grants of trust', async () => {
  const theirs = await house.create({ is_first_party: false, third_party_security_mode: 'permissive' });
  const path = async (client: Made) => {
    const browser = new Browser(house.server);
    await house.logIn(client, {}, browser);
    return browser.trail.includes('/u/consent');
  };
  assert.deepEqual([await path(app), await path(theirs)], [false, true]);
  const grant_types = ['password'];
  assert.equal((await house.manage('PATCH', `clients/${theirs.client_id}`, { grant_types })).status, 400);
  assert.equal((await house.manage('PATCH', `clients/${app.client_id}`, { grant_types })).status, 200);
  await house.change(app, { grant_types: ['authorization_code'] });
});

test('signing_keys: the certificate of the key that signs, in both forms; its owner is told to who writes', async () => {
  const { id_token } = (await house.tokens(app)).json;
  const [key] = (await house.read(app)).signing_keys;
  await jwtVerify(id_token, await importX509(key.cert, 'RS256'), { currentDate: new Date(house.server.clock.now()) });
  const der = new X509Certificate(key.cert).raw;
  const bag = Buffer.from(key.pkcs7.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  assert.ok(bag.includes(der), 'the PKCS#7 holds the same certificate');
  assert.equal(key.subject, 'deprecated');
  const made = await house.create();
  assert.equal(made.signing_keys[0].subject, '/CN=tenant.test');
  assert.equal((await house.read(made)).signing_keys[0].subject, 'deprecated');
  const changed = await house.manage('PATCH', `clients/${made.client_id}`, { description: 'Changed' });
  assert.equal(changed.json.signing_keys[0].subject, '/CN=tenant.test');
  assert.equal((await house.manage('PATCH', `clients/${app.client_id}`, { signing_keys: [] })).status, 400);
});
