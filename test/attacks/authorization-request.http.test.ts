/** Requests that somebody on the way wrote, changed, stole or mistook for something else, and codes that were put where they do not belong. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { authorizationCodesOf } from '../../src/oauth/authorization-code.store.ts';
import { clientsOf } from '../../src/resources/clients/index.ts';
import { authorizeUrl, Browser } from '../browser.ts';
import { addClientKey, type ClientKey } from '../client-keys.ts';
import { addApplication, addPerson, type Credentials, PASSWORD } from '../fixtures.ts';
import { type TestServer, type TestTenant, testServer } from '../server.ts';
import { changeSettings, refusalOf } from '../token-fixture.ts';

const CALLBACK = 'https://app.test/callback';
const VERIFIER = 'a-verifier-that-only-the-victims-client-knows-0';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const typed = { username: 'ada@example.test', password: PASSWORD };

let server: TestServer;
let app: Credentials;
let rival: Credentials;
/** Signs requests and assertions of `app` alike: the worst that a client can do. */
let key: ClientKey;
let signing: Credentials;

before(async () => {
  server = await testServer();
  for (const tenant of [server, server.other])
    await changeSettings(tenant.ctx, {
      pushed_authorization_requests_supported: true,
      authorization_response_iss_parameter_supported: true,
    });
  app = await addApplication(server.ctx);
  rival = await addApplication(server.ctx);
  signing = await addApplication(server.ctx);
  key = await addClientKey(server.ctx, signing.client_id, ['request', 'assertion']);
  await addPerson(server.ctx);
  await addPerson(server.other.ctx);
});
after(() => server.close());

type Parameters = Record<string, string | undefined>;
const now = () => Math.floor(server.clock.now() / 1000);
const redeem = (form: Parameters, client: Credentials = app, tenant: TestTenant = server) =>
  tenant.post('/oauth/token', {
    form: { grant_type: 'authorization_code', redirect_uri: CALLBACK, ...client, ...form },
  });

async function codeFor(parameters: Parameters, client: Credentials = app, tenant: TestTenant = server) {
  const browser = new Browser(tenant);
  const page = await browser.openPage(authorizeUrl({ client_id: client.client_id, ...parameters }));
  return (await browser.submitApp(page, typed)).parameters;
}

describe('mix-up', () => {
  test('each tenant names itself in its answers, and takes no code of another', async () => {
    const there = await addApplication(server.other.ctx);
    const here = await codeFor({});
    const other = await codeFor({}, there, server.other);
    assert.deepEqual([here.iss, other.iss], [server.issuer, server.other.issuer]);
    const sentToTheWrongOne = await redeem({ code: here.code }, there, server.other);
    assert.deepEqual(refusalOf(sentToTheWrongOne), [403, 'invalid_grant', 'Invalid authorization code']);
    assert.equal((await redeem({ code: here.code })).status, 200, 'and the code is still good where it belongs');
  });

  test('an iss that was asked for is not the one that comes', async () => {
    const { iss } = await codeFor({ iss: 'https://attacker.test/' });
    assert.equal(iss, server.issuer);
  });
});

describe('code injection', () => {
  test('a stolen code is worth nothing in the attacker’s own session: his verifier is another; nor to his client', async () => {
    const { code } = await codeFor({ code_challenge: CHALLENGE, code_challenge_method: 'S256' });
    const verifiers = ['the-verifier-of-the-attackers-own-session-00000', CHALLENGE];
    for (const code_verifier of verifiers)
      assert.equal((await redeem({ code, code_verifier })).json.error_description, 'Failed to verify code verifier');
    const foreign = await redeem({ code, code_verifier: VERIFIER }, rival);
    assert.deepEqual(refusalOf(foreign), [403, 'invalid_grant', 'Invalid authorization code']);
    assert.equal(
      (await redeem({ code, code_verifier: VERIFIER })).status,
      200,
      'nothing of it cost the victim the code',
    );
  });

  test('the callback of the request is the callback of the exchange', async () => {
    await clientsOf(server.ctx).update(app.client_id, (stored) => ({
      ...stored,
      callbacks: [CALLBACK, 'https://app.test/other'],
    }));
    const { code } = await codeFor({ redirect_uri: 'https://app.test/other' });
    assert.equal((await redeem({ code })).json.error, 'invalid_grant');
    assert.equal((await redeem({ code, redirect_uri: undefined })).json.error, 'invalid_grant');
    assert.equal((await redeem({ code, redirect_uri: 'https://app.test/other' })).status, 200);
  });
});

