/** RFC 9449 at the token endpoint: which proofs are taken, what is bound to them, and who may use that afterwards. */
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createProver, type ProofOptions, type Prover } from '../../../test/dpop.ts';
import { type Answer, type TestServer, testServer } from '../../../test/server.ts';
import {
  API,
  addApi,
  addClient,
  addClientGrant,
  addCode,
  addDatabase,
  addUser,
  CALLBACK,
  type Credentials,
  logTypes,
  payloadOf,
  refusalOf,
} from '../../../test/token-fixture.ts';
import { clientsOf } from '../../resources/clients/index.ts';
import { type ResourceServer, resourceServersOf } from '../../resources/resource-servers/index.ts';
import type { User } from '../../resources/users/index.ts';
import { authorizationCodesOf } from '../authorization-code.store.ts';

const NEEDS_PROOF = [400, 'invalid_request', 'Proof-of-Possession is required'];
const UNKNOWN_TOKEN = [403, 'invalid_grant', 'Unknown or invalid refresh token.'];

let server: TestServer;
let prover: Prover;
let confidential: Credentials;
let spa: Credentials;
let api: ResourceServer;
let user: User;
let url: string;

before(async () => {
  server = await testServer();
  prover = createProver(server.clock);
  url = `${server.issuer}oauth/token`;
  api = await addApi(server.ctx);
  confidential = await addClient(server.ctx);
  spa = await addClient(server.ctx, {
    token_endpoint_auth_method: 'none',
    app_type: 'spa',
    refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring' },
  });
  await addClientGrant(server.ctx, confidential.client_id, ['read:things']);
  const connection = await addDatabase(server.ctx, 'users', [confidential.client_id, spa.client_id]);
  user = await addUser(server.ctx, connection);
  await setPolicy({ mechanism: 'dpop', required: false });
});
after(() => server.close());

async function setPolicy(proof_of_possession: ResourceServer['proof_of_possession'] | null): Promise<void> {
  await resourceServersOf(server.ctx).update(api.id, ({ proof_of_possession: _before, ...rest }) => ({
    ...rest,
    ...(proof_of_possession ? { proof_of_possession } : {}),
  }));
}

const send = (form: Record<string, string>, dpop?: string) =>
  server.post('/oauth/token', { form, headers: dpop === undefined ? {} : { dpop } });
const machine = (dpop?: string) => send({ ...confidential, grant_type: 'client_credentials', audience: API }, dpop);

/** The nonce that a public client is given when it sends a proof without one. */
async function nonceFor(who = prover): Promise<string> {
  const answer = await send({ client_id: spa.client_id, grant_type: 'authorization_code', code: 'x' }, who.proof(url));
  assert.deepEqual(refusalOf(answer), [400, 'use_dpop_nonce', 'Authorization server requires nonce in DPoP proof']);
  return String(answer.headers['dpop-nonce']);
}

async function exchangeCode(dpop: string | undefined, code: Record<string, unknown> = {}): Promise<Answer> {
  const value = await addCode(server.ctx, { client_id: spa.client_id, user_id: user.user_id, audience: API, ...code });
  return redeem(value, dpop);
}

const redeem = (code: string, dpop?: string) =>
  send({ client_id: spa.client_id, grant_type: 'authorization_code', code, redirect_uri: CALLBACK }, dpop);
const refresh = (refresh_token: string, dpop?: string) =>
  send({ client_id: spa.client_id, grant_type: 'refresh_token', refresh_token }, dpop);

test('a proof binds the token to its key, under the type DPoP', async () => {
  const { status, json, headers } = await machine(prover.proof(url));
  assert.equal(status, 200);
  assert.equal(json.token_type, 'DPoP');
  assert.deepEqual(payloadOf(json.access_token).cnf, { jkt: prover.jkt });
  assert.equal(headers['dpop-nonce'], undefined, 'confidential clients need no nonce');
  const plain = await machine();
  assert.equal(plain.json.token_type, 'Bearer');
  assert.equal('cnf' in payloadOf(plain.json.access_token), false);
});

