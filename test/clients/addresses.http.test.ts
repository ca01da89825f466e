/** Addresses of a client: what each list lets through, and that nothing else does. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findConnectionByName } from '../../src/resources/connections/index.ts';
import {
  addMember,
  addOrganizationConnection,
  findOrganizationByName,
} from '../../src/resources/organizations/index.ts';
import { asPage, Browser } from '../browser.ts';
import { CONNECTION } from '../fixtures.ts';
import { type ClientHouse, clientHouse, type Made } from './client-house.ts';

let house: ClientHouse;
let app: Made;

before(async () => {
  house = await clientHouse();
  app = await house.create();
  for (const name of ['acme', 'beta'])
    assert.equal((await house.manage('POST', 'organizations', { name })).status, 201);
});
after(() => house.close());

const callbackOf = async (redirect_uri: string, parameters: Record<string, string> = {}) => {
  const reached = await house.begin(app, { redirect_uri, ...parameters });
  return 'html' in reached && reached.status !== 403;
};

test('callbacks: as they are written, one label for a placeholder, any loopback port for native applications', async () => {
  await house.change(app, { callbacks: ['https://app.test/callback', 'https://*.app.test/cb', 'com.app://cb'] });
  for (const url of ['https://app.test/callback', 'https://one.app.test/cb', 'com.app://cb'])
    assert.ok(await callbackOf(url), url);
  for (const url of ['https://app.test/callback/', 'https://a.b.app.test/cb', 'com.app://cc', 'https://app.test/cb'])
    assert.ok(!(await callbackOf(url)), url);
  await house.change(app, { callbacks: ['http://127.0.0.1/cb'] });
  assert.ok(!(await callbackOf('http://127.0.0.1:4123/cb')));
  await house.change(app, { app_type: 'native' });
  assert.ok(await callbackOf('http://127.0.0.1:4123/cb'));
  assert.ok(!(await callbackOf('http://127.0.0.1:4123/other')));
  await house.change(app, { app_type: 'regular_web', callbacks: ['https://app.test/callback'] });
});

const logout = async (url: string, parameter: 'returnTo' | 'post_logout_redirect_uri' = 'returnTo') => {
  const path = parameter === 'returnTo' ? '/v2/logout' : '/oidc/logout';
  const query = new URLSearchParams({ client_id: app.client_id, [parameter]: url });
  const answer = await house.server.get(`${path}?${query}`);
  return answer.status === 302 && answer.headers.location === url;
};

test('allowed_logout_urls: as they are written, one label for a placeholder, schemes of applications', async () => {
  await house.change(app, { allowed_logout_urls: ['https://app.test/bye', 'https://*.app.test/bye', 'com.app://bye'] });
  for (const parameter of ['returnTo', 'post_logout_redirect_uri'] as const) {
    for (const url of ['https://app.test/bye', 'https://one.app.test/bye', 'com.app://bye'])
      assert.ok(await logout(url, parameter), url);
    for (const url of ['https://app.test/other', 'https://a.b.app.test/bye', 'com.app://by', 'org.app://bye'])
      assert.ok(!(await logout(url, parameter)), url);
  }
  await house.change(app, { allowed_logout_urls: [] });
  assert.ok(!(await logout('https://app.test/bye')));
});

/** A browser that has logged in to the organization `acme`, and the ID token of that. */
async function logInToAcme(): Promise<{ browser: Browser; id_token: string }> {
  const { ctx } = house.server;
  const acme = (await findOrganizationByName(ctx, 'acme')) ?? assert.fail();
  const database = (await findConnectionByName(ctx, CONNECTION)) ?? assert.fail();
  await addOrganizationConnection(ctx, acme.id, { connection_id: database.id });
  await addMember(ctx, acme.id, house.user.user_id);
  const browser = new Browser(house.server);
  const { json } = await house.tokens(app, { organization: acme.id }, browser);
  return { browser, id_token: json.id_token };
}

