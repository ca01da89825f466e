import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Arrival, authorizeUrl, Browser } from '../../../test/browser.ts';
import { addApplication, addPerson, type Credentials, PASSWORD } from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { clientsOf } from '../../resources/clients/index.ts';
import { connectionsOf } from '../../resources/connections/index.ts';
import { logsOf } from '../../resources/logs/index.ts';
import { createResourceServer } from '../../resources/resource-servers/index.ts';
import { tenantSettingsCollection } from '../../resources/tenant-settings/index.ts';
import { usersOf } from '../../resources/users/index.ts';
import { transactionsOf } from '../../transactions/index.ts';

let server: TestServer;
let app: Credentials;

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx);
  await addPerson(server.ctx);
});
after(() => server.close());

type Parameters = Record<string, string | undefined>;
const start = (parameters: Parameters = {}) => authorizeUrl({ client_id: app.client_id, ...parameters });
const change = (client: Credentials, more: object) =>
  clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, ...more }));
const callback = 'https://app.test/callback';

async function lastLog() {
  const all = await logsOf(server.ctx).list();
  return all.at(-1);
}

/** `[status, error code, text]` of the error page. */
async function pageOf(address: string): Promise<[number, string, string]> {
  const { status, html } = await new Browser(server).openPage(address);
  const read = (id: string) => new RegExp(`id="${id}"[^>]*>([^<]*)<`).exec(html)?.[1] ?? '';
  return [status, read('error'), read('error-description').replaceAll('&quot;', '"')];
}

const PAGES: readonly [string, () => string, [number, string, string]][] = [
  [
    'no client',
    () => start({ client_id: undefined }),
    [400, 'invalid_request', 'missing required parameter: client_id'],
  ],
  [
    'an empty client',
    () => start({ client_id: '' }),
    [400, 'invalid_request', 'missing required parameter: client_id'],
  ],
  ['an unknown client', () => start({ client_id: 'nobody' }), [400, 'invalid_request', 'Unknown client: nobody']],
  [
    'a callback that is not allowed',
    () => start({ redirect_uri: 'https://evil.test/callback' }),
    [
      403,
      'unauthorized_client',
      'Callback URL mismatch. https://evil.test/callback is not in the list of allowed callback URLs',
    ],
  ],
];

for (const [name, address, expected] of PAGES) {
  test(`${name}: the error page, never a redirect`, async () => {
    assert.deepEqual(await pageOf(address()), expected);
  });
}

