import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { authorizeUrl, Browser } from '../../../test/browser.ts';
import { addClientKey } from '../../../test/client-keys.ts';
import { createProver, type Prover } from '../../../test/dpop.ts';
import { addApplication, addPerson, addPublicApplication, type Credentials, PASSWORD } from '../../../test/fixtures.ts';
import { type Answer, type TestServer, testServer } from '../../../test/server.ts';
import { changeSettings, logTypes, refusalOf } from '../../../test/token-fixture.ts';
import { type Client, clientsOf } from '../../resources/clients/index.ts';
import { logsOf } from '../../resources/logs/index.ts';
import { authorizationCodesOf } from '../authorization-code.store.ts';
import { pushedRequestsCollection } from '../pushed-request.store.ts';

const CALLBACK = 'https://app.test/callback';
const URN = /^urn:ietf:params:oauth:request_uri:[A-Za-z0-9_-]{64}$/;

let server: TestServer;
let app: Credentials;
let rival: Credentials;

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx);
  rival = await addApplication(server.ctx);
  await addPerson(server.ctx);
  await changeSettings(server.ctx, { pushed_authorization_requests_supported: true });
});
after(() => server.close());

type Parameters = Record<string, string | undefined>;
const wish = { response_type: 'code', redirect_uri: CALLBACK, scope: 'openid email', state: 'xyz' };
const push = (parameters: Parameters = {}, client: Parameters = { ...app }) =>
  server.post('/oauth/par', { form: { ...client, ...wish, ...parameters } });
const uriOf = async (parameters: Parameters = {}): Promise<string> => (await push(parameters)).json.request_uri;
const begin = (request_uri: string, client_id = app.client_id) =>
  `/authorize?${new URLSearchParams({ client_id, request_uri })}`;
const typed = { username: 'ada@example.test', password: PASSWORD };
const pushedRequests = () => server.ctx.store.collection(pushedRequestsCollection);
const change = (client: Credentials, changes: Partial<Client>) =>
  clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, ...(changes as object) }));

/** `[status, error code]` of an error page. */
async function pageOf(address: string, browser = new Browser(server)): Promise<[number, string]> {
  const { status, html } = await browser.openPage(address);
  return [status, /id="error"[^>]*>([^<]*)</.exec(html)?.[1] ?? ''];
}
const GONE: [number, string] = [400, 'invalid_request_uri'];

test('a pushed request is a login like any other', async () => {
  const answer = await push({ login_hint: 'ada@example.test' });
  assert.equal(answer.status, 201, answer.text);
  assert.deepEqual(Object.keys(answer.json), ['request_uri', 'expires_in']);
  assert.match(answer.json.request_uri, URN);
  assert.equal(answer.json.expires_in, 30);
  assert.match(answer.headers['content-type'] ?? '', /^application\/json; charset=utf-8/);
  assert.equal(answer.headers['cache-control'], 'no-store');
  const browser = new Browser(server);
  const page = await browser.openPage(begin(answer.json.request_uri));
  assert.match(page.html, /value="ada@example.test"/);
  const { parameters } = await browser.submitApp(page, typed);
  assert.equal(parameters.state, 'xyz');
  const form = { grant_type: 'authorization_code', code: parameters.code, redirect_uri: CALLBACK, ...app };
  assert.equal((await server.post('/oauth/token', { form })).json.scope, 'openid email');
});

test('neither what opens it nor what is in it is stored in the clear', async () => {
  const uri = await uriOf({ nonce: 'only-for-the-server', login_hint: 'ada@example.test' });
  const stored = JSON.stringify(await pushedRequests().list());
  for (const secret of [uri, uri.split(':').at(-1) ?? '', app.client_secret, 'only-for-the-server', 'ada@example.test'])
    assert.ok(!stored.includes(secret), secret);
});

test('POST alone (RFC 9126 §2.3)', async () => {
  for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
    const { status, headers, json } = await server.request(method, '/oauth/par');
    assert.deepEqual([status, headers.allow, json.error], [405, 'POST', 'method_not_allowed'], method);
  }
  assert.equal((await server.request('HEAD', '/oauth/par')).status, 405);
  assert.equal((await server.get('/oauth/token')).status, 404, 'elsewhere, as Auth0 has it');
});

