/** Clients that describe themselves: what their documents may say, how they are registered and refreshed, and what is no longer the tenant's to change. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { documentHost } from '../../../../test/document-host.ts';
import { foreignKey } from '../../../../test/foreign-issuer.ts';
import { managementToken } from '../../../../test/management.ts';
import { type Answer, type TestServer, testServer } from '../../../../test/server.ts';
import { changeSettings } from '../../../../test/token-fixture.ts';
import { clientCredentialsOf, clientsOf } from '../index.ts';

const URL_ID = 'https://partner.test/client.json';
const KEYS = 'https://partner.test/jwks.json';
const DOCUMENT = {
  client_id: URL_ID,
  client_name: 'Partner',
  redirect_uris: ['https://partner.test/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
};
const CONFIDENTIAL = { ...DOCUMENT, token_endpoint_auth_method: 'private_key_jwt', jwks_uri: KEYS };
const MANY = [
  'create:clients',
  'update:clients',
  'read:clients',
  'read:client_keys',
  'update:client_keys',
  'create:client_credentials',
];

const host = documentHost();
const first = foreignKey('first');
const second = foreignKey('second');
let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer({ outbound: host.outbound });
  bearer = await managementToken(server, [...MANY, 'delete:clients']);
  for (const { ctx } of [server, server.other])
    await changeSettings(ctx, { client_id_metadata_document_supported: true });
});
after(() => server.close());
beforeEach(async () => {
  for (const { client_id } of await clientsOf(server.ctx).list({ where: { external_client_id: URL_ID } }))
    await server.request('DELETE', `/api/v2/clients/${client_id}`, { bearer });
  host.pages.clear();
  host.asked.length = 0;
});

const post = (what: string, external_client_id: unknown, token = bearer) =>
  server.post(`/api/v2/clients/cimd/${what}`, { bearer: token, json: { external_client_id } });
const register = (token?: string) => post('register', URL_ID, token);
const preview = () => post('preview', URL_ID);
const read = async (id: string) => (await server.get(`/api/v2/clients/${id}`, { bearer })).json;

/** The document, and the keys if there are any, as they stand there now. */
function publish(document: object, keys?: readonly object[]): void {
  host.pages.set(URL_ID, { body: document });
  if (keys) host.pages.set(KEYS, { body: { keys } });
}

async function registered(document: object = DOCUMENT, keys?: readonly object[]): Promise<string> {
  publish(document, keys);
  const answer = await register();
  assert.ok([200, 201].includes(answer.status), answer.text);
  return answer.json.client_id;
}

/** Refused in these words, with nothing made or changed. */
async function refuses(matching: RegExp, status = 400, answer: Promise<Answer> = register()): Promise<void> {
  const kept = JSON.stringify([await clientsOf(server.ctx).list(), await clientCredentialsOf(server.ctx).list()]);
  const { status: got, json } = await answer;
  assert.equal(got, status, JSON.stringify(json));
  assert.match(json.message, matching);
  assert.equal(
    JSON.stringify([await clientsOf(server.ctx).list(), await clientCredentialsOf(server.ctx).list()]),
    kept,
  );
}

test('a public client: registered, shown, found by its URL, and registered again', async () => {
  publish({ ...DOCUMENT, description: 'Tools', logo_uri: 'https://partner.test/logo.png', application_type: 'native' });
  const answer = await register();
  assert.equal(answer.status, 201, answer.text);
  const { client_id, ...rest } = answer.json;
  assert.match(client_id, /^tpc_[A-Za-z0-9]{22}$/);
  assert.equal(answer.headers.location, `/api/v2/clients/${client_id}`);
  assert.deepEqual(rest, {
    mapped_fields: {
      external_client_id: URL_ID,
      name: 'Partner',
      app_type: 'native',
      callbacks: DOCUMENT.redirect_uris,
      logo_uri: 'https://partner.test/logo.png',
      description: 'Tools',
      grant_types: DOCUMENT.grant_types,
      token_endpoint_auth_method: 'none',
    },
    validation: { valid: true, violations: [], warnings: [] },
  });
  const client = await read(client_id);
  const shown =
    'external_client_id external_metadata_type external_metadata_created_by is_first_party third_party_security_mode';
  assert.deepEqual(
    shown.split(' ').map((name) => client[name]),
    [URL_ID, 'cimd', 'admin', false, 'strict'],
  );
  assert.equal('client_secret' in client, false);
  const query = { external_client_id: URL_ID };
  const list = await server.get('/api/v2/clients', { bearer, query });
  assert.deepEqual(
    list.json.map((one: { client_id: string }) => one.client_id),
    [client_id],
  );
  const again = await register();
  assert.deepEqual([again.status, again.json], [200, answer.json]);
});

