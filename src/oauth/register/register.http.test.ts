/** Applications that register themselves: what they may ask for, what they get, and what nobody can talk the endpoint into. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { authorizeUrl, Browser } from '../../../test/browser.ts';
import { addPerson, CONNECTION, PASSWORD } from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { API, addApi, changeSettings, logTypes, payloadOf, refusalOf } from '../../../test/token-fixture.ts';
import { createClientGrant } from '../../resources/client-grants/index.ts';
import { clientsOf, findClient } from '../../resources/clients/index.ts';
import { connectionsOf, findConnectionByName } from '../../resources/connections/index.ts';
import { logsOf } from '../../resources/logs/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';

const CALLBACK = 'https://partner.test/callback';
/** RFC 7636, appendix B. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const ASKED = { client_name: 'Partner', redirect_uris: [CALLBACK], token_endpoint_auth_method: 'none' };

let server: TestServer;

before(async () => {
  server = await testServer();
  await setFlags({ enable_dynamic_client_registration: true });
  await addPerson(server.ctx);
  await addApi(server.ctx);
});
after(() => server.close());
beforeEach(async () => {
  server.clock.advance(1000);
  await changeSettings(server.ctx, { dynamic_client_registration_security_mode: 'strict' });
});

async function setFlags(flags: Record<string, boolean>): Promise<void> {
  const { flags: had } = await tenantSettings(server.ctx);
  await changeSettings(server.ctx, { flags: { ...had, ...flags } });
}

const register = (json: unknown, tenant = server) => tenant.post('/oidc/register', { json });

async function registered(json: object = {}) {
  const { status, json: answer, text } = await register({ ...ASKED, ...json });
  assert.equal(status, 201, text);
  return answer;
}

/** It is refused with this error, and no client is there that was not before. */
async function refuses(json: unknown, error: string): Promise<void> {
  const count = await clientsOf(server.ctx).count();
  const [status, code, description] = refusalOf(await register(json));
  assert.deepEqual([status, code], [400, error], description);
  assert.ok(description);
  assert.equal(await clientsOf(server.ctx).count(), count);
}

test('off unless the tenant wants it, and then not advertised either', async () => {
  const { json } = await server.other.get('/.well-known/openid-configuration');
  assert.equal('registration_endpoint' in json, false);
  const count = await clientsOf(server.other.ctx).count();
  const refused = await server.other.post('/oidc/register', { json: ASKED });
  assert.equal(refused.status, 400);
  assert.deepEqual(refused.json, {
    statusCode: 400,
    error: 'Bad Request',
    message: 'dynamic client registration is disabled',
  });
  assert.equal(await clientsOf(server.other.ctx).count(), count);
  const here = await server.get('/.well-known/openid-configuration');
  assert.equal(here.json.registration_endpoint, 'https://tenant.test/oidc/register');
});

test('a public application: the answer, the client, and the row in the log', async () => {
  const answer = await register({
    ...ASKED,
    grant_types: ['authorization_code', 'refresh_token', 'implicit', 'password'],
  });
  assert.equal(answer.status, 201);
  assert.equal(answer.headers['cache-control'], 'no-store');
  const { client_id, ...rest } = answer.json;
  assert.match(client_id, /^tpc_[A-Za-z0-9]{22}$/);
  assert.deepEqual(rest, {
    client_name: 'Partner',
    redirect_uris: [CALLBACK],
    client_secret_expires_at: 0,
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
  });
  const client = await findClient(server.ctx, client_id);
  assert.deepEqual(
    [client?.is_first_party, client?.third_party_security_mode, client?.app_type],
    [false, 'strict', 'native'],
  );
  assert.deepEqual(
    [client?.refresh_token?.rotation_type, client?.refresh_token?.expiration_type, client?.redirection_policy],
    ['rotating', 'expiring', 'open_redirect_protection'],
  );
  const rows = await logsOf(server.ctx).list();
  const row = rows.find((one) => one.type === 'sapi' && one.client_id === client_id);
  assert.equal(row?.description, 'Dynamic client registration');
  assert.equal(await findClient(server.other.ctx, client_id), undefined);
});

