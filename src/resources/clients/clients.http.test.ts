import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';

const SCOPES = [
  'create:clients',
  'read:clients',
  'read:client_keys',
  'update:clients',
  'update:client_keys',
  'delete:clients',
];

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, SCOPES);
});
after(() => server.close());

const create = (json: object) => server.post('/api/v2/clients', { bearer, json });
const read = (id: string, token = bearer) => server.get(`/api/v2/clients/${id}`, { bearer: token });
const patch = (id: string, json: object, token = bearer) =>
  server.request('PATCH', `/api/v2/clients/${id}`, { bearer: token, json });

async function createdId(json: object = {}): Promise<string> {
  const answer = await create({ name: 'An application', ...json });
  assert.equal(answer.status, 201, answer.text);
  return answer.json.client_id;
}

test('only a name: the recorded defaults', async () => {
  const answer = await create({ name: 'Only a name' });
  assert.equal(answer.status, 201);
  const { client_id, client_secret, signing_keys, ...rest } = answer.json;
  assert.match(client_id, /^[A-Za-z0-9]{32}$/);
  assert.match(client_secret, /^[A-Za-z0-9_-]{64}$/);
  assert.equal(signing_keys[0].subject, '/CN=tenant.test');
  assert.deepEqual(rest, {
    tenant: 'tenant',
    global: false,
    name: 'Only a name',
    is_first_party: true,
    is_token_endpoint_ip_header_trusted: false,
    oidc_conformant: false,
    sso_disabled: false,
    cross_origin_authentication: false,
    cross_origin_auth: false,
    custom_login_page_on: true,
    callback_url_template: false,
    encrypted: true,
    grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
    jwt_configuration: { lifetime_in_seconds: 36000, secret_encoded: false },
    refresh_token: {
      rotation_type: 'non-rotating',
      expiration_type: 'non-expiring',
      leeway: 0,
      infinite_token_lifetime: true,
      infinite_idle_token_lifetime: true,
      token_lifetime: 2592000,
      idle_token_lifetime: 1296000,
    },
  });
});

test('cross_origin_auth says what cross_origin_authentication does', async () => {
  const id = await createdId({ cross_origin_authentication: true });
  assert.equal((await read(id)).json.cross_origin_auth, true);
  assert.equal((await patch(id, { cross_origin_authentication: false })).json.cross_origin_auth, false);
});

test('the authentication method decides grant types and lifetimes, the application type does not', async () => {
  const spa = (await create({ name: 'Spa', app_type: 'spa', token_endpoint_auth_method: 'none' })).json;
  assert.deepEqual(spa.grant_types, ['authorization_code', 'implicit', 'refresh_token']);
  assert.equal(typeof spa.client_secret, 'string');
  const post = (await create({ name: 'Post', token_endpoint_auth_method: 'client_secret_post' })).json;
  assert.equal(post.refresh_token.token_lifetime, 31557600);
  assert.equal(post.refresh_token.idle_token_lifetime, 2592000);
  const native = (await create({ name: 'Native', app_type: 'native' })).json;
  assert.equal(native.grant_types.includes('client_credentials'), true);
  assert.equal('token_endpoint_auth_method' in native, false);
});

test('kinds of application that bring their own defaults', async () => {
  const api = (await create({ name: 'Api', app_type: 'resource_server', resource_server_identifier: 'urn:a' })).json;
  assert.deepEqual(api.grant_types, []);
  assert.deepEqual(api.jwt_configuration, { secret_encoded: false, alg: 'RS256' });
  assert.equal(api.oidc_conformant, true);
  const strict = (await create({ name: 'Strict', is_first_party: false, third_party_security_mode: 'strict' })).json;
  assert.deepEqual(strict.grant_types, ['authorization_code']);
  assert.equal(strict.jwt_configuration.lifetime_in_seconds, 3600);
  const express = (await create({ name: 'Express', app_type: 'express_configuration' })).json;
  assert.equal(express.organization_usage, 'require');
  assert.equal('client_secret' in express, false);
});