test('a confidential client: its keys become credentials', async () => {
  const id = await registered(CONFIDENTIAL, [first.jwk, { ...second.jwk, use: 'enc', kid: 'other' }]);
  const client = await read(id);
  assert.equal(client.jwks_uri, KEYS);
  assert.equal('token_endpoint_auth_method' in client, false);
  const { credentials } = client.client_authentication_methods.private_key_jwt;
  const stored = await clientCredentialsOf(server.ctx).list({ where: { client_id: id } });
  assert.deepEqual(
    stored.map(({ id, kid, alg }) => [id, kid, alg]),
    [[credentials[0].id, 'first', 'RS256']],
  );
  const { json } = await preview();
  assert.equal(json.client_id, id);
  assert.deepEqual(json.mapped_fields.client_authentication_methods, {
    private_key_jwt: { credentials: [{ credential_type: 'public_key', kid: 'first', alg: 'RS256' }] },
  });
});

test('a preview makes nothing', async () => {
  const count = await clientsOf(server.ctx).count();
  publish({ ...DOCUMENT, grant_types: ['authorization_code', 'implicit'], policy_uri: 'x', response_types: ['code'] });
  const { status, json } = await preview();
  assert.equal(status, 200);
  assert.equal('client_id' in json, false);
  assert.deepEqual(json.validation, {
    valid: true,
    violations: [],
    warnings: ["Property not supported: 'policy_uri'", "Grant type not supported: 'implicit'"],
  });
  assert.deepEqual(json.mapped_fields.grant_types, ['authorization_code']);
  assert.equal(await clientsOf(server.ctx).count(), count);
});

test('a document that cannot be had: an error of the preview, a refusal of the registration', async () => {
  assert.deepEqual((await preview()).json, {
    errors: [`The Client Metadata at ${URL_ID} could not be retrieved: it cannot be reached.`],
  });
  await refuses(/could not be retrieved: it cannot be reached/);
  const cases: readonly (readonly [object, RegExp])[] = [
    [{ status: 404, body: DOCUMENT }, /status 404/],
    [{ status: 302, body: DOCUMENT, headers: { location: 'https://partner.test/other.json' } }, /status 302/],
    [{ type: 'text/html', body: DOCUMENT }, /not JSON/],
    [{ body: '{' }, /not a JSON object/],
    [{ body: [DOCUMENT] }, /not a JSON object/],
    [{ body: 'null' }, /not a JSON object/],
    [{ body: { ...DOCUMENT, x: 'x'.repeat(5 * 1024) } }, /larger than 5 KB/],
  ];
  for (const [page, why] of cases) {
    host.pages.set(URL_ID, page);
    await refuses(why);
  }
  assert.deepEqual([...new Set(host.asked)], [URL_ID]);
});