const challenge = 'A'.repeat(43);
const REFUSALS: readonly [string, Parameters, string, string | RegExp][] = [
  ['no response_type', { response_type: undefined }, 'invalid_request', 'Missing required parameter: response_type'],
  ['an empty response_type', { response_type: '' }, 'invalid_request', 'Missing required parameter: response_type'],
  ['an unknown response_type', { response_type: 'cod' }, 'unsupported_response_type', 'Unsupported response type: cod'],
  [
    'implicit without the grant',
    { response_type: 'token' },
    'unauthorized_client',
    "Grant type 'implicit' not allowed for the client.",
  ],
  [
    'hybrid without the grant',
    { response_type: 'id_token code' },
    'unauthorized_client',
    "Grant type 'implicit' not allowed for the client.",
  ],
  [
    'an unknown response_mode',
    { response_mode: 'web_message2' },
    'invalid_request',
    'Unsupported response mode: web_message2',
  ],
  [
    'an unknown audience',
    { audience: 'https://nowhere.test' },
    'access_denied',
    'Service not found: https://nowhere.test',
  ],
  ['an unknown connection', { connection: 'nope' }, 'invalid_request', 'the connection was not found'],
  ['a connection that is not enabled', { connection: 'elsewhere' }, 'invalid_request', 'the connection was disabled'],
  [
    'an organization',
    { organization: 'org_0123456789abcdef' },
    'invalid_request',
    'parameter organization is not allowed for this client',
  ],
  ['prompt=none and login', { prompt: 'none login' }, 'invalid_request', /cannot be combined/],
  ['an unknown prompt', { prompt: 'dance' }, 'invalid_request', 'Unsupported prompt value: dance'],
  ['max_age=-1', { max_age: '-1' }, 'invalid_request', /max_age/],
  ['max_age=soon', { max_age: 'soon' }, 'invalid_request', /max_age/],
  [
    'an unknown PKCE method',
    { code_challenge: challenge, code_challenge_method: 'S512' },
    'invalid_request',
    /code_challenge_method/,
  ],
  [
    'a PKCE method named like something of the language',
    { code_challenge: challenge, code_challenge_method: 'constructor' },
    'invalid_request',
    /code_challenge_method/,
  ],
  [
    'a short PKCE challenge',
    { code_challenge: 'abc', code_challenge_method: 'S256' },
    'invalid_request',
    /code_challenge/,
  ],
  [
    'a PKCE challenge with signs',
    { code_challenge: '+'.repeat(43), code_challenge_method: 'S256' },
    'invalid_request',
    /code_challenge/,
  ],
  [
    'a PKCE method alone',
    { code_challenge_method: 'S256' },
    'invalid_request',
    'Missing required parameter: code_challenge',
  ],
  [
    'both kinds of refresh token',
    { scope: 'offline_access online_access' },
    'invalid_request',
    'Cannot request both online_access and offline_access scopes',
  ],
  ['a scope with a quote', { scope: 'open"id' }, 'invalid_scope', /characters/],
  ['a request object', { request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported', /request/],
  ['a request_uri', { request_uri: 'urn:x' }, 'request_uri_not_supported', /request_uri/],
  ['prompt=none without a session', { prompt: 'none' }, 'login_required', 'Login required'],
];

test('with the refusals arranged', async (t) => {
  const elsewhere = {
    id: 'con_elsewhere000001',
    name: 'elsewhere',
    strategy: 'auth0',
    options: {},
    enabled_clients: [],
    realms: ['elsewhere'],
    is_domain_connection: false,
    created_at: '2026-01-01T00:00:00.000Z',
  };
  await connectionsOf(server.ctx).insert(elsewhere);
  for (const [name, parameters, error, text] of REFUSALS) {
    await t.test(`${name}: the application is told ${error}`, async () => {
      const arrived = await new Browser(server).openApp(start(parameters));
      assert.equal(arrived.url.origin + arrived.url.pathname, callback);
      const told = parameters.response_type?.includes('token')
        ? Object.fromEntries(new URLSearchParams(arrived.url.hash.slice(1)))
        : arrived.parameters;
      assert.equal(told.error, error);
      if (typeof text === 'string') assert.equal(told.error_description, text);
      else assert.match(told.error_description ?? '', text);
      assert.equal(told.state, 'xyz');
      assert.equal((await lastLog())?.type, parameters.prompt?.startsWith('none') ? 'fsa' : 'f');
    });
  }
  assert.equal(await transactionsOf(server.ctx).count(), 0, 'a refused request leaves nothing behind');
});

const refusal = ({ parameters }: Arrival) => [parameters.error, parameters.error_description];

test('what the client is like is refused to the application as well', async () => {
  const open = (client: Credentials, more: Parameters = {}) =>
    new Browser(server).openApp(start({ client_id: client.client_id, ...more }));
  const client = await addApplication(server.ctx, { grant_types: ['implicit'] });
  assert.deepEqual(refusal(await open(client)), [
    'unauthorized_client',
    "Grant type 'authorization_code' not allowed for the client.",
  ]);
  await change(client, { grant_types: ['implicit', 'authorization_code'] });
  assert.equal((await new Browser(server).openPage(start({ client_id: client.client_id }))).path, '/u/login');
  await change(client, { require_pushed_authorization_requests: true });
  assert.equal(refusal(await open(client))[1], 'Pushed authorization requests are required for this client');
  await change(client, { require_pushed_authorization_requests: false, organization_usage: 'require' });
  assert.equal(refusal(await open(client))[1], 'parameter organization is required for this client');
  assert.equal(
    refusal(await open(client, { organization: 'acme' }))[1],
    'authorization request parameter organization must be an organization id',
  );
});

test('an API that wants a client grant for users', async () => {
  const identifier = 'https://strict.test/';
  const policy = { user: { policy: 'require_client_grant' }, client: { policy: 'require_client_grant' } } as const;
  await createResourceServer(server.ctx, { identifier, subject_type_authorization: policy } as never);
  const arrived = await new Browser(server).openApp(start({ audience: identifier }));
  assert.deepEqual(refusal(arrived), [
    'access_denied',
    `Client "${app.client_id}" is not authorized to access resource server "${identifier}".`,
  ]);
});

test('a blocked user: the application is told, at the login page and with a session', async () => {
  const blocked = await addPerson(server.ctx, 'blocked@example.test');
  const browser = new Browser(server);
  const typed = { username: 'blocked@example.test', password: PASSWORD };
  await browser.submitApp(await browser.openPage(start()), typed);
  await usersOf(server.ctx).update(blocked.user_id, (user) => ({ ...user, blocked: true }));
  assert.deepEqual(refusal(await browser.openApp(start())), ['unauthorized', 'user is blocked']);
  assert.deepEqual(refusal(await browser.openApp(start({ prompt: 'none' }))), ['unauthorized', 'user is blocked']);
  const arrived = await browser.submitApp(await browser.openPage(start({ prompt: 'login' })), typed);
  assert.deepEqual(refusal(arrived), ['unauthorized', 'user is blocked']);
});

test('the application disappears, or loses its API, while the user logs in', async () => {
  const client = await addApplication(server.ctx);
  const typed = { username: 'ada@example.test', password: PASSWORD };
  const browser = new Browser(server);
  const page = await browser.openPage(start({ client_id: client.client_id }));
  await clientsOf(server.ctx).delete(client.client_id);
  assert.equal((await browser.submitPage(page, typed)).status, 400);
  assert.equal(browser.jar.auth0, undefined);
});

test('redirection_policy=open_redirect_protection: errors stay here', async () => {
  const client = await addApplication(server.ctx, { redirection_policy: 'open_redirect_protection' });
  assert.deepEqual(await pageOf(start({ client_id: client.client_id, audience: 'https://nowhere.test' })), [
    403,
    'access_denied',
    'Service not found: https://nowhere.test',
  ]);
});

test("the tenant's own error page gets the error", async () => {
  const settings = server.other.ctx.store.collection(tenantSettingsCollection);
  await settings.update('settings', (stored) => ({
    ...stored,
    error_page: { url: 'https://errors.test/page?from=auth' },
  }));
  const answer = await server.other.get(start({ client_id: app.client_id }));
  assert.equal(answer.status, 302);
  const { origin, pathname, searchParams } = new URL(answer.headers.location ?? '');
  assert.equal(origin + pathname, 'https://errors.test/page');
  assert.equal(searchParams.get('from'), 'auth');
  assert.equal(searchParams.get('error'), 'invalid_request');
  assert.equal(searchParams.get('error_description'), `Unknown client: ${app.client_id}`);
  assert.equal(searchParams.get('client_id'), app.client_id);
  assert.match(searchParams.get('tracking') ?? '', /^[0-9a-f]{20}$/);
});

test('the tenant’s error page in HTML is filled in, and runs no scripts', async () => {
  const settings = server.other.ctx.store.collection(tenantSettingsCollection);
  const page = '<h1 title="{{ error }}">{{error_description}}</h1><i>{{tracking}}</i><b>{{client_id}}</b>';
  await settings.update('settings', (stored) => ({ ...stored, error_page: { url: '', html: page } }));
  const answer = await server.other.get(start({ client_id: '<script>' }));
  assert.equal(answer.status, 400);
  assert.match(String(answer.headers['content-type']), /^text\/html/);
  const expected =
    /^<h1 title="invalid_request">Unknown client: &lt;script&gt;<\/h1><i>[0-9a-f]{20}<\/i><b>&lt;script&gt;<\/b>$/;
  assert.match(answer.text, expected);
  const policy = String(answer.headers['content-security-policy']);
  assert.match(policy, /^default-src 'none';/);
  assert.doesNotMatch(policy, /script-src/);
});

test('without an error page, the default address gets the error; never when it is this host', async () => {
  const settings = server.other.ctx.store.collection(tenantSettingsCollection);
  const lead = (uri: string) =>
    settings.update('settings', (stored) => ({ ...stored, error_page: null, default_redirection_uri: uri }));
  await lead('https://start.test/login');
  const led = await server.other.get(start({ client_id: app.client_id }));
  const { origin, pathname, searchParams } = new URL(led.headers.location ?? '');
  assert.equal(origin + pathname, 'https://start.test/login');
  assert.equal(searchParams.get('error'), 'invalid_request');
  await lead(`${server.other.ctx.issuer}authorize?client_id=${app.client_id}`);
  const shown = await server.other.get(start({ client_id: app.client_id }));
  assert.equal(shown.status, 400);
  assert.match(shown.text, /Unknown client/);
});

test('what only the person is told stands in the log, where it is about an application of the tenant', async () => {
  await pageOf(start({ redirect_uri: 'https://evil.test/callback' }));
  const row = await lastLog();
  assert.deepEqual([row?.type, row?.client_id], ['f', app.client_id]);
  assert.match(String(row?.description), /^Callback URL mismatch\./);
  const rows = await logsOf(server.ctx).count();
  await pageOf(start({ client_id: 'nobody' }));
  assert.equal(await logsOf(server.ctx).count(), rows);
});
