/**
 * Every MFA grant and the MFA API under every way in which a client says who it is: by name, by a secret in the body or the header, by an
 * assertion, by a certificate; and with tokens that are bound to a key.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { totpAt } from '../../src/platform/crypto/index.ts';
import { clientCredentialsOf, clientsOf, type StoredClient } from '../../src/resources/clients/index.ts';
import { createAuthority, issueCertificate, type TestCertificate } from '../certificates.ts';
import { addClientKey } from '../client-keys.ts';
import { createProver } from '../dpop.ts';
import {
  addApplication,
  addPerson,
  addPublicApplication,
  CONNECTION,
  MFA_OOB,
  MFA_OTP,
  MFA_RECOVERY_CODE,
  PASSWORD,
  PASSWORD_REALM,
  useFactors,
} from '../fixtures.ts';
import { type Answer, type RequestOptions, type TestServer, testServer } from '../server.ts';

const SMS = { authenticator_types: ['oob'], oob_channels: ['sms'], phone_number: '+15551239167' };
const PROXY = '10.0.0.1';

let server: TestServer;
let people = 0;

before(async () => {
  server = await testServer({ environment: { COUNTERSIGN_MTLS_PROXIES: PROXY } });
});
after(() => server.close());

interface Identity {
  readonly form?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly from?: string;
}

interface TestedClient {
  /** How it says who it is, for one request. */
  readonly identify: () => Promise<Identity> | Identity;
  /** What goes with a request of `method` to `path` besides, and with an access token. */
  readonly prove?: (method: string, path: string, token?: string) => Record<string, string>;
}

/** A request in the name of the client: what it is called with, and what it proves. */
async function call(client: TestedClient, path: string, form: Record<string, string>): Promise<Answer> {
  const { form: own = {}, headers = {}, from } = await client.identify();
  const proved = client.prove?.('POST', path) ?? {};
  return server.post(path, {
    form: { ...own, ...form },
    headers: { ...headers, ...proved },
    ...(from ? { from } : {}),
  });
}

/** A request with an access token of the MFA API. */
function callApi({ prove }: TestedClient, method: string, path: string, token: string, json?: object): Promise<Answer> {
  const headers = prove ? { authorization: `DPoP ${token}`, ...prove(method, path, token) } : {};
  const options: RequestOptions = prove ? { headers } : { bearer: token };
  return server.request(method, path, { ...options, ...(json ? { json } : {}) });
}

const ok = (answer: Answer) => {
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};
const lastCode = async () => (await server.messages({ channel: 'sms' }))[0]?.code ?? '';
/** Of a step that was not used before: an app's clock goes on. */
function nextOtp(secret: string): string {
  server.clock.advance(30);
  return totpAt(secret, server.clock.now());
}

/** Enrols an app and a phone while logged in, then logs in with each of them and with the recovery code. */
async function goThrough(client: TestedClient): Promise<void> {
  people += 1;
  const username = `person${people}@example.test`;
  await addPerson(server.ctx, username);
  const login = { grant_type: PASSWORD_REALM, realm: CONNECTION, username, password: PASSWORD };
  await useFactors(server.ctx, ['otp', 'sms', 'recovery-code']);
  const manage = { audience: `${server.issuer}mfa/`, scope: 'enroll read:authenticators remove:authenticators' };
  const { access_token } = ok(await call(client, '/oauth/token', { ...login, ...manage }));

  const app = ok(await callApi(client, 'POST', '/mfa/associate', access_token, { authenticator_types: ['otp'] }));
  const otp = nextOtp(app.secret);
  const confirmed = ok(await call(client, '/oauth/token', { grant_type: MFA_OTP, mfa_token: access_token, otp }));
  assert.equal(confirmed.scope, 'enroll read:authenticators remove:authenticators');
  assert.equal(confirmed.token_type, client.prove ? 'DPoP' : 'Bearer');
  const phone = ok(await callApi(client, 'POST', '/mfa/associate', confirmed.access_token, SMS));
  const sent = { mfa_token: confirmed.access_token, oob_code: phone.oob_code, binding_code: await lastCode() };
  ok(await call(client, '/oauth/token', { grant_type: MFA_OOB, ...sent }));
  const listed = ok(await callApi(client, 'GET', '/mfa/authenticators', confirmed.access_token));
  const types = listed.map(({ type }: { type: string }) => type);
  for (const type of ['otp', 'phone', 'recovery-code']) assert.ok(types.includes(type), types.join());

  await useFactors(server.ctx, ['otp', 'sms', 'recovery-code'], ['all-applications']);
  const stop = async () => (await call(client, '/oauth/token', login)).json.mfa_token;
  ok(await call(client, '/oauth/token', { grant_type: MFA_OTP, mfa_token: await stop(), otp: nextOtp(app.secret) }));
  const mfa_token = await stop();
  const { oob_code } = ok(await call(client, '/mfa/challenge', { mfa_token, challenge_type: 'oob' }));
  ok(await call(client, '/oauth/token', { grant_type: MFA_OOB, mfa_token, oob_code, binding_code: await lastCode() }));
  const [recovery_code] = app.recovery_codes;
  const recovered = { grant_type: MFA_RECOVERY_CODE, mfa_token: await stop(), recovery_code };
  assert.match(ok(await call(client, '/oauth/token', recovered)).recovery_code, /^[A-Z1-9]{24}$/);
  await useFactors(server.ctx, ['sms']);
}

