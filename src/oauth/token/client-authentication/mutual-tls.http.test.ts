/** RFC 8705: clients that prove themselves by a certificate, over real TLS and through a proxy, and what is bound to it. */
import assert from 'node:assert/strict';
import { Agent, request } from 'node:https';
import { after, before, test } from 'node:test';
import { createAuthority, issueCertificate, type TestCertificate } from '../../../../test/certificates.ts';
import { createProver } from '../../../../test/dpop.ts';
import { managementToken } from '../../../../test/management.ts';
import { type Answer, listenLocally, type TestServer, testServer } from '../../../../test/server.ts';
import {
  API,
  addApi,
  addClientGrant,
  addCode,
  addDatabase,
  addUser,
  CALLBACK,
  payloadOf,
  refusalOf,
} from '../../../../test/token-fixture.ts';
import { type DevelopmentAuthority, issueServerCertificate } from '../../../platform/crypto/index.ts';
import { clientCredentialsOf, clientsOf } from '../../../resources/clients/index.ts';
import { resourceServersOf } from '../../../resources/resource-servers/index.ts';

const UNAUTHORIZED = [401, 'access_denied', 'Unauthorized'];
const PROXY = '10.20.0.9';

let server: TestServer;
let bearer: string;
let authority: DevelopmentAuthority;
let serverAuthority: DevelopmentAuthority;
let tlsUrl: string;
let plainUrl: string;

before(async () => {
  server = await testServer({ environment: { COUNTERSIGN_MTLS_PROXIES: '10.20.0.0/16, 2001:db8::7' } });
  await addApi(server.ctx, { proof_of_possession: { mechanism: 'mtls', required: false } });
  authority = await createAuthority();
  serverAuthority = await createAuthority();
  const own = await issueServerCertificate(serverAuthority, { hosts: ['localhost'], now: Date.now() });
  const tls = { key: own.privateKeyPem, cert: own.certPem, clientAuthorities: authority.certPem };
  ({ tlsUrl, url: plainUrl } = await listenLocally(server, tls));
  bearer = await managementToken(server, ['create:clients', 'update:clients', 'create:client_credentials']);
});
after(() => server.close());

type Answered = Pick<Answer, 'status' | 'headers' | 'text' | 'json'>;

interface Call {
  readonly form?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly agent?: Agent;
}

/** A request over TLS that shows `shown`. */
function callTls(
  shown: TestCertificate | undefined,
  path: string,
  { form, headers = {}, agent }: Call,
): Promise<Answered> {
  const own = shown ? { cert: shown.cert, key: shown.key } : {};
  const type: Record<string, string> = form ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
  const options = {
    ...own,
    ca: serverAuthority.certPem,
    agent: agent ?? new Agent({ maxCachedSessions: 0 }),
    method: form ? 'POST' : 'GET',
    headers: { ...type, ...headers },
  };
  return new Promise((resolve, reject) => {
    const call = request(`${tlsUrl}${path}`, options, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString();
        const answered = { status: answer.statusCode ?? 0, headers: answer.headers as Answer['headers'], text };
        resolve({
          ...answered,
          get json() {
            return JSON.parse(text);
          },
        });
      });
    });
    call.on('error', reject);
    call.end(form && new URLSearchParams(form).toString());
  });
}

type Method = 'tls_client_auth' | 'self_signed_tls_client_auth';

/** A machine-to-machine client made through the Management API. */
async function addCertificateClient(method: Method, credentials: readonly object[]): Promise<string> {
  const json = {
    name: 'With a certificate',
    app_type: 'non_interactive',
    oidc_conformant: true,
    client_authentication_methods: { [method]: { credentials } },
    grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
    callbacks: [CALLBACK],
  };
  const made = await server.post('/api/v2/clients', { bearer, json });
  assert.equal(made.status, 201, made.text);
  await addClientGrant(server.ctx, made.json.client_id, ['read:things']);
  return made.json.client_id;
}

const registered = ({ cert }: TestCertificate) => ({ credential_type: 'x509_cert', name: 'own', pem: cert });
const form = (client_id: string) => ({ client_id, grant_type: 'client_credentials', audience: API });
const ask = (shown: TestCertificate | undefined, client_id: string, more: Call = {}) =>
  callTls(shown, '/oauth/token', { ...more, form: { ...form(client_id), ...more.form } });

