/** A client whose client_id is the URL of its metadata document: logging in, its tokens, its keys, and who else may use its name. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { asArrival, authorizeUrl, Browser } from '../../../test/browser.ts';
import { documentHost } from '../../../test/document-host.ts';
import { addPerson, CONNECTION, PASSWORD } from '../../../test/fixtures.ts';
import { foreignKey, foreignToken } from '../../../test/foreign-issuer.ts';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { API, addApi, changeSettings, countRefreshTokens, payloadOf, refusalOf } from '../../../test/token-fixture.ts';
import { clientGrantsOf, createClientGrant } from '../../resources/client-grants/index.ts';
import { clientsOf } from '../../resources/clients/index.ts';
import { connectionsOf, findConnectionByName } from '../../resources/connections/index.ts';

/** As long as Auth0 lets it be. */
const URL_ID = `https://partner.test/${'a'.repeat(94)}.json`;
const KEYS = 'https://partner.test/jwks.json';
const CALLBACK = 'https://partner.test/callback';
/** RFC 7636, appendix B. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const PUBLIC = {
  client_id: URL_ID,
  client_name: 'Partner of the tests',
  redirect_uris: [CALLBACK],
  grant_types: ['authorization_code', 'refresh_token'],
};
const CONFIDENTIAL = { ...PUBLIC, token_endpoint_auth_method: 'private_key_jwt', jwks_uri: KEYS };
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const host = documentHost();
const key = foreignKey('first');
let server: TestServer;
let serial = 0;

before(async () => {
  server = await testServer({ outbound: host.outbound });
  await addPerson(server.ctx);
  await addApi(server.ctx);
  const subject_type = 'user' as const;
  await createClientGrant(server.ctx, {
    default_for: 'third_party_clients',
    audience: API,
    scope: ['read:things'],
    subject_type,
  });
  const connection = await findConnectionByName(server.ctx, CONNECTION);
  assert.ok(connection);
  await connectionsOf(server.ctx).put({ ...connection, is_domain_connection: true });
  for (const { ctx } of [server, server.other])
    await changeSettings(ctx, { client_id_metadata_document_supported: true });
});
after(() => server.close());
beforeEach(() => publish(PUBLIC));

async function publish(document: object, keys: readonly object[] = [key.jwk]): Promise<string> {
  host.pages.set(URL_ID, { body: document });
  host.pages.set(KEYS, { body: { keys } });
  const bearer = await managementToken(server, ['create:clients', 'update:clients']);
  const json = { external_client_id: URL_ID };
  const { json: answer, text } = await server.post('/api/v2/clients/cimd/register', { bearer, json });
  assert.ok(answer.client_id, text);
  return answer.client_id;
}

const ask = (parameters: Record<string, string | undefined> = {}) =>
  authorizeUrl({
    client_id: URL_ID,
    redirect_uri: CALLBACK,
    scope: 'openid read:things offline_access',
    audience: API,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...parameters,
  });

async function logIn(): Promise<string> {
  const browser = new Browser(server);
  const logIn = { username: 'ada@example.test', password: PASSWORD, action: 'default' };
  let reached = await browser.submit(await browser.openPage(ask()), logIn);
  if ('html' in reached) {
    assert.equal(reached.path, '/u/consent');
    assert.match(reached.html, /Partner of the tests/);
    reached = await browser.submit(reached, { action: 'accept' });
  }
  return asArrival(reached).parameters.code ?? '';
}

/** An assertion of the client's; only the given claims are other than they should be. */
function assertion(claims: object = {}, signer = key): Promise<string> {
  const now = Math.floor(server.clock.now() / 1000);
  serial += 1;
  const own = { iss: URL_ID, sub: URL_ID, aud: server.issuer, iat: now, exp: now + 60, jti: `jti-${serial}` };
  return foreignToken(signer, { ...own, ...claims });
}

const exchange = (form: Record<string, string>, tenant: Pick<TestServer, 'post'> = server) =>
  tenant.post('/oauth/token', {
    form: { grant_type: 'authorization_code', redirect_uri: CALLBACK, code_verifier: VERIFIER, ...form },
  });

