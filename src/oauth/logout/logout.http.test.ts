import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { authorizeUrl, Browser } from '../../../test/browser.ts';
import { addApplication, addPerson, type Credentials, PASSWORD } from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { logsOf } from '../../resources/logs/index.ts';
import { findSession } from '../../resources/sessions/index.ts';
import { tenantSettingsCollection } from '../../resources/tenant-settings/index.ts';

let server: TestServer;
let app: Credentials;
let browser: Browser;
let idToken: string;

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx, { allowed_logout_urls: ['https://app.test/bye', 'https://*.app.test/bye'] });
  await addPerson(server.ctx);
  const settings = server.ctx.store.collection(tenantSettingsCollection);
  await settings.update('settings', (stored) => ({ ...stored, allowed_logout_urls: ['https://tenant.example/out'] }));
});
after(() => server.close());

beforeEach(async () => {
  browser = new Browser(server);
  idToken = await logIn(browser);
});

async function logIn(who: Browser): Promise<string> {
  const page = await who.openPage(authorizeUrl({ client_id: app.client_id }));
  const { parameters } = await who.submitApp(page, { username: 'ada@example.test', password: PASSWORD });
  const form = {
    grant_type: 'authorization_code',
    code: parameters.code,
    redirect_uri: 'https://app.test/callback',
    ...app,
  };
  return (await server.post('/oauth/token', { form })).json.id_token;
}

const query = (path: string, parameters: Record<string, string>) => `${path}?${new URLSearchParams(parameters)}`;
const get = (path: string, parameters: Record<string, string> = {}) =>
  server.get(query(path, parameters), { jar: browser.jar });
const isLoggedIn = async () => (await findSession(server.ctx, browser.jar)) !== undefined;
const lastLog = async () => (await logsOf(server.ctx).list()).at(-1);

test('/v2/logout ends the session and leads to an allowed URL', async () => {
  const held = { ...browser.jar };
  const answer = await get('/v2/logout', { client_id: app.client_id, returnTo: 'https://app.test/bye?x=1' });
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.location, 'https://app.test/bye?x=1');
  assert.equal(browser.jar.auth0, undefined);
  assert.equal(browser.jar.auth0_compat, undefined);
  assert.equal(await findSession(server.ctx, held), undefined, 'not only the cookie is gone');
  const log = await lastLog();
  assert.deepEqual([log?.type, log?.client_id, log?.user_name], ['slo', app.client_id, 'ada@example.test']);
});

test('/v2/logout: whose list counts', async () => {
  const location = async (parameters: Record<string, string>) => (await get('/v2/logout', parameters)).headers.location;
  assert.equal(await location({ client_id: app.client_id }), 'https://app.test/bye');
  assert.equal(await location({}), 'https://tenant.example/out');
  assert.equal(await location({ returnTo: 'https://tenant.example/out' }), 'https://tenant.example/out');
  assert.equal(
    await location({ client_id: app.client_id, returnTo: 'https://a1.app.test/bye', federated: '' }),
    'https://a1.app.test/bye',
  );
  const bare = await addApplication(server.ctx);
  const done = await get('/v2/logout', { client_id: bare.client_id });
  assert.deepEqual([done.status, done.text], [200, 'OK']);
});

test('/v2/logout to elsewhere: refused, and nothing has ended', async () => {
  for (const returnTo of [
    'https://evil.test/',
    'https://app.test/byebye',
    'https://tenant.example/out',
    'javascript:alert(1)',
    '//app.test/bye',
    'https://app.test@evil.test/bye',
  ]) {
    const answer = await get('/v2/logout', { client_id: app.client_id, returnTo });
    assert.equal(answer.status, 400, returnTo);
    assert.equal(answer.headers.location, undefined);
    assert.match(answer.text, /is not defined as a valid URL in &quot;Allowed Logout URLs&quot;/);
  }
  assert.equal((await get('/v2/logout', { client_id: 'nobody' })).status, 400);
  assert.ok(await isLoggedIn());
  assert.equal((await get('/v2/logout', { returnTo: 'https://app.test/bye' })).status, 400);
  assert.equal((await lastLog())?.type, 'flo');
});

