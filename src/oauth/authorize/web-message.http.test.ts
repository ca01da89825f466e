import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { asPage, authorizeUrl, Browser, type Page } from '../../../test/browser.ts';
import { ALL_GRANTS, addApplication, addPerson, type Credentials, PASSWORD } from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { type Client, clientsOf } from '../../resources/clients/index.ts';
import { logsOf } from '../../resources/logs/index.ts';
import { sessionsOf } from '../../resources/sessions/index.ts';
import { authorizationCodesOf } from '../authorization-code.store.ts';

let server: TestServer;
let app: Credentials;
let browser: Browser;

const login = { username: 'ada@example.test', password: PASSWORD };
const ORIGIN = 'https://app.test';

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx, {
    grant_types: [...ALL_GRANTS, 'implicit'],
    callbacks: [`${ORIGIN}/callback`, 'com.example.app://callback', 'http://[::1]:3000/callback'],
    web_origins: [ORIGIN],
  });
  await addPerson(server.ctx);
});
after(() => server.close());
beforeEach(async () => {
  await change({ web_origins: [ORIGIN], redirection_policy: undefined });
  browser = new Browser(server);
});

const change = (more: Partial<Client>) =>
  clientsOf(server.ctx).update(app.client_id, (stored) => ({ ...stored, ...more }) as typeof stored);
const start = (parameters: Record<string, string | undefined> = {}) =>
  authorizeUrl({ client_id: app.client_id, response_mode: 'web_message', prompt: 'none', ...parameters });
const logIn = async () =>
  browser.submitApp(await browser.openPage(start({ response_mode: 'query', prompt: undefined })), login);
const open = async (parameters: Record<string, string | undefined> = {}) =>
  asPage(await browser.open(start(parameters)));

function framesOf({ headers }: Page): readonly (string | undefined)[] {
  const policy = headers['content-security-policy'] ?? '';
  return [/frame-ancestors ([^;]*)/.exec(policy)?.[1], headers['x-frame-options']];
}

function assertSilent(page: Page): void {
  assert.equal(page.status, 200);
  assert.doesNotMatch(page.html, /<script|data-response|data-target-origin|xyz/);
  assert.deepEqual(framesOf(page), ["'none'", 'DENY']);
}

test('the page posts to the origin of the callback, and only that origin may frame it', async () => {
  await logIn();
  const page = await open({ state: '</script>"\'&' });
  assert.match(
    page.html,
    / data-target-origin="https:\/\/app\.test" data-response="\{&quot;code&quot;:&quot;[\w-]{43}&quot;,/,
  );
  assert.ok(!page.html.includes('</script>"'));
  assert.deepEqual(framesOf(page), [ORIGIN, undefined]);
  const policy = page.headers['content-security-policy'] ?? '';
  const [, nonce = ''] = /script-src 'nonce-([\w-]+)'/.exec(policy) ?? [];
  assert.match(page.html, new RegExp(`<script nonce="${nonce}">`));
  assert.match(policy, /^default-src 'none';.* form-action 'none'; base-uri 'none';/);
  assert.equal(page.headers['cache-control'], 'no-store');
});

test('the seconds of a token are a number, as those of the token endpoint', async () => {
  await logIn();
  assert.match((await open({ response_type: 'token' })).html, /&quot;expires_in&quot;:7200,/);
});

test('errors are posted too, also where redirects are not wanted: a message redirects nobody', async () => {
  await change({ redirection_policy: 'open_redirect_protection' });
  const page = await open();
  assert.match(page.html, /&quot;error&quot;:&quot;login_required&quot;/);
  assert.deepEqual(framesOf(page), [ORIGIN, undefined]);
});

const NOBODY: readonly [string, Partial<Client>, string | undefined][] = [
  ['no list', { web_origins: undefined }, undefined],
  ['an empty list', { web_origins: [] }, undefined],
  [
    'another origin',
    { web_origins: ['https://app.test:8443', 'http://app.test', 'https://app.test.evil.test'] },
    undefined,
  ],
  ['a placeholder that covers only what is below the origin', { web_origins: ['https://*.app.test'] }, undefined],
  ['only allowed_origins', { web_origins: [], allowed_origins: [ORIGIN] }, undefined],
  ['a callback without an origin', { web_origins: [ORIGIN, 'null'] }, 'com.example.app://callback'],
];

for (const [name, listed, redirect_uri] of NOBODY) {
  test(`${name}: the page posts nothing, and nothing was made that it could post`, async () => {
    await logIn();
    const count = async () => [
      await authorizationCodesOf(server.ctx).count(),
      (await sessionsOf(server.ctx).list()).map(({ last_interacted_at }) => last_interacted_at),
    ];
    await change(listed);
    const before = await count();
    server.clock.advance(60);
    for (const response_type of ['code', 'token']) assertSilent(await open({ response_type, redirect_uri }));
    assert.deepEqual(await count(), before);
    const row = (await logsOf(server.ctx).list()).at(-1);
    assert.equal(row?.type, 'fsa');
    assert.match(String(row?.description), /is not in the list of allowed web origins$/);
    assertSilent(await open({ response_type: 'nonsense', redirect_uri }));
    server.clock.reset();
  });
}

test('a placeholder covers one level of subdomains', async () => {
  await change({ web_origins: ['https://*.test'] });
  await logIn();
  assert.match((await open()).html, / data-target-origin="https:\/\/app\.test"/);
});

test('an origin that a policy cannot spell is posted to, and frames nothing', async () => {
  await change({ web_origins: ['http://[::1]:3000'] });
  await logIn();
  const page = await open({ redirect_uri: 'http://[::1]:3000/callback' });
  assert.match(page.html, / data-target-origin="http:\/\/\[::1\]:3000"/);
  assert.deepEqual(framesOf(page), ["'none'", 'DENY']);
});

test('in a window of its own somebody may log in first; the list counts when the answer leaves', async () => {
  const first = await browser.openPage(start({ prompt: undefined }));
  assert.equal(first.path, '/u/login');
  assert.deepEqual(framesOf(first), ["'none'", 'DENY']);
  assert.match((await browser.submitPage(first, login)).html, / data-target-origin="https:\/\/app\.test"/);
  const second = await browser.openPage(start({ prompt: 'login' }));
  await change({ web_origins: [] });
  assertSilent(await browser.submitPage(second, login));
});

test('owp, which popups of auth0.js ask for, is the same, and so are its limits', async () => {
  await logIn();
  const owp = { owp: 'true', response_mode: undefined, response_type: 'token' };
  const page = await open(owp);
  assert.match(page.html, / data-target-origin="https:\/\/app\.test" data-response="\{&quot;access_token&quot;/);
  await change({ web_origins: [] });
  assertSilent(await open(owp));
});
