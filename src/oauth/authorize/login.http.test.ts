import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { authorizeUrl, Browser } from '../../../test/browser.ts';
import { addApplication, addPerson, type Credentials, PASSWORD } from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { logsOf } from '../../resources/logs/index.ts';
import { findSession, sessionsOf } from '../../resources/sessions/index.ts';
import { usersOf } from '../../resources/users/index.ts';
import { transactionsOf } from '../../transactions/index.ts';

let server: TestServer;
let app: Credentials;
let browser: Browser;

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx, { callbacks: ['https://app.test/callback', 'https://app.test/other'] });
  await addPerson(server.ctx);
});
after(() => server.close());
beforeEach(() => {
  browser = new Browser(server);
});

const login = { username: 'ada@example.test', password: PASSWORD };
const start = (parameters: Record<string, string | undefined> = {}) =>
  authorizeUrl({ client_id: app.client_id, ...parameters });

async function exchange(code: string | undefined, more: Record<string, string> = {}) {
  return server.post('/oauth/token', {
    form: { grant_type: 'authorization_code', code, redirect_uri: 'https://app.test/callback', ...app, ...more },
  });
}

test('a login leads over the page and back with a code that is good for tokens', async () => {
  const page = await browser.openPage(start());
  assert.equal(page.path, '/u/login');
  assert.deepEqual(browser.trail, ['/authorize', '/u/login']);
  assert.match(page.headers['content-security-policy'] ?? '', /frame-ancestors 'none'/);
  assert.equal(page.headers['x-frame-options'], 'DENY');
  assert.equal(page.headers['cache-control'], 'no-store');
  const arrived = await browser.submitApp(page, login);
  assert.equal(arrived.url.origin + arrived.url.pathname, 'https://app.test/callback');
  assert.deepEqual(Object.keys(arrived.parameters), ['code', 'state']);
  assert.equal(arrived.parameters.state, 'xyz');
  assert.match(arrived.parameters.code ?? '', /^[A-Za-z0-9_-]{43}$/);
  const tokens = await exchange(arrived.parameters.code);
  assert.equal(tokens.status, 200, tokens.text);
  assert.equal(typeof tokens.json.id_token, 'string');
  assert.equal(await transactionsOf(server.ctx).count(), 0);
  assert.equal(tokens.json.scope, 'openid profile email');
  const [log] = (await logsOf(server.ctx).list({ where: { type: 's' } })).slice(-1);
  assert.equal(log?.client_id, app.client_id);
  assert.equal(log?.user_name, 'ada@example.test');
});

test('wrong credentials: 400, the page again with what was typed, and no more than that', async () => {
  const page = await browser.openPage(start());
  const wrong = await browser.submitPage(page, { username: 'ada@example.test', password: 'nonsense' });
  assert.equal(wrong.status, 400);
  assert.match(wrong.html, /Wrong email or password/);
  assert.equal(wrong.fields.username, 'ada@example.test');
  const unknown = await browser.submitPage(page, { username: 'nobody@example.test', password: 'nonsense' });
  assert.equal(unknown.status, 400);
  const bare = (html: string) => html.replace(/nonce="[^"]*"/g, '').replaceAll('nobody@', 'ada@');
  assert.equal(bare(unknown.html), bare(wrong.html));
  const empty = await browser.submitPage(page, { username: ' ', password: '' });
  assert.equal(empty.status, 400);
  assert.match(empty.html, /Enter your email address/);
  assert.match(empty.html, /Enter your password/);
  const arrived = await browser.submitApp(wrong, login);
  assert.ok(arrived.parameters.code);
});

test('the session serves the next request at once, also of the same user in another window', async () => {
  await browser.submitApp(await browser.openPage(start()), login);
  browser.trail.length = 0;
  const arrived = await browser.openApp(start({ state: 'second' }));
  assert.deepEqual(browser.trail, ['/authorize']);
  assert.equal(arrived.parameters.state, 'second');
  assert.ok(arrived.parameters.code);
});

test('a form may bring the request as well', async () => {
  const form = Object.fromEntries(new URLSearchParams(start().slice('/authorize?'.length)));
  const answer = await server.post('/authorize', { form });
  assert.equal(answer.status, 302);
  assert.match(answer.headers.location ?? '', /^\/u\/login\?state=/);
});

test('a repeated parameter is refused', async () => {
  const answer = await server.get(`${start()}&scope=openid`);
  assert.equal(answer.status, 400);
  assert.match(answer.text, /scope must not be repeated/);
});

test('the session cookie changes with the login: none planted before is worth anything after', async () => {
  browser.jar.auth0 = 'planted-by-somebody-else-0123456789012345';
  await browser.submitApp(await browser.openPage(start()), login);
  const first = browser.jar.auth0;
  assert.notEqual(first, 'planted-by-somebody-else-0123456789012345');
  await browser.submitApp(await browser.openPage(start({ prompt: 'login' })), login);
  assert.notEqual(browser.jar.auth0, first);
  const old = new Browser(server);
  old.jar.auth0 = first ?? '';
  assert.equal((await old.openPage(start())).path, '/u/login');
});

test('logging in again keeps the session of the same user and ends that of another', async () => {
  await addPerson(server.ctx, 'bob@example.test');
  await browser.submitApp(await browser.openPage(start()), login);
  const first = await findSession(server.ctx, browser.jar);
  await browser.submitApp(await browser.openPage(start({ prompt: 'login' })), login);
  const second = await findSession(server.ctx, browser.jar);
  assert.equal(second?.id, first?.id);
  const bob = { ...login, username: 'bob@example.test' };
  await browser.submitApp(await browser.openPage(start({ prompt: 'login' })), bob);
  assert.equal(await sessionsOf(server.ctx).get(first?.id ?? ''), undefined);
  assert.notEqual((await findSession(server.ctx, browser.jar))?.id, first?.id);
});

