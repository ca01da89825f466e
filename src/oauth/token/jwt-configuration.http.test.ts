/** `jwt_configuration` of a client, as the Management API takes it and as its ID tokens show it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type Answer, type TestServer, testServer } from '../../../test/server.ts';
import { addCode, addDatabase, addUser, CALLBACK } from '../../../test/token-fixture.ts';
import { decodeJwt, type JWK, type VerificationAlgorithm, verifyJwt } from '../../platform/crypto/index.ts';
import type { Client } from '../../resources/clients/index.ts';
import type { User } from '../../resources/users/index.ts';

let server: TestServer;
let bearer: string;
let user: User;

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, ['create:clients', 'read:clients', 'update:clients', 'update:client_keys']);
  user = await addUser(server.ctx, await addDatabase(server.ctx, 'db', []));
});
after(() => server.close());

const BASE = { name: 'App', oidc_conformant: true, callbacks: [CALLBACK] };

const create = (body: object): Promise<Answer> =>
  server.post('/api/v2/clients', {
    bearer,
    json: { ...BASE, token_endpoint_auth_method: 'client_secret_post', ...body },
  });
const change = (id: string, body: object): Promise<Answer> =>
  server.request('PATCH', `/api/v2/clients/${id}`, { bearer, json: body });

async function made(body: object): Promise<Client> {
  const answer = await create(body);
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

async function idTokenFor({ client_id, client_secret = '' }: Client): Promise<string> {
  const code = await addCode(server.ctx, { client_id, user_id: user.user_id });
  const form = { grant_type: 'authorization_code', client_id, client_secret, redirect_uri: CALLBACK, code };
  const answer = await server.post('/oauth/token', { form });
  assert.equal(answer.status, 200, answer.text);
  return answer.json.id_token;
}

/** The payload, if what the tenant publishes verifies the token. */
async function verifyWithJwks(token: string, algorithm: VerificationAlgorithm) {
  const keys: JWK[] = (await server.get('/.well-known/jwks.json')).json.keys.map(({ alg: _alg, ...key }: JWK) => key);
  const verified = await verifyJwt(token, { keys, algorithms: [algorithm], nowMs: server.clock.now() });
  return verified.payload;
}

const algOf = (token: string) => decodeJwt(token)?.header.alg;

test('alg: the next ID token is signed as the last change says, and what the tenant publishes verifies it', async () => {
  const client = await made({ jwt_configuration: { alg: 'RS256' } });
  for (const alg of ['RS256', 'RS512', 'PS256'] as const) {
    assert.equal((await change(client.client_id, { jwt_configuration: { alg } })).status, 200);
    const token = await idTokenFor(client);
    assert.equal(algOf(token), alg);
    assert.equal((await verifyWithJwks(token, alg)).sub, user.user_id);
    const hinted = (hint: string) => server.get('/oidc/logout', { query: { id_token_hint: hint } });
    const [taken, tampered] = [await hinted(token), await hinted(`${token.slice(0, -8)}AAAAAAAA`)];
    assert.deepEqual([taken.status, tampered.status], [200, 400], taken.text);
  }
  await change(client.client_id, { jwt_configuration: { alg: 'HS256' } });
  const token = await idTokenFor(client);
  const keys = () => Buffer.from(client.client_secret ?? '');
  const { payload } = await verifyJwt(token, { keys, algorithms: ['HS256'], nowMs: server.clock.now() });
  assert.equal(payload.sub, user.user_id);
  const refused = await change(client.client_id, { jwt_configuration: { alg: 'none' } });
  assert.equal(refused.status, 400);
  assert.equal(algOf(await idTokenFor(client)), 'HS256');
});

test('HS256 is not for clients that keep no secret, unless they are older than OpenID Connect', async () => {
  const settings = { token_endpoint_auth_method: 'none', app_type: 'spa', jwt_configuration: { alg: 'HS256' } };
  const conformant = await made(settings);
  assert.equal(algOf(await idTokenFor(conformant)), 'RS256');
  const older = await made({ ...settings, oidc_conformant: false });
  assert.equal(algOf(await idTokenFor(older)), 'HS256');
});

test('lifetime_in_seconds: how long the ID token lives; one that would be dead at once is refused', async () => {
  const client = await made({ jwt_configuration: { lifetime_in_seconds: 1 } });
  const lifetime = async () => {
    const { iat, exp } = decodeJwt(await idTokenFor(client))?.payload ?? {};
    return Number(exp) - Number(iat);
  };
  assert.equal(await lifetime(), 1);
  await change(client.client_id, { jwt_configuration: { lifetime_in_seconds: 77 } });
  assert.equal(await lifetime(), 77);
  for (const seconds of [0, -1, 2_147_483_648, 1.5, '60']) {
    const refused = await change(client.client_id, { jwt_configuration: { lifetime_in_seconds: seconds } });
    assert.equal(refused.status, 400, String(seconds));
    assert.equal(refused.json.error, 'Bad Request');
    assert.equal((await create({ jwt_configuration: { lifetime_in_seconds: seconds } })).status, 400);
  }
  assert.equal(await lifetime(), 77);
});

test('a change of one member keeps the others', async () => {
  const client = await made({ jwt_configuration: { alg: 'PS256', lifetime_in_seconds: 60 } });
  const changed = await change(client.client_id, { jwt_configuration: { lifetime_in_seconds: 90 } });
  assert.deepEqual(changed.json.jwt_configuration, { secret_encoded: false, alg: 'PS256', lifetime_in_seconds: 90 });
  assert.equal(algOf(await idTokenFor(client)), 'PS256');
});

test('secret_encoded: HS256 signs with the bytes that the secret stands for, and refuses a secret that is no base64', async () => {
  const client = await made({ jwt_configuration: { alg: 'HS256', secret_encoded: true } });
  const verify = (keys: () => Buffer, token: string) =>
    verifyJwt(token, { keys, algorithms: ['HS256'], nowMs: server.clock.now() });
  const secret = client.client_secret ?? '';
  const refused = await change(client.client_id, { client_secret: 'no base64 at all!' });
  assert.equal(refused.status, 400);
  assert.match(refused.json.message, /client_secret must be base64/);
  const { payload } = await verify(() => Buffer.from(secret, 'base64'), await idTokenFor(client));
  assert.equal(payload.sub, user.user_id);
  await change(client.client_id, { jwt_configuration: { secret_encoded: false } });
  assert.equal((await verify(() => Buffer.from(secret), await idTokenFor(client))).payload.sub, user.user_id);
});
