import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type TestServer, testServer } from '../../../test/server.ts';
import { API, addApi, addClient, addClientGrant, type Credentials, refusalOf } from '../../../test/token-fixture.ts';
import { importSigner, signJwt } from '../../platform/crypto/index.ts';
import { clientCredentialsOf } from '../../resources/clients/index.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const UNAUTHORIZED = [401, 'access_denied', 'Unauthorized'];

let server: TestServer;
let client: Credentials;

before(async () => {
  server = await testServer();
  await addApi(server.ctx);
  client = await addClient(server.ctx);
  await addClientGrant(server.ctx, client.client_id, ['read:things']);
});
after(() => server.close());

const ask = (form: Record<string, string | undefined>, headers: Record<string, string> = {}) =>
  server.post('/oauth/token', { form: { grant_type: 'client_credentials', audience: API, ...form }, headers });
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

test('a secret may come in the body or in the header', async () => {
  assert.equal((await ask({ ...client })).status, 200);
  assert.equal((await ask({}, basic(client.client_id, client.client_secret))).status, 200);
  const encoded = [...client.client_secret].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
  assert.equal((await ask({}, basic(client.client_id, encoded))).status, 200);
  assert.equal((await ask({ client_id: client.client_id }, basic(client.client_id, client.client_secret))).status, 200);
});

test('unknown client, wrong secret and no secret get the same answer', async () => {
  const wrong = [
    await ask({ client_id: 'nobody', client_secret: client.client_secret }),
    await ask({ client_id: client.client_id, client_secret: `${client.client_secret}x` }),
    await ask({ client_id: client.client_id }),
    await ask({ client_id: 'nobody' }),
  ];
  for (const answer of wrong) {
    assert.deepEqual(refusalOf(answer), UNAUTHORIZED);
    assert.equal(answer.headers['www-authenticate'], undefined);
  }
  const byHeader = await ask({}, basic(client.client_id, 'wrong'));
  assert.deepEqual(refusalOf(byHeader), UNAUTHORIZED);
  assert.match(String(byHeader.headers['www-authenticate']), /^Basic /);
});

test('without a name, or with two proofs, it is refused', async () => {
  assert.deepEqual(refusalOf(await ask({})), [401, 'invalid_client', 'Missing client_id']);
  const twice = await ask({ ...client }, basic(client.client_id, client.client_secret));
  assert.deepEqual([twice.status, twice.json.error], [400, 'invalid_request']);
  const both = await ask({ ...client, client_assertion: 'a.b.c', client_assertion_type: ASSERTION_TYPE });
  assert.deepEqual([both.status, both.json.error], [400, 'invalid_request']);
  const repeated = await server.post('/oauth/token', {
    form: `grant_type=client_credentials&client_id=${client.client_id}&client_id=${client.client_id}`,
  });
  assert.deepEqual([repeated.status, repeated.json.error], [400, 'invalid_request']);
});

test('the grant type is read first, and known before it is allowed', async () => {
  const missing = await server.post('/oauth/token', { form: { client_id: 'nobody' } });
  assert.deepEqual(refusalOf(missing), [400, 'invalid_request', 'Missing required parameter: grant_type']);
  const empty = await ask({ grant_type: '', client_id: 'nobody' });
  assert.deepEqual(refusalOf(empty), [400, 'invalid_request', 'Missing required parameter: grant_type']);
  const unknown = await ask({ ...client, grant_type: 'implicit' });
  assert.deepEqual(refusalOf(unknown), [403, 'unsupported_grant_type', 'Unsupported grant type: implicit']);
  assert.deepEqual(refusalOf(await ask({ grant_type: 'implicit', client_id: 'nobody' })), UNAUTHORIZED);
  const typed = await server.post('/oauth/token', { json: { grant_type: 7 } });
  assert.deepEqual([typed.status, typed.json.error], [400, 'invalid_request']);
});

