/** Whole logins at every `compliance_level`, over a proxy that forwards certificates, and what the token endpoint and /userinfo refuse there. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { Browser } from '../../../test/browser.ts';
import { issueCertificate, type TestCertificate } from '../../../test/certificates.ts';
import { addClientKey, type ClientKey } from '../../../test/client-keys.ts';
import { addApplication, addPerson, PASSWORD } from '../../../test/fixtures.ts';
import { type RequestOptions, type TestServer, testServer } from '../../../test/server.ts';
import { changeSettings, payloadOf, refusalOf } from '../../../test/token-fixture.ts';
import { clientCredentialsOf, clientsOf } from '../../resources/clients/index.ts';
import { refreshTokensOf } from '../../resources/refresh-tokens/index.ts';

const CALLBACK = 'https://app.test/callback';
const PROXY = '10.20.0.9';
const VERIFIER = 'v'.repeat(43);
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let server: TestServer;
before(async () => {
  server = await testServer({ environment: { COUNTERSIGN_MTLS_PROXIES: '10.20.0.0/16' } });
  await addPerson(server.ctx);
  await changeSettings(server.ctx, { pushed_authorization_requests_supported: true });
});
after(() => server.close());

type Form = Record<string, string | undefined>;
const now = () => Math.floor(server.clock.now() / 1000);

interface Client {
  readonly client_id: string;
  readonly client_secret: string;
  readonly key: ClientKey;
  readonly certificate: TestCertificate;
  readonly level: string;
}

async function addClient(level: string): Promise<Client> {
  const credentials = await addApplication(server.ctx, {
    grant_types: ['authorization_code', 'implicit', 'refresh_token'],
    callbacks: [CALLBACK],
    compliance_level: level,
  });
  const { client_id } = credentials;
  const key = await addClientKey(server.ctx, client_id, ['request', 'assertion'], 'PS256');
  const certificate = issueCertificate(client_id);
  if (level.includes('_pkj_')) return { ...credentials, key, certificate, level };
  const id = `cred_${client_id.slice(0, 22)}`;
  const at = new Date(server.clock.now()).toISOString();
  const thumbprint_sha256 = certificate.thumbprint;
  const shared = { id, client_id, credential_type: 'x509_cert', thumbprint_sha256 } as const;
  await clientCredentialsOf(server.ctx).insert({ ...shared, pem: certificate.cert, created_at: at, updated_at: at });
  await clientsOf(server.ctx).update(client_id, (stored) => ({
    ...stored,
    client_authentication_methods: { self_signed_tls_client_auth: { credentials: [{ id }] } },
  }));
  return { ...credentials, key, certificate, level };
}

let serial = 0;

async function assertion({ client_id, key }: Client, claims: object = {}, signer = key): Promise<Form> {
  serial += 1;
  const own = { iss: client_id, sub: client_id, aud: server.issuer, jti: `jti-${serial}`, exp: now() + 60 };
  const client_assertion = await signer.sign({ ...own, ...claims }, { typ: 'JWT' });
  return { client_assertion_type: ASSERTION_TYPE, client_assertion };
}

const over = ({ cert }: TestCertificate): RequestOptions => ({
  from: PROXY,
  headers: {
    'client-certificate': encodeURIComponent(cert),
    'client-certificate-ca-verified': 'FAILED:self signed certificate',
  },
});

/** A request that proves who the client is as its level wants, over its certificate. */
async function call(client: Client, path: string, form: Form) {
  const proof = client.level.includes('_pkj_') ? await assertion(client) : {};
  return server.post(path, { ...over(client.certificate), form: { client_id: client.client_id, ...proof, ...form } });
}

/** Logs in; answers the code. */
async function codeOf(client: Client, scope = 'openid profile offline_access'): Promise<string> {
  const isFirst = client.level.startsWith('fapi1');
  const wish = {
    response_type: isFirst ? 'code id_token' : 'code',
    redirect_uri: CALLBACK,
    scope,
    state: 'xyz',
    nonce: 'n',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
  };
  const { client_id, key } = client;
  const claims = { iss: client_id, aud: server.issuer, client_id, nbf: now(), exp: now() + 60, ...wish };
  const pushed = await call(client, '/oauth/par', isFirst ? { request: await key.sign(claims) } : wish);
  assert.equal(pushed.status, 201, pushed.text);
  const browser = new Browser(server);
  const begin = `/authorize?${new URLSearchParams({ client_id, request_uri: pushed.json.request_uri })}`;
  const page = await browser.openPage(begin);
  const { url } = await browser.submitApp(page, { username: 'ada@example.test', password: PASSWORD });
  return new URLSearchParams(isFirst ? url.hash.slice(1) : url.search).get('code') ?? '';
}

const exchange = (code: string, more: Form = {}): Form => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: CALLBACK,
  code_verifier: VERIFIER,
  ...more,
});