test('a page of somebody else, an old one, a made-up one: the error page, and nothing happens', async () => {
  const page = await browser.openPage(start());
  const other = new Browser(server);
  const stolen = await other.openPage(page.url);
  assert.equal(stolen.status, 400);
  assert.match(stolen.html, /You may have pressed the back button/);
  await other.openPage(start());
  assert.equal((await other.submitPage(page, login)).status, 400);
  assert.equal((await browser.openPage('/u/login?state=made-up')).status, 400);
  assert.equal((await browser.openPage('/u/login')).status, 400);
  assert.equal((await browser.openPage('/authorize/resume?state=made-up')).status, 400);
  server.clock.advance(3601);
  assert.equal((await browser.submitPage(page, login)).status, 400);
  server.clock.reset();
});

test('a login ends with one code and one session, however often it is resumed', async () => {
  const [sessions, person] = [
    await sessionsOf(server.ctx).count(),
    await usersOf(server.ctx).find({ email: login.username }),
  ];
  const page = await browser.openPage(start());
  const { state } = page.fields;
  const answer = await server.post(`/u/login?state=${state}`, { jar: browser.jar, form: { state, ...login } });
  assert.equal(answer.status, 302);
  const all = await Promise.all(
    Array.from({ length: 100 }, () => server.get(answer.headers.location ?? '', { jar: { ...browser.jar } })),
  );
  assert.equal(all.filter(({ headers }) => headers.location?.startsWith('https://app.test/callback?code=')).length, 1);
  assert.ok(all.every(({ status }) => status === 302 || status === 400));
  assert.equal(await sessionsOf(server.ctx).count(), sessions + 1);
  const { logins_count } = (await usersOf(server.ctx).get(person?.user_id ?? ''))!;
  assert.equal(logins_count, (person?.logins_count ?? 0) + 1);
});

test('resuming before anything was proved leads back to the page', async () => {
  const page = await browser.openPage(start());
  assert.equal((await browser.openPage(`/authorize/resume?state=${page.fields.state}`)).path, '/u/login');
});

test('response modes: fragment, and a form that posts itself', async () => {
  const fragment = await browser.submitApp(await browser.openPage(start({ response_mode: 'fragment' })), login);
  assert.equal(fragment.url.search, '');
  const answered = new URLSearchParams(fragment.url.hash.slice(1));
  assert.ok(answered.get('code'));
  assert.equal(answered.get('state'), 'xyz');
  const posted = await browser.openPage(start({ response_mode: 'form_post', state: '"><script>' }));
  assert.equal(posted.status, 200);
  assert.equal(posted.fields.state, '"><script>');
  assert.ok(posted.fields.code);
  assert.ok(!posted.html.includes('"><script>'));
  assert.match(posted.headers['content-security-policy'] ?? '', /form-action https:\/\/app\.test/);
});

test('login_hint, screen_hint and a callback that was left out', async () => {
  assert.equal((await browser.openPage(start({ login_hint: 'x@example.test' }))).fields.username, 'x@example.test');
  assert.equal((await browser.openPage(start({ screen_hint: 'signup' }))).path, '/u/signup');
  assert.equal((await browser.openPage(start({ screen_hint: 'reset_password' }))).path, '/u/reset-password/request');
  const arrived = await browser.submitApp(await browser.openPage(start({ redirect_uri: undefined })), login);
  assert.equal(arrived.url.pathname, '/callback');
  const tokens = await exchange(arrived.parameters.code, { redirect_uri: '' });
  assert.equal(tokens.status, 200, tokens.text);
});

test('max_age and auth_time', async () => {
  const first = await browser.submitApp(await browser.openPage(start({ max_age: '100' })), login);
  const timeOf = async (code: string | undefined) => {
    const { id_token } = (await exchange(code)).json;
    return JSON.parse(Buffer.from(String(id_token).split('.')[1] ?? '', 'base64url').toString()).auth_time as
      | number
      | undefined;
  };
  const authTime = await timeOf(first.parameters.code);
  assert.equal(authTime, Math.floor(server.clock.now() / 1000));
  server.clock.advance(50);
  const silent = await browser.openApp(start({ max_age: '100', prompt: 'none' }));
  assert.equal(await timeOf(silent.parameters.code), authTime);
  assert.equal(await timeOf((await browser.openApp(start())).parameters.code), undefined);
  server.clock.advance(51);
  assert.equal((await browser.openApp(start({ max_age: '100', prompt: 'none' }))).parameters.error, 'login_required');
  const again = await browser.submitApp(await browser.openPage(start({ max_age: '100' })), login);
  assert.equal(await timeOf(again.parameters.code), Math.floor(server.clock.now() / 1000));
  assert.equal((await browser.openPage(start({ max_age: '0' }))).path, '/u/login');
});

test('sessions end when they are left alone or get too old', async () => {
  await browser.submitApp(await browser.openPage(start()), login);
  for (let day = 0; day < 2; day++) {
    server.clock.advance(2.9 * 86_400);
    assert.ok((await browser.openApp(start())).parameters.code);
  }
  server.clock.advance(1.3 * 86_400);
  assert.equal((await browser.openPage(start())).path, '/u/login');
  await browser.submitApp(await browser.openPage(start()), login);
  server.clock.advance(3 * 86_400 + 1);
  assert.equal((await browser.openPage(start())).path, '/u/login');
  server.clock.reset();
});