async function change(client_id: string, changes: Partial<StoredClient>): Promise<void> {
  await clientsOf(server.ctx).update(client_id, (stored) => ({ ...stored, ...changes }));
}

test('a public client', async () => {
  const { client_id } = await addPublicApplication(server.ctx);
  await goThrough({ identify: () => ({ form: { client_id } }) });
});

test('a client with its secret in the body', async () => {
  const credentials = await addApplication(server.ctx);
  await goThrough({ identify: () => ({ form: { ...credentials } }) });
});

test('a client with its secret in the header', async () => {
  const { client_id, client_secret } = await addApplication(server.ctx, {
    token_endpoint_auth_method: 'client_secret_basic',
  });
  const basic = Buffer.from(`${client_id}:${client_secret}`).toString('base64');
  await goThrough({ identify: () => ({ form: { client_id }, headers: { authorization: `Basic ${basic}` } }) });
});

test('a client with a key', async () => {
  const { client_id } = await addApplication(server.ctx);
  const key = await addClientKey(server.ctx, client_id, ['assertion']);
  let calls = 0;
  await goThrough({
    async identify() {
      const exp = Math.floor(server.clock.now() / 1000) + 60;
      const claims = { iss: client_id, sub: client_id, aud: server.issuer, exp, jti: `call-${calls++}` };
      const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
      return { form: { client_assertion_type, client_assertion: await key.sign(claims, { typ: 'JWT' }) } };
    },
  });
});

/** Through the proxy: `CertificateClient` over TLS is in `mutual-tls.http.test.ts`. */
const shows = (client_id: string, { cert }: TestCertificate, verdict: string): TestedClient => ({
  identify: () => ({
    form: { client_id },
    headers: { 'client-certificate': encodeURIComponent(cert), 'client-certificate-ca-verified': verdict },
    from: PROXY,
  }),
});

async function addCertificate(
  client_id: string,
  method: 'tls_client_auth' | 'self_signed_tls_client_auth',
  { subject, thumbprint }: TestCertificate,
): Promise<void> {
  const id = `cred_${client_id.slice(0, 22)}`;
  const now = new Date(server.clock.now()).toISOString();
  const own = { id, client_id, created_at: now, updated_at: now };
  await clientCredentialsOf(server.ctx).insert(
    method === 'tls_client_auth'
      ? { ...own, credential_type: 'cert_subject_dn', subject_dn: subject }
      : { ...own, credential_type: 'x509_cert', thumbprint_sha256: thumbprint },
  );
  const methods = { [method]: { credentials: [{ id }] } };
  await change(client_id, { token_endpoint_auth_method: null, client_authentication_methods: methods });
}

test('a client with a certificate of an authority', async () => {
  const { client_id } = await addApplication(server.ctx);
  const certificate = issueCertificate('mfa.example.test', await createAuthority());
  await addCertificate(client_id, 'tls_client_auth', certificate);
  await goThrough(shows(client_id, certificate, 'SUCCESS'));
});

test('a client with a certificate of its own making', async () => {
  const { client_id } = await addApplication(server.ctx);
  const certificate = issueCertificate('self-signed');
  await addCertificate(client_id, 'self_signed_tls_client_auth', certificate);
  await goThrough(shows(client_id, certificate, 'FAILED:self signed certificate'));
});