test('what stands beside a request_uri is not looked at', async () => {
  const uri = await uriOf();
  const more = new URLSearchParams({ scope: 'openid phone', state: 'planted', redirect_uri: 'https://evil.test/' });
  const browser = new Browser(server);
  const { parameters, url } = await browser.submitApp(await browser.openPage(`${begin(uri)}&${more}`), typed);
  assert.deepEqual([url.origin + url.pathname, parameters.state], [CALLBACK, 'xyz']);
  const codes = await authorizationCodesOf(server.ctx).list();
  assert.deepEqual(codes.at(-1)?.requested_scope, ['openid', 'email']);
});

test('it may be opened again until its login ends, and then never more', async () => {
  const uri = await uriOf();
  const browser = new Browser(server);
  await browser.openPage(begin(uri));
  const page = await browser.openPage(begin(uri));
  const late = new Browser(server);
  const other = await late.openPage(begin(uri));
  assert.ok((await browser.submitApp(page, typed)).parameters.code);
  assert.deepEqual(await pageOf(begin(uri)), GONE);
  assert.deepEqual(await pageOf(begin(uri), browser), GONE);
  // A login that began before and ends after gets nothing.
  const codes = await authorizationCodesOf(server.ctx).count();
  const lost = await late.submitPage(other, typed);
  assert.equal(lost.status, 400);
  assert.match(lost.html, /invalid_request_uri/);
  assert.equal(await authorizationCodesOf(server.ctx).count(), codes);
});

test('of a hundred tries at once, one ends in a code', async () => {
  const browser = new Browser(server);
  await browser.submitApp(await browser.openPage(authorizeUrl({ client_id: app.client_id })), typed);
  const uri = await uriOf();
  const before = await authorizationCodesOf(server.ctx).count();
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => server.get(begin(uri), { jar: { ...browser.jar } })),
  );
  const codes = answers.filter(({ headers }) => headers.location?.includes('code='));
  assert.equal(codes.length, 1);
  assert.equal(await authorizationCodesOf(server.ctx).count(), before + 1);
});

test('a login that is refused does not use it up', async () => {
  const uri = await uriOf({ prompt: 'consent' });
  const browser = new Browser(server);
  const consent = await browser.submitPage(await browser.openPage(begin(uri)), typed);
  const declined = await browser.submitApp(consent, { action: 'deny' });
  assert.equal(declined.parameters.error, 'access_denied');
  assert.equal((await browser.openPage(begin(uri))).path, '/u/consent');
  const silent = await uriOf({ prompt: 'none' });
  assert.equal((await new Browser(server).openApp(begin(silent))).parameters.error, 'login_required');
  assert.ok((await browser.openApp(begin(silent))).parameters.code);
});

test('it expires, after as long as the client says; a login that had begun goes on', async () => {
  const early = await uriOf();
  server.clock.advance(29);
  const browser = new Browser(server);
  const page = await browser.openPage(begin(early));
  server.clock.advance(1);
  assert.deepEqual(await pageOf(begin(early)), GONE);
  server.clock.advance(600);
  assert.ok((await browser.submitApp(page, typed)).parameters.code);
  await change(app, { par_request_expiry: 600 });
  const { request_uri, expires_in } = (await push()).json;
  assert.equal(expires_in, 600);
  server.clock.advance(599);
  assert.equal((await new Browser(server).openPage(begin(request_uri))).path, '/u/login');
  server.clock.advance(1);
  assert.deepEqual(await pageOf(begin(request_uri)), GONE);
  await change(app, { par_request_expiry: null });
});

