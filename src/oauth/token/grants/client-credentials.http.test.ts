import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type TestServer, testServer } from '../../../../test/server.ts';
import {
  API,
  addApi,
  addClient,
  addClientGrant,
  type Credentials,
  changeSettings,
  logTypes,
  payloadOf,
  refusalOf,
} from '../../../../test/token-fixture.ts';
import { decodeJwt, verifyJwt } from '../../../platform/crypto/index.ts';
import { publicKeys } from '../../../resources/keys/index.ts';

let server: TestServer;
let client: Credentials;

before(async () => {
  server = await testServer();
  await addApi(server.ctx);
  client = await addClient(server.ctx, { name: 'Machine' });
  await addClientGrant(server.ctx, client.client_id, ['read:things', 'write:things']);
});
after(() => server.close());

const ask = (form: Record<string, string | undefined>) =>
  server.post('/oauth/token', { form: { grant_type: 'client_credentials', ...client, ...form } });

test('gets a token for an API, signed, with claims in order, and one log row', async () => {
  const before = (await logTypes(server)).length;
  const answer = await ask({ audience: API });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-type'], 'application/json');
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.deepEqual(Object.keys(answer.json), ['access_token', 'scope', 'expires_in', 'token_type']);
  assert.equal(answer.json.scope, 'read:things write:things');
  assert.equal(answer.json.expires_in, 86_400);
  const now = server.clock.now();
  const { header, payload } = await verifyJwt(answer.json.access_token, {
    keys: await publicKeys(server.ctx),
    algorithms: ['RS256'],
    issuer: server.issuer,
    audience: API,
    nowMs: now,
  });
  assert.deepEqual(Object.keys(header), ['alg', 'typ', 'kid']);
  assert.deepEqual(Object.entries(payload), [
    ['iss', server.issuer],
    ['sub', `${client.client_id}@clients`],
    ['aud', API],
    ['iat', now / 1000],
    ['exp', now / 1000 + 86_400],
    ['scope', 'read:things write:things'],
    ['gty', 'client-credentials'],
    ['azp', client.client_id],
  ]);
  assert.deepEqual((await logTypes(server)).slice(before), ['seccft']);
});

test('takes JSON, and a subset of the scopes', async () => {
  const json = { grant_type: 'client_credentials', ...client, audience: API, scope: 'write:things' };
  const answer = await server.post('/oauth/token', { json });
  assert.equal(answer.json.scope, 'write:things');
  const listed = await server.post('/oauth/token', { json: { ...json, scope: ['read:things'] } });
  assert.equal(payloadOf(listed.json.access_token).scope, 'read:things');
});

test('refuses what was not granted, in these words', async () => {
  assert.equal((await ask({})).headers['content-type'], 'application/json');
  const missing = (text: string) => [403, 'access_denied', text] as const;
  assert.deepEqual(
    refusalOf(await ask({ audience: API, scope: 'read:things a b' })),
    missing('Client has not been granted scopes: a, b'),
  );
  assert.deepEqual(refusalOf(await ask({})), missing('Non-global clients are not allowed access to APIv1'));
  assert.deepEqual(
    refusalOf(await ask({ audience: 'https://nowhere.test/' })),
    missing('Service not enabled within domain: https://nowhere.test/'),
  );
  const stranger = await addClient(server.ctx);
  assert.deepEqual(
    refusalOf(await ask({ ...stranger, audience: API })),
    missing(
      `Client "${stranger.client_id}" is not authorized to access resource server "${API}". You need to create a "client-grant" associated to this API.`,
    ),
  );
  const userinfo = `${server.issuer}userinfo`;
  assert.deepEqual(
    refusalOf(await ask({ audience: userinfo })),
    missing(`Client "${client.client_id}" is not authorized to access resource server "${userinfo}".`),
  );
  assert.ok((await logTypes(server)).includes('feccft'));
});

test('an API may close itself to clients', async () => {
  const identifier = 'https://closed.test/';
  await addApi(server.ctx, {
    identifier,
    subject_type_authorization: { user: { policy: 'allow_all' }, client: { policy: 'deny_all' } },
  });
  await addClientGrant(server.ctx, client.client_id, ['read:things'], 'client', identifier);
  assert.deepEqual(refusalOf(await ask({ audience: identifier })), [
    403,
    'access_denied',
    `Client "${client.client_id}" is not authorized to access resource server "${identifier}".`,
  ]);
});

test('a public client never gets one, whatever its grant types say', async () => {
  const open = await addClient(server.ctx, { token_endpoint_auth_method: 'none', app_type: 'spa' });
  assert.deepEqual(refusalOf(await ask({ ...open, client_secret: undefined, audience: API })), [
    403,
    'unauthorized_client',
    "Grant type 'client_credentials' not allowed for the client.",
  ]);
});

test('the tenant may have a default audience', async () => {
  await changeSettings(server.ctx, { default_audience: API });
  const answer = await ask({});
  assert.equal(payloadOf(answer.json.access_token).aud, API);
  await changeSettings(server.ctx, { default_audience: undefined });
});

test('APIs choose signature and profile', async () => {
  const secret = 'a-secret-of-the-api-0123456789-abcdef';
  await addApi(server.ctx, { identifier: 'https://hs.test/', signing_alg: 'HS256', signing_secret: secret });
  await addApi(server.ctx, { identifier: 'https://ps.test/', signing_alg: 'PS256' });
  await addApi(server.ctx, {
    identifier: 'https://rfc.test/',
    token_dialect: 'rfc9068_profile_authz',
    enforce_policies: true,
  });
  for (const audience of ['https://hs.test/', 'https://ps.test/', 'https://rfc.test/'])
    await addClientGrant(server.ctx, client.client_id, ['read:things'], 'client', audience);
  const hs = (await ask({ audience: 'https://hs.test/' })).json.access_token;
  const key = new TextEncoder().encode(secret);
  await verifyJwt(hs, { keys: () => key, algorithms: ['HS256'], nowMs: server.clock.now() });
  const ps = (await ask({ audience: 'https://ps.test/' })).json.access_token;
  const [jwk] = await publicKeys(server.ctx);
  await verifyJwt(ps, { keys: [{ ...jwk!, alg: 'PS256' }], algorithms: ['PS256'], nowMs: server.clock.now() });
  const rfc = (await ask({ audience: 'https://rfc.test/' })).json.access_token;
  assert.equal(decodeJwt(rfc)?.header.typ, 'at+jwt');
  const { jti, ...claims } = payloadOf(rfc);
  assert.match(String(jti), /^[\w-]{22}$/);
  assert.deepEqual(Object.keys(claims), ['iss', 'sub', 'aud', 'iat', 'exp', 'scope', 'client_id', 'permissions']);
  assert.deepEqual(claims.permissions, ['read:things']);
});

test('another tenant knows neither the client nor the API', async () => {
  const form = { grant_type: 'client_credentials', ...client, audience: API };
  assert.deepEqual(refusalOf(await server.other.post('/oauth/token', { form })), [
    401,
    'access_denied',
    'Unauthorized',
  ]);
});
