import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { logsOf } from '../logs/index.ts';
import { connectionsOf } from './index.ts';

const PATH = '/api/v2/connections';

let server: TestServer;
let bearer: string;
let made = 0;

before(async () => {
  server = await testServer();
  const scopes = ['create', 'read', 'update', 'delete'].map((verb) => `${verb}:connections`);
  bearer = await managementToken(server, [...scopes, 'create:users', 'read:users']);
});
after(() => server.close());

const create = (strategy: string, options: object, more: object = {}) =>
  server.post(PATH, { bearer, json: { name: `c-${++made}`, strategy, options, ...more } });
const patch = (id: string, json: object) => server.request('PATCH', `${PATH}/${id}`, { bearer, json });

const OIDC = {
  client_id: '123456',
  client_secret: '654321',
  issuer: 'https://api.login.yahoo.com',
  authorization_endpoint: 'https://api.login.yahoo.com/oauth2/request_auth',
  jwks_uri: 'https://api.login.yahoo.com/openid/v1/certs',
  token_endpoint: 'https://api.login.yahoo.com/oauth2/get_token',
  type: 'back_channel',
};
const OAUTH2 = {
  client_id: '123456',
  client_secret: '654321',
  authorizationURL: 'https://api.login.yahoo.com/oauth2/request_auth',
  tokenURL: 'https://api.login.yahoo.com/oauth2/get_token',
  userinfo_endpoint: 'https://api.login.yahoo.com/openid/v1/userinfo',
};

test('an oidc connection has the defaults that Auth0 gives it', async () => {
  const { status, json } = await create('oidc', {
    client_id: 'x',
    discovery_url: 'https://example.com/.well-known/openid-configuration',
  });
  assert.equal(status, 201);
  const { id, name, realms, ...rest } = json;
  assert.deepEqual(rest, {
    strategy: 'oidc',
    options: {
      schema_version: 'oidc-V4',
      attribute_map: { mapping_mode: 'bind_all' },
      connection_settings: { pkce: 'auto' },
      type: 'front_channel',
      client_id: 'x',
      discovery_url: 'https://example.com/.well-known/openid-configuration',
    },
    is_domain_connection: false,
    show_as_button: false,
    display_name: name,
    authentication: { active: true },
    connected_accounts: { active: false },
    enabled_clients: [],
  });
});

test('options of oidc and okta that are replaced are completed, and ask for PKCE no more than they say', async () => {
  const kept = { attribute_map: { mapping_mode: 'use_map', attributes: {} }, connection_settings: { pkce: 'S256' } };
  for (const [strategy, mapping_mode] of [
    ['oidc', 'bind_all'],
    ['okta', 'basic_profile'],
  ] as const) {
    const made = (await create(strategy, { ...OIDC, ...kept })).json;
    assert.deepEqual(made.options, { schema_version: 'oidc-V4', ...OIDC, ...kept });
    const replaced = (await patch(made.id, { options: OIDC })).json.options;
    const completed = { attribute_map: { mapping_mode }, connection_settings: { pkce: 'disabled' } };
    assert.deepEqual(replaced, { schema_version: 'oidc-V4', ...OIDC, ...completed });
  }
});

test('switches of well-known providers become scopes, as recorded', async () => {
  const google = await create('google-oauth2', { profile: true, calendar: true, youtube: false });
  assert.deepEqual(google.json.options, {
    profile: true,
    calendar: true,
    youtube: false,
    email: true,
    scope: ['profile', 'https://www.googleapis.com/auth/calendar', 'email'],
  });
  assert.equal('show_as_button' in google.json, false);
  const github = await create('github', { email: true, read_user: true, profile: true, write_org: true });
  assert.deepEqual(github.json.options.scope, ['user:email', 'read:user', 'write:org']);
  assert.deepEqual((await create('github', {})).json.options, { scope: [] });
  const echoed = { email: true, scope: ['email', 'profile'], profile: true };
  assert.deepEqual((await patch(google.json.id, { options: echoed })).json.options, echoed);
});

test('the secret is sealed in storage, and shown to readers of connections', async () => {
  const { json } = await create('oidc', OIDC);
  assert.equal(json.options.client_secret, '654321');
  const stored = await connectionsOf(server.ctx).get(json.id);
  assert.match(String(stored?.options.client_secret), /^sealed:cs1\./);
  assert.equal((await server.get(`${PATH}/${json.id}`, { bearer })).json.options.client_secret, '654321');
});

test('headers for the provider are sealed as well, and kept out of the log', async () => {
  const { json } = await create('oauth2', { ...OAUTH2, customHeaders: { 'x-api-key': 'a key of ours' } });
  assert.deepEqual(json.options.customHeaders, { 'x-api-key': 'a key of ours' });
  assert.doesNotMatch(JSON.stringify(await connectionsOf(server.ctx).get(json.id)), /a key of ours/);
  assert.doesNotMatch(JSON.stringify(await logsOf(server.ctx).list()), /a key of ours|654321/);
});