test('a registered self-signed certificate authenticates, and the token is bound to it', async () => {
  const own = issueCertificate('self-signed');
  const clientId = await addCertificateClient('self_signed_tls_client_auth', [registered(own)]);
  const answer = await ask(own, clientId);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.token_type, 'Bearer');
  assert.deepEqual(payloadOf(answer.json.access_token).cnf, { 'x5t#S256': own.thumbprint });
});

test('every other certificate, none, and one without TLS are refused alike', async () => {
  const own = issueCertificate('the one');
  const clientId = await addCertificateClient('self_signed_tls_client_auth', [registered(own)]);
  const other = await addCertificateClient('self_signed_tls_client_auth', [registered(issueCertificate('another'))]);
  const wrong = [
    await ask(issueCertificate('the one'), clientId),
    await ask(issueCertificate('the one', authority), clientId),
    await ask(undefined, clientId),
    await ask(own, other),
    await ask(own, 'nobody'),
    await ask(own, clientId, { form: { client_secret: 'whatever' } }),
    await server.post('/oauth/token', { form: form(clientId), headers: { host: new URL(plainUrl).host } }),
  ];
  for (const answer of wrong) assert.deepEqual(refusalOf(answer as Answer), UNAUTHORIZED);
  assert.equal((await ask(own, clientId)).status, 200);
  const nameless = await callTls(own, '/oauth/token', { form: { grant_type: 'client_credentials', audience: API } });
  assert.deepEqual(refusalOf(nameless as Answer), [401, 'invalid_client', 'Missing client_id']);
});

test('an expired certificate is refused, and a removed one', async () => {
  const own = issueCertificate('short-lived', undefined, 30);
  const second = issueCertificate('the next');
  const clientId = await addCertificateClient('self_signed_tls_client_auth', [registered(own), registered(second)]);
  assert.equal((await ask(own, clientId)).status, 200);
  const credentials = await clientCredentialsOf(server.ctx).list({ where: { client_id: clientId } });
  const [ending] = credentials.filter(({ thumbprint_sha256 }) => thumbprint_sha256 === own.thumbprint);
  const ended = new Date(server.clock.now() - 1000).toISOString();
  await clientCredentialsOf(server.ctx).update(ending?.id ?? '', (one) => ({ ...one, expires_at: ended }));
  assert.deepEqual(refusalOf((await ask(own, clientId)) as Answer), UNAUTHORIZED);
  assert.equal((await ask(second, clientId)).status, 200);
  // The credential may be said to last; the certificate is over all the same.
  const end = Date.parse(credentials.find(({ id }) => id === ending?.id)?.expires_at ?? '');
  await clientCredentialsOf(server.ctx).update(ending?.id ?? '', ({ expires_at: _ended, ...one }) => one);
  assert.equal((await ask(own, clientId)).status, 200);
  server.clock.advance((end - server.clock.now()) / 1000 + 1);
  assert.deepEqual(refusalOf((await ask(own, clientId)) as Answer), UNAUTHORIZED);
  server.clock.reset();
});

test('tls_client_auth: any certificate of a trusted authority with the registered subject', async () => {
  const sample = issueCertificate('billing.example.test', authority);
  const clientId = await addCertificateClient('tls_client_auth', [
    { credential_type: 'cert_subject_dn', pem: sample.cert },
  ]);
  const renewed = issueCertificate('billing.example.test', authority);
  for (const shown of [sample, renewed]) {
    const answer = await ask(shown, clientId);
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(payloadOf(answer.json.access_token).cnf, { 'x5t#S256': shown.thumbprint });
  }
  const strangers = {
    'self-signed': issueCertificate('billing.example.test'),
    'of another authority': issueCertificate('billing.example.test', await createAuthority()),
    "of the server's own authority": issueCertificate('billing.example.test', serverAuthority),
    'of another subject': issueCertificate('shipping.example.test', authority),
    expired: issueCertificate('billing.example.test', authority, -1),
  };
  for (const [what, shown] of Object.entries(strangers)) {
    assert.deepEqual(refusalOf((await ask(shown, clientId)) as Answer), UNAUTHORIZED, what);
  }
  assert.deepEqual(refusalOf((await ask(undefined, clientId)) as Answer), UNAUTHORIZED);
});

test('a subject may be registered as text', async () => {
  const shown = issueCertificate('by-name', authority);
  const byName = [{ credential_type: 'cert_subject_dn', subject_dn: shown.subject }];
  assert.equal((await ask(shown, await addCertificateClient('tls_client_auth', byName))).status, 200);
});

