/** RFC 9449 §7: bound access tokens at `/userinfo` and at the Management API. The MFA API's are in `test/mfa/clients.http.test.ts`. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createProver, type ProofOptions, type Prover } from '../../../test/dpop.ts';
import { managementToken } from '../../../test/management.ts';
import { type Answer, type TestServer, testServer } from '../../../test/server.ts';
import {
  addClient,
  addClientGrant,
  addCode,
  addDatabase,
  addUser,
  CALLBACK,
  type Credentials,
  payloadOf,
} from '../../../test/token-fixture.ts';
import { addDomain } from '../../provisioning/index.ts';
import { isSameResource } from './same-resource.ts';

let server: TestServer;
let client: Credentials;
let owner: Prover;
let thief: Prover;
let userId: string;

before(async () => {
  server = await testServer();
  client = await addClient(server.ctx);
  owner = createProver(server.clock);
  thief = createProver(server.clock);
  const user = await addUser(server.ctx, await addDatabase(server.ctx, 'users', [client.client_id]));
  userId = user.user_id;
  await addClientGrant(server.ctx, client.client_id, ['read:clients'], 'client', `${server.issuer}api/v2/`);
});
after(() => server.close());

const bind = (form: Record<string, string>, who: Prover | undefined = owner) =>
  server.post('/oauth/token', {
    form: { ...client, ...form },
    headers: { dpop: who.proof(`${server.issuer}oauth/token`) },
  });

async function userToken(): Promise<string> {
  const code = await addCode(server.ctx, { client_id: client.client_id, user_id: userId });
  const { json } = await bind({ grant_type: 'authorization_code', code, redirect_uri: CALLBACK });
  assert.equal(json.token_type, 'DPoP');
  return json.access_token;
}

const userinfo = () => `${server.issuer}userinfo`;
/** A look at `/userinfo` with a proof by `who`; `scheme` and what the proof says may be wrong. */
const look = (
  token: string,
  who: Prover,
  { scheme = 'DPoP', url = userinfo(), ...proof }: ProofOptions & { scheme?: string; url?: string } = {},
) =>
  server.get('/userinfo', {
    headers: { authorization: `${scheme} ${token}`, dpop: who.proof(url, { method: 'GET', token, ...proof }) },
  });
const challengeOf = ({ headers }: Answer) => /^(\w+) error="(\w+)"/.exec(String(headers['www-authenticate']))?.slice(1);

test('/userinfo: an opaque token that is bound to a key answers to its holder', async () => {
  const token = await userToken();
  assert.equal((await look(token, owner)).json.sub, userId);
  assert.equal((await look(token, owner, { scheme: 'dpop' })).json.sub, userId);
  const posted = await server.post('/userinfo', {
    headers: { authorization: `DPoP ${token}`, dpop: owner.proof(userinfo(), { token }) },
  });
  assert.equal(posted.json.sub, userId);
});

test('/userinfo: as a bearer token, with a foreign key, or with a proof for something else it is worth nothing', async () => {
  const token = await userToken();
  const other = await userToken();
  const wrong: Record<string, [Answer, string]> = {
    'as a bearer token': [await server.get('/userinfo', { bearer: token }), 'invalid_token'],
    'as a bearer token, with a proof': [await look(token, owner, { scheme: 'Bearer' }), 'invalid_token'],
    'in the body': [await server.post('/userinfo', { form: { access_token: token } }), 'invalid_token'],
    'without a proof': [
      await server.get('/userinfo', { headers: { authorization: `DPoP ${token}` } }),
      'invalid_dpop_proof',
    ],
    'with a foreign key': [await look(token, thief), 'invalid_token'],
    'with a proof for another method': [await look(token, owner, { method: 'POST' }), 'invalid_dpop_proof'],
    'with a proof for another endpoint': [
      await look(token, owner, { url: `${server.issuer}oauth/token` }),
      'invalid_dpop_proof',
    ],
    'with a proof for another tenant': [
      await look(token, owner, { url: `${server.other.issuer}userinfo` }),
      'invalid_dpop_proof',
    ],
    'with a proof for another token': [await look(token, owner, { claims: { ath: 'x' } }), 'invalid_dpop_proof'],
    'with a proof for no token': [await look(token, owner, { claims: { ath: undefined } }), 'invalid_dpop_proof'],
    "with another token's proof": [
      await server.get('/userinfo', {
        headers: { authorization: `DPoP ${token}`, dpop: owner.proof(userinfo(), { method: 'GET', token: other }) },
      }),
      'invalid_dpop_proof',
    ],
  };
  for (const [what, [answer, error]] of Object.entries(wrong)) {
    assert.deepEqual([answer.status, answer.text], [401, 'Unauthorized'], what);
    assert.deepEqual(challengeOf(answer), ['DPoP', error], what);
  }
  assert.equal((await look(token, owner)).status, 200);
});