test('a confidential application gets a secret that works, and the log does not have it', async () => {
  const { client_id, client_secret, ...rest } = await registered({ token_endpoint_auth_method: undefined });
  assert.deepEqual(
    [rest.token_endpoint_auth_method, rest.grant_types, rest.client_secret_expires_at],
    ['client_secret_post', ['authorization_code'], 0],
  );
  const exchange = (secret: string, grant_type = 'authorization_code') =>
    server.post('/oauth/token', { form: { grant_type, client_id, client_secret: secret, code: 'x', audience: API } });
  assert.deepEqual(refusalOf(await exchange(client_secret)).slice(0, 2), [403, 'invalid_grant']);
  assert.deepEqual(refusalOf(await exchange('wrong')).slice(0, 2), [401, 'access_denied']);
  assert.deepEqual(refusalOf(await exchange(client_secret, 'client_credentials')).slice(0, 2), [
    403,
    'unauthorized_client',
  ]);
  assert.doesNotMatch(JSON.stringify(await logsOf(server.ctx).list()), new RegExp(client_secret));
});

test('what an application may say it is', async () => {
  const typeOf = async (json: object) => (await findClient(server.ctx, (await registered(json)).client_id))?.app_type;
  assert.equal(await typeOf({ application_type: 'web' }), 'spa');
  assert.equal(
    await typeOf({ application_type: 'web', token_endpoint_auth_method: 'client_secret_basic' }),
    'regular_web',
  );
  assert.equal(await typeOf({ application_type: 'native', redirect_uris: ['com.partner.app:/callback'] }), 'native');
});

test('members that nobody looks at change nothing', async () => {
  const { client_id } = await registered({
    client_id: 'chosen',
    is_first_party: true,
    third_party_security_mode: 'permissive',
    logo_uri: 'https://evil.test/logo.png',
    jwks_uri: 'http://169.254.169.254/',
    software_statement: 'x.y.z',
    client_metadata: { admin: 'true' },
    addons: { samlp: {}, wams: {} },
  });
  const client = await findClient(server.ctx, client_id);
  assert.equal(await findClient(server.ctx, 'chosen'), undefined);
  assert.deepEqual(
    [
      client?.is_first_party,
      client?.third_party_security_mode,
      client?.logo_uri,
      client?.jwks_uri,
      client?.client_metadata,
      client?.addons,
    ],
    [false, 'strict', undefined, undefined, undefined, undefined],
  );
});

for (const [what, redirect_uris] of [
  ['none', undefined],
  ['an empty list', []],
  ['a text', CALLBACK],
  ['a number', [1]],
  ['http', ['http://partner.test/callback']],
  ['a placeholder', ['https://*.partner.test/callback']],
  ['a fragment', [`${CALLBACK}#x`]],
  ['a user name', ['https://tenant.test@evil.test/callback']],
  ['a backslash', ['https://evil.test\\@tenant.test/']],
  ['white space', ['https://partner.test/ callback']],
  ['a line break', ['https://partner.test/\ncallback']],
  ['a script', ['javascript:alert(1)']],
  ['data', ['data:text/html,x']],
  ['a file', ['file:///etc/passwd']],
  ['one slash', ['https:/partner.test/callback']],
  ['three slashes', ['https:///partner.test/callback']],
  ['no scheme', ['//partner.test/callback']],
  ['a look-alike of loopback', ['http://localhost.evil.test/callback']],
  ['too many', Array.from({ length: 51 }, (_, n) => `${CALLBACK}/${n}`)],
  ['one of them wrong', [CALLBACK, 'http://partner.test/callback']],
] as const) {
  test(`callbacks: ${what}`, () => refuses({ ...ASKED, redirect_uris }, 'invalid_redirect_uri'));
}

test('callbacks: a scheme of its own is for native applications', () =>
  refuses({ ...ASKED, application_type: 'web', redirect_uris: ['com.partner.app:/callback'] }, 'invalid_redirect_uri'));

for (const [what, json] of [
  ['a name with markup', { client_name: '<b>Partner</b>' }],
  ['a name that is read otherwise than it is written', { client_name: 'Partner \u202ekcehc' }],
  ['an empty name', { client_name: ' ' }],
  ['a long name', { client_name: 'x'.repeat(256) }],
  ['a name that is no text', { client_name: { en: 'Partner' } }],
  ['a method that needs keys', { token_endpoint_auth_method: 'private_key_jwt' }],
  ['a method that is no text', { token_endpoint_auth_method: ['none'] }],
  ['only grants that it cannot have', { grant_types: ['client_credentials', 'password'] }],
  ['no grants', { grant_types: [] }],
  ['grants that are no list', { grant_types: 'authorization_code' }],
  ['response types without their grant', { response_types: ['token', 'id_token token'] }],
  ['response types that are no list', { response_types: 'code' }],
  ['a strange kind', { application_type: 'service' }],
] as const) {
  test(`metadata: ${what}`, () => refuses({ ...ASKED, ...json }, 'invalid_client_metadata'));
}

