/** The Management API through Auth0's own Node client (`auth0`), unmodified, over TLS. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ManagementClient } from 'auth0';
import { addApplication, addManagementClient, addPerson, CONNECTION, PASSWORD } from '../fixtures.ts';
import { refusal, startManagement } from './management-sdk.ts';
import type { RealServer } from './real-server.ts';
import { newVisitor } from './visitor.ts';

let server: RealServer;
let management: ManagementClient;

before(async () => {
  ({ server, management } = await startManagement());
});
after(() => server.close());

test('users: create, read, find by e-mail, list, update, delete', async () => {
  const { users } = management;
  const email = 'grace@example.test';
  const made = await users.create({ connection: CONNECTION, email, password: 'Correct-horse-1', name: 'Grace' });
  const id = made.user_id ?? '';
  assert.match(id, /^auth0\|[0-9a-f]{24}$/);
  assert.equal((await users.get(id)).email, email);
  assert.deepEqual(
    (await users.listUsersByEmail({ email })).map((user) => user.user_id),
    [id],
  );
  const page = await users.list({ per_page: 5, include_totals: true });
  assert.ok(page.data.some((user) => user.user_id === id));
  const changed = await users.update(id, { user_metadata: { colour: 'green' }, blocked: true });
  assert.deepEqual([changed.user_metadata, changed.blocked], [{ colour: 'green' }, true]);
  const twice = users.create({ connection: CONNECTION, email, password: 'Correct-horse-1' });
  assert.deepEqual(await refusal(twice), {
    status: 409,
    body: { statusCode: 409, error: 'Conflict', message: 'The user already exists.', errorCode: 'auth0_idp_error' },
  });
  await users.delete(id);
  assert.equal((await refusal(users.get(id))).status, 404);
});

test("users: authentication methods are added, listed and removed; a second factor's secret is never told", async () => {
  const user = await addPerson(server.ctx, 'methods@example.test');
  const methods = management.users.authenticationMethods;
  const phone = await methods.create(user.user_id, {
    type: 'phone',
    name: 'mine',
    phone_number: '+15551230000',
    preferred_authentication_method: 'sms',
  });
  await methods.create(user.user_id, { type: 'totp', name: 'app', totp_secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' });
  const listed = await methods.list(user.user_id);
  assert.deepEqual(listed.data.map((method) => method.type).sort(), ['phone', 'totp']);
  assert.equal(JSON.stringify(listed.data).includes('JBSWY3DPEHPK3PXP'), false);
  const id = phone.id ?? '';
  assert.equal((await methods.get(user.user_id, id)).phone_number, 'XXXXXXXX0000');
  assert.equal((await methods.update(user.user_id, id, { name: 'work' })).name, 'work');
  await methods.delete(user.user_id, id);
  assert.deepEqual(
    (await methods.list(user.user_id)).data.map((method) => method.type),
    ['totp'],
  );
  await methods.deleteAll(user.user_id);
  assert.deepEqual((await methods.list(user.user_id)).data, []);
});

test('guardian: factors, policies, phone message types and templates', async () => {
  const { factors, policies } = management.guardian;
  assert.deepEqual(await factors.set('otp', { enabled: true }), { enabled: true });
  assert.deepEqual(await factors.set('sms', { enabled: true }), { enabled: true });
  const on = (await factors.list()).filter((factor) => factor.enabled).map((factor) => factor.name);
  assert.deepEqual([...on].sort(), ['otp', 'sms']);
  assert.deepEqual(await policies.set(['all-applications']), ['all-applications']);
  assert.deepEqual(await policies.list(), ['all-applications']);
  await policies.set([]);
  assert.deepEqual(await factors.phone.setMessageTypes({ message_types: ['sms', 'voice'] }), {
    message_types: ['sms', 'voice'],
  });
  assert.deepEqual((await factors.phone.getMessageTypes()).message_types, ['sms', 'voice']);
  assert.equal((await factors.phone.getSelectedProvider()).provider, 'auth0');
  const templates = { enrollment_message: 'Welcome {{code}}', verification_message: 'Again {{code}}' };
  assert.deepEqual(await factors.phone.setTemplates(templates), templates);
  assert.deepEqual(await factors.phone.getTemplates(), templates);
});

test('guardian: a ticket lets somebody enrol, by e-mail or by handing the link on', async () => {
  const user = await addPerson(server.ctx, 'ticket@example.test');
  const ticket = await management.guardian.enrollments.createTicket({ user_id: user.user_id, send_mail: false });
  assert.ok(ticket.ticket_id);
  const url = ticket.ticket_url ?? '';
  assert.ok(url.startsWith(server.url), url);
  const page = await newVisitor(server.url).open(url);
  assert.equal(page.status, 200, page.html);
  assert.match(page.html, /Authenticator app/);
});

test('resource servers and client grants make machine-to-machine tokens possible', async () => {
  const { clients, resourceServers, clientGrants } = management;
  const identifier = 'https://stock.test/';
  const api = await resourceServers.create({
    identifier,
    name: 'Stock',
    scopes: [{ value: 'read:stock', description: 'Read stock' }, { value: 'write:stock' }],
  });
  const id = api.id ?? '';
  assert.equal((await resourceServers.get(id)).identifier, identifier);
  assert.equal((await resourceServers.update(id, { token_lifetime: 60 })).token_lifetime, 60);
  const machine = await clients.create({
    name: 'Robot',
    app_type: 'non_interactive',
    grant_types: ['client_credentials'],
  });
  const grant = await clientGrants.create({
    client_id: machine.client_id ?? '',
    audience: identifier,
    scope: ['read:stock'],
  });
  const listed = await clientGrants.list({ audience: identifier });
  assert.deepEqual(
    listed.data.map((one) => one.id),
    [grant.id],
  );
  const token = await fetch(`${server.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      audience: identifier,
      client_id: machine.client_id ?? '',
      client_secret: machine.client_secret ?? '',
    }),
  });
  const answer = (await token.json()) as Record<string, unknown>;
  assert.deepEqual([answer.scope, answer.expires_in, answer.token_type], ['read:stock', 60, 'Bearer']);
  await clientGrants.update(grant.id ?? '', { scope: ['read:stock', 'write:stock'] });
  await clientGrants.delete(grant.id ?? '');
  assert.deepEqual((await clientGrants.list({ audience: identifier })).data, []);
  await resourceServers.delete(id);
  assert.equal((await refusal(resourceServers.get(id))).status, 404);
});

test('connections: create, read, list, update, enabled clients, delete', async () => {
  const { connections, clients } = management;
  const made = await connections.create({ name: 'staff', strategy: 'auth0', options: { disable_signup: true } });
  const id = made.id ?? '';
  assert.match(id, /^con_/);
  assert.equal((await connections.get(id)).name, 'staff');
  const named = await connections.list({ strategy: ['auth0'], name: 'staff' });
  assert.deepEqual(
    named.data.map((one) => one.id),
    [id],
  );
  const changed = await connections.update(id, { options: { disable_signup: false, passwordPolicy: 'good' } });
  assert.equal((changed.options as Record<string, unknown>).passwordPolicy, 'good');
  const client = await clients.create({ name: 'Staff room' });
  await connections.clients.update(id, [{ client_id: client.client_id ?? '', status: true }]);
  const enabled = await connections.clients.get(id);
  assert.deepEqual(
    enabled.data.map((one) => one.client_id),
    [client.client_id],
  );
  await connections.delete(id);
  assert.equal((await refusal(connections.get(id))).status, 404);
});

test('tenant settings: read and change', async () => {
  const { settings } = management.tenants;
  const before = await settings.get();
  assert.deepEqual(before.enabled_locales, ['en']);
  const changed = await settings.update({ friendly_name: 'Acme', support_email: 'help@acme.test' });
  assert.deepEqual([changed.friendly_name, changed.support_email], ['Acme', 'help@acme.test']);
  assert.equal((await settings.get({ fields: 'friendly_name' })).friendly_name, 'Acme');
});

test('keys: listing, rotating and revoking; tokens signed before the rotation stay good', async () => {
  const { signing } = management.keys;
  const before = await signing.list();
  const current = before.find((key) => key.current);
  assert.ok(current?.kid && before.some((key) => key.next));
  assert.ok(current.cert?.includes('BEGIN CERTIFICATE'));
  const rotated = await signing.rotate();
  const after = await signing.list();
  assert.equal(after.find((key) => key.next)?.kid, rotated.kid, 'the answer names the new next key');
  assert.equal(after.find((key) => key.current)?.kid, before.find((key) => key.next)?.kid);
  assert.equal(after.find((key) => key.previous)?.kid, current.kid);
  assert.equal((await signing.get(current.kid)).kid, current.kid);
  assert.ok((await management.clients.list()).data.length > 0, 'the token of the key before is still good');
});

test('logs: what happened is listed, newest first, and read by its id', async () => {
  const page = await management.logs.list({ per_page: 50, sort: 'date:-1' });
  const [newest] = page.data;
  assert.ok(newest?.log_id);
  assert.ok(
    page.data.some((row) => row.type === 'seccft'),
    'the token of this very client',
  );
  assert.equal((await management.logs.get(newest.log_id)).log_id, newest.log_id);
});

test('sessions and refresh tokens of a user: read, noted on, revoked', async () => {
  const person = await addPerson(server.ctx, 'sessions@example.test');
  const app = await addApplication(server.ctx, { grant_types: ['password', 'refresh_token'] });
  const login = { grant_type: 'password', username: person.email ?? '', password: PASSWORD, realm: CONNECTION };
  const body = new URLSearchParams({ ...login, ...app, scope: 'offline_access' });
  await fetch(`${server.url}/oauth/token`, { method: 'POST', body });
  const { users, refreshTokens, sessions } = management;
  const listed: { id?: string }[] = [];
  for await (const token of await users.refreshToken.list(person.user_id, { take: 1 })) listed.push(token);
  const [id = ''] = listed.map((token) => token.id);
  assert.equal((await refreshTokens.get(id)).client_id, app.client_id);
  const noted = await refreshTokens.update(id, { refresh_token_metadata: { shelf: '3' } });
  assert.deepEqual(noted.refresh_token_metadata, { shelf: '3' });
  await refreshTokens.revoke({ ids: [id] });
  assert.equal((await refusal(refreshTokens.get(id))).status, 404);
  assert.equal((await refusal(sessions.get('none'))).status, 404);
  const none: unknown[] = [];
  for await (const session of await users.sessions.list(person.user_id)) none.push(session);
  assert.deepEqual(none, []);
  await users.sessions.delete(person.user_id);
});

test('a wrong secret gets no token', async () => {
  const { client_id } = await addManagementClient(server.ctx);
  const wrong = new ManagementClient({
    domain: server.domain,
    clientId: client_id,
    clientSecret: 'not the secret',
  });
  assert.deepEqual(await refusal(wrong.clients.list()), {
    status: 401,
    body: { error: 'access_denied', error_description: 'Unauthorized' },
  });
});