test('/userinfo: a proof works once', async () => {
  const token = await userToken();
  const headers = { authorization: `DPoP ${token}`, dpop: owner.proof(userinfo(), { method: 'GET', token }) };
  const answers = await Promise.all(Array.from({ length: 10 }, () => server.get('/userinfo', { headers })));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
});

test('/userinfo: a token that is bound to nothing is no DPoP token, and needs no proof', async () => {
  const code = await addCode(server.ctx, { client_id: client.client_id, user_id: userId });
  const form = { ...client, grant_type: 'authorization_code', code, redirect_uri: CALLBACK };
  const { access_token } = (await server.post('/oauth/token', { form })).json;
  assert.equal((await server.get('/userinfo', { bearer: access_token })).status, 200);
  assert.deepEqual(challengeOf(await look(access_token, owner)), ['DPoP', 'invalid_token']);
});

test('a custom domain has URLs of its own', async () => {
  await addDomain(server.app.shared, server.ctx, 'https://login.custom.test');
  const host = 'login.custom.test';
  const token = await userToken();
  const ask = (url: string) =>
    server.get('/userinfo', {
      headers: { host, authorization: `DPoP ${token}`, dpop: owner.proof(url, { method: 'GET', token }) },
    });
  assert.equal((await ask('https://login.custom.test/userinfo')).status, 200);
  assert.equal((await ask(userinfo())).status, 401);
});

test('the Management API takes a bound token from its holder alone', async () => {
  const audience = `${server.issuer}api/v2/`;
  const bearer = await managementToken(server, ['update:resource_servers']);
  const policy = (proof_of_possession: object) =>
    server.request('PATCH', `/api/v2/resource-servers/${encodeURIComponent(audience)}`, {
      bearer,
      json: { proof_of_possession },
    });
  assert.equal((await policy({ mechanism: 'dpop', required: false })).status, 200);
  const impossible = await policy({ mechanism: 'mtls', required: true, required_for: 'public_clients' });
  assert.equal(impossible.status, 400);
  const { json } = await bind({ grant_type: 'client_credentials', audience });
  assert.equal(json.token_type, 'DPoP');
  assert.deepEqual(payloadOf(json.access_token).cnf, { jkt: owner.jkt });
  const path = `/api/v2/clients/${client.client_id}?fields=client_id`;
  const list = (headers: Record<string, string>) => server.get(path, { headers });
  const proved = (who: Prover, options: ProofOptions = {}) => ({
    authorization: `DPoP ${json.access_token}`,
    dpop: who.proof(`${server.url}${path}`, { method: 'GET', token: json.access_token, ...options }),
  });
  assert.equal((await list(proved(owner))).json.client_id, client.client_id);
  const refusals = [
    await list({ authorization: `Bearer ${json.access_token}` }),
    await list(proved(thief)),
    await list(proved(owner, { method: 'DELETE' })),
    await list({ authorization: `DPoP ${json.access_token}` }),
  ];
  const codes = ['invalid_token', 'invalid_token', 'invalid_dpop_proof', 'invalid_dpop_proof'];
  refusals.forEach((answer, index) => {
    assert.deepEqual([answer.status, answer.json.errorCode], [401, codes[index]]);
    assert.equal(challengeOf(answer)?.[0], 'DPoP');
  });
  const unbound = await managementToken(server, ['read:clients']);
  assert.equal((await list({ authorization: `Bearer ${unbound}` })).status, 200);
  assert.equal((await list({ authorization: `DPoP ${unbound}` })).status, 401);
  const unknown = await managementToken(server, ['read:clients'], { cnf: { kid: 'x' } });
  assert.equal((await list({ authorization: `Bearer ${unknown}` })).status, 401);
});

test('URLs are the same resource when RFC 3986 says so', () => {
  const at = new URL('https://tenant.test/api/v2/users/auth0%7C1');
  const same = [
    'https://tenant.test/api/v2/users/auth0%7c1',
    'https://TENANT.TEST:443/api/v2/%75sers/auth0%7C1?q=1',
    'https://tenant.test/a/../api/v2/users/auth0%7C1#f',
  ];
  for (const htu of same) assert.ok(isSameResource(htu, at), htu);
  const others = [
    'https://tenant.test/api/v2/users/auth0%7C2',
    'https://tenant.test/api/v2/users/auth0%7C1/',
    'https://tenant.test:444/api/v2/users/auth0%7C1',
    'https://tenant.test@evil.test/api/v2/users/auth0%7C1',
    'https://tenant.test/api/v2/users%2Fauth0%7C1',
    'nonsense',
  ];
  for (const htu of others) assert.equal(isSameResource(htu, at), false, htu);
});
