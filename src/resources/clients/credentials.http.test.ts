import assert from 'node:assert/strict';
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { currentSigningKey } from '../keys/index.ts';

const publicPem = (bits = 2048) =>
  generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ type: 'spki', format: 'pem' }).toString();

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, [
    'create:clients',
    'read:clients',
    'read:client_keys',
    'update:clients',
    ...['create', 'read', 'update', 'delete'].map((verb) => `${verb}:client_credentials`),
  ]);
});
after(() => server.close());

async function makeClient(json: object = {}): Promise<{ client_id: string } & Record<string, never>> {
  const answer = await server.post('/api/v2/clients', { bearer, json: { name: 'With keys', ...json } });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

const at = (id: string, credential = '') => `/api/v2/clients/${id}/credentials${credential && `/${credential}`}`;
const add = (id: string, json: object) => server.post(at(id), { bearer, json });

test('a public key is named by its thumbprint and not shown again', async () => {
  const { client_id } = await makeClient();
  const pem = publicPem();
  const { status, json } = await add(client_id, { credential_type: 'public_key', name: 'first', pem });
  assert.equal(status, 201);
  const { e, kty, n } = createPublicKey(pem).export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');
  assert.match(json.id, /^cred_[A-Za-z0-9]{22}$/);
  const at10 = '2026-01-15T10:00:00.000Z';
  const expected = {
    id: json.id,
    name: 'first',
    credential_type: 'public_key',
    kid,
    alg: 'RS256',
    created_at: at10,
    updated_at: at10,
  };
  assert.deepEqual(json, expected);
  assert.deepEqual((await server.get(at(client_id), { bearer })).json, [expected]);
  assert.deepEqual((await server.get(at(client_id, json.id), { bearer })).json, expected);
});

test('an expiry is set, moved and lifted', async () => {
  const { client_id } = await makeClient();
  const made = (
    await add(client_id, { credential_type: 'public_key', pem: publicPem(), expires_at: '2027-01-01T00:00:00Z' })
  ).json;
  assert.equal(made.expires_at, '2027-01-01T00:00:00.000Z');
  const change = (expires_at: unknown) =>
    server.request('PATCH', at(client_id, made.id), { bearer, json: { expires_at } });
  assert.equal((await change('2028-01-01T00:00:00+02:00')).json.expires_at, '2027-12-31T22:00:00.000Z');
  assert.equal('expires_at' in (await change(null)).json, false);
  assert.equal((await change('soon')).status, 400);
});

test('certificates give their expiry, their subject and their thumbprint', async () => {
  const { client_id } = await makeClient();
  const { cert } = await currentSigningKey(server.ctx);
  const key = (await add(client_id, { credential_type: 'public_key', pem: cert, parse_expiry_from_cert: true })).json;
  assert.equal(key.expires_at, '2039-09-24T10:00:00.000Z');
  const subject = (await add(client_id, { credential_type: 'cert_subject_dn', pem: cert })).json;
  assert.equal(subject.subject_dn, 'CN=tenant.test');
  const other = await makeClient();
  const certificate = (await add(other.client_id, { credential_type: 'x509_cert', pem: cert })).json;
  assert.match(certificate.thumbprint_sha256, /^[A-Za-z0-9_-]{43}$/);
});

test('refused, nothing kept: unreadable, short, private keys; a third credential', async () => {
  const { client_id } = await makeClient();
  const secret = generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  for (const pem of ['nonsense', publicPem(1024), secret]) {
    const { status, json } = await add(client_id, { credential_type: 'public_key', pem });
    assert.equal(status, 400);
    assert.equal(json.errorCode, 'invalid_body');
  }
  assert.equal((await add(client_id, { credential_type: 'public_key' })).status, 400);
  assert.deepEqual((await server.get(at(client_id), { bearer })).json, []);
  for (const status of [201, 201, 400]) {
    assert.equal((await add(client_id, { credential_type: 'public_key', pem: publicPem() })).status, status);
  }
});

test('a client made with a key shows it once, then by id, and has no secret', async () => {
  const methods = {
    private_key_jwt: { credentials: [{ credential_type: 'public_key', name: 'k', pem: publicPem() }] },
  };
  const made: Record<string, never> & { client_id: string } = await makeClient({
    client_authentication_methods: methods,
  });
  const [shown] = (made as never as { client_authentication_methods: typeof methods }).client_authentication_methods
    .private_key_jwt.credentials;
  assert.deepEqual(Object.keys(shown ?? {}).sort(), [
    'alg',
    'created_at',
    'credential_type',
    'id',
    'kid',
    'name',
    'updated_at',
  ]);
  const { json } = await server.get(`/api/v2/clients/${made.client_id}`, { bearer });
  const { id } = shown as never as { id: string };
  assert.deepEqual(json.client_authentication_methods, { private_key_jwt: { credentials: [{ id }] } });
  assert.equal('client_secret' in json || 'token_endpoint_auth_method' in json, false);
  const kept = await server.request('DELETE', at(made.client_id, id), { bearer });
  assert.equal(kept.status, 400);
});

test('methods are switched by naming both sides; foreign credentials are refused', async () => {
  const { client_id } = await makeClient({ token_endpoint_auth_method: 'client_secret_post' });
  const { id } = (await add(client_id, { credential_type: 'public_key', pem: publicPem() })).json;
  const methods = (credential: string) => ({ private_key_jwt: { credentials: [{ id: credential }] } });
  const patch = (json: object) => server.request('PATCH', `/api/v2/clients/${client_id}`, { bearer, json });
  assert.equal((await patch({ client_authentication_methods: methods(id) })).status, 400);
  const other = await makeClient();
  const foreign = (await add(other.client_id, { credential_type: 'public_key', pem: publicPem() })).json.id;
  const wrong = await patch({ client_authentication_methods: methods(foreign), token_endpoint_auth_method: null });
  assert.equal(wrong.status, 400);
  const right = await patch({ client_authentication_methods: methods(id), token_endpoint_auth_method: null });
  assert.equal(right.status, 200);
  assert.equal('token_endpoint_auth_method' in right.json, false);
  const back = await patch({ client_authentication_methods: null, token_endpoint_auth_method: 'client_secret_post' });
  assert.equal(back.json.token_endpoint_auth_method, 'client_secret_post');
  assert.equal((await server.request('DELETE', at(client_id, id), { bearer })).status, 204);
  assert.equal((await server.request('DELETE', at(client_id, id), { bearer })).status, 204);
  assert.equal((await server.get(at(client_id, foreign), { bearer })).status, 404);
});

test('signed_request_object: whether requests must be signed is changed without naming the keys again', async () => {
  const { client_id } = await makeClient();
  const { id } = (await add(client_id, { credential_type: 'public_key', pem: publicPem() })).json;
  const set = async (signed_request_object: object | null, more: object = {}) => {
    const json = { ...more, signed_request_object };
    const answer = await server.request('PATCH', `/api/v2/clients/${client_id}`, { bearer, json });
    assert.equal(answer.status, 200, answer.text);
    return answer.json.signed_request_object;
  };
  const credentials = [{ id }];
  assert.deepEqual(await set({ credentials }), { credentials });
  assert.deepEqual(await set({ required: true }), { required: true, credentials });
  assert.equal((await server.request('DELETE', at(client_id, id), { bearer })).status, 400, 'in use');
  assert.deepEqual(await set({ credentials, required: false }), { required: false, credentials });
  const authentication = { client_authentication_methods: null, token_endpoint_auth_method: 'client_secret_post' };
  assert.equal(await set(null, authentication), undefined);
  assert.equal((await server.request('DELETE', at(client_id, id), { bearer })).status, 204);
});

test('each method takes credentials of the client alone', async () => {
  const { cert } = await currentSigningKey(server.ctx);
  const methods = { tls_client_auth: 'cert_subject_dn', self_signed_tls_client_auth: 'x509_cert' };
  for (const [method, credential_type] of Object.entries(methods)) {
    const [{ client_id }, other] = [await makeClient(), await makeClient()];
    const added = async (client: string) => (await add(client, { credential_type, pem: cert })).json.id;
    const use = (id: string) => {
      const json = { client_authentication_methods: { [method]: { credentials: [{ id }] } } };
      return server.request('PATCH', `/api/v2/clients/${client_id}`, { bearer, json });
    };
    const before = (await server.get(`/api/v2/clients/${client_id}`, { bearer })).json;
    const foreign = await use(await added(other.client_id));
    assert.deepEqual([foreign.status, foreign.json.errorCode], [400, 'invalid_body'], foreign.text);
    assert.deepEqual((await server.get(`/api/v2/clients/${client_id}`, { bearer })).json, before);
    const id = await added(client_id);
    const own = await use(id);
    assert.deepEqual(own.json.client_authentication_methods, { [method]: { credentials: [{ id }] } }, own.text);
  }
});

test('a subject must be readable, and stand alone', async () => {
  const { client_id } = await makeClient();
  const named = (subject_dn: string) => add(client_id, { credential_type: 'cert_subject_dn', subject_dn });
  for (const wrong of ['nonsense', 'CN=', 'CN=ok\n', '=x', 'CN=a\nbroken']) {
    const { status, json } = await named(wrong);
    assert.deepEqual([status, json.errorCode], [400, 'invalid_body'], JSON.stringify(wrong));
  }
  assert.equal((await named('C=XX\nO=Company\n2.5.4.3=name')).status, 201);
  const { cert } = await currentSigningKey(server.ctx);
  const both = await add(client_id, { credential_type: 'cert_subject_dn', subject_dn: 'CN=x', pem: cert });
  assert.equal(both.status, 400);
  assert.equal((await add(client_id, { credential_type: 'cert_subject_dn' })).status, 400);
  assert.equal((await add(client_id, { credential_type: 'x509_cert', pem: publicPem() })).status, 400);
});

test('the algorithm and the key belong together', async () => {
  const ec = (namedCurve: string) =>
    generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const { client_id } = await makeClient();
  const wrong = [
    { pem: ec('P-256') },
    { pem: ec('P-256'), alg: 'ES384' },
    { pem: ec('P-384'), alg: 'ES256' },
    { pem: publicPem(), alg: 'ES256' },
    { pem: publicPem(), alg: 'HS256' },
    { pem: publicPem(), alg: 'none' },
    { pem: publicPem(), kid: 'short' },
    { pem: publicPem(), kid: '../../etc/passwd' },
  ];
  for (const body of wrong) {
    assert.equal((await add(client_id, { credential_type: 'public_key', ...body })).status, 400, JSON.stringify(body));
  }
  const { status, json } = await add(client_id, { credential_type: 'public_key', pem: ec('P-384'), alg: 'ES384' });
  assert.deepEqual([status, json.alg], [201, 'ES384']);
});

test('a method takes credentials of its own type, two at most; those in use make room for the next', async () => {
  const { client_id } = await makeClient();
  const keys = [];
  for (let count = 0; count < 2; count++) {
    keys.push({ id: (await add(client_id, { credential_type: 'public_key', pem: publicPem() })).json.id });
  }
  const { cert } = await currentSigningKey(server.ctx);
  const certificate = { id: (await add(client_id, { credential_type: 'x509_cert', pem: cert })).json.id };
  const use = (method: string, credentials: object[]) =>
    server.request('PATCH', `/api/v2/clients/${client_id}`, {
      bearer,
      json: { client_authentication_methods: { [method]: { credentials } }, token_endpoint_auth_method: null },
    });
  assert.equal((await use('private_key_jwt', [certificate])).status, 400);
  assert.equal((await use('tls_client_auth', [certificate])).status, 400);
  assert.equal((await use('self_signed_tls_client_auth', [keys[0] ?? {}])).status, 400);
  assert.equal((await use('private_key_jwt', keys)).status, 200);
  const third = { id: (await add(client_id, { credential_type: 'public_key', pem: publicPem() })).json.id };
  const { status, json } = await use('private_key_jwt', [...keys, third]);
  assert.deepEqual([status, json.message], [400, 'A client can have at most 2 credentials.']);
  const pems = [1, 2, 3].map(() => ({ credential_type: 'public_key', pem: publicPem() }));
  const whole = { name: 'Three', client_authentication_methods: { private_key_jwt: { credentials: pems } } };
  assert.equal((await server.post('/api/v2/clients', { bearer, json: whole })).status, 400);
});

test('a new client brings keys of its own only where the caller may make credentials', async () => {
  const half = await managementToken(server, ['create:clients', 'read:clients']);
  const whole = await managementToken(server, ['create:clients', 'create:client_credentials']);
  const create = (token: string, json: object) => server.post('/api/v2/clients', { bearer: token, json });
  const credentials = [{ credential_type: 'public_key', pem: publicPem() }];
  const keyed = { name: 'With its own keys', client_authentication_methods: { private_key_jwt: { credentials } } };
  const refused = await create(half, keyed);
  const text = 'Insufficient scope, expected any of: create:client_credentials';
  assert.deepEqual([refused.status, refused.json.message, refused.json.errorCode], [403, text, 'insufficient_scope']);
  const { json } = await server.get('/api/v2/clients?per_page=100', { bearer });
  assert.ok(!(json as never as { name: string }[]).some(({ name }) => name === keyed.name), 'none was made');
  assert.equal((await create(half, { name: 'Without' })).status, 201);
  assert.equal((await create(whole, keyed)).status, 201);
});