describe('PKCE downgrade', () => {
  const CASES: readonly [string, Parameters, Parameters][] = [
    ['the challenge was stripped from the request', {}, { code_verifier: VERIFIER }],
    ['the verifier is left out', { code_challenge: CHALLENGE, code_challenge_method: 'S256' }, {}],
    ['the verifier is empty', { code_challenge: CHALLENGE, code_challenge_method: 'S256' }, { code_verifier: '' }],
    ['the method was stripped, which makes it plain', { code_challenge: CHALLENGE }, { code_verifier: VERIFIER }],
    [
      'the challenge serves as verifier',
      { code_challenge: CHALLENGE, code_challenge_method: 'S256' },
      { code_verifier: CHALLENGE },
    ],
    [
      'the token request names a weaker method',
      { code_challenge: CHALLENGE, code_challenge_method: 'S256' },
      { code_verifier: CHALLENGE, code_challenge_method: 'plain' },
    ],
  ];
  for (const [name, asked, sent] of CASES) {
    test(`${name}: no tokens`, async () => {
      const { code } = await codeFor(asked);
      assert.deepEqual(refusalOf(await redeem({ code, ...sent })), [
        403,
        'invalid_grant',
        'Failed to verify code verifier',
      ]);
    });
  }
});

describe('one JWT taken for another', () => {
  const assertion = (more: object = {}) => ({
    iss: signing.client_id,
    sub: signing.client_id,
    aud: server.issuer,
    jti: `jti-${Math.random()}`,
    iat: now(),
    exp: now() + 60,
    ...more,
  });
  const request = (more: object = {}) => ({
    iss: signing.client_id,
    aud: server.issuer,
    client_id: signing.client_id,
    response_type: 'code',
    redirect_uri: CALLBACK,
    ...more,
  });
  const bring = (jwt: string) =>
    `/authorize?${new URLSearchParams({ client_id: signing.client_id, request: jwt, redirect_uri: CALLBACK })}`;
  const authenticate = (client_assertion: string, more: Parameters = {}) =>
    server.post('/oauth/par', {
      form: {
        response_type: 'code',
        redirect_uri: CALLBACK,
        client_assertion_type: ASSERTION_TYPE,
        client_assertion,
        ...more,
      },
    });

  test('a client assertion is no request, however much it looks like one', async () => {
    const jwts = [
      await key.sign(assertion(), { typ: 'JWT' }),
      await key.sign(assertion(request()), { typ: 'JWT' }),
      await key.sign(assertion(request()), { typ: 'client-authentication+jwt' }),
    ];
    for (const jwt of jwts) {
      const page = await new Browser(server).openPage(bring(jwt));
      assert.deepEqual([page.status, /invalid_request_object/.test(page.html)], [400, true]);
    }
  });

  test('a request is no client assertion', async () => {
    const jwts = [
      await key.sign(request()),
      await key.sign(request({ jti: 'j1', exp: now() + 60 })),
      await key.sign({ ...request(), ...assertion() }),
    ];
    for (const jwt of jwts) {
      const [status, error] = refusalOf(await authenticate(jwt));
      assert.deepEqual([status, error], [401, 'invalid_client']);
    }
    assert.equal((await authenticate(await key.sign(assertion(), { typ: 'JWT' }))).status, 201);
  });

  test('tokens that the server made are neither', async () => {
    const { code } = await codeFor({ scope: 'openid' });
    const { id_token, access_token } = (await redeem({ code })).json;
    for (const jwt of [id_token, access_token]) {
      const page = await new Browser(server).openPage(bring(jwt));
      assert.match(page.html, /invalid_request_object/);
      assert.equal((await authenticate(jwt)).status, 401);
    }
  });

  test('one that names a member twice means the same to everybody, or nothing', async () => {
    const [header = '', ,] = (await key.sign(request())).split('.');
    const body = JSON.stringify(request()).replace('{', '{"redirect_uri":"https://evil.test/",');
    const jwt = `${header}.${Buffer.from(body).toString('base64url')}.AAAA`;
    assert.match((await new Browser(server).openPage(bring(jwt))).html, /invalid_request_object/);
  });

  test('a request works for the one client whose key signed it', async () => {
    const other = await addApplication(server.ctx);
    await addClientKey(server.ctx, other.client_id, ['request']);
    const jwt = await key.sign(request({ iss: other.client_id, client_id: other.client_id }));
    const address = `/authorize?${new URLSearchParams({ client_id: other.client_id, request: jwt })}`;
    assert.match((await new Browser(server).openPage(address)).html, /invalid_request_object/);
  });
});