test('what is sent partly is completed as recorded', async () => {
  const { json } = await create({
    name: 'Partly',
    jwt_configuration: { alg: 'RS256' },
    refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring' },
    session_transfer: { can_create_session_transfer_token: true },
    oidc_logout: { backchannel_logout_urls: ['https://app.test/out'] },
  });
  assert.deepEqual(json.jwt_configuration, { secret_encoded: false, alg: 'RS256' });
  assert.equal(json.refresh_token.infinite_token_lifetime, false);
  assert.equal(json.refresh_token.token_lifetime, 2592000);
  assert.equal(json.session_transfer.enforce_device_binding, 'ip');
  assert.deepEqual(json.oidc_backchannel_logout, { backchannel_logout_urls: ['https://app.test/out'] });
});

test('a change merges, replaces and removes as recorded', async () => {
  const id = await createdId({
    client_metadata: { a: '1', b: '2' },
    mobile: { ios: { team_id: 'T' } },
    callbacks: ['https://a.test'],
    addons: { samlp: { audience: 'x' }, wsfed: {} },
  });
  const { json } = await patch(id, {
    client_metadata: { a: null, c: '3' },
    mobile: { android: { app_package_name: 'p' } },
    callbacks: ['https://b.test'],
    addons: { samlp: { recipient: 'y' } },
    jwt_configuration: { alg: 'RS256' },
  });
  assert.deepEqual(json.client_metadata, { b: '2', c: '3' });
  assert.deepEqual(json.mobile, { ios: { team_id: 'T' }, android: { app_package_name: 'p' } });
  assert.deepEqual(json.callbacks, ['https://b.test']);
  assert.deepEqual(json.addons, { samlp: { recipient: 'y' } });
  assert.deepEqual(json.jwt_configuration, { lifetime_in_seconds: 36000, secret_encoded: false, alg: 'RS256' });
  assert.equal('addons' in (await patch(id, { addons: null })).json, false);
  assert.deepEqual((await patch(id, { client_metadata: { b: null, c: null } })).json.client_metadata, {});
});

test('native_social_login: null takes away a provider, or all of it', async () => {
  const [apple, google] = [{ enabled: true }, { enabled: false }];
  const id = await createdId({ native_social_login: { apple, google } });
  const changed = async (native_social_login: object | null) =>
    (await patch(id, { native_social_login })).json.native_social_login;
  assert.deepEqual(await changed({ google: null }), { apple });
  assert.deepEqual(await changed({ google: { enabled: true } }), { apple, google: { enabled: true } });
  assert.equal(await changed({ apple: null, google: null }), undefined);
  assert.deepEqual(await changed({ apple }), { apple });
  assert.equal(await changed(null), undefined);
  assert.equal((await create({ name: 'x', native_social_login: null })).status, 400);
});

test('the secret can be set, and rotated', async () => {
  const id = await createdId();
  const secret = 'a-secret-of-our-own-that-is-long-enough';
  assert.equal((await patch(id, { client_secret: secret })).json.client_secret, secret);
  const rotated = await server.post(`/api/v2/clients/${id}/rotate-secret`, { bearer });
  assert.equal(rotated.status, 200);
  assert.notEqual(rotated.json.client_secret, secret);
  assert.equal((await read(id)).json.client_secret, rotated.json.client_secret);
});

test('secrets need read:client_keys; a summary shows little', async () => {
  const id = await createdId({ description: 'd' });
  const plain = (await read(id, await managementToken(server, ['read:clients']))).json;
  for (const name of ['client_secret', 'signing_keys']) assert.equal(name in plain, false, name);
  assert.deepEqual(plain.grant_types.length, 4);
  const summary = (await read(id, await managementToken(server, ['read:client_summary']))).json;
  assert.deepEqual(Object.keys(summary).sort(), [
    'client_id',
    'description',
    'global',
    'is_first_party',
    'name',
    'tenant',
  ]);
  const refused = await patch(id, { client_secret: 'abc' }, await managementToken(server, ['update:clients']));
  assert.equal(refused.status, 403);
  assert.equal(refused.json.message, 'Insufficient scope, expected any of: update:client_keys');
});

