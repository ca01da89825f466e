/** The classic login page: whose HTML is shown when, what it is told, and what of it a login takes up. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { authorizeUrl, Browser } from '../../../test/browser.ts';
import { configOf, formOf, OPERATORS_PAGE, openClassic, postPassword } from '../../../test/classic.ts';
import { changeClient, EMAIL, errorOf } from '../../../test/cross-origin.ts';
import { addApplication, addPerson, CONNECTION, PASSWORD, useFactors } from '../../../test/fixtures.ts';
import { managementToken } from '../../../test/management.ts';
import { addPasswordless } from '../../../test/passwordless.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { changeSettings, logTypes } from '../../../test/token-fixture.ts';
import { clientsOf } from '../../resources/clients/index.ts';
import { sessionsOf } from '../../resources/sessions/index.ts';
import { type User, usersOf } from '../../resources/users/index.ts';

let server: TestServer;
let client_id: string;
let user: User;

beforeEach(async () => {
  server = await testServer();
  ({ client_id } = await addApplication(server.ctx, { name: 'Grüße "<b>"', custom_login_page: OPERATORS_PAGE }));
  user = await addPerson(server.ctx, EMAIL);
});
afterEach(() => server.close());

const change = (properties: Record<string, unknown>, id = client_id) => changeClient(server.ctx, id, properties);

async function changeGlobal(properties: Record<string, unknown>): Promise<void> {
  const found = (await clientsOf(server.ctx).list()).find(({ global }) => global);
  await change(properties, found?.client_id);
}

const start = () => new Browser(server).openPage(authorizeUrl({ client_id }));

test('a login from the operator’s page: the application gets its own state back, and the browser a session', async () => {
  const browser = new Browser(server);
  const opened = await openClassic(browser, client_id, { scope: 'openid email' });
  assert.equal(opened.page.path, '/login');
  const address = new URL(opened.page.url).searchParams;
  assert.deepEqual([address.get('client'), address.get('protocol')], [client_id, 'oauth2']);
  const answer = await postPassword(browser, opened.config);
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.text, /^<form method="post" name="hiddenform" action="https:\/\/tenant\.test\/login\/callback">/);
  assert.equal((await sessionsOf(server.ctx).list()).length, 0);
  const { parameters } = await browser.submitApp(formOf(answer, opened), {});
  assert.deepEqual(browser.trail, ['/authorize', '/login', '/login/callback', '/authorize/resume']);
  assert.ok(parameters.code);
  assert.equal(parameters.state, 'xyz');
  assert.equal((await sessionsOf(server.ctx).list())[0]?.user_id, user.user_id);
  assert.ok((await logTypes(server)).includes('s'));
});

test('what the page is told: as base64 of UTF-8, in which nothing of it is HTML', async () => {
  await changeSettings(server.ctx, {
    picture_url: 'https://cdn.test/logo.png',
    universal_login: { colors: { primary: '#ff0000', page_background: '#000000' } },
  });
  const asked = { login_hint: EMAIL, screen_hint: 'signup', prompt: 'login', connection: CONNECTION, nonce: 'n' };
  const { page, config } = await openClassic(new Browser(server), client_id, asked);
  assert.doesNotMatch(page.html, /@@|<b>/);
  const { internalOptions, extraParams, ...rest } = config;
  assert.deepEqual(rest, {
    auth0Domain: 'tenant.test',
    auth0Tenant: 'tenant',
    clientID: client_id,
    callbackURL: 'https://app.test/callback',
    callbackOnLocationHash: false,
    clientConfigurationBaseUrl: 'https://tenant.test/',
    assetsUrl: '',
    authorizationServer: { url: 'https://tenant.test', issuer: 'https://tenant.test/' },
    icon: 'https://cdn.test/logo.png',
    colors: { primary: '#ff0000', page_background: '#000000' },
    dict: { signin: { title: 'Grüße "<b>"' } },
    isThirdPartyClient: false,
    connection: CONNECTION,
    prompt: 'login',
  });
  const { state, _csrf, ...options } = internalOptions;
  assert.deepEqual(extraParams, internalOptions);
  assert.deepEqual(options, {
    protocol: 'oauth2',
    response_type: 'code',
    response_mode: 'query',
    scope: 'openid profile email',
    nonce: 'n',
    login_hint: EMAIL,
    screen_hint: 'signup',
    prompt: 'login',
    redirect_uri: 'https://app.test/callback',
    client: client_id,
    _intstate: 'deprecated',
  });
  assert.notEqual(state, 'xyz', 'the login’s, and not the application’s');
  assert.ok(_csrf);
});

describe('whose page is shown', () => {
  const TENANTS = OPERATORS_PAGE.replace('Ours', 'The tenant’s');

  test('the client’s own goes before the tenant’s, which the global client has', async () => {
    await changeGlobal({ custom_login_page: TENANTS });
    assert.match((await start()).html, /<title>Ours/);
    await change({ custom_login_page: undefined });
    assert.match((await start()).html, /<title>The tenant’s/);
    await change({ custom_login_page: ' \n' });
    assert.match((await start()).html, /<title>The tenant’s/);
  });

  test('custom_login_page_on off, of the client or of the tenant: our own', async () => {
    await changeGlobal({ custom_login_page: TENANTS });
    await change({ custom_login_page_on: false });
    assert.equal((await start()).path, '/u/login');
    await change({ custom_login_page_on: true, custom_login_page: undefined });
    assert.match((await start()).html, /<title>The tenant’s/);
    await changeGlobal({ custom_login_page_on: false });
    assert.equal((await start()).path, '/u/login');
  });

  test('written as Terraform and the Deploy CLI write it: on the global client, by the Management API', async () => {
    await change({ custom_login_page: undefined });
    const bearer = await managementToken(server, ['read:clients', 'update:clients']);
    const listed = await server.get('/api/v2/clients?is_global=true', { bearer });
    const [{ client_id: id }] = listed.json;
    const patch = (json: unknown) => server.request('PATCH', `/api/v2/clients/${id}`, { bearer, json });
    const written = await patch({ custom_login_page: TENANTS, custom_login_page_on: true });
    assert.deepEqual([written.status, written.json.custom_login_page], [200, TENANTS]);
    assert.match((await start()).html, /<title>The tenant’s/);
    assert.equal((await patch({ custom_login_page: '' })).status, 200);
    assert.equal((await start()).path, '/u/login');
  });

  test('a page that is taken away while somebody logs in gives way to ours', async () => {
    const browser = new Browser(server);
    const { page } = await openClassic(browser, client_id);
    await change({ custom_login_page: undefined });
    assert.equal((await browser.openPage(page.url)).path, '/u/login');
  });

  test('custom_login_page_preview is shown for a look, and nobody can log in from it', async () => {
    const preview = OPERATORS_PAGE.replace('Ours', 'Next');
    const look = () => new Browser(server).openPage(`/login?client=${client_id}&preview=true`);
    assert.equal((await look()).status, 400, 'there is none');
    await change({ custom_login_page_preview: preview });
    assert.match((await start()).html, /<title>Ours/, 'people see the page that is on');
    const page = await look();
    assert.match(page.html, /<title>Next/);
    const config = configOf(page);
    assert.deepEqual(config.internalOptions, { protocol: 'oauth2', response_type: 'code' });
    const answer = await postPassword(new Browser(server), config);
    assert.deepEqual([answer.status, answer.json.code], [400, 'session_missing']);
    await change({ custom_login_page_preview: undefined });
    await changeGlobal({ custom_login_page_preview: preview });
    assert.match((await look()).html, /<title>Next/);
    assert.equal((await new Browser(server).openPage('/login?client=nobody&preview=true')).status, 400);
  });

  test('nobody may frame it, unless the tenant says so', async () => {
    const { page } = await openClassic(new Browser(server), client_id);
    assert.equal(page.headers['content-security-policy'], "frame-ancestors 'none'");
    assert.equal(page.headers['x-frame-options'], 'DENY');
    await changeSettings(server.ctx, { flags: { disable_clickjack_protection_headers: true } });
    const { page: framed } = await openClassic(new Browser(server), client_id);
    assert.equal(framed.headers['content-security-policy'], 'frame-ancestors *');
    assert.equal(framed.headers['x-frame-options'], undefined);
  });
});

test('a second factor is asked for after it, on our pages', async () => {
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const browser = new Browser(server);
  const opened = await openClassic(browser, client_id);
  const page = await browser.submitPage(formOf(await postPassword(browser, opened.config), opened), {});
  assert.equal(page.path, '/u/mfa-otp-enrollment');
});

describe('what the page posts is refused', () => {
  const refused = async (changes: Record<string, unknown>, prepare?: (browser: Browser) => void) => {
    const browser = new Browser(server);
    const { config } = await openClassic(browser, client_id);
    prepare?.(browser);
    const { status, json } = await postPassword(browser, config, changes);
    return [status, json.code, json.description, json.name];
  };
  const WRONG = [401, 'invalid_user_password', 'Wrong email or password.', 'UnauthorizedError'];

  test('a wrong password and somebody unknown, in the same words', async () => {
    assert.deepEqual(await refused({ password: 'wrong' }), WRONG);
    assert.deepEqual(await refused({ username: 'nobody@example.test' }), WRONG);
    assert.deepEqual(await refused({ password: undefined }), WRONG);
    assert.ok((await logTypes(server)).includes('fp'));
  });

  test('a blocked user, and too many wrong passwords, counted with those of every other door', async () => {
    await usersOf(server.ctx).update(user.user_id, (stored) => ({ ...stored, blocked: true }));
    assert.deepEqual((await refused({})).slice(0, 3), [401, 'unauthorized', 'user is blocked']);
    await usersOf(server.ctx).update(user.user_id, (stored) => ({ ...stored, blocked: false }));
    for (let failures = 0; failures < 10; failures++) await refused({ password: 'wrong' });
    assert.deepEqual((await refused({})).slice(0, 2), [429, 'too_many_attempts']);
  });

  test('a login that is unknown, another browser’s, or expired', async () => {
    const missing = [400, 'session_missing'];
    assert.deepEqual((await refused({ state: undefined })).slice(0, 2), missing);
    assert.deepEqual((await refused({ state: 'x' })).slice(0, 2), missing);
    assert.deepEqual((await refused({}, ({ jar }) => delete jar.did && delete jar.did_compat)).slice(0, 2), missing);
    assert.deepEqual((await refused({}, () => server.clock.advance(3601))).slice(0, 2), missing);
  });

  test('what was not sent by the page: no token, that of another login, or without the browser’s secret', async () => {
    const forged = [403, 'session_missing', 'Invalid CSRF token.', 'SessionMissingError'];
    assert.deepEqual(await refused({ _csrf: undefined }), forged);
    assert.deepEqual(await refused({}, ({ jar }) => delete jar._csrf), forged);
    const browser = new Browser(server);
    const first = await openClassic(browser, client_id);
    const second = await openClassic(browser, client_id);
    const { json } = await postPassword(browser, first.config, { _csrf: second.config.internalOptions._csrf });
    assert.equal(json.description, 'Invalid CSRF token.');
    assert.equal((await postPassword(browser, first.config)).status, 200, 'both pages of one browser work');
  });

  test('another client’s login, an unknown connection, and one that the client does not have', async () => {
    const other = await addApplication(server.ctx);
    assert.equal((await refused({ client_id: other.client_id }))[1], 'invalid_request');
    assert.deepEqual((await refused({ connection: 'none' })).slice(0, 3), [
      400,
      'invalid_request',
      'the connection was not found',
    ]);
    await addPasswordless(server.ctx, 'email', [client_id]);
    assert.deepEqual((await refused({ connection: 'email' })).slice(0, 3), [
      400,
      'invalid_request',
      'the connection was disabled',
    ]);
  });

  test('a form from another site', async () => {
    const browser = new Browser(server);
    const { config } = await openClassic(browser, client_id);
    const form = { client_id, username: EMAIL, password: PASSWORD, ...config.internalOptions };
    assert.equal((await server.post('/usernamepassword/login', { form, jar: browser.jar })).status, 415);
  });
});

describe('what /login/callback takes up', () => {
  async function prove(browser: Browser) {
    const opened = await openClassic(browser, client_id);
    return formOf(await postPassword(browser, opened.config), opened);
  }

  test('each ticket once, of a hundred tries at once', async () => {
    const browser = new Browser(server);
    const form = await prove(browser);
    const post = () => server.post('/login/callback', { form: { ...form.fields }, jar: { ...browser.jar } });
    const answers = await Promise.all(Array.from({ length: 100 }, post));
    assert.equal(answers.filter(({ status }) => status === 302).length, 1);
    assert.equal((await post()).status, 400);
  });

  test('only in its own login: an attacker’s ticket is worth nothing in the victim’s browser', async () => {
    const attackers = await prove(new Browser(server));
    const victim = new Browser(server);
    assert.equal((await victim.submitPage(attackers, {})).status, 400);
    const victims = await prove(victim);
    const wresult = attackers.fields.wresult ?? '';
    assert.equal((await victim.submitPage(victims, { wresult })).status, 400);
    assert.equal(victim.jar.auth0, undefined);
    assert.ok((await victim.submitApp(victims, {})).parameters.code, 'and the victim’s own is still good');
  });

  test('for five minutes, and never for a ticket of another kind', async () => {
    const browser = new Browser(server);
    const form = await prove(browser);
    assert.equal((await browser.submitPage(form, { wresult: 'x' })).status, 400);
    assert.equal((await browser.submitPage(form, { wctx: '{' })).status, 400);
    server.clock.advance(301);
    assert.equal((await browser.submitPage(form, {})).status, 400);
    const other = await addApplication(server.ctx, { cross_origin_authentication: true });
    const fresh = await prove(browser);
    const address = authorizeUrl({ client_id: other.client_id, login_ticket: fresh.fields.wresult });
    assert.equal((await browser.openApp(address)).parameters.error, 'access_denied');
  });
});

describe('a page that leads on by itself', () => {
  test('a button for another provider goes on with the login; what else the page repeats counts for nothing', async () => {
    const browser = new Browser(server);
    const { config } = await openClassic(browser, client_id);
    const again = { client_id, ...config.internalOptions, redirect_uri: 'https://evil.test/', connection: 'none' };
    const page = await browser.openPage(authorizeUrl(again));
    assert.match(page.html, /the connection was not found/);
    assert.deepEqual(browser.trail.slice(-2), ['/authorize', '/u/login/federated']);
    assert.equal((await new Browser(server).openPage(authorizeUrl(again))).status, 400, 'another browser');
    const other = await addApplication(server.ctx);
    assert.equal((await browser.openPage(authorizeUrl({ ...again, client_id: other.client_id }))).status, 400);
  });

  test('a code that was typed there is this login’s first factor', async () => {
    await addPasswordless(server.ctx, 'email', [client_id]);
    await change({ token_endpoint_auth_method: 'none' });
    const browser = new Browser(server);
    const { config } = await openClassic(browser, client_id);
    const json = { client_id, connection: 'email', email: 'grace@example.test', send: 'code' };
    assert.equal((await server.post('/passwordless/start', { json })).status, 200);
    const [mail] = await server.messages({ to: 'grace@example.test' });
    const query = { ...config.internalOptions, client_id, connection: 'email', email: 'grace@example.test' };
    const verify = (code: string) =>
      `/passwordless/verify_redirect?${new URLSearchParams({ ...query, verification_code: code })}`;
    const stranger = await new Browser(server).openPage(verify(mail?.code ?? ''));
    assert.equal(stranger.status, 400);
    const { parameters } = await browser.openApp(verify(mail?.code ?? ''));
    assert.deepEqual([parameters.state, parameters.error], ['xyz', undefined]);
    assert.ok(parameters.code);
  });

  test('a wrong code is told to the application, with its own state', async () => {
    await addPasswordless(server.ctx, 'email', [client_id]);
    const browser = new Browser(server);
    const { config } = await openClassic(browser, client_id);
    const query = {
      ...config.internalOptions,
      client_id,
      connection: 'email',
      email: EMAIL,
      verification_code: '000000',
    };
    const { parameters } = await browser.openApp(`/passwordless/verify_redirect?${new URLSearchParams(query)}`);
    assert.equal(parameters.state, 'xyz');
    assert.deepEqual(errorOf(parameters), {
      error: 'unauthorized',
      error_description: 'Wrong email or verification code.',
    });
  });
});

test('an organization’s people log in on our page, which knows it', async () => {
  await change({ organization_usage: 'require', organization_require_behavior: 'pre_login_prompt' });
  assert.equal((await start()).path, '/u/organization');
});