test('a proof works once, however many send it at a time', async () => {
  const proof = prover.proof(url);
  const answers = await Promise.all(Array.from({ length: 20 }, () => machine(proof)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  const [again] = [await machine(proof)];
  assert.deepEqual(refusalOf(again), [400, 'invalid_dpop_proof', 'Invalid DPoP proof: jti was used before']);
  const jti = 'the same name';
  assert.equal((await machine(prover.proof(url, { claims: { jti } }))).status, 200);
  assert.equal((await machine(createProver(server.clock).proof(url, { claims: { jti } }))).status, 200);
});

test('proofs for other requests, times, keys and algorithms are refused', async () => {
  const now = Math.floor(server.clock.now() / 1000);
  const other = createProver(server.clock);
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
  const wrong: Record<string, ProofOptions & { url?: string }> = {
    'another method': { method: 'GET' },
    'another path': { url: `${server.issuer}userinfo` },
    'another host': { url: 'https://other.test/oauth/token' },
    'another scheme': { url: 'http://tenant.test/oauth/token' },
    'a user in the URL': { url: 'https://me@tenant.test/oauth/token' },
    'no URL': { url: 'oauth/token' },
    'too old': { claims: { iat: now - 301 } },
    'from the future': { claims: { iat: now + 31 } },
    'iat as text': { claims: { iat: String(now) } },
    'no jti': { claims: { jti: undefined } },
    'an endless jti': { claims: { jti: 'x'.repeat(257) } },
    'no htm': { claims: { htm: undefined } },
    'no htu': { claims: { htu: undefined } },
    'no iat': { claims: { iat: undefined } },
    'expired by its own word': { claims: { exp: now - 1 } },
    'another type': { header: { typ: 'JWT' } },
    'no type': { header: { typ: undefined } },
    'no key': { header: { jwk: undefined } },
    'a foreign key': { header: { jwk: other.jwk } },
    'a private key': { header: { jwk: prover.privateKey.export({ format: 'jwk' }) } },
    'a symmetric key': { header: { jwk: { kty: 'oct', k: 'AAAA' } } },
    'another curve': { header: { jwk: p384 } },
    'another algorithm': { header: { alg: 'RS256' } },
    'no algorithm': { header: { alg: 'none' } },
    'critical extensions': { header: { crit: ['b64'], b64: false } },
    'a huge one': { claims: { filler: 'x'.repeat(4096) } },
  };
  for (const [what, { url: at = url, ...options }] of Object.entries(wrong)) {
    const { status, json } = await machine(prover.proof(at, options));
    assert.deepEqual([status, json.error], [400, 'invalid_dpop_proof'], what);
  }
  for (const header of ['nonsense', '', `${prover.proof(url)}, ${prover.proof(url)}`]) {
    assert.deepEqual([(await machine(header)).json.error], ['invalid_dpop_proof'], header);
  }
});

test('the public key is no HMAC secret', async () => {
  const [, payload] = prover.proof(url).split('.');
  const header = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'dpop+jwt', jwk: prover.jwk })).toString('base64url');
  const mac = createHmac('sha256', JSON.stringify(prover.jwk)).update(`${header}.${payload}`).digest('base64url');
  assert.equal((await machine(`${header}.${payload}.${mac}`)).json.error, 'invalid_dpop_proof');
});

test('the URL is compared as URLs are: case, port, dots, query and fragment do not matter', async () => {
  const spellings = ['HTTPS://TENANT.test:443/oauth/token', `${url}?a=b#c`, 'https://tenant.test/x/../oauth/%74oken'];
  for (const spelling of spellings) assert.equal((await machine(prover.proof(spelling))).status, 200, spelling);
});

test('a wrong secret is refused before any proof is looked at', async () => {
  const proof = prover.proof(url);
  const form = { ...confidential, client_secret: 'wrong', grant_type: 'client_credentials', audience: API };
  assert.deepEqual(refusalOf(await send(form, proof)), [401, 'access_denied', 'Unauthorized']);
  assert.equal((await machine(proof)).status, 200, 'it was not used up');
});

test('public clients need a nonce, which every answer renews', async () => {
  const code = await addCode(server.ctx, { client_id: spa.client_id, user_id: user.user_id, audience: API });
  const logged = (await logTypes(server)).length;
  assert.equal((await redeem(code, prover.proof(url))).json.error, 'use_dpop_nonce');
  assert.equal((await logTypes(server)).length, logged, 'being asked for a nonce is no failure');
  const made = await redeem(code, prover.proof(url, { nonce: 'made up' }));
  assert.equal(made.json.error, 'use_dpop_nonce');
  const nonce = String(made.headers['dpop-nonce']);
  const foreign = await server.other.post('/oauth/token', {
    form: {
      client_id: (await addClient(server.other.ctx, { token_endpoint_auth_method: 'none' })).client_id,
      grant_type: 'authorization_code',
      code: 'x',
    },
    headers: { dpop: prover.proof(`${server.other.issuer}oauth/token`, { nonce }) },
  });
  assert.equal(foreign.json.error, 'use_dpop_nonce', 'a nonce is of one tenant');
  const answer = await redeem(code, prover.proof(url, { nonce }));
  assert.equal(answer.status, 200, 'the refusals had left the code alone');
  assert.equal(answer.headers['dpop-nonce'], nonce);
  server.clock.advance(601);
  assert.equal((await exchangeCode(prover.proof(url, { nonce }))).json.error, 'use_dpop_nonce');
});