/** Sends a proof with every request, a fresh nonce in it where public clients need one. */
async function withDpop(identify: TestedClient['identify']): Promise<TestedClient> {
  const prover = createProver(server.clock);
  const url = (path: string) => `${server.url}${path}`;
  const { form = {} } = await identify();
  const asked = await server.post('/oauth/token', {
    form: { ...form, grant_type: PASSWORD_REALM },
    headers: { dpop: prover.proof(url('/oauth/token')) },
  });
  const nonce = asked.headers['dpop-nonce'];
  return {
    identify,
    prove: (method, path, token) => ({
      dpop: prover.proof(url(path), { method, ...(nonce ? { nonce } : {}), ...(token ? { token } : {}) }),
    }),
  };
}

test('a public client with a DPoP key', async () => {
  const { client_id } = await addPublicApplication(server.ctx);
  await goThrough(await withDpop(() => ({ form: { client_id } })));
});

test('a confidential client with a DPoP key', async () => {
  const credentials = await addApplication(server.ctx);
  await goThrough(await withDpop(() => ({ form: { ...credentials } })));
});

test('a bound token of the MFA API is of no use to anybody else', async () => {
  await useFactors(server.ctx, ['otp']);
  const { client_id } = await addPublicApplication(server.ctx);
  const username = 'bound@example.test';
  await addPerson(server.ctx, username);
  const identify = () => ({ form: { client_id } });
  const [owner, thief] = [await withDpop(identify), await withDpop(identify)];
  const login = { grant_type: PASSWORD_REALM, realm: CONNECTION, username, password: PASSWORD };
  const wish = { ...login, audience: `${server.issuer}mfa/`, scope: 'enroll' };
  const { access_token } = ok(await call(owner, '/oauth/token', wish));
  const otpOnly = { authenticator_types: ['otp'] };
  const asBearer = await server.post('/mfa/associate', { bearer: access_token, json: otpOnly });
  assert.deepEqual([asBearer.status, asBearer.json.error], [401, 'invalid_token']);
  assert.match(String(asBearer.headers['www-authenticate']), /^DPoP error="invalid_token".*algs="ES256"$/);
  const stolen = await callApi(thief, 'POST', '/mfa/associate', access_token, otpOnly);
  assert.deepEqual([stolen.status, stolen.json.error], [401, 'invalid_token']);
  const { secret } = ok(await callApi(owner, 'POST', '/mfa/associate', access_token, otpOnly));
  const otp = nextOtp(secret);
  const grant = { grant_type: MFA_OTP, mfa_token: access_token, otp };
  for (const other of [thief, { identify }]) {
    const answer = await call(other, '/oauth/token', grant);
    assert.deepEqual([answer.status, answer.json.error_description], [403, 'Malformed mfa_token']);
  }
  ok(await call(owner, '/oauth/token', grant));
});

test('a client is not challenged for a grant that it may not use', async () => {
  const application = await addApplication(server.ctx, { grant_types: [PASSWORD_REALM, MFA_OTP] });
  people += 1;
  const username = `person${people}@example.test`;
  await addPerson(server.ctx, username);
  await useFactors(server.ctx, ['otp', 'sms']);
  const credentials = { ...application };
  const login = { grant_type: PASSWORD_REALM, realm: CONNECTION, username, password: PASSWORD, ...credentials };
  const manage = { audience: `${server.issuer}mfa/`, scope: 'enroll' };
  const { access_token } = ok(await server.post('/oauth/token', { form: { ...login, ...manage } }));
  const phone = ok(await server.post('/mfa/associate', { bearer: access_token, json: SMS }));
  assert.ok(phone.oob_code);
  const sent = (await server.messages()).length;
  const challenge = (challenge_type: string) =>
    server.post('/mfa/challenge', { json: { ...credentials, mfa_token: access_token, challenge_type } });
  const refused = await challenge('oob');
  assert.deepEqual(
    [refused.status, refused.json.error, refused.json.error_description],
    [403, 'unauthorized_client', `Grant type '${MFA_OOB}' not allowed for the client.`],
  );
  assert.notEqual((await challenge('otp oob')).json.challenge_type, 'oob');
  assert.equal((await server.messages()).length, sent, 'no message left');
});