test('a resumed connection shows the certificate of the first, an open one the same', async () => {
  const own = issueCertificate('resumes', authority);
  const clientId = await addCertificateClient('tls_client_auth', [
    { credential_type: 'cert_subject_dn', pem: own.cert },
  ]);
  for (const agent of [new Agent({ keepAlive: true, maxSockets: 1 }), new Agent({ keepAlive: false })]) {
    for (let call = 0; call < 3; call++)
      assert.equal((await ask(own, clientId, { agent })).status, 200, `call ${call}`);
    agent.destroy();
  }
});

const through = ({ cert }: TestCertificate, verdict: string) => ({
  'client-certificate': encodeURIComponent(cert),
  'client-certificate-ca-verified': verdict,
});
const forwarded = (client_id: string, from: string, headers: Record<string, string>) =>
  server.post('/oauth/token', { form: form(client_id), headers, from });

test('a proxy that is named forwards certificates, and what it found out about them', async () => {
  const self = issueCertificate('behind a proxy');
  const own = await addCertificateClient('self_signed_tls_client_auth', [registered(self)]);
  const issued = issueCertificate('proxied.example.test', authority);
  const byName = await addCertificateClient('tls_client_auth', [
    { credential_type: 'cert_subject_dn', pem: issued.cert },
  ]);
  const failed = through(self, 'FAILED:self signed certificate');
  const answer = await forwarded(own, PROXY, failed);
  assert.deepEqual(payloadOf(answer.json.access_token).cnf, { 'x5t#S256': self.thumbprint });
  for (const from of [`::ffff:${PROXY}`, '2001:db8::7']) assert.equal((await forwarded(own, from, failed)).status, 200);
  assert.equal((await forwarded(byName, PROXY, through(issued, 'SUCCESS'))).status, 200);
  for (const verdict of ['FAILED', 'FAILED:expired', 'NONE', '', 'SUCCESSFUL', 'success', 'SUCCESS, FAILED']) {
    assert.deepEqual(refusalOf(await forwarded(byName, PROXY, through(issued, verdict))), UNAUTHORIZED, verdict);
  }
});

test('the headers of everybody else are ignored, whatever they say about themselves', async () => {
  const issued = issueCertificate('spoofed.example.test', authority);
  const clientId = await addCertificateClient('tls_client_auth', [
    { credential_type: 'cert_subject_dn', pem: issued.cert },
  ]);
  const spoofed = { ...through(issued, 'SUCCESS'), 'x-forwarded-for': PROXY, 'x-real-ip': PROXY };
  for (const from of ['10.21.0.9', '127.0.0.1', '2001:db8::8', '203.0.113.5']) {
    assert.deepEqual(refusalOf(await forwarded(clientId, from, spoofed)), UNAUTHORIZED, from);
  }
  // Over TLS, beside a certificate of one's own.
  const answer = await ask(issueCertificate('attacker', authority), clientId, { headers: spoofed });
  assert.deepEqual(refusalOf(answer as Answer), UNAUTHORIZED);
});

test('a proxy that forwards nonsense forwards no certificate', async () => {
  const issued = issueCertificate('nonsense.example.test', authority);
  const clientId = await addCertificateClient('tls_client_auth', [
    { credential_type: 'cert_subject_dn', pem: issued.cert },
  ]);
  const right = through(issued, 'SUCCESS');
  for (const value of [
    '',
    '%',
    'nonsense',
    '%00',
    'x'.repeat(9000),
    `${right['client-certificate']}, ${encodeURIComponent(issueCertificate('x').cert)}`,
  ]) {
    const answer = await forwarded(clientId, PROXY, { ...right, 'client-certificate': value });
    assert.deepEqual(refusalOf(answer), UNAUTHORIZED, value.slice(0, 20));
  }
});