for (const [what, change, why] of [
  ['another client_id', { client_id: 'https://evil.test/client.json' }, /client_id must be the URL/],
  ['a client_id that reads alike', { client_id: 'https://PARTNER.test/client.json' }, /client_id must be the URL/],
  ['inline keys', { jwks: { keys: [] } }, /jwks must not be part/],
  ['a secret', { client_secret: 'x' }, /client_secret must not be part/],
  ['no name', { client_name: undefined }, /client_name/],
  ['markup in the name', { client_name: '<script>' }, /client_name/],
  ['a name that is read otherwise than it is written', { client_name: 'x\u202ey' }, /client_name/],
  ['no callbacks', { redirect_uris: undefined }, /redirect_uris/],
  ['callbacks twice', { redirect_uris: [...DOCUMENT.redirect_uris, ...DOCUMENT.redirect_uris] }, /unique/],
  ['an http callback', { redirect_uris: ['http://partner.test/callback'] }, /redirect_uris/],
  ['a loopback callback of a web application', { redirect_uris: ['http://127.0.0.1/callback'] }, /redirect_uris/],
  ['a callback with a scheme of its own', { application_type: 'native', redirect_uris: ['com.x:/y'] }, /redirect_uris/],
  ['a callback with a placeholder', { redirect_uris: ['https://*.partner.test/callback'] }, /redirect_uris/],
  ['a script for a callback', { redirect_uris: ['javascript:alert(1)'] }, /redirect_uris/],
  ['no grants', { grant_types: undefined }, /grant_types/],
  ['only grants that it cannot have', { grant_types: ['client_credentials'] }, /grant_types must include/],
  ['a strange kind', { application_type: 'service' }, /application_type/],
  ['a shared secret', { token_endpoint_auth_method: 'client_secret_post' }, /none or private_key_jwt/],
  ['keys nowhere', { token_endpoint_auth_method: 'private_key_jwt' }, /jwks_uri must be/],
  ['keys elsewhere', { ...CONFIDENTIAL, jwks_uri: 'https://evil.test/jwks.json' }, /same origin/],
  ['keys at another port', { ...CONFIDENTIAL, jwks_uri: 'https://partner.test:8443/jwks.json' }, /same origin/],
  ['keys without TLS', { ...CONFIDENTIAL, jwks_uri: 'http://partner.test/jwks.json' }, /https URL/],
  ['keys behind a user name', { ...CONFIDENTIAL, jwks_uri: 'https://partner.test@evil.test/jwks.json' }, /https URL/],
  ['a logo that is no address', { logo_uri: 'javascript:alert(1)' }, /logo_uri/],
  ['a long description', { description: 'x'.repeat(141) }, /description/],
] as const) {
  test(`a document with ${what}`, async () => {
    publish({ ...DOCUMENT, ...change });
    await refuses(why);
    assert.deepEqual(host.asked, [URL_ID], 'its keys are not asked for');
    const { json } = await preview();
    assert.equal(json.validation.valid, false);
    assert.match(json.validation.violations.join(), why);
  });
}

const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });

for (const [what, keys, why] of [
  ['none', [], /no key that can sign/],
  ['only for encryption', [{ ...first.jwk, use: 'enc' }], /no key that can sign/],
  ['of unknown algorithms', [{ ...first.jwk, alg: 'HS256' }, null, 'x'], /no key that can sign/],
  ['private', [first.jwk, { ...second.jwk, d: 'AQAB' }], /private or secret/],
  ['symmetric', [{ kty: 'oct', k: 'AQAB' }], /private or secret/],
  ['too short', [{ ...short, kid: 'x' }], /at least 2048 bits/],
  ['not fit for their algorithm', [{ ...ec(), alg: 'RS256' }], /RSA key/],
  ['of one name', [first.jwk, { ...second.jwk, kid: 'first' }], /two keys of one kid/],
  ['too many', Array.from({ length: 11 }, (_, n) => ({ ...ec(), kid: String(n) })), /more than 10/],
] as const) {
  test(`keys: ${what}`, async () => {
    publish(CONFIDENTIAL, keys as readonly object[]);
    await refuses(why);
  });
}

test('keys that cannot be had, or are too large', async () => {
  publish(CONFIDENTIAL);
  await refuses(/jwks_uri could not be retrieved: it cannot be reached/);
  host.pages.set(KEYS, { status: 307, body: {}, headers: { location: 'https://evil.test/' } });
  await refuses(/status 307/);
  host.pages.set(KEYS, { body: { keys: [first.jwk], x: 'x'.repeat(12 * 1024) } });
  await refuses(/larger than 12 KB/);
});

test('new keys come by new names; a key that changed under its name is not taken', async () => {
  const id = await registered(CONFIDENTIAL, [first.jwk]);
  publish(CONFIDENTIAL, [{ ...second.jwk, kid: 'first' }]);
  const swapped = await register();
  assert.match(swapped.json.validation.warnings.join(), /Key not replaced: 'first'/);
  const pems = async () =>
    (await clientCredentialsOf(server.ctx).list({ where: { client_id: id } })).map(({ kid, pem }) => [kid, pem]);
  assert.deepEqual(await pems(), [['first', first.publicPem]]);
  publish(CONFIDENTIAL, [second.jwk]);
  assert.equal((await register()).status, 200);
  assert.deepEqual(await pems(), [['second', second.publicPem]]);
  publish(DOCUMENT);
  await register();
  const client = await read(id);
  assert.deepEqual([await pems(), client.token_endpoint_auth_method, client.jwks_uri], [[], 'none', undefined]);
});