for (const level of ['fapi1_adv_pkj_par', 'fapi1_adv_mtls_par', 'fapi2_sp_pkj_mtls', 'fapi2_sp_mtls_mtls']) {
  describe(level, () => {
    let client: Client;
    before(async () => {
      client = await addClient(level);
    });
    const isKeyed = level.includes('_pkj_');

    test('a whole login: tokens bound to the certificate, good for its holder alone', async () => {
      const { json } = await call(client, '/oauth/token', exchange(await codeOf(client)));
      assert.equal(typeof payloadOf(json.id_token).updated_at, 'number');
      const authorization = `Bearer ${json.access_token}`;
      const held = over(client.certificate);
      const about = await server.get('/userinfo', { ...held, headers: { ...held.headers, authorization } });
      assert.equal(typeof about.json.updated_at, 'number', about.text);
      if (level.startsWith('fapi1')) assert.match(about.headers['x-fapi-interaction-id'] ?? '', UUID);
      else assert.equal(about.headers['x-fapi-interaction-id'], undefined);
      assert.equal((await server.get('/userinfo', { headers: { authorization } })).status, 401);
      const inBody = await server.post('/userinfo', { ...held, form: { access_token: json.access_token } });
      assert.equal(inBody.status, 401);
      const refreshed = await call(client, '/oauth/token', {
        grant_type: 'refresh_token',
        refresh_token: json.refresh_token,
      });
      assert.equal(refreshed.status, 200, refreshed.text);
    });

    test('no other way to prove who the client is, and none of it costs the code', async () => {
      const code = await codeOf(client);
      const { client_id, client_secret } = client;
      const others: RequestOptions[] = [
        { form: { client_id, client_secret, ...exchange(code) } },
        { ...over(client.certificate), form: { client_id, client_secret, ...exchange(code) } },
        { ...over(issueCertificate('stranger')), form: { client_id, ...exchange(code) } },
        { form: { client_id, ...exchange(code) } },
      ];
      const wrongWay = isKeyed ? {} : await assertion(client);
      others.push({ ...over(client.certificate), form: { client_id, ...wrongWay, ...exchange(code) } });
      for (const options of others) {
        const [status, error] = refusalOf(await server.post('/oauth/token', options));
        assert.deepEqual([status, error], [401, 'invalid_client'], JSON.stringify(options.form));
      }
      assert.equal((await call(client, '/oauth/token', exchange(code))).status, 200);
    });

    test('errors are those of RFC 6749', async () => {
      const code = await codeOf(client);
      const wrong = await call(client, '/oauth/token', exchange(code, { code_verifier: 'w'.repeat(43) }));
      assert.deepEqual(refusalOf(wrong), [400, 'invalid_grant', 'Failed to verify code verifier']);
      assert.equal((await call(client, '/oauth/token', exchange(code))).status, 200);
      const again = await call(client, '/oauth/token', exchange(code));
      assert.deepEqual(refusalOf(again), [400, 'invalid_grant', 'Invalid authorization code']);
      const grant = await call(client, '/oauth/token', { grant_type: 'client_credentials', audience: 'urn:x' });
      assert.deepEqual(refusalOf(grant).slice(0, 2), [400, 'unauthorized_client']);
    });
  });
}

describe('private_key_jwt under a level', () => {
  for (const [level, isStrict] of [
    ['fapi1_adv_pkj_par', false],
    ['fapi2_sp_pkj_mtls', true],
  ] as const) {
    test(`${level}: ${isStrict ? 'the audience is the issuer alone, as text' : 'the token endpoint may be the audience'}`, async () => {
      const client = await addClient(level);
      const push = async (claims: object) => {
        const form = { client_id: client.client_id, response_type: 'x', ...(await assertion(client, claims)) };
        return server.post('/oauth/par', { ...over(client.certificate), form });
      };
      // Past authentication the request itself is refused, by another status.
      for (const aud of [`${server.issuer}oauth/token`, [server.issuer]])
        assert.equal((await push({ aud })).status, isStrict ? 401 : 400, JSON.stringify(aud));
      assert.equal((await push({ aud: 'https://elsewhere.test/' })).status, 401);
      assert.equal((await push({})).status, 400);
    });
  }

  test('RS256 signs nothing there', async () => {
    const client = await addClient('fapi2_sp_pkj_mtls');
    const weak = await addClientKey(server.ctx, client.client_id, ['assertion'], 'RS256');
    const form = { client_id: client.client_id, response_type: 'code', ...(await assertion(client, {}, weak)) };
    assert.equal((await server.post('/oauth/par', { ...over(client.certificate), form })).status, 401);
  });

  test('without a certificate there are no tokens, and the code is still good', async () => {
    const client = await addClient('fapi2_sp_pkj_mtls');
    const code = await codeOf(client);
    const before = await refreshTokensOf(server.ctx).count();
    const form = { client_id: client.client_id, ...(await assertion(client)), ...exchange(code) };
    const bare = await server.post('/oauth/token', { form });
    assert.deepEqual(refusalOf(bare), [400, 'invalid_request', 'Proof-of-Possession is required']);
    assert.equal(await refreshTokensOf(server.ctx).count(), before);
    assert.equal((await call(client, '/oauth/token', exchange(code))).status, 200);
  });

  test('a code of FAPI 2.0 lives a minute', async () => {
    const client = await addClient('fapi2_sp_pkj_mtls');
    const code = await codeOf(client);
    server.clock.advance(60);
    assert.equal((await call(client, '/oauth/token', exchange(code))).json.error, 'invalid_grant');
  });
});

test('the caller’s own interaction id comes back, nonsense does not', async () => {
  const client = await addClient('fapi1_adv_pkj_par');
  const { json } = await call(client, '/oauth/token', exchange(await codeOf(client)));
  const look = async (id: string) => {
    const held = over(client.certificate);
    const headers = { ...held.headers, authorization: `Bearer ${json.access_token}`, 'x-fapi-interaction-id': id };
    return (await server.get('/userinfo', { ...held, headers })).headers['x-fapi-interaction-id'];
  };
  const own = 'c770aef3-6784-41f7-8e0e-ff5f97bddb3a';
  assert.equal(await look(own), own);
  assert.match((await look('<script>')) ?? '', UUID);
});
