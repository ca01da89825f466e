/** RFC 9101: requests that the client signed, at /authorize and at /oauth/par. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { authorizeUrl, Browser } from '../../../test/browser.ts';
import { addClientKey, type ClientKey } from '../../../test/client-keys.ts';
import { addApplication, addPerson, type Credentials, PASSWORD } from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { addApi, changeSettings, refusalOf } from '../../../test/token-fixture.ts';
import { clientCredentialsOf, clientsOf } from '../../resources/clients/index.ts';
import { authorizationCodesOf } from '../authorization-code.store.ts';

const CALLBACK = 'https://app.test/callback';
let server: TestServer;
let app: Credentials;
let rival: Credentials;
let key: ClientKey;

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx, { callbacks: [CALLBACK, 'https://app.test/other'] });
  rival = await addApplication(server.ctx);
  key = await addClientKey(server.ctx, app.client_id, ['request']);
  await addPerson(server.ctx);
  await addApi(server.ctx, { authorization_details: [{ type: 'account' }] });
  await changeSettings(server.ctx, { pushed_authorization_requests_supported: true });
});
after(() => server.close());

type Claims = Record<string, unknown>;
const typed = { username: 'ada@example.test', password: PASSWORD };
const now = () => Math.floor(server.clock.now() / 1000);
const claimsOf = (more: Claims = {}): Claims => ({
  iss: app.client_id,
  aud: server.issuer,
  client_id: app.client_id,
  response_type: 'code',
  redirect_uri: CALLBACK,
  scope: 'openid email',
  state: 'inside',
  ...more,
});
const bring = (request: string, more: Record<string, string> = {}) =>
  `/authorize?${new URLSearchParams({ client_id: app.client_id, request, ...more })}`;
const push = (request: string, more: Record<string, string> = {}) =>
  server.post('/oauth/par', { form: { ...app, request, ...more } });

async function logIn(address: string) {
  const browser = new Browser(server);
  const arrival = await browser.submitApp(await browser.openPage(address), typed);
  const form = { grant_type: 'authorization_code', code: arrival.parameters.code, redirect_uri: CALLBACK, ...app };
  return { ...arrival, tokens: (await server.post('/oauth/token', { form })).json };
}

test('what was signed is asked for, and what stands beside it is not looked at', async () => {
  const request = await key.sign(claimsOf({ max_age: 3600, nonce: 'n' }));
  const planted = { scope: 'openid phone', state: 'outside', redirect_uri: 'https://evil.test/', prompt: 'none' };
  const { parameters, url, tokens } = await logIn(bring(request, { response_type: 'token', ...planted }));
  assert.deepEqual([url.origin + url.pathname, parameters.state], [CALLBACK, 'inside']);
  assert.equal(tokens.scope, 'openid email');
});

test('pushed, it counts the same, and only it', async () => {
  const answer = await push(await key.sign(claimsOf()), { scope: 'openid phone', state: 'outside' });
  assert.equal(answer.status, 201, answer.text);
  const { request_uri } = answer.json;
  const begin = `/authorize?${new URLSearchParams({ client_id: app.client_id, request_uri })}`;
  const { parameters, tokens } = await logIn(begin);
  assert.deepEqual([parameters.state, tokens.scope], ['inside', 'openid email']);
});

test('details and numbers are JSON in it', async () => {
  const details = [{ type: 'account', actions: ['read'] }];
  const request = await key.sign(claimsOf({ audience: 'https://api.test/', authorization_details: details }));
  const browser = new Browser(server);
  const page = await browser.submitPage(await browser.openPage(bring(request)), typed);
  assert.match(page.html, /account/);
  const odd = await new Browser(server).openApp(bring(await key.sign(claimsOf({ max_age: { a: 1 } }))));
  assert.deepEqual([odd.parameters.error, odd.parameters.state], ['invalid_request', 'inside']);
});

test('half a character does no harm', async () => {
  const request = await key.sign(claimsOf({ state: '\ud800', login_hint: '\ud800', nonce: '\udfff' }));
  const { request_uri } = (await push(request)).json;
  const begin = `/authorize?${new URLSearchParams({ client_id: app.client_id, request_uri })}`;
  assert.equal((await logIn(begin)).parameters.state, '\ufffd');
  assert.ok((await logIn(bring(request))).parameters.code);
});

test('typ may be JWT, in any case; aud may be a list of ours; times may be ten seconds off', async () => {
  const good = [
    await key.sign(claimsOf(), { typ: 'JWT' }),
    await key.sign(claimsOf(), { typ: 'application/oauth-authz-req+jwt' }),
    await key.sign(claimsOf({ aud: [server.issuer] })),
    await key.sign(claimsOf({ iat: now() + 9, nbf: now() + 9, exp: now() - 9, jti: 'j'.repeat(64) })),
    await key.sign(claimsOf(), { kid: undefined as never }),
  ];
  for (const request of good) {
    assert.equal((await new Browser(server).openPage(bring(request))).path, '/u/login', request);
    assert.equal((await push(request)).status, 201);
  }
});

const REFUSED: readonly [string, () => Promise<string> | string, RegExp][] = [
  ['no JWT', () => 'nonsense', /not a signed JWT/],
  ['unsigned', () => unsigned(claimsOf()), /signature/],
  ['signed with HS256 by the public key', () => almost('HS256'), /signature/],
  ['another algorithm than the key is for', () => key.sign(claimsOf(), { alg: 'PS256' }), /signature/],
  ['another key', async () => (await strangersKey()).sign(claimsOf(), { kid: key.id }), /signature/],
  ['a kid that is not there', () => key.sign(claimsOf(), { kid: 'elsewhere' }), /signature/],
  ['a changed payload', async () => tamper(await key.sign(claimsOf())), /signature/],
  ['no typ', () => key.sign(claimsOf(), { typ: null }), /typ/],
  ['the typ of an access token', () => key.sign(claimsOf(), { typ: 'at+jwt' }), /typ/],
  ['the typ of a client assertion', () => key.sign(claimsOf(), { typ: 'client-authentication+jwt' }), /typ/],
  ['no iss', () => key.sign(claimsOf({ iss: undefined })), /iss/],
  ['another iss', () => key.sign(claimsOf({ iss: rival.client_id })), /iss/],
  ['no aud', () => key.sign(claimsOf({ aud: undefined })), /aud/],
  ['another aud', () => key.sign(claimsOf({ aud: 'https://elsewhere.test/' })), /aud/],
  ['the other tenant for aud', () => key.sign(claimsOf({ aud: server.other.issuer })), /aud/],
  ['others in aud too', () => key.sign(claimsOf({ aud: [server.issuer, 'https://elsewhere.test/'] })), /aud/],
  ['no client_id', () => key.sign(claimsOf({ client_id: undefined })), /client_id/],
  ['another client_id', () => key.sign(claimsOf({ client_id: rival.client_id })), /client_id/],
  ['the client for its subject', () => key.sign(claimsOf({ sub: app.client_id })), /sub/],
  ['a request inside', async () => key.sign(claimsOf({ request: await key.sign(claimsOf()) })), /request/],
  ['a request_uri inside', () => key.sign(claimsOf({ request_uri: 'https://app.test/r' })), /request/],
  ['expired', () => key.sign(claimsOf({ exp: now() - 10 })), /expired/],
  ['not yet valid', () => key.sign(claimsOf({ nbf: now() + 11 })), /future/],
  ['from the future', () => key.sign(claimsOf({ iat: now() + 11 })), /future/],
  ['a time that is no number', () => key.sign(claimsOf({ exp: 'tomorrow' })), /numeric/],
  ['a jti of 65 bytes', () => key.sign(claimsOf({ jti: 'j'.repeat(65) })), /jti/],
  ['a NUL character', () => key.sign(claimsOf({ state: 'a\u0000b' })), /NUL/],
  ['a NUL character in a list', () => key.sign(claimsOf({ authorization_details: [{ type: '\u0000' }] })), /NUL/],
  ['too long', () => key.sign(claimsOf({ state: 's'.repeat(9000) })), /longer/],
];

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const unsigned = (claims: Claims) => `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.`;
const strangersKey = () => addClientKey(server.ctx, rival.client_id, []);

async function almost(alg: 'HS256'): Promise<string> {
  const { createHmac } = await import('node:crypto');
  const input = `${encode({ alg, typ: 'JWT', kid: key.id })}.${encode(claimsOf())}`;
  return `${input}.${createHmac('sha256', key.publicKeyPem).update(input).digest('base64url')}`;
}

function tamper(jwt: string): string {
  const [header, payload = '', signature] = jwt.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return [header, encode({ ...claims, scope: 'openid profile' }), signature].join('.');
}

for (const [name, make, reason] of REFUSED) {
  test(`${name}: a page, never a redirect; JSON where it is pushed`, async () => {
    const request = await make();
    const codes = await authorizationCodesOf(server.ctx).count();
    const page = await new Browser(server).openPage(bring(request, { redirect_uri: CALLBACK }));
    assert.equal(page.status, 400);
    assert.match(page.html, /invalid_request_object/);
    assert.match(page.html, reason);
    const [status, error, description] = refusalOf(await push(request));
    assert.deepEqual([status, error], [name === 'too long' ? 413 : 400, error]);
    if (status === 400) assert.equal(error, 'invalid_request_object');
    if (status === 400) assert.match(description, reason);
    assert.equal(await authorizationCodesOf(server.ctx).count(), codes);
  });
}

test('a callback inside is judged by its own client’s list', async () => {
  const request = await key.sign(claimsOf({ redirect_uri: 'https://evil.test/' }));
  const page = await new Browser(server).openPage(bring(request, { redirect_uri: CALLBACK }));
  assert.deepEqual([page.status, /Callback URL mismatch|unauthorized_client/.test(page.html)], [403, true]);
});

test('a key that is not for requests, or no longer valid, signs none', async () => {
  const second = await addApplication(server.ctx);
  const forLogin = await addClientKey(server.ctx, second.client_id, ['assertion']);
  const claims = claimsOf({ iss: second.client_id, client_id: second.client_id });
  const address = (request: string) =>
    `/authorize?${new URLSearchParams({ client_id: second.client_id, request, redirect_uri: CALLBACK })}`;
  const unsupported = await new Browser(server).openApp(address(await forLogin.sign(claims)));
  assert.equal(unsupported.parameters.error, 'request_not_supported');
  const forRequests = await addClientKey(server.ctx, second.client_id, ['request']);
  const mixed = await new Browser(server).openPage(address(await forLogin.sign(claims)));
  assert.match(mixed.html, /invalid_request_object/);
  const expires_at = new Date(server.clock.now()).toISOString();
  await clientCredentialsOf(server.ctx).update(forRequests.id, (stored) => ({ ...stored, expires_at }));
  const expired = await new Browser(server).openPage(address(await forRequests.sign(claims)));
  assert.match(expired.html, /invalid_request_object/);
});

test('request and request_uri do not go together; a request_uri from elsewhere is not fetched', async () => {
  const request = await key.sign(claimsOf());
  const both = await new Browser(server).openPage(bring(request, { request_uri: 'https://app.test/r' }));
  assert.deepEqual([both.status, /must not be used together/.test(both.html)], [400, true]);
  const remote = authorizeUrl({ client_id: app.client_id, request_uri: 'https://app.test/r.jwt' });
  assert.equal((await new Browser(server).openApp(remote)).parameters.error, 'request_uri_not_supported');
});

test('a client that must sign is refused otherwise, brought or pushed', async () => {
  const required = (value: boolean) =>
    clientsOf(server.ctx).update(app.client_id, (stored) => ({
      ...stored,
      signed_request_object: { ...stored.signed_request_object, required: value },
    }));
  await required(true);
  const expected = ['invalid_request', 'Signed request objects are required for this client'];
  const { parameters } = await new Browser(server).openApp(authorizeUrl({ client_id: app.client_id }));
  assert.deepEqual([parameters.error, parameters.error_description], expected);
  const plain = { ...app, response_type: 'code', redirect_uri: CALLBACK };
  assert.deepEqual(refusalOf(await server.post('/oauth/par', { form: plain })), [400, ...expected]);
  const answer = await push(await key.sign(claimsOf()));
  const { request_uri } = answer.json;
  const begin = `/authorize?${new URLSearchParams({ client_id: app.client_id, request_uri })}`;
  assert.ok((await logIn(begin)).parameters.code);
  await required(false);
});

test('discovery says so', async () => {
  const { json } = await server.get('/.well-known/openid-configuration');
  assert.equal(json.request_parameter_supported, true);
  assert.equal(json.request_uri_parameter_supported, false);
  assert.deepEqual(json.request_object_signing_alg_values_supported, ['RS256', 'RS384', 'PS256']);
});
