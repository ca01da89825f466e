import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { authorizeUrl, Browser } from '../../test/browser.ts';
import { addApplication, addPerson, CONNECTION, type Credentials, PASSWORD } from '../../test/fixtures.ts';
import { type TestServer, testServer } from '../../test/server.ts';
import { clientsOf } from '../resources/clients/index.ts';
import { connectionsOf, findConnectionByName } from '../resources/connections/index.ts';
import { logsOf } from '../resources/logs/index.ts';
import { tenantSettingsCollection } from '../resources/tenant-settings/index.ts';
import { changeSettings } from '../resources/tenant-settings/settings.ts';
import { usersOf } from '../resources/users/index.ts';

let server: TestServer;
let app: Credentials;
let browser: Browser;

beforeEach(async () => {
  server = await testServer();
  app = await addApplication(server.ctx);
  browser = new Browser(server);
});
afterEach(() => server.close());

const start = (parameters: Record<string, string | undefined> = {}) =>
  authorizeUrl({ client_id: app.client_id, ...parameters });
const login = async (username: string, password: string) => {
  const fresh = new Browser(server);
  return fresh.submit(await fresh.openPage(start()), { username, password });
};
const linkIn = async (to: string) =>
  (await server.messages({ channel: 'email', to }))[0]?.link ?? assert.fail('no mail');
async function changeOptions(options: object) {
  const connection = await findConnectionByName(server.ctx, CONNECTION);
  assert.ok(connection);
  await connectionsOf(server.ctx).put({ ...connection, options: { ...connection.options, ...options } });
}

test('sign-up logs in and mails a link that verifies the address', async () => {
  const page = await browser.openPage(start({ screen_hint: 'signup' }));
  assert.equal(page.path, '/u/signup');
  const arrived = await browser.submitApp(page, { email: 'New@Example.test', password: PASSWORD });
  assert.ok(arrived.parameters.code);
  const user = await usersOf(server.ctx).find({ email: 'new@example.test' });
  assert.equal(user?.email_verified, false);
  assert.equal(user?.logins_count, 1);
  assert.ok((await logsOf(server.ctx).list()).some(({ type }) => type === 'ss'));
  const link = new URL(await linkIn('new@example.test'));
  assert.equal(link.pathname, '/lo/verify_email');
  const verified = await browser.openPage(link);
  assert.equal(verified.path, '/u/email-verification');
  assert.match(verified.html, /new@example\.test/);
  assert.equal((await usersOf(server.ctx).get(user?.user_id ?? ''))?.email_verified, true);
  const again = await browser.openPage(link);
  assert.equal(again.status, 400);
  assert.match(again.html, /no longer works/);
});