describe('callbacks', () => {
  const TRICKS = [
    'https://app.test/callback/',
    'https://app.test/callback?x=1',
    'https://app.test/callback#x',
    'https://app.test/callback/../evil',
    'https://app.test/callback%2f..%2fevil',
    'https://app.test/Callback',
    'https://app.test:8443/callback',
    'http://app.test/callback',
    'https://app.test.evil.test/callback',
    'https://evil.test/callback',
    'https://app.test@evil.test/callback',
    'https://app.test\\@evil.test/callback',
    'https://evil.test\\.app.test/callback',
    'https://app.test./callback',
    '//app.test/callback',
    'https:app.test/callback',
    ' https://app.test/callback',
    'https://app.test/callback\r\nx: y',
    'https://аpp.test/callback',
    'javascript:alert(1)//https://app.test/callback',
  ];
  for (const redirect_uri of TRICKS) {
    test(`${JSON.stringify(redirect_uri)} is none, in the open, pushed and signed`, async () => {
      const open = await server.get('/authorize', {
        query: { client_id: app.client_id, response_type: 'code', redirect_uri },
      });
      assert.deepEqual([open.status, open.headers.location], [403, undefined]);
      const form = { ...app, response_type: 'code', redirect_uri };
      assert.equal((await server.post('/oauth/par', { form })).json.error, 'unauthorized_client');
      const claims = { iss: signing.client_id, aud: server.issuer, client_id: signing.client_id };
      const request = await key.sign({ ...claims, response_type: 'code', redirect_uri });
      const signed = await server.get('/authorize', { query: { client_id: signing.client_id, request } });
      assert.deepEqual([signed.status, signed.headers.location], [403, undefined]);
    });
  }
});

describe('addresses in requests', () => {
  test('nothing is ever fetched from one', async () => {
    let calls = 0;
    const trap = createServer((_request, response) => {
      calls += 1;
      response.end('{}');
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/r.jwt`;
    const addresses = [address, 'http://169.254.169.254/latest/meta-data', 'file:///etc/passwd', 'gopher://x/'];
    for (const request_uri of addresses) {
      const { parameters } = await new Browser(server).openApp(authorizeUrl({ client_id: app.client_id, request_uri }));
      assert.equal(parameters.error, 'request_uri_not_supported');
      const pushed = await server.post('/oauth/par', { form: { ...app, response_type: 'code', request_uri } });
      assert.equal(pushed.json.error, 'invalid_request');
    }
    await clientsOf(server.ctx).update(signing.client_id, (stored) => ({ ...stored, jwks_uri: address }));
    const claims = { iss: signing.client_id, aud: server.issuer, client_id: signing.client_id };
    const unknown = await key.sign({ ...claims, response_type: 'code', jwks_uri: address }, { kid: 'elsewhere' });
    const page = await server.get('/authorize', { query: { client_id: signing.client_id, request: unknown } });
    assert.equal(page.status, 400);
    trap.close();
    assert.equal(calls, 0);
  });
});

describe('parameters that come twice', () => {
  const NAMES = ['client_id', 'redirect_uri', 'scope', 'state', 'response_type', 'request', 'request_uri', 'prompt'];
  for (const name of NAMES) {
    test(`${name}: refused in the query, in a form and where it is pushed, and nobody is redirected`, async () => {
      const codes = await authorizationCodesOf(server.ctx).count();
      const once = new URLSearchParams({ client_id: app.client_id, response_type: 'code', redirect_uri: CALLBACK });
      if (!once.has(name)) once.append(name, 'a');
      once.append(name, 'b');
      const answers = [
        await server.get(`/authorize?${once}`),
        await server.post('/authorize', { form: once.toString() }),
        await server.post('/oauth/par', { form: `${once}&client_secret=${app.client_secret}` }),
      ];
      for (const { status, headers, text } of answers) {
        assert.deepEqual([status, headers.location], [400, undefined]);
        assert.match(text, /must not be repeated/);
      }
      assert.equal(await authorizationCodesOf(server.ctx).count(), codes);
    });
  }
});

describe('a request_uri in the wrong hands', () => {
  test('another client, another tenant, a guess: nothing; a beginning of it: nothing', async () => {
    const form = { ...app, response_type: 'code', redirect_uri: CALLBACK };
    const { request_uri } = (await server.post('/oauth/par', { form })).json;
    const there = await addApplication(server.other.ctx);
    const tries: [TestTenant, string, string][] = [
      [server, rival.client_id, request_uri],
      [server.other, there.client_id, request_uri],
      [server, app.client_id, `${request_uri}x`],
      [server, app.client_id, request_uri.slice(0, -1)],
      [server, app.client_id, 'urn:ietf:params:oauth:request_uri:'],
    ];
    for (const [tenant, client_id, uri] of tries) {
      const answer = await tenant.get('/authorize', { query: { client_id, request_uri: uri } });
      assert.deepEqual([answer.status, answer.headers.location], [400, undefined], uri);
    }
    const right = await server.get('/authorize', { query: { client_id: app.client_id, request_uri } });
    assert.equal(right.status, 302);
  });
});