test('it is its own client’s, and its own tenant’s', async () => {
  const uri = await uriOf();
  assert.deepEqual(await pageOf(begin(uri, rival.client_id)), GONE);
  const stranger = await addApplication(server.other.ctx);
  const elsewhere = await new Browser(server.other).openPage(begin(uri, stranger.client_id));
  assert.match(elsewhere.html, /invalid_request_uri/);
  assert.deepEqual(await pageOf(begin(`${uri.slice(0, -1)}-`)), GONE);
  assert.equal((await new Browser(server).openPage(begin(uri))).path, '/u/login');
});

const REFUSALS: readonly [string, Parameters, string, string | RegExp][] = [
  ['no response_type', { response_type: '' }, 'invalid_request', 'Missing required parameter: response_type'],
  ['an unknown response_type', { response_type: 'cod' }, 'unsupported_response_type', 'Unsupported response type: cod'],
  [
    'a foreign callback',
    { redirect_uri: 'https://evil.test/' },
    'unauthorized_client',
    'Callback URL mismatch. https://evil.test/ is not in the list of allowed callback URLs',
  ],
  [
    'a grant that the client lacks',
    { response_type: 'token' },
    'unauthorized_client',
    "Grant type 'implicit' not allowed for the client.",
  ],
  ['an unknown API', { audience: 'urn:none' }, 'access_denied', 'Service not found: urn:none'],
  ['a malformed challenge', { code_challenge: 'short' }, 'invalid_request', 'Invalid value for code_challenge'],
  ['two prompts that exclude each other', { prompt: 'none login' }, 'invalid_request', /cannot be combined/],
  ['a request_uri', { request_uri: 'https://app.test/r' }, 'invalid_request', 'request_uri must not be pushed'],
  ['a pushed request_uri', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'invalid_request', /must not be/],
  ['a signed request without keys for it', { request: 'a.b.c' }, 'request_not_supported', /not supported/],
  ['unknown details', { authorization_details: '[{"type":"x"}]' }, 'invalid_authorization_details', /'x' is not/],
  ['an unknown connection', { connection: 'nope' }, 'invalid_request', 'the connection was not found'],
];

for (const [name, parameters, error, description] of REFUSALS) {
  test(`${name}: refused as /authorize would, as JSON; nothing is kept; fpar is logged`, async () => {
    const before = await pushedRequests().count();
    const answer = await push(parameters);
    assert.deepEqual(refusalOf(answer).slice(0, 2), [400, error], answer.text);
    if (typeof description === 'string') assert.equal(answer.json.error_description, description);
    else assert.match(answer.json.error_description, description);
    assert.equal(await pushedRequests().count(), before);
    const row = (await logsOf(server.ctx).list()).at(-1);
    assert.deepEqual([row?.type, row?.client_id], ['fpar', app.client_id]);
  });
}

test('the client must prove who it is', async () => {
  const wrong = { client_id: app.client_id, client_secret: 'wrong' };
  for (const client of [wrong, { client_id: app.client_id }, { client_id: 'nobody' }, {}]) {
    const answer = await push({}, client);
    assert.deepEqual(refusalOf(answer).slice(0, 2), [401, 'invalid_client'], JSON.stringify(client));
  }
  assert.equal((await logTypes(server)).at(-1), 'fpar');
  const { client_id } = await addPublicApplication(server.ctx, { callbacks: [CALLBACK] });
  const answer = await push({}, { client_id });
  assert.deepEqual(refusalOf(answer), [401, 'invalid_client', 'Client authentication is required']);
});

test('every method of authentication does: Basic without a client_id in the form, and private_key_jwt', async () => {
  const encoded = Buffer.from(`${app.client_id}:${app.client_secret}`).toString('base64');
  const basic = await server.post('/oauth/par', { form: wish, headers: { authorization: `Basic ${encoded}` } });
  assert.equal(basic.status, 201, basic.text);
  const keyed = await addApplication(server.ctx);
  const key = await addClientKey(server.ctx, keyed.client_id, ['assertion']);
  const exp = Math.floor(server.clock.now() / 1000) + 60;
  const claims = { iss: keyed.client_id, sub: keyed.client_id, aud: server.issuer, jti: 'once', exp };
  const proof = {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await key.sign(claims, { typ: 'JWT' }),
  };
  const signed = await push({}, proof);
  assert.equal(signed.status, 201, signed.text);
  const page = await new Browser(server).openPage(begin(signed.json.request_uri, keyed.client_id));
  assert.equal(page.path, '/u/login');
});

