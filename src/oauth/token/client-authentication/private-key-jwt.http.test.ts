/** RFC 7523: clients that sign assertions with keys that were registered through the Management API. */
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { after, before, test } from 'node:test';
import { issueCertificate } from '../../../../test/certificates.ts';
import { managementToken } from '../../../../test/management.ts';
import { type Answer, type TestServer, type TestTenant, testServer } from '../../../../test/server.ts';
import { API, addApi, addClientGrant, refusalOf } from '../../../../test/token-fixture.ts';
import { importSigner, type JwtMembers, signJwt } from '../../../platform/crypto/index.ts';
import {
  clientCredentialsOf,
  clientsOf,
  type StoredClient,
  sealClientSecret,
} from '../../../resources/clients/index.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const UNAUTHORIZED = [401, 'access_denied', 'Unauthorized'];
const KID = 'the-first-key';

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  await addApi(server.ctx);
  await addApi(server.other.ctx);
  bearer = await managementToken(server, ['create:clients', 'update:clients', 'create:client_credentials']);
});
after(() => server.close());

type Alg = 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'ES256' | 'ES384';

interface Key {
  readonly alg: Alg;
  readonly pem: string;
  readonly privateKey: KeyObject;
}

const CURVES: Partial<Record<Alg, string>> = { ES256: 'P-256', ES384: 'P-384' };

function makeKey(alg: Alg): Key {
  const namedCurve = CURVES[alg];
  const { publicKey, privateKey } = namedCurve
    ? generateKeyPairSync('ec', { namedCurve })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { alg, pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(), privateKey };
}

const register = ({ pem, alg }: Key, more: object = {}) => ({
  credential_type: 'public_key',
  pem,
  alg,
  kid: KID,
  ...more,
});

async function addKeyClient(credentials: readonly object[], tenant: TestTenant = server): Promise<string> {
  const token =
    tenant === server ? bearer : await managementToken(tenant, ['create:clients', 'create:client_credentials']);
  const json = {
    name: 'With a key',
    app_type: 'non_interactive',
    client_authentication_methods: { private_key_jwt: { credentials } },
    grant_types: ['client_credentials'],
  };
  const made = await tenant.post('/api/v2/clients', { bearer: token, json });
  assert.equal(made.status, 201, made.text);
  await addClientGrant(tenant.ctx, made.json.client_id, ['read:things']);
  return made.json.client_id;
}

let count = 0;
const now = () => Math.floor(server.clock.now() / 1000);

/** An assertion of `client_id`; `claims` are laid over it, and `alg` and `kid` over the key's own. */
function assertionOf(
  key: Key,
  client_id: string,
  claims: JwtMembers = {},
  { alg = key.alg, kid = KID as string | undefined } = {},
) {
  const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const own = { iss: client_id, sub: client_id, aud: server.issuer, exp: now() + 120, jti: `jti-${count++}` };
  return signJwt(importSigner(pem, kid, alg), { ...own, ...claims });
}

const present = (client_assertion: string, form: Record<string, string> = {}, tenant: TestTenant = server) =>
  tenant.post('/oauth/token', {
    form: {
      grant_type: 'client_credentials',
      audience: API,
      client_assertion,
      client_assertion_type: ASSERTION_TYPE,
      ...form,
    },
  });
const outcome = ({ status, json }: Answer) => [status, json.error];

test('every algorithm that a credential may have', async () => {
  for (const alg of ['RS256', 'RS384', 'PS256', 'PS384', 'ES256', 'ES384'] as const) {
    const key = makeKey(alg);
    const clientId = await addKeyClient([register(key)]);
    assert.equal((await present(await assertionOf(key, clientId))).status, 200, alg);
  }
  const { json } = await server.get('/.well-known/openid-configuration');
  const listed = json.token_endpoint_auth_signing_alg_values_supported;
  assert.deepEqual(listed, ['RS256', 'RS384', 'PS256', 'PS384', 'ES256', 'ES384']);
});