test('pages of other origins can read the nonce', async () => {
  await clientsOf(server.ctx).update(spa.client_id, (client) => ({ ...client, web_origins: ['https://spa.test'] }));
  const answer = await server.post('/oauth/token', {
    form: { client_id: spa.client_id, grant_type: 'authorization_code', code: 'x' },
    headers: { dpop: prover.proof(url), origin: 'https://spa.test' },
  });
  assert.equal(answer.headers['access-control-allow-origin'], 'https://spa.test');
  assert.match(String(answer.headers['access-control-expose-headers']), /DPoP-Nonce/);
});

test("a public client's refresh token comes back only with its key, and stays as it was otherwise", async () => {
  const nonce = await nonceFor();
  const first = (await exchangeCode(prover.proof(url, { nonce }))).json;
  assert.equal(first.token_type, 'DPoP');
  const thief = createProver(server.clock);
  assert.deepEqual(refusalOf(await refresh(first.refresh_token)), UNKNOWN_TOKEN);
  assert.deepEqual(refusalOf(await refresh(first.refresh_token, thief.proof(url, { nonce }))), UNKNOWN_TOKEN);
  const second = await refresh(first.refresh_token, prover.proof(url, { nonce }));
  assert.equal(second.status, 200);
  assert.deepEqual(payloadOf(second.json.access_token).cnf, { jkt: prover.jkt });
  const successor = second.json.refresh_token;
  assert.deepEqual(refusalOf(await refresh(successor)), UNKNOWN_TOKEN);
  assert.equal((await refresh(successor, prover.proof(url, { nonce }))).status, 200);
});

test("a confidential client's refresh token is bound to the client: its keys may change", async () => {
  const code = await addCode(server.ctx, { client_id: confidential.client_id, user_id: user.user_id, audience: API });
  const first = await send(
    { ...confidential, grant_type: 'authorization_code', code, redirect_uri: CALLBACK },
    prover.proof(url),
  );
  const next = createProver(server.clock);
  const form = { ...confidential, grant_type: 'refresh_token', refresh_token: first.json.refresh_token };
  const second = await send(form, next.proof(url));
  assert.deepEqual(payloadOf(second.json.access_token).cnf, { jkt: next.jkt });
});

test('a code that was asked for with dpop_jkt needs that key, and survives attempts without it', async () => {
  const nonce = await nonceFor();
  const code = await addCode(server.ctx, {
    client_id: spa.client_id,
    user_id: user.user_id,
    audience: API,
    dpop_jkt: prover.jkt,
  });
  const mismatch = [403, 'invalid_grant', 'DPoP proof key thumbprint does not match dpop_jkt'];
  assert.deepEqual(refusalOf(await redeem(code)), mismatch);
  assert.deepEqual(refusalOf(await redeem(code, createProver(server.clock).proof(url, { nonce }))), mismatch);
  assert.equal((await redeem(code, prover.proof(url, { nonce }))).status, 200);
});

test('client and API decide together what is bound and what is refused', async () => {
  const policies = {
    none: null,
    allowed: { mechanism: 'dpop', required: false },
    required: { mechanism: 'dpop', required: true },
    'required of public clients': { mechanism: 'dpop', required: true, required_for: 'public_clients' },
  } as const;
  const expected: Record<keyof typeof policies, readonly [string, string, string, string]> = {
    none: ['Bearer', 'Bearer', 'refused', 'refused'],
    allowed: ['Bearer', 'DPoP', 'refused', 'DPoP'],
    required: ['refused', 'DPoP', 'refused', 'DPoP'],
    'required of public clients': ['Bearer', 'DPoP', 'refused', 'DPoP'],
  };
  const outcome = ({ status, json }: Answer) => {
    if (status === 200) return json.token_type;
    assert.deepEqual([status, json.error, json.error_description], NEEDS_PROOF);
    return 'refused';
  };
  for (const [name, policy] of Object.entries(policies) as [keyof typeof policies, never][]) {
    await setPolicy(policy);
    const seen: string[] = [];
    for (const require_proof_of_possession of [false, true]) {
      await clientsOf(server.ctx).update(confidential.client_id, (one) => ({ ...one, require_proof_of_possession }));
      seen.push(outcome(await machine()), outcome(await machine(prover.proof(url))));
    }
    assert.deepEqual(seen, expected[name], name);
  }
  await clientsOf(server.ctx).update(confidential.client_id, (one) => ({ ...one, require_proof_of_possession: false }));
});

test('what is refused for want of a proof has used nothing up', async () => {
  await setPolicy({ mechanism: 'dpop', required: true, required_for: 'public_clients' });
  const value = await addCode(server.ctx, { client_id: spa.client_id, user_id: user.user_id, audience: API });
  assert.deepEqual(refusalOf(await redeem(value)), NEEDS_PROOF);
  const stored = (await authorizationCodesOf(server.ctx).list()).filter(({ redeemed_at }) => redeemed_at === undefined);
  assert.ok(stored.length > 0);
  assert.equal((await redeem(value, prover.proof(url, { nonce: await nonceFor() }))).status, 200);
  await setPolicy({ mechanism: 'dpop', required: false });
});