test('with a DPoP proof, the code is bound to its key (RFC 9449 §10.1)', async () => {
  const [mine, another] = [createProver(server.clock), createProver(server.clock)];
  const pushWith = (prover: Prover, parameters: Parameters = {}) =>
    server.post('/oauth/par', {
      form: { ...app, ...wish, ...parameters },
      headers: { dpop: prover.proof(`${server.issuer}oauth/par`) },
    });
  assert.equal((await pushWith(mine, { dpop_jkt: another.jkt })).json.error, 'invalid_dpop_proof');
  const elsewhere = { dpop: mine.proof(`${server.issuer}oauth/token`) };
  const wrong = await server.post('/oauth/par', { form: { ...app, ...wish }, headers: elsewhere });
  assert.deepEqual(refusalOf(wrong).slice(0, 2), [400, 'invalid_dpop_proof']);
  const pushed = await pushWith(mine, { dpop_jkt: mine.jkt });
  assert.equal(pushed.status, 201, pushed.text);
  const { request_uri } = (await pushWith(mine)).json;
  const browser = new Browser(server);
  const { parameters } = await browser.submitApp(await browser.openPage(begin(request_uri)), typed);
  const form = { grant_type: 'authorization_code', code: parameters.code, redirect_uri: CALLBACK, ...app };
  const tokenUrl = `${server.issuer}oauth/token`;
  assert.equal((await server.post('/oauth/token', { form })).json.error, 'invalid_grant');
  const byAnother = { dpop: another.proof(tokenUrl) };
  assert.equal((await server.post('/oauth/token', { form, headers: byAnother })).json.error, 'invalid_grant');
  const answer = await server.post('/oauth/token', { form, headers: { dpop: mine.proof(tokenUrl) } });
  assert.equal(answer.json.token_type, 'DPoP', answer.text);
});

test('a form of at most 10 KB, nothing else', async () => {
  assert.equal((await push({ state: 's'.repeat(9000) })).status, 201);
  const tooLarge = await push({ state: 's'.repeat(10_240) });
  assert.equal(tooLarge.status, 413);
  const asJson = await server.post('/oauth/par', { json: { ...app, ...wish } });
  assert.equal(asJson.status, 415);
  const twice = await server.post('/oauth/par', { form: `client_id=${app.client_id}&scope=a&scope=b` });
  assert.deepEqual([twice.status, twice.json.error], [400, 'invalid_request']);
});

test('a client that must push is refused at /authorize otherwise; every request is looked at again there', async () => {
  await change(app, { require_pushed_authorization_requests: true });
  const { parameters } = await new Browser(server).openApp(authorizeUrl({ client_id: app.client_id }));
  assert.deepEqual(
    [parameters.error, parameters.error_description],
    ['invalid_request', 'Pushed authorization requests are required for this client'],
  );
  const uri = await uriOf();
  assert.equal((await new Browser(server).openPage(begin(uri))).path, '/u/login');
  await change(app, { require_pushed_authorization_requests: false, callbacks: ['https://moved.test/'] });
  assert.deepEqual(await pageOf(begin(uri)), [403, 'unauthorized_client']);
  await change(app, { callbacks: [CALLBACK] });
});

test('a tenant that does not take pushed requests has no such endpoint', async () => {
  const metadata = async (): Promise<Answer['json']> => (await server.get('/.well-known/openid-configuration')).json;
  assert.equal((await metadata()).pushed_authorization_request_endpoint, `${server.issuer}oauth/par`);
  await changeSettings(server.ctx, { pushed_authorization_requests_supported: false });
  assert.equal((await metadata()).pushed_authorization_request_endpoint, undefined);
  const [status, error] = refusalOf(await push());
  assert.deepEqual([status, error], [404, 'endpoint_disabled']);
  await changeSettings(server.ctx, { pushed_authorization_requests_supported: true });
});