const REFUSED: readonly [string, object, number, string | RegExp][] = [
  ['no name', {}, 400, "Payload validation error: 'Missing required property: name'."],
  [
    'unknown property',
    { name: 'x', is_global: true },
    400,
    "Payload validation error: 'Additional properties not allowed: is_global'.",
  ],
  ['read-only property', { name: 'x', client_id: 'y' }, 400, /Additional properties not allowed: client_id/],
  ['markup in the name', { name: '<b>' }, 400, /String does not match pattern \^\[\^<>\]\+\$: <b>/],
  [
    'login address without TLS',
    { name: 'x', initiate_login_uri: 'http://app.test/login' },
    400,
    "Payload validation error: 'Object didn't pass validation for format absolute-https-uri-with-placeholders-or-empty: http://app.test/login' on property initiate_login_uri (Initiate login uri, must be https).",
  ],
  [
    'same grant type twice',
    { name: 'x', grant_types: ['implicit', 'implicit'] },
    400,
    /Array items are not unique \(indexes 0 and 1\)' on property grant_types/,
  ],
  ['unknown grant type', { name: 'x', grant_types: ['magic'] }, 400, 'Invalid grant types: magic'],
  [
    'public client on its own',
    { name: 'x', token_endpoint_auth_method: 'none', grant_types: ['client_credentials'] },
    400,
    'Invalid grant types: client_credentials',
  ],
  [
    'third party with passwords',
    { name: 'x', is_first_party: false, grant_types: ['password'] },
    400,
    'Invalid grant types: password',
  ],
  [
    'legacy grant type',
    { name: 'x', grant_types: ['http://auth0.com/oauth/legacy/grant-type/ro'] },
    400,
    /Invalid grant types/,
  ],
  [
    'rotating for ever',
    { name: 'x', refresh_token: { rotation_type: 'rotating', expiration_type: 'non-expiring' } },
    400,
    /Rotating refresh tokens must be expiring/,
  ],
  [
    'prompt after login, legacy',
    { name: 'x', organization_require_behavior: 'post_login_prompt' },
    400,
    /requires oidc_conformant/,
  ],
  [
    'metadata that is no text',
    { name: 'x', client_metadata: { a: 1 } },
    400,
    /Expected type string,null but found type integer' on property client_metadata\.a/,
  ],
  [
    'too much metadata',
    { name: 'x', client_metadata: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`k${i}`, 'v'])) },
    400,
    /Too many properties defined \(11\), maximum 10/,
  ],
  [
    'an identity assertion grant that does not say whether it is on',
    { name: 'x', identity_assertion_authorization_grant: {} },
    400,
    /Missing required property: active' on property identity_assertion_authorization_grant/,
  ],
  ['no JSON object', [], 400, /Expected type object but found type array/],
];

for (const [title, json, status, message] of REFUSED) {
  test(`refused, nothing made: ${title}`, async () => {
    const before = (await server.get('/api/v2/clients?include_totals=true', { bearer })).json.total;
    const answer = await create(json);
    assert.equal(answer.status, status);
    if (typeof message === 'string') assert.equal(answer.json.message, message);
    else assert.match(answer.json.message, message);
    assert.equal(answer.json.errorCode, 'invalid_body');
    assert.equal((await server.get('/api/v2/clients?include_totals=true', { bearer })).json.total, before);
  });
}

test('an alias leads to one client', async () => {
  await createdId({ client_aliases: ['urn:alias'] });
  const answer = await create({ name: 'Second', client_aliases: ['urn:alias'] });
  assert.equal(answer.status, 409);
  assert.equal(answer.json.message, 'Another client exists with the same alias.');
});