test('allowed_logout_urls: the name of the organization that is logged out of, where the client uses organizations', async () => {
  const organization_usage = 'allow';
  await house.change(app, { allowed_logout_urls: ['https://{organization_name}.app.test/bye'], organization_usage });
  const { browser, id_token } = await logInToAcme();
  const leads = async (url: string, more: Record<string, string>, jar: Record<string, string> = {}) => {
    const path = more.returnTo === undefined ? '/oidc/logout' : '/v2/logout';
    const answer = await house.server.get(`${path}?${new URLSearchParams({ client_id: app.client_id, ...more })}`, {
      jar,
    });
    return answer.status === 302 && answer.headers.location === url;
  };
  const hinted = (url: string) => leads(url, { post_logout_redirect_uri: url, id_token_hint: id_token });
  assert.ok(await hinted('https://acme.app.test/bye'));
  for (const url of ['https://beta.app.test/bye', 'https://acme.app.test/', 'https://{organization_name}.app.test/bye'])
    assert.ok(!(await hinted(url)), url);
  const bare = 'https://acme.app.test/bye';
  assert.ok(!(await leads(bare, { returnTo: bare })), 'nobody logs out of an organization');
  const jar = () => ({ ...browser.jar });
  const other = 'https://beta.app.test/bye';
  assert.ok(!(await leads(other, { returnTo: other }, jar())));
  assert.ok(await leads(bare, { returnTo: bare }, jar()));
  const unnamed = await house.server.get(`/v2/logout?client_id=${app.client_id}`);
  assert.deepEqual([unnamed.status, unnamed.text], [200, 'OK'], 'a placeholder is no address to go to');
  await house.change(app, { organization_usage: 'deny' });
  assert.ok(!(await hinted(bare)));
});

test('allowed_logout_urls: any loopback port for native applications', async () => {
  await house.change(app, { allowed_logout_urls: ['http://127.0.0.1/bye'] });
  assert.ok(!(await logout('http://127.0.0.1:4123/bye')));
  await house.change(app, { app_type: 'native' });
  for (const parameter of ['returnTo', 'post_logout_redirect_uri'] as const) {
    assert.ok(await logout('http://127.0.0.1:4123/bye', parameter));
    assert.ok(!(await logout('http://127.0.0.1:4123/other', parameter)));
    assert.ok(!(await logout('http://localhost:4123/bye', parameter)));
  }
  await house.change(app, { app_type: 'regular_web' });
});

/** May a page at `origin` read what the token endpoint answers to the client, and does its preflight pass? */
async function mayRead(origin: string): Promise<boolean> {
  const headers = { origin };
  const form = { grant_type: 'authorization_code', client_id: app.client_id, code: 'none' };
  const answer = await house.server.post('/oauth/token', { form, headers });
  const preflight = await house.server.request('OPTIONS', '/oauth/token', {
    headers: { ...headers, 'access-control-request-method': 'POST' },
  });
  const allowed = answer.headers['access-control-allow-origin'] === origin;
  assert.equal(preflight.status === 204, allowed, 'the preflight of the only client says the same');
  return allowed;
}

for (const list of ['allowed_origins', 'web_origins']) {
  test(`${list}: pages that may read answers, with the callbacks’ own`, async () => {
    const nothing = { allowed_origins: [], web_origins: [], callbacks: ['https://app.test/callback'] };
    await house.change(app, { ...nothing, [list]: ['https://page.test', 'https://*.pages.test'] });
    for (const origin of ['https://page.test', 'https://one.pages.test', 'https://app.test'])
      assert.ok(await mayRead(origin), origin);
    for (const origin of ['http://page.test', 'https://page.test:8443', 'https://a.b.pages.test', 'https://evil.test'])
      assert.ok(!(await mayRead(origin)), origin);
    const named = { organization_usage: 'allow', [list]: ['https://{organization_name}.app.test'] };
    await house.change(app, { ...nothing, ...named });
    assert.ok(await mayRead('https://acme.app.test'));
    assert.ok(!(await mayRead('https://gamma.app.test')));
    await house.change(app, { organization_usage: 'deny' });
    assert.ok(!(await mayRead('https://acme.app.test')));
    await house.change(app, nothing);
    assert.ok(!(await mayRead('https://page.test')));
  });
}

test('web_origins: where answers are posted; neither allowed_origins nor the callbacks do', async () => {
  const browser = new Browser(house.server);
  await house.logIn(app, {}, browser);
  const posts = async (more: object) => {
    await house.change(app, { web_origins: [], allowed_origins: [], ...more });
    const page = asPage(await house.begin(app, { response_mode: 'web_message', prompt: 'none' }, browser));
    return page.html.includes('data-target-origin="https://app.test"');
  };
  assert.ok(!(await posts({})));
  assert.ok(!(await posts({ allowed_origins: ['https://app.test'] })));
  assert.ok(await posts({ web_origins: ['https://app.test'] }));
  assert.ok(!(await posts({ web_origins: ['https://other.test'] })));
});

test('redirection_policy: with open_redirect_protection errors stay here', async () => {
  const parameters = { response_type: 'unknown' };
  assert.ok('parameters' in (await house.begin(app, parameters)));
  await house.change(app, { redirection_policy: 'open_redirect_protection' });
  assert.match(asPage(await house.begin(app, parameters)).html, /unsupported_response_type/);
  await house.change(app, { redirection_policy: 'allow_always' });
  assert.ok('parameters' in (await house.begin(app, parameters)));
});