test('a login by the URL: tokens carry it, and a refresh goes by it', async () => {
  const { json, status, text } = await exchange({ client_id: URL_ID, code: await logIn() });
  assert.equal(status, 200, text);
  assert.equal(payloadOf(json.access_token).azp, URL_ID);
  assert.deepEqual(
    [json.id_token, json.scope],
    [undefined, 'read:things offline_access'],
    'people are not its business',
  );
  const about = await server.get('/userinfo', { bearer: json.access_token });
  assert.ok(about.status === 401 || about.status === 403);
  const form = { grant_type: 'refresh_token', client_id: URL_ID, refresh_token: json.refresh_token };
  const refreshed = await server.post('/oauth/token', { form });
  assert.equal(refreshed.status, 200, refreshed.text);
  assert.notEqual(refreshed.json.refresh_token, json.refresh_token, 'public clients rotate');
});

test('the client’s own id is a name for it, too', async () => {
  const client_id = await publish(PUBLIC);
  const { status } = await exchange({ client_id, code: await logIn() });
  assert.equal(status, 200);
});

test('nothing is fetched while people log in, and what stands there by then does not count', async () => {
  host.pages.set(URL_ID, { body: { ...PUBLIC, redirect_uris: ['https://evil.test/callback'] } });
  host.asked.length = 0;
  assert.equal((await new Browser(server).openPage(ask({ redirect_uri: 'https://evil.test/callback' }))).status, 403);
  assert.equal((await exchange({ client_id: URL_ID, code: await logIn() })).status, 200);
  assert.deepEqual(host.asked, []);
});

test('a URL that nobody registered is nobody', async () => {
  host.asked.length = 0;
  for (const client_id of [
    `${URL_ID}x`,
    'https://partner.test/',
    'https://169.254.169.254/x',
    'https://',
    URL_ID.toUpperCase(),
  ]) {
    const page = await new Browser(server).openPage(ask({ client_id }));
    assert.equal(page.status, 400, client_id);
    assert.equal((await exchange({ client_id, code: 'x' })).status, 401);
  }
  assert.deepEqual(host.asked, []);
  assert.equal((await server.other.get(ask())).status, 400, 'nor is another tenant’s client');
});

test('not where the tenant takes no URLs', async () => {
  const code = await logIn();
  await changeSettings(server.ctx, { client_id_metadata_document_supported: false });
  const discovered = async () =>
    (await server.get('/.well-known/oauth-authorization-server')).json.client_id_metadata_document_supported;
  assert.equal(await discovered(), undefined);
  assert.equal((await new Browser(server).openPage(ask())).status, 400);
  assert.equal((await exchange({ client_id: URL_ID, code })).status, 401);
  await changeSettings(server.ctx, { client_id_metadata_document_supported: true });
  assert.equal(await discovered(), true);
  assert.equal((await exchange({ client_id: URL_ID, code })).status, 200, 'the refusal has not used the code up');
});

for (const [what, parameters] of [
  ['another path', { redirect_uri: `${CALLBACK}/../evil` }],
  ['a query', { redirect_uri: `${CALLBACK}?x=1` }],
  ['another host', { redirect_uri: 'https://partner.test.evil.test/callback' }],
  ['a user name', { redirect_uri: 'https://partner.test@evil.test/callback' }],
  ['the document itself', { redirect_uri: URL_ID }],
  ['loopback', { redirect_uri: 'http://127.0.0.1/callback' }],
] as const) {
  test(`callback with ${what}`, async () => {
    assert.equal((await new Browser(server).openPage(ask(parameters))).status, 403);
  });
}

test('PKCE is not a choice, and no token comes over the browser', async () => {
  const bare = await new Browser(server).openPage(ask({ code_challenge: undefined, code_challenge_method: undefined }));
  assert.match(bare.html, /code_challenge is required/);
  const implicit = await new Browser(server).openPage(ask({ response_type: 'token' }));
  assert.match(implicit.html, /unauthorized_client/);
});