test('a body that is no object, no JSON, or too large', async () => {
  const count = await clientsOf(server.ctx).count();
  const send = (payload: string, type = 'application/json') =>
    server.app.http.app.inject({
      method: 'POST',
      url: '/oidc/register',
      payload,
      headers: { host: server.host, 'content-type': type },
    });
  assert.equal((await send('[]')).statusCode, 400);
  assert.equal((await send('{')).statusCode, 400);
  assert.equal((await send(JSON.stringify({ ...ASKED, client_name: 'x'.repeat(20_000) }))).statusCode, 413);
  assert.ok((await send('redirect_uris=x', 'application/x-www-form-urlencoded')).statusCode >= 400);
  assert.equal(await clientsOf(server.ctx).count(), count);
});

test('five a second in a tenant, whoever asks; the next second is another', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => server.post('/oidc/register', { json: ASKED, from: `10.0.0.${n}` })),
  );
  assert.equal(answers.filter(({ status }) => status === 201).length, 5);
  const limited = answers.find(({ status }) => status === 429);
  assert.deepEqual(refusalOf(limited as never), [429, 'too_many_requests', 'Global limit has been reached']);
  assert.equal(limited?.headers['x-ratelimit-limit'], '5');
  server.clock.advance(1000);
  assert.equal((await register(ASKED)).status, 201);
});

test('permissive mode, where the tenant wants it', async () => {
  await changeSettings(server.ctx, { dynamic_client_registration_security_mode: 'permissive' });
  const open = await registered({
    grant_types: ['authorization_code', 'implicit', 'client_credentials'],
    response_types: ['id_token'],
  });
  assert.match(open.client_id, /^[A-Za-z0-9]{32}$/);
  assert.deepEqual(open.grant_types, ['authorization_code', 'implicit']);
  const client = await findClient(server.ctx, open.client_id);
  assert.deepEqual([client?.third_party_security_mode, client?.is_first_party], ['permissive', false]);
});

test('a refusal stands in the log', async () => {
  await refuses({ ...ASKED, redirect_uris: [] }, 'invalid_redirect_uri');
  assert.equal((await logTypes(server)).at(-1), 'fapi');
});

test('a registered client logs people in by domain connections alone, asks for consent, and gets an API only by a grant', async () => {
  await setFlags({ enable_client_connections: true });
  const { client_id } = await registered({ grant_types: ['authorization_code', 'refresh_token'] });
  const wish = { client_id, redirect_uri: CALLBACK, scope: 'read:things offline_access', audience: API };
  const ask = authorizeUrl({ ...wish, code_challenge: CHALLENGE, code_challenge_method: 'S256' });
  const connection = await findConnectionByName(server.ctx, CONNECTION);
  assert.ok(connection);
  assert.equal(connection.enabled_clients.includes(client_id), false);
  assert.equal((await new Browser(server).openPage(ask)).status, 403);

  await connectionsOf(server.ctx).put({ ...connection, is_domain_connection: true });
  const ungranted = await new Browser(server).openPage(ask);
  assert.match(ungranted.html, /is not authorized to access resource server/);
  await createClientGrant(server.ctx, {
    default_for: 'third_party_clients',
    audience: API,
    scope: ['read:things'],
    subject_type: 'user',
  });
  const browser = new Browser(server);
  const logIn = { username: 'ada@example.test', password: PASSWORD, action: 'default' };
  const consent = await browser.submitPage(await browser.openPage(ask), logIn);
  assert.equal(consent.path, '/u/consent');
  const arrived = await browser.submit(consent, { action: 'accept' });
  const code = (arrived as { parameters: Record<string, string> }).parameters.code;
  const form = { grant_type: 'authorization_code', client_id, code, redirect_uri: CALLBACK, code_verifier: VERIFIER };
  const tokens = await server.post('/oauth/token', { form });
  assert.equal(tokens.status, 200, tokens.text);
  assert.deepEqual(
    [payloadOf(tokens.json.access_token).azp, payloadOf(tokens.json.access_token).scope],
    [client_id, 'read:things offline_access'],
  );
});