test('a change that contradicts what is there is refused and changes nothing', async () => {
  const id = await createdId({ token_endpoint_auth_method: 'none' });
  const answer = await patch(id, { name: 'Renamed', grant_types: ['client_credentials'] });
  assert.equal(answer.json.message, 'Invalid grant types: client_credentials');
  assert.equal((await read(id)).json.name, 'An application');
});

test('two changes at once that each keep the rules do not break them together', async () => {
  const id = await createdId({ token_endpoint_auth_method: 'client_secret_post', grant_types: ['authorization_code'] });
  const answers = await Promise.all([
    patch(id, { grant_types: ['authorization_code', 'client_credentials'] }),
    patch(id, { token_endpoint_auth_method: 'none' }),
  ]);
  const { grant_types, token_endpoint_auth_method } = (await read(id)).json;
  const isPublic = token_endpoint_auth_method === 'none';
  assert.ok(!(isPublic && grant_types.includes('client_credentials')), answers.map(({ text }) => text).join('\n'));
});

test('what does not exist', async () => {
  const missing = {
    statusCode: 404,
    error: 'Not Found',
    message: 'The client does not exist',
    errorCode: 'inexistent_client',
  };
  assert.deepEqual((await read('nobody')).json, missing);
  assert.deepEqual((await patch('nobody', { name: 'x' })).json, missing);
  assert.equal((await server.request('DELETE', '/api/v2/clients/nobody', { bearer })).status, 204);
});

test('the global client is listed but stays', async () => {
  const [client] = (await server.get('/api/v2/clients?is_global=true&fields=client_id', { bearer })).json;
  assert.deepEqual(Object.keys(client).sort(), ['client_id', 'tenant']);
  const answer = await server.request('DELETE', `/api/v2/clients/${client.client_id}`, { bearer });
  assert.equal(answer.status, 400);
  assert.equal((await read(client.client_id)).status, 200);
});

test('clients belong to their tenant', async () => {
  const id = await createdId();
  const theirs = await managementToken(server.other, SCOPES);
  assert.equal((await server.other.get(`/api/v2/clients/${id}`, { bearer: theirs })).status, 404);
  assert.equal((await server.other.get(`/api/v2/clients/${id}`, { bearer })).status, 401);
});

test('a secret that is to be decoded for HS256 must be base64', async () => {
  const encoded = { jwt_configuration: { alg: 'HS256', secret_encoded: true } };
  const id = await createdId(encoded);
  const refused = await patch(id, { client_secret: '!' });
  assert.equal(refused.status, 400);
  assert.match(refused.json.message, /client_secret must be base64/);
  assert.equal((await patch(id, { client_secret: 'c2VjcmV0IHNlY3JldCE=' })).status, 200);
  const plain = await createdId();
  assert.equal((await patch(plain, { client_secret: 'not base64!' })).status, 200);
  assert.equal((await patch(plain, encoded)).status, 400);
});

test('whose application it is, and by which rules, stays as it was made', async () => {
  const strict = await createdId({ is_first_party: false, third_party_security_mode: 'strict' });
  assert.match(strict, /^tpc_[A-Za-z0-9]{22}$/);
  const own = await createdId();
  for (const [id, change] of [
    [strict, { third_party_security_mode: 'permissive' }],
    [strict, { is_first_party: true }],
    [own, { is_first_party: false, third_party_security_mode: 'strict' }],
  ] as const) {
    const before = (await read(id)).json;
    const { status, json } = await patch(id, change);
    assert.deepEqual([status, json.errorCode], [400, 'operation_not_supported']);
    assert.deepEqual((await read(id)).json, before);
  }
  assert.equal((await patch(strict, { third_party_security_mode: 'strict', is_first_party: false })).status, 200);
  assert.equal((await patch(own, { is_first_party: false })).status, 200);
});