test('/oidc/logout with an ID token: at once, with the state', async () => {
  const answer = await get('/oidc/logout', {
    id_token_hint: idToken,
    post_logout_redirect_uri: 'https://app.test/bye',
    state: 'a&b',
  });
  assert.equal(answer.headers.location, 'https://app.test/bye?state=a%26b');
  assert.ok(!(await isLoggedIn()));
});

test('/oidc/logout with an ID token that has expired', async () => {
  server.clock.advance(40_000);
  const answer = await get('/oidc/logout', {
    id_token_hint: idToken,
    post_logout_redirect_uri: 'https://app.test/bye',
  });
  assert.equal(answer.headers.location, 'https://app.test/bye');
  assert.ok(!(await isLoggedIn()));
  server.clock.reset();
});

test('/oidc/logout by form, and by the sid alone', async () => {
  const session = await findSession(server.ctx, browser.jar);
  const form = { logout_hint: session?.id, client_id: app.client_id, post_logout_redirect_uri: 'https://app.test/bye' };
  const answer = await server.post('/oidc/logout', { jar: browser.jar, form });
  assert.equal(answer.headers.location, 'https://app.test/bye');
  assert.ok(!(await isLoggedIn()));
});

test('/oidc/logout without a hint asks first', async () => {
  const page = await browser.openPage(
    query('/oidc/logout', { client_id: app.client_id, post_logout_redirect_uri: 'https://app.test/bye' }),
  );
  assert.equal(page.path, '/oidc/logout/confirm');
  assert.match(page.html, /ada@example\.test/);
  assert.ok(await isLoggedIn());
  const stayed = await browser.submitApp(page, { action: 'deny' });
  assert.equal(stayed.url.href, 'https://app.test/bye');
  assert.ok(await isLoggedIn());
  const left = await browser.submitApp(page, { action: 'accept' });
  assert.equal(left.url.href, 'https://app.test/bye');
  assert.ok(!(await isLoggedIn()));
});

test("the confirmation of another browser's logout is worth nothing", async () => {
  const other = new Browser(server);
  await logIn(other);
  const page = await other.openPage('/oidc/logout');
  assert.equal((await browser.openPage(page.url)).status, 400);
  const posted = await server.post('/oidc/logout/confirm', {
    jar: browser.jar,
    form: { state: page.fields.state, action: 'accept' },
  });
  assert.equal(posted.status, 400);
  assert.ok(await isLoggedIn());
});

test('/oidc/logout refuses what does not fit together, and ends nothing', async () => {
  const other = await addApplication(server.ctx);
  const [head, body] = idToken.split('.');
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
  const cases: Record<string, string>[] = [
    { id_token_hint: 'nonsense' },
    { id_token_hint: unsigned },
    { id_token_hint: `${head}.${body}.${'A'.repeat(342)}` },
    { id_token_hint: idToken, client_id: other.client_id },
    { id_token_hint: idToken, logout_hint: 'another-session' },
    { id_token_hint: idToken, post_logout_redirect_uri: 'https://evil.test/' },
    { id_token_hint: idToken, post_logout_redirect_uri: 'https://app.test/bye?added=1' },
    { id_token_hint: idToken, post_logout_redirect_uri: 'https://app.test/bye#added' },
    { client_id: 'nobody' },
  ];
  for (const parameters of cases) {
    const answer = await get('/oidc/logout', parameters);
    assert.equal(answer.status, 400, JSON.stringify(parameters));
    assert.equal(answer.headers.location, undefined);
  }
  const foreign = await server.other.get(query('/oidc/logout', { id_token_hint: idToken }));
  assert.equal(foreign.status, 400);
  assert.ok(await isLoggedIn());
});

test('/oidc/logout without a session or a place to go says that it is done', async () => {
  const bare = await addApplication(server.ctx);
  const page = await new Browser(server).openPage(query('/oidc/logout', { client_id: bare.client_id }));
  assert.equal(page.status, 200);
  assert.match(page.html, /logged out/);
});