test('it works once, however many send it at a time, for the issuer or the token endpoint', async () => {
  const key = makeKey('ES256');
  const clientId = await addKeyClient([register(key)]);
  const assertion = await assertionOf(key, clientId);
  const answers = await Promise.all(Array.from({ length: 20 }, () => present(assertion)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  const replay = [401, 'invalid_client', 'Invalid client assertion: jti was used before'];
  assert.deepEqual(refusalOf(await present(assertion)), replay);
  const aud = `${server.issuer}oauth/token`;
  assert.equal((await present(await assertionOf(key, clientId, { aud }), { client_id: clientId })).status, 200);
});

test('the algorithm is the credential’s, not the header’s choice', async () => {
  const key = makeKey('PS256');
  const clientId = await addKeyClient([register(key)]);
  for (const alg of ['RS256', 'RS384', 'RS512', 'PS384'] as const) {
    assert.deepEqual(refusalOf(await present(await assertionOf(key, clientId, {}, { alg }))), UNAUTHORIZED, alg);
  }
  const [, payload = ''] = (await assertionOf(key, clientId)).split('.');
  const encode = (header: object) => Buffer.from(JSON.stringify(header)).toString('base64url');
  for (const alg of ['none', 'None', 'NONE']) {
    assert.equal((await present(`${encode({ alg, kid: KID })}.${payload}.`)).status, 401, alg);
    assert.equal((await present(`${encode({ alg, kid: KID })}.${payload}.AAAA`)).status, 401, alg);
  }
  const input = `${encode({ alg: 'HS256', kid: KID })}.${payload}`;
  const mac = createHmac('sha256', key.pem).update(input).digest('base64url');
  assert.deepEqual(refusalOf(await present(`${input}.${mac}`)), UNAUTHORIZED);
  assert.equal((await present(await assertionOf(key, clientId))).status, 200);
});

test('keys come from the registration alone, and what is critical is refused', async () => {
  const own = makeKey('ES256');
  const attacker = makeKey('ES256');
  const clientId = await addKeyClient([register(own)]);
  const pem = attacker.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const claims = { iss: clientId, sub: clientId, aud: server.issuer, exp: now() + 60 };
  const signed = (key: string, extraHeader: Readonly<JwtMembers>) =>
    signJwt(importSigner(key, KID, 'ES256'), { ...claims, jti: `jti-${count++}` }, { extraHeader });
  const jwk = attacker.privateKey.export({ format: 'jwk' });
  for (const header of [{ jwk }, { jku: 'https://attacker.test/jwks' }, { x5u: 'https://attacker.test/cert' }]) {
    assert.deepEqual(refusalOf(await present(await signed(pem, header))), UNAUTHORIZED, JSON.stringify(header));
  }
  const right = own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  assert.deepEqual(refusalOf(await present(await signed(right, { crit: ['exp'] }))), UNAUTHORIZED);
  assert.equal((await present(await signed(right, {}))).status, 200);
});

test('assertions that claim too much or too little are refused, in words that say nothing of the client', async () => {
  const key = makeKey('ES256');
  const clientId = await addKeyClient([register(key)]);
  const wrong: JwtMembers[] = [
    { aud: 'https://elsewhere.test/' },
    { aud: server.other.issuer },
    { aud: [server.issuer, 'https://elsewhere.test/'] },
    { aud: [] },
    { aud: undefined },
    { exp: now() + 400 },
    { exp: now() - 60 },
    { exp: String(now() + 60) },
    { exp: undefined },
    { jti: undefined },
    { jti: 'x'.repeat(65) },
    { jti: 7 },
    { iss: 'somebody' },
    { sub: 'somebody' },
    { nbf: now() + 60 },
    { iat: now() + 60 },
    { filler: 'x'.repeat(2048) },
  ];
  for (const claims of wrong) {
    const answer = await present(await assertionOf(key, clientId, claims));
    assert.deepEqual(outcome(answer), [401, 'invalid_client'], JSON.stringify(claims));
    const ofNobody = { iss: 'nobody', sub: 'nobody', ...claims };
    const unknown = await present(await assertionOf(key, 'nobody', ofNobody));
    assert.equal(unknown.json.error_description, answer.json.error_description);
  }
  const slow = await assertionOf(key, clientId, { iat: now() + 9, nbf: now() + 9, exp: now() - 9 });
  assert.equal((await present(slow)).status, 200, 'clocks may differ by ten seconds');
});

test('an assertion is of one client in one tenant', async () => {
  const key = makeKey('ES256');
  const clientId = await addKeyClient([register(key)]);
  const other = await addKeyClient([register(makeKey('ES256'))]);
  assert.deepEqual(refusalOf(await present(await assertionOf(key, other))), UNAUTHORIZED);
  assert.deepEqual(refusalOf(await present(await assertionOf(key, clientId), { client_id: other })), UNAUTHORIZED);
  assert.deepEqual(refusalOf(await present(await assertionOf(key, 'nobody'))), UNAUTHORIZED);
  const abroad = await addKeyClient([register(key)], server.other);
  assert.deepEqual(refusalOf(await present(await assertionOf(key, abroad))), UNAUTHORIZED);
  const forHere = await assertionOf(key, abroad);
  assert.deepEqual(outcome(await present(forHere, {}, server.other)), [401, 'invalid_client']);
  const forThere = await assertionOf(key, abroad, { aud: server.other.issuer });
  assert.equal((await present(forThere, {}, server.other)).status, 200);
});

test('two keys stand side by side; the name chooses, and lends no other key’s algorithm', async () => {
  const [older, newer] = [makeKey('RS256'), makeKey('ES256')];
  const clientId = await addKeyClient([register(older), register(newer)]);
  for (const key of [older, newer]) assert.equal((await present(await assertionOf(key, clientId))).status, 200);
  const asPs = await assertionOf(older, clientId, {}, { alg: 'PS256' });
  assert.deepEqual(refusalOf(await present(asPs)), UNAUTHORIZED);
  const nameless = await assertionOf(newer, clientId, {}, { kid: undefined });
  assert.equal((await present(nameless)).status, 200);
  const misnamed = await assertionOf(newer, clientId, {}, { kid: '../../etc/passwd' });
  assert.deepEqual(refusalOf(await present(misnamed)), UNAUTHORIZED);
});

test('a key that has expired, by its own word or its certificate’s, signs no more', async () => {
  const key = makeKey('ES256');
  const soon = new Date(server.clock.now() + 60_000).toISOString();
  const clientId = await addKeyClient([register(key, { expires_at: soon })]);
  assert.equal((await present(await assertionOf(key, clientId))).status, 200);
  server.clock.advance(61);
  assert.deepEqual(refusalOf(await present(await assertionOf(key, clientId))), UNAUTHORIZED);
  const { cert } = issueCertificate('signs assertions', undefined, 100);
  const parsed = { credential_type: 'public_key', pem: cert, alg: 'ES256', parse_expiry_from_cert: true };
  const [credential] = await clientCredentialsOf(server.ctx).list({
    where: { client_id: await addKeyClient([parsed]) },
  });
  assert.match(credential?.expires_at ?? '', /^20\d\d-/);
});

test('a client with a key has no use for a secret, nor one with a secret for a key', async () => {
  const key = makeKey('ES256');
  const clientId = await addKeyClient([register(key)]);
  const { client_secret_sealed: _sealed, ...known } = (await clientsOf(server.ctx).get(clientId)) as StoredClient;
  const client_secret = 'a-secret-of-our-own-that-is-long-enough';
  await clientsOf(server.ctx).put({ ...known, ...sealClientSecret(server.ctx, clientId, client_secret) });
  const form = { grant_type: 'client_credentials', audience: API, client_id: clientId, client_secret };
  assert.equal((await present(await assertionOf(key, clientId))).status, 200);
  assert.deepEqual(refusalOf(await server.post('/oauth/token', { form })), UNAUTHORIZED);
  const json = { token_endpoint_auth_method: 'client_secret_post', client_authentication_methods: null };
  assert.equal((await server.request('PATCH', `/api/v2/clients/${clientId}`, { bearer, json })).status, 200);
  assert.equal((await server.post('/oauth/token', { form })).status, 200);
  assert.deepEqual(refusalOf(await present(await assertionOf(key, clientId))), UNAUTHORIZED);
});

test('the form around it: its type, one of it, nothing besides', async () => {
  const key = makeKey('ES256');
  const clientId = await addKeyClient([register(key)]);
  const assertion = await assertionOf(key, clientId);
  const typed = (client_assertion_type: string) => present(assertion, { client_assertion_type });
  assert.deepEqual(outcome(await typed('')), [400, 'invalid_request']);
  assert.deepEqual(outcome(await typed('urn:ietf:params:oauth:client-assertion-type:saml2-bearer')), [
    400,
    'invalid_request',
  ]);
  assert.deepEqual(outcome(await present(assertion, { client_id: clientId, client_secret: 'x' })), [
    400,
    'invalid_request',
  ]);
  assert.equal((await present(assertion)).status, 200, 'none of them used it up');
});

test('a compliance level wants its own method, algorithms and audience', async () => {
  const key = makeKey('ES256');
  const clientId = await addKeyClient([register(key)]);
  const level = (compliance_level: string) =>
    clientsOf(server.ctx).update(clientId, (client) => ({ ...client, compliance_level }));
  const NEEDS_CERTIFICATE = [400, 'invalid_request', 'Proof-of-Possession is required'];
  await level('fapi2_sp_pkj_mtls');
  assert.deepEqual(refusalOf(await present(await assertionOf(key, clientId))), NEEDS_CERTIFICATE);
  for (const aud of [`${server.issuer}oauth/token`, [server.issuer]]) {
    assert.deepEqual(refusalOf(await present(await assertionOf(key, clientId, { aud }))), UNAUTHORIZED);
  }
  await level('fapi1_adv_pkj_par');
  assert.deepEqual(refusalOf(await present(await assertionOf(key, clientId))), UNAUTHORIZED);
  await level('fapi2_sp_mtls_mtls');
  assert.deepEqual(refusalOf(await present(await assertionOf(key, clientId))), UNAUTHORIZED);
});