test('a document that went bad leaves the client as it was', async () => {
  const id = await registered();
  const kept = await read(id);
  publish({ ...DOCUMENT, redirect_uris: ['https://evil.test/callback'], client_id: 'https://evil.test/' });
  await refuses(/cannot be applied/);
  host.pages.clear();
  await refuses(/could not be retrieved/);
  assert.deepEqual(await read(id), kept);
});

test('a refresh takes over what the document says, and leaves alone what is the tenant’s', async () => {
  const id = await registered({ ...DOCUMENT, logo_uri: 'https://partner.test/logo.png' });
  const mine = { description: 'Mine', allowed_origins: ['https://partner.test'], app_type: 'native' };
  assert.equal((await server.request('PATCH', `/api/v2/clients/${id}`, { bearer, json: mine })).status, 200);
  await registered({ ...DOCUMENT, client_name: 'Renamed', redirect_uris: ['https://partner.test/new'] });
  const client = await read(id);
  assert.deepEqual(
    [client.name, client.callbacks, client.description, client.allowed_origins, client.app_type, client.logo_uri],
    ['Renamed', ['https://partner.test/new'], 'Mine', ['https://partner.test'], 'regular_web', undefined],
  );
});

test('what the document says cannot be changed here', async () => {
  const id = await registered(CONFIDENTIAL, [first.jwk]);
  const patch = (json: object) => server.request('PATCH', `/api/v2/clients/${id}`, { bearer, json });
  for (const change of [
    { name: 'Other' },
    { callbacks: ['https://evil.test/'] },
    { is_first_party: true },
    { third_party_security_mode: 'permissive' },
    { client_secret: 'x'.repeat(48) },
    { token_endpoint_auth_method: 'client_secret_post', client_authentication_methods: null },
    { logo_uri: 'https://evil.test/logo.png' },
    { description: 'fine', callbacks: [] },
  ])
    await refuses(/cannot be updated/, 400, patch(change));
  await refuses(/app_type must be/, 400, patch({ app_type: 'spa' }));
  await refuses(/Invalid grant types: client_credentials/, 400, patch({ grant_types: ['client_credentials'] }));
  await refuses(/names its keys/, 400, server.post(`/api/v2/clients/${id}/rotate-secret`, { bearer }));
  const json = { credential_type: 'public_key', pem: second.publicPem };
  await refuses(/names its keys/, 400, server.post(`/api/v2/clients/${id}/credentials`, { bearer, json }));
  const own = { bearer, json: { ...DOCUMENT, external_client_id: URL_ID } };
  assert.equal((await server.post('/api/v2/clients', own)).status, 400, 'nor can it be claimed for another client');
});

test('making and changing are two permissions', async () => {
  publish(DOCUMENT);
  await refuses(/expected any of: create:clients/, 403, register(await managementToken(server, ['update:clients'])));
  assert.deepEqual(host.asked, [], 'nothing is fetched for those who may not');
  await registered();
  await refuses(/expected any of: update:clients/, 403, register(await managementToken(server, ['create:clients'])));
  await refuses(/Insufficient scope/, 403, register(await managementToken(server, ['read:clients'])));
});

test('of many who register at once one makes the client', async () => {
  publish(CONFIDENTIAL, [first.jwk]);
  const answers = await Promise.all(Array.from({ length: 20 }, () => register()));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))].toSorted(), [200, 201]);
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  assert.equal(new Set(answers.map(({ json }) => json.client_id)).size, 1);
});

test('each tenant has its own', async () => {
  const id = await registered();
  const token = await managementToken(server.other, MANY);
  const json = { external_client_id: URL_ID };
  const theirs = await server.other.post('/api/v2/clients/cimd/preview', { bearer: token, json });
  assert.equal('client_id' in theirs.json, false);
  const made = await server.other.post('/api/v2/clients/cimd/register', { bearer: token, json });
  assert.equal(made.status, 201);
  assert.notEqual(made.json.client_id, id);
});

test('not where the tenant has not switched it on', async () => {
  await changeSettings(server.ctx, { client_id_metadata_document_supported: false });
  publish(DOCUMENT);
  await refuses(/not enabled/, 403);
  assert.equal((await preview()).status, 403);
  assert.deepEqual(host.asked, []);
  await changeSettings(server.ctx, { client_id_metadata_document_supported: true });
});