test('private_key_jwt: the document’s keys, and no others', async () => {
  await publish(CONFIDENTIAL);
  const code = await logIn();
  const send = async (client_assertion: string, form: Record<string, string> = {}) =>
    exchange({ code, client_assertion, client_assertion_type: ASSERTION, ...form });
  const stranger = foreignKey('first');
  const refreshTokens = await countRefreshTokens(server.ctx);
  const internal = (await clientsOf(server.ctx).find({ external_client_id: URL_ID }))?.client_id ?? '';
  for (const [why, answer] of [
    ['no proof', await exchange({ client_id: URL_ID, code })],
    ['a secret', await exchange({ client_id: URL_ID, code, client_secret: 'x' })],
    ['a key that only has the name', await send(await assertion({}, stranger))],
    ['another subject', await send(await assertion({ sub: 'https://evil.test/client.json' }))],
    ['another client', await send(await assertion(), { client_id: 'https://evil.test/client.json' })],
    ['another audience', await send(await assertion({ aud: server.other.issuer }))],
    ['a URL that is too long', await send(await assertion({ iss: `${URL_ID}aa`, sub: `${URL_ID}aa` }))],
    ['its other name', await send(await assertion(), { client_id: internal })],
    [
      'another tenant',
      await exchange(
        { code, client_assertion: await assertion(), client_assertion_type: ASSERTION },
        server.other as never,
      ),
    ],
  ] as const)
    assert.equal(answer.status, 401, `${why}: ${answer.text}`);
  assert.equal(await countRefreshTokens(server.ctx), refreshTokens);
  const proof = await assertion();
  const { status, text } = await send(proof);
  assert.equal(status, 200, text);
  assert.deepEqual(refusalOf(await send(proof)).slice(0, 2), [401, 'invalid_client'], 'an assertion works once');
});

test('client credentials are not for clients that describe themselves', async () => {
  await publish(CONFIDENTIAL);
  const form = { grant_type: 'client_credentials', audience: API, client_assertion: await assertion() };
  const answer = await server.post('/oauth/token', { form: { ...form, client_assertion_type: ASSERTION } });
  assert.deepEqual(refusalOf(answer).slice(0, 2), [403, 'unauthorized_client']);
});

test('a key that is gone from the document proves nothing after the refresh', async () => {
  await publish(CONFIDENTIAL);
  const next = foreignKey('second');
  await publish(CONFIDENTIAL, [next.jwk]);
  const send = async (signer: typeof key) =>
    exchange({ code: 'x', client_assertion: await assertion({}, signer), client_assertion_type: ASSERTION });
  assert.equal((await send(key)).status, 401);
  assert.deepEqual(refusalOf(await send(next)).slice(0, 2), [403, 'invalid_grant']);
});

test('when it is deleted the name is free, and its tokens are worth nothing', async () => {
  const id = await publish(PUBLIC);
  const tokens = (await exchange({ client_id: URL_ID, code: await logIn() })).json;
  const bearer = await managementToken(server, ['delete:clients']);
  assert.equal((await server.request('DELETE', `/api/v2/clients/${id}`, { bearer })).status, 204);
  assert.notEqual(await publish(PUBLIC), id);
  const form = { grant_type: 'refresh_token', client_id: URL_ID, refresh_token: tokens.refresh_token };
  assert.deepEqual(refusalOf(await server.post('/oauth/token', { form })).slice(0, 2), [403, 'invalid_grant']);
});

test('grants belong to the client’s own id, and never reach the tenant’s own API', async () => {
  const client_id = await publish(PUBLIC);
  const bearer = await managementToken(server, ['create:client_grants']);
  const grant = (json: object) =>
    server.post('/api/v2/client-grants', { bearer, json: { scope: [], subject_type: 'user', ...json } });
  const before = await clientGrantsOf(server.ctx).count();
  assert.equal((await grant({ client_id: URL_ID, audience: API })).status >= 400, true);
  const system = await grant({ client_id, audience: `${server.issuer}api/v2/` });
  assert.deepEqual([system.status, system.json.errorCode], [400, 'operation_not_supported']);
  assert.equal(await clientGrantsOf(server.ctx).count(), before);
  assert.equal((await grant({ client_id, audience: API })).status, 201);
  const page = await new Browser(server).openPage(ask({ audience: `${server.issuer}api/v2/` }));
  assert.match(page.html, /is not authorized to access resource server/);
});