/** A client that proves itself with a key, and a way to sign for it. */
async function addKeyClient(alg: 'RS256' | 'PS256' = 'RS256') {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const id = `cred_${server.ctx.random.bytes(8).toString('hex')}`;
  const added = await addClient(server.ctx, {
    token_endpoint_auth_method: null,
    client_authentication_methods: { private_key_jwt: { credentials: [{ id }] } },
  });
  const now = new Date(server.clock.now()).toISOString();
  await clientCredentialsOf(server.ctx).insert({
    id,
    client_id: added.client_id,
    credential_type: 'public_key',
    kid: 'k1',
    alg,
    pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    created_at: now,
    updated_at: now,
  });
  await addClientGrant(server.ctx, added.client_id, ['read:things']);
  let count = 0;
  const sign = (claims: Record<string, unknown> = {}, signedWith: 'RS256' | 'PS256' | 'RS384' = alg) =>
    signJwt(importSigner(pem, 'k1', signedWith), {
      iss: added.client_id,
      sub: added.client_id,
      aud: server.issuer,
      exp: Math.floor(server.clock.now() / 1000) + 120,
      jti: `jti-${count++}`,
      ...claims,
    });
  const present = (client_assertion: string, form: Record<string, string> = {}) =>
    ask({ client_assertion, client_assertion_type: ASSERTION_TYPE, ...form });
  return { ...added, sign, present };
}

test('an assertion signed with the registered key and algorithm works, once', async () => {
  const keyed = await addKeyClient();
  const assertion = await keyed.sign();
  assert.equal((await keyed.present(assertion)).status, 200);
  assert.deepEqual(refusalOf(await keyed.present(assertion)), [
    401,
    'invalid_client',
    'Invalid client assertion: jti was used before',
  ]);
  const atTokenEndpoint = await keyed.sign({ aud: `${server.issuer}oauth/token` });
  assert.equal((await keyed.present(atTokenEndpoint, { client_id: keyed.client_id })).status, 200);
  const parallel = await keyed.sign();
  const answers = await Promise.all(Array.from({ length: 20 }, () => keyed.present(parallel)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
});

test('its algorithm is the key’s, not the header’s choice', async () => {
  const keyed = await addKeyClient('PS256');
  assert.equal((await keyed.present(await keyed.sign())).status, 200);
  assert.deepEqual(refusalOf(await keyed.present(await keyed.sign({}, 'RS256'))), UNAUTHORIZED);
  const unsigned = (await keyed.sign()).split('.').slice(0, 2).join('.');
  const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
  assert.equal((await keyed.present(`${none}.${unsigned.split('.')[1]}.`)).status, 401);
});

test('assertions that claim too much are refused', async () => {
  const keyed = await addKeyClient();
  const now = Math.floor(server.clock.now() / 1000);
  const wrong: Record<string, unknown>[] = [
    { aud: 'https://elsewhere.test/' },
    { aud: [server.issuer, 'https://elsewhere.test/'] },
    { exp: now + 400 },
    { exp: now - 60 },
    { exp: undefined },
    { jti: undefined },
    { jti: 'x'.repeat(65) },
    { iss: 'somebody' },
    { nbf: now + 60 },
    { filler: 'x'.repeat(2048) },
  ];
  for (const claims of wrong) {
    const answer = await keyed.present(await keyed.sign(claims));
    assert.deepEqual([answer.status, answer.json.error], [401, 'invalid_client'], JSON.stringify(claims));
  }
  const other = await addKeyClient();
  assert.deepEqual(
    refusalOf(await keyed.present(await keyed.sign({ iss: other.client_id, sub: other.client_id }))),
    UNAUTHORIZED,
  );
  assert.deepEqual(refusalOf(await keyed.present(await keyed.sign(), { client_id: other.client_id })), UNAUTHORIZED);
});

test('a client with a key has no use for its secret', async () => {
  const keyed = await addKeyClient();
  const { client_id, client_secret } = keyed;
  assert.deepEqual(refusalOf(await ask({ client_id, client_secret })), UNAUTHORIZED);
});
