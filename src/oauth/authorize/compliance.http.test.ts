/** What `compliance_level` demands of requests, and how it changes answers. How the client proves itself is in the tests of the token endpoint. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { authorizeUrl, Browser } from '../../../test/browser.ts';
import { addClientKey, type ClientKey } from '../../../test/client-keys.ts';
import { addApplication, addPerson, PASSWORD } from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { changeSettings, payloadOf, refusalOf } from '../../../test/token-fixture.ts';
import { clientsOf } from '../../resources/clients/index.ts';
import { usersOf } from '../../resources/users/index.ts';
import { authorizationCodesOf } from '../authorization-code.store.ts';

const CALLBACK = 'https://app.test/callback';
const VERIFIER = 'v'.repeat(43);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const typed = { username: 'ada@example.test', password: PASSWORD };

let server: TestServer;
before(async () => {
  server = await testServer();
  await addPerson(server.ctx);
  await changeSettings(server.ctx, { pushed_authorization_requests_supported: true });
});
after(() => server.close());

interface Levelled {
  readonly client_id: string;
  readonly key: ClientKey;
  proof(): Promise<Record<string, string>>;
  push(parameters: Record<string, string | undefined>): Promise<Awaited<ReturnType<TestServer['post']>>>;
}

let serial = 0;
const now = () => Math.floor(server.clock.now() / 1000);

/** A client of this level that authenticates with PS256. */
async function levelled(compliance_level: string): Promise<Levelled> {
  const { client_id } = await addApplication(server.ctx, {
    grant_types: ['authorization_code', 'implicit'],
    callbacks: [CALLBACK, 'https://*.app.test/callback'],
    compliance_level,
  });
  const key = await addClientKey(server.ctx, client_id, ['request', 'assertion'], 'PS256');
  const proof = async () => {
    serial += 1;
    const claims = { iss: client_id, sub: client_id, aud: server.issuer, jti: `jti-${serial}`, exp: now() + 60 };
    return { client_assertion_type: ASSERTION_TYPE, client_assertion: await key.sign(claims, { typ: 'JWT' }) };
  };
  const push = async (parameters: Record<string, string | undefined>) =>
    server.post('/oauth/par', { form: { client_id, ...(await proof()), ...parameters } });
  return { client_id, key, proof, push };
}

const begin = (client_id: string, request_uri: string) =>
  `/authorize?${new URLSearchParams({ client_id, request_uri })}`;
const change = (client_id: string, changes: object) =>
  clientsOf(server.ctx).update(client_id, (stored) => ({ ...stored, ...changes }));

for (const level of ['fapi1_adv_pkj_par', 'fapi1_adv_mtls_par', 'fapi2_sp_pkj_mtls', 'fapi2_sp_mtls_mtls']) {
  test(`${level}: what was not pushed is refused, whatever the client says of pushing`, async () => {
    const { client_id } = await levelled(level);
    const { parameters } = await new Browser(server).openApp(authorizeUrl({ client_id, code_challenge: CHALLENGE }));
    assert.deepEqual(
      [parameters.error, parameters.error_description],
      ['invalid_request', 'Pushed Authorization Requests are required by the configured compliance level'],
    );
  });
}

describe('FAPI 2.0', () => {
  const wish = {
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid profile',
    state: 'xyz',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  };
  let client: Levelled;
  before(async () => {
    client = await levelled('fapi2_sp_pkj_mtls');
  });

  test('a code that lives a minute, and iss in the answer whatever the tenant says, with errors too', async () => {
    const browser = new Browser(server);
    const pushed = await client.push(wish);
    assert.equal(pushed.status, 201, pushed.text);
    const page = await browser.openPage(begin(client.client_id, pushed.json.request_uri));
    const { parameters } = await browser.submitApp(page, typed);
    assert.equal(parameters.iss, server.issuer);
    const [row] = (await authorizationCodesOf(server.ctx).list()).slice(-1);
    assert.equal((row?.expires_at ?? 0) - server.clock.now(), 60_000);
    const silent = (await client.push({ ...wish, prompt: 'none' })).json;
    const refused = await new Browser(server).openApp(begin(client.client_id, silent.request_uri));
    assert.deepEqual([refused.parameters.error, refused.parameters.iss], ['login_required', server.issuer]);
  });

  const REFUSALS: readonly [string, Record<string, string | undefined>, string, RegExp][] = [
    ['no challenge', { code_challenge: '' }, 'invalid_request', /code_challenge|PKCE/],
    ['no PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request', /PKCE with S256/],
    ['PKCE by plain', { code_challenge_method: 'plain' }, 'invalid_request', /PKCE with S256/],
    ['no PKCE method', { code_challenge_method: '' }, 'invalid_request', /PKCE with S256/],
    ['no redirect_uri', { redirect_uri: '' }, 'invalid_request', /redirect_uri/],
    ['a hybrid flow', { response_type: 'code id_token', nonce: 'n' }, 'unsupported_response_type', /'code'/],
    ['an implicit flow', { response_type: 'token' }, 'unsupported_response_type', /'code'/],
  ];
  for (const [name, parameters, error, description] of REFUSALS) {
    test(`${name}: refused`, async () => {
      const answer = await client.push({ ...wish, ...parameters });
      assert.deepEqual(refusalOf(answer).slice(0, 2), [400, error]);
      assert.match(answer.json.error_description, description);
    });
  }

  test('callbacks with placeholders go on working; a nonce may have 64 characters', async () => {
    const answer = await client.push({ ...wish, redirect_uri: 'https://eu.app.test/callback', nonce: 'n'.repeat(64) });
    assert.equal(answer.status, 201);
  });

  test('a client that is not OIDC conformant is refused', async () => {
    await change(client.client_id, { oidc_conformant: false });
    const answer = await client.push(wish);
    assert.deepEqual(refusalOf(answer).slice(0, 2), [400, 'unauthorized_client']);
    await change(client.client_id, { oidc_conformant: true });
  });

  test('a blocked user is an error of the standard', async () => {
    const blocked = await addPerson(server.ctx, 'blocked@example.test');
    const browser = new Browser(server);
    const first = await browser.openPage(begin(client.client_id, (await client.push(wish)).json.request_uri));
    await browser.submitApp(first, { ...typed, username: 'blocked@example.test' });
    await usersOf(server.ctx).update(blocked.user_id, (user) => ({ ...user, blocked: true }));
    const { request_uri } = (await client.push(wish)).json;
    const { parameters } = await browser.openApp(begin(client.client_id, request_uri));
    assert.deepEqual([parameters.error, parameters.error_description], ['access_denied', 'user is blocked']);
  });
});