test('sign-up: what is wrong is said beside the field, and a taken address is not given away', async () => {
  await addPerson(server.ctx);
  const page = await browser.openPage(start({ screen_hint: 'signup' }));
  assert.match(page.html, /id="password-rules"[\s\S]*At least 8 characters/);
  assert.doesNotMatch(page.html, /class="(un)?met"/);
  const empty = await browser.submitPage(page, { email: '', password: '' });
  assert.equal(empty.status, 400);
  assert.match(empty.html, /Enter your email address/);
  assert.match(
    (await browser.submitPage(page, { email: 'nonsense', password: PASSWORD })).html,
    /doesn&#39;t look like an email/,
  );
  const weak = await browser.submitPage(page, { email: 'x@example.test', password: 'abc' });
  assert.equal(weak.status, 400);
  assert.match(weak.html, /class="unmet"/);
  assert.equal(weak.fields.email, 'x@example.test');
  const taken = await browser.submitPage(page, { email: 'ada@example.test', password: PASSWORD });
  assert.equal(taken.status, 400);
  assert.match(taken.html, /We couldn&#39;t create this account/);
  assert.ok(!/already exists/i.test(taken.html));
  assert.equal(await usersOf(server.ctx).count(), 1);
});

test('sign-up that is switched off: no page, no link to it, no account', async () => {
  const page = await browser.openPage(start({ screen_hint: 'signup' }));
  await changeOptions({ disable_signup: true });
  const refused = await browser.submitPage(page, { email: 'new@example.test', password: PASSWORD });
  assert.match(refused.html, /New accounts are not being accepted/);
  const led = await browser.openPage(start({ screen_hint: 'signup' }));
  assert.equal(led.path, '/u/login');
  assert.ok(!led.html.includes('/u/signup'));
  assert.equal(await usersOf(server.ctx).count(), 0);
});

test('usernames, where the connection wants them', async () => {
  await changeOptions({ requires_username: true });
  const page = await browser.openPage(start({ screen_hint: 'signup' }));
  assert.match(page.html, /name="username"/);
  assert.match(
    (await browser.submitPage(page, { email: 'n@example.test', username: 'a b c', password: PASSWORD })).html,
    /no spaces/,
  );
  await browser.submitApp(page, { email: 'n@example.test', username: 'newt', password: PASSWORD });
  assert.ok('parameters' in (await login('newt', PASSWORD)));
});

test('a forgotten password: the link sets a new one, once; the answer is the same for nobody', async () => {
  await addPerson(server.ctx);
  const loginPage = await browser.openPage(start());
  const request = await browser.openPage(loginPage.url.replace('/u/login', '/u/reset-password/request'));
  assert.equal((await browser.submitPage(request, { email: '' })).status, 400);
  const sent = await browser.submitPage(request, { email: 'ada@example.test' });
  const nobody = await browser.submitPage(request, { email: 'eve@example.test' });
  const bare = (html: string) => html.replace(/nonce="[^"]*"/g, '').replaceAll('eve@', 'ada@');
  assert.equal(bare(nobody.html), bare(sent.html));
  assert.equal((await server.messages({ to: 'eve@example.test' })).length, 0);

  const link = new URL(await linkIn('ada@example.test'));
  assert.equal(link.pathname, '/lo/reset');
  const page = await browser.openPage(link);
  assert.equal(page.path, '/u/reset-password');
  assert.match(page.html, /id="password-rules"[\s\S]*At least 8 characters/);
  assert.doesNotMatch(page.html, /class="(un)?met"/);
  assert.match(
    (await browser.submitPage(page, { 'password-reset': 'a', 're-enter-password': 'b' })).html,
    /aren&#39;t the same/,
  );
  const weak = await browser.submitPage(page, { 'password-reset': 'abc', 're-enter-password': 'abc' });
  assert.equal(weak.status, 400);
  const words = { 'password-reset': 'Another-horse-2', 're-enter-password': 'Another-horse-2' };
  assert.equal((await browser.submitPage(page, words)).status, 200);
  assert.equal((await browser.submitPage(page, words)).status, 400);
  assert.equal((await browser.openPage(link)).status, 400);
  assert.ok('html' in (await login('ada@example.test', PASSWORD)));
  assert.ok('parameters' in (await login('ada@example.test', 'Another-horse-2')));
});

test('a connection that takes any password shows no rules', async () => {
  await changeOptions({ passwordPolicy: 'none' });
  const page = await browser.openPage(start({ screen_hint: 'signup' }));
  assert.doesNotMatch(page.html, /password-rules/);
});

test('pages that end something lead on: to the application, to the default address, or by a sentence', async () => {
  await addPerson(server.ctx);
  const reset = async () => {
    const mailed = new Browser(server);
    const request = await mailed.openPage(start({ screen_hint: 'reset_password' }));
    await mailed.submitPage(request, { email: 'ada@example.test' });
    const page = await mailed.openPage(await linkIn('ada@example.test'));
    return mailed.submitPage(page, { 'password-reset': 'Another-horse-2', 're-enter-password': 'Another-horse-2' });
  };
  const gone = () => Promise.all(['/u/reset-password', '/u/email-verification'].map((path) => browser.openPage(path)));
  for (const { html } of [await reset(), ...(await gone())]) {
    assert.match(html, /go back to the application/);
    assert.doesNotMatch(html, /<a /);
  }
  const settings = server.ctx.store.collection(tenantSettingsCollection);
  await settings.update('settings', (stored) => ({ ...stored, default_redirection_uri: 'https://start.test/login' }));
  for (const { html } of [await reset(), ...(await gone())])
    assert.match(html, /<a [^>]*href="https:\/\/start\.test\/login"/);
  await clientsOf(server.ctx).update(app.client_id, (stored) => ({
    ...stored,
    initiate_login_uri: 'https://app.test/login',
  }));
  assert.match((await reset()).html, /<a [^>]*href="https:\/\/app\.test\/login"/);
});

test('a new password ends the sessions that there were', async () => {
  await addPerson(server.ctx);
  await browser.submitApp(await browser.openPage(start()), { username: 'ada@example.test', password: PASSWORD });
  const other = new Browser(server);
  const request = await other.openPage(start({ screen_hint: 'reset_password' }));
  await other.submitPage(request, { email: 'ada@example.test' });
  const page = await other.openPage(await linkIn('ada@example.test'));
  await other.submitPage(page, { 'password-reset': 'Another-horse-2', 're-enter-password': 'Another-horse-2' });
  assert.equal((await browser.openPage(start())).path, '/u/login');
});

test('ten reset mails for one address, then a wait', async () => {
  await addPerson(server.ctx);
  const request = await browser.openPage(start({ screen_hint: 'reset_password' }));
  for (let mail = 0; mail < 10; mail++)
    assert.equal((await browser.submitPage(request, { email: 'ada@example.test' })).status, 200);
  assert.equal((await browser.submitPage(request, { email: 'ada@example.test' })).status, 429);
});

test('ten wrong passwords block the account here', async () => {
  await addPerson(server.ctx);
  const page = await browser.openPage(start());
  for (let wrong = 0; wrong < 10; wrong++)
    await browser.submitPage(page, { username: 'ada@example.test', password: `no ${wrong}` });
  const blocked = await browser.submitPage(page, { username: 'ada@example.test', password: PASSWORD });
  assert.equal(blocked.status, 400);
  assert.match(blocked.html, /Your account has been blocked/);
});

test('sign-up says that somebody has an account where the tenant wants that', async () => {
  await addPerson(server.ctx);
  const taken = { email: 'ada@example.test', password: PASSWORD };
  const json = { ...taken, connection: CONNECTION };
  const quiet = await server.post('/dbconnections/signup', { json });
  assert.deepEqual([quiet.status, quiet.json.code], [400, 'invalid_signup']);
  await changeSettings(server.ctx, { flags: { enable_public_signup_user_exists_error: true } });
  const told = await server.post('/dbconnections/signup', { json });
  assert.deepEqual(
    [told.status, told.json.code, told.json.description],
    [400, 'user_exists', 'The user already exists.'],
  );
  const page = await browser.openPage(start({ screen_hint: 'signup' }));
  assert.match((await browser.submitPage(page, taken)).html, /There is such an account already/);
});

test('a session that ends with the browser has lifetimes of its own', async () => {
  await addPerson(server.ctx);
  const lifetimes = { ephemeral_session_lifetime: 3, idle_ephemeral_session_lifetime_in_minutes: 60 };
  await changeSettings(server.ctx, { ...lifetimes, session_cookie: { mode: 'non-persistent' } });
  const typed = { username: 'ada@example.test', password: PASSWORD };
  await browser.submitApp(await browser.openPage(start()), typed);
  const knows = async () => 'parameters' in (await browser.open(start()));
  server.clock.advance(3500);
  assert.ok(await knows());
  server.clock.advance(3700);
  assert.equal(await knows(), false, 'it was left alone');
  await browser.submitApp(await browser.openPage(start()), typed);
  for (let i = 0; i < 3; i++) {
    server.clock.advance(3500);
    assert.ok(await knows());
  }
  server.clock.advance(400);
  assert.equal(await knows(), false, 'it has lasted three hours');
});