test('a bound token opens /userinfo for the holder of the certificate alone, under either scheme', async () => {
  const own = issueCertificate('reads the profile');
  const clientId = await addCertificateClient('self_signed_tls_client_auth', [registered(own)]);
  const user = await addUser(server.ctx, await addDatabase(server.ctx, 'users', [clientId]));
  const code = await addCode(server.ctx, { client_id: clientId, user_id: user.user_id });
  const exchange = { client_id: clientId, grant_type: 'authorization_code', code, redirect_uri: CALLBACK };
  const refused = await callTls(issueCertificate('thief'), '/oauth/token', { form: exchange });
  assert.deepEqual(refusalOf(refused as Answer), UNAUTHORIZED);
  const { json: tokens } = await callTls(own, '/oauth/token', { form: exchange });
  const look = (shown: TestCertificate | undefined, scheme: string) =>
    callTls(shown, '/userinfo', { headers: { authorization: `${scheme} ${tokens.access_token}` } });
  for (const scheme of ['Bearer', 'DPoP']) {
    assert.equal((await look(own, scheme)).json.sub, user.user_id);
    for (const shown of [undefined, issueCertificate('thief')]) {
      const answer = await look(shown, scheme);
      assert.deepEqual([answer.status, answer.text], [401, 'Unauthorized']);
      assert.match(String(answer.headers['www-authenticate']), /error="invalid_token"/);
    }
  }
  const refresh = { client_id: clientId, grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
  assert.equal((await callTls(own, '/oauth/token', { form: refresh })).status, 200);
  const revoke = { client_id: clientId, token: tokens.refresh_token };
  const unproved = await callTls(issueCertificate('thief'), '/oauth/revoke', { form: revoke });
  assert.deepEqual(refusalOf(unproved as Answer), UNAUTHORIZED);
  assert.equal((await callTls(own, '/oauth/token', { form: refresh })).status, 200, 'it was not revoked');
  assert.equal((await callTls(own, '/oauth/revoke', { form: revoke })).status, 200);
  assert.equal((await callTls(own, '/oauth/token', { form: refresh })).json.error, 'invalid_grant');
});

test('an API that demands certificates gets no unbound tokens; other clients’ certificates bind nothing for public ones', async () => {
  const { id = '' } = (await resourceServersOf(server.ctx).find({ identifier: API })) ?? {};
  const demand = (required: boolean) =>
    resourceServersOf(server.ctx).update(id, (api) => ({
      ...api,
      proof_of_possession: { mechanism: 'mtls', required },
    }));
  await demand(true);
  const json = {
    name: 'By secret',
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_post',
  };
  const reader = await managementToken(server, ['create:clients', 'read:client_keys']);
  const { client_id, client_secret } = (await server.post('/api/v2/clients', { bearer: reader, json })).json;
  await addClientGrant(server.ctx, client_id, ['read:things']);
  const without = await server.post('/oauth/token', { form: { ...form(client_id), client_secret } });
  assert.deepEqual(refusalOf(without), [400, 'invalid_request', 'Proof-of-Possession is required']);
  const shown = issueCertificate('of a client with a secret');
  const bound = await ask(shown, client_id, { form: { client_secret } });
  assert.deepEqual(payloadOf(bound.json.access_token).cnf, { 'x5t#S256': shown.thumbprint });
  await demand(false);
  await clientsOf(server.ctx).update(client_id, (client) => ({ ...client, require_proof_of_possession: true }));
  const demanding = await server.post('/oauth/token', { form: { ...form(client_id), client_secret } });
  assert.deepEqual(refusalOf(demanding), [400, 'invalid_request', 'Proof-of-Possession is required']);
});

test('mtls.<domain> leads to the same tenant, and discovery names it where the tenant wants it', async () => {
  const own = issueCertificate('by the alias');
  const clientId = await addCertificateClient('self_signed_tls_client_auth', [registered(own)]);
  const headers = { host: `mtls.${server.host}` };
  const aliased = await server.post('/oauth/token', {
    form: form(clientId),
    headers: { ...through(own, 'FAILED'), ...headers },
    from: PROXY,
  });
  assert.equal(payloadOf(aliased.json.access_token).iss, server.issuer);
  const dpop = createProver(server.clock).proof(`https://mtls.${server.host}/oauth/token`);
  const both = { ...through(own, 'FAILED'), ...headers, dpop };
  assert.equal((await server.post('/oauth/token', { form: form(clientId), headers: both, from: PROXY })).status, 200);
  const discover = async () => (await server.get('/.well-known/openid-configuration', { headers })).json;
  const before = await discover();
  assert.equal('mtls_endpoint_aliases' in before, false);
  assert.equal(before.tls_client_certificate_bound_access_tokens, true);
  const settings = await managementToken(server, ['update:tenant_settings']);
  const mtls = { enable_endpoint_aliases: true };
  await server.request('PATCH', '/api/v2/tenants/settings', { bearer: settings, json: { mtls } });
  assert.equal((await discover()).mtls_endpoint_aliases.token_endpoint, 'https://mtls.tenant.test/oauth/token');
  assert.equal((await server.get('/userinfo', { headers: { host: 'mtls.nobody.test' } })).status, 404);
});