describe('FAPI 1.0 Advanced', () => {
  let client: Levelled;
  before(async () => {
    client = await levelled('fapi1_adv_pkj_par');
  });
  const object = (more: Record<string, unknown> = {}) => ({
    iss: client.client_id,
    aud: server.issuer,
    client_id: client.client_id,
    nbf: now(),
    exp: now() + 3600,
    response_type: 'code id_token',
    redirect_uri: CALLBACK,
    scope: 'openid profile',
    state: 'xyz',
    nonce: 'n',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...more,
  });

  test('the ID token is a detached signature: c_hash, s_hash; updated_at is a number', async () => {
    const pushed = await client.push({ request: await client.key.sign(object()) });
    assert.equal(pushed.status, 201, pushed.text);
    const browser = new Browser(server);
    const page = await browser.openPage(begin(client.client_id, pushed.json.request_uri));
    const { url } = await browser.submitApp(page, typed);
    const answer = new URLSearchParams(url.hash.slice(1));
    const claims = payloadOf(answer.get('id_token') ?? '');
    const half = createHash('sha256').update('xyz').digest().subarray(0, 16).toString('base64url');
    assert.equal(claims.s_hash, half);
    assert.ok(claims.c_hash);
    assert.equal(typeof claims.updated_at, 'number');
    assert.equal(answer.get('iss'), null);
  });

  const REFUSED: readonly [string, () => Promise<string>, RegExp][] = [
    ['no nbf', () => client.key.sign(object({ nbf: undefined })), /nbf/],
    ['an nbf of more than an hour ago', () => client.key.sign(object({ nbf: now() - 3601, exp: now() + 1 })), /nbf/],
    ['no exp', () => client.key.sign(object({ exp: undefined })), /exp/],
    ['an exp of more than an hour after nbf', () => client.key.sign(object({ exp: now() + 3601 })), /exp/],
  ];
  for (const [name, make, reason] of REFUSED) {
    test(`a request with ${name}: refused`, async () => {
      const [status, error, description] = refusalOf(await client.push({ request: await make() }));
      assert.deepEqual([status, error], [400, 'invalid_request_object']);
      assert.match(description, reason);
    });
  }

  test('a request that is not signed by PS256 is refused, and so is one that is not signed', async () => {
    const weak = await addClientKey(server.ctx, client.client_id, ['request'], 'RS256');
    const signed = await client.push({ request: await weak.sign(object()) });
    assert.equal(signed.json.error, 'invalid_request_object');
    await change(client.client_id, { signed_request_object: { credentials: [{ id: client.key.id }] } });
    const { iss: _iss, aud: _aud, nbf: _nbf, exp: _exp, ...plain } = object();
    const unsigned = await client.push(plain as Record<string, string>);
    assert.deepEqual(refusalOf(unsigned), [
      400,
      'invalid_request',
      'Signed request objects are required by the configured compliance level',
    ]);
  });

  test('a code alone, and a callback with a placeholder, are refused', async () => {
    const code = await client.push({ request: await client.key.sign(object({ response_type: 'code' })) });
    assert.deepEqual(refusalOf(code).slice(0, 2), [400, 'unsupported_response_type']);
    const redirect_uri = 'https://eu.app.test/callback';
    const placeholder = await client.push({ request: await client.key.sign(object({ redirect_uri })) });
    assert.deepEqual(refusalOf(placeholder).slice(0, 2), [400, 'unauthorized_client']);
  });
});

test('no level, `none` and null demand nothing', async () => {
  for (const compliance_level of [undefined, 'none', null]) {
    const { client_id } = await addApplication(server.ctx);
    await change(client_id, { compliance_level });
    assert.equal((await new Browser(server).openPage(authorizeUrl({ client_id }))).path, '/u/login');
  }
});