const refused: [string, object, RegExp][] = [
  ['oidc', {}, /Missing required property: client_id/],
  ['oidc', { client_id: 'x' }, /Missing required property: issuer/],
  ['oidc', { ...OIDC, jwks_uri: undefined }, /Missing required property: jwks_uri/],
  ['oidc', { ...OIDC, client_id: 7 }, /Expected type string.* on property options.client_id/],
  [
    'oidc',
    { ...OIDC, token_endpoint: 'http://api.test/token' },
    /format https-url.* on property options.token_endpoint/,
  ],
  ['oidc', { ...OIDC, discovery_url: 'https://user:pw@api.test/' }, /on property options.discovery_url/],
  ['oidc', { ...OIDC, scope: 'email profile' }, /options.scope must include openid/],
  ['oidc', { ...OIDC, type: 'sideways' }, /No enum match for: sideways/],
  ['oidc', { ...OIDC, token_endpoint_auth_method: 'private_key_jwt' }, /private_key_jwt is not supported/],
  ['oidc', { ...OIDC, set_user_root_attributes: 'sometimes' }, /No enum match for: sometimes/],
  ['oidc', { ...OIDC, upstream_params: { redirect_uri: { value: 'https://evil.test' } } }, /cannot set redirect_uri/],
  ['oidc', { ...OIDC, upstream_params: { a: { alias: 'id_token_hint' } } }, /No enum match for: id_token_hint/],
  ['oidc', { ...OIDC, upstream_params: { a: {} } }, /Expected either alias or value/],
  [
    'oidc',
    { ...OIDC, attribute_map: { mapping_mode: 'x' } },
    /No enum match for: x.* options.attribute_map.mapping_mode/,
  ],
  ['oidc', { ...OIDC, connection_settings: { pkce: 'x' } }, /No enum match for: x.* options.connection_settings.pkce/],
  [
    'oidc',
    { ...OIDC, federated_connections_access_tokens: { active: 1 } },
    /options.federated_connections_access_tokens/,
  ],
  ['oidc', { ...OIDC, id_token_signed_response_algs: ['HS256'] }, /No enum match for: HS256/],
  ['oidc', { ...OIDC, oidc_metadata: { token_endpoint: 'http://a.test/' } }, /options.oidc_metadata.token_endpoint/],
  ['okta', { client_id: 'x' }, /Missing required property: issuer/],
  ['okta', { client_id: 'x', domain: 'a.okta.test', type: 'front_channel' }, /No enum match for: front_channel/],
  ['okta', { client_id: 'x', domain: 'a.okta.test/evil' }, /on property options.domain/],
  ['oauth2', { ...OAUTH2, tokenURL: undefined }, /Missing required property: tokenURL/],
  ['oauth2', { ...OAUTH2, userinfo_endpoint: undefined }, /Missing required property: userinfo_endpoint/],
  ['oauth2', { ...OAUTH2, scripts: { fetchUserProfile: 'function(){}' } }, /scripts are not run by this server/],
  ['oauth2', { ...OAUTH2, authParams: { state: 'mine' } }, /options.authParams cannot set state/],
  ['oauth2', { ...OAUTH2, authParamsMap: { audience: 'client_id' } }, /options.authParamsMap cannot set client_id/],
  ['oauth2', { ...OAUTH2, authParamsMap: { unheard: 'x' } }, /options.authParamsMap cannot read unheard/],
  ['oauth2', { ...OAUTH2, fieldsMap: { user_id: 7 } }, /on property options.fieldsMap/],
  ['google-oauth2', { orkut: true }, /options.orkut is not supported/],
];

test('what cannot be done is refused when it is written, and nothing is stored', async () => {
  const before = await connectionsOf(server.ctx).count();
  for (const [strategy, options, message] of refused) {
    const answer = await create(strategy, options);
    assert.equal(answer.status, 400, JSON.stringify(options));
    assert.equal(answer.json.errorCode, 'invalid_body');
    assert.match(answer.json.message, message);
  }
  assert.equal(await connectionsOf(server.ctx).count(), before);
  const { json } = await create('oidc', OIDC);
  for (const options of [null, {}, { ...OIDC, type: 'sideways' }])
    assert.equal((await patch(json.id, { options })).status, 400, JSON.stringify(options));
  assert.equal((await server.get(`${PATH}/${json.id}`, { bearer })).json.options.issuer, OIDC.issuer);
});

test('users of a provider are not made by the API', async () => {
  const { json } = await create('oidc', OIDC);
  const answer = await server.post('/api/v2/users', {
    bearer,
    json: { connection: json.name, email: 'a@example.test' },
  });
  assert.equal(answer.status, 400);
  assert.match(answer.json.message, /^Connection does not support user creation through the API/);
});
