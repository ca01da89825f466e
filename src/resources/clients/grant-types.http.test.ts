/** Who may have which grant type: when a client is written, when it is changed, and when it uses one. Auth0: Client Grant Types. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { CALLBACK, changeSettings, refusalOf } from '../../../test/token-fixture.ts';
import { grants } from '../../oauth/token/grants/index.ts';
import { type Client, clientsOf, createClient, grantTypes, type StoredClient } from './index.ts';

const EXTENSION = 'http://auth0.com/oauth/grant-type/';
const LEGACY = 'http://auth0.com/oauth/legacy/grant-type/';
const RO = `${LEGACY}ro`;
const PUBLIC = ['authorization_code', 'implicit', 'refresh_token'];
const CONFIDENTIAL = [...PUBLIC, 'client_credentials'];
const TRUSTED = [
  'password',
  ...['password-realm', 'mfa-oob', 'mfa-otp', 'mfa-recovery-code'].map((name) => `${EXTENSION}${name}`),
];

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, ['create:clients', 'read:clients', 'read:client_keys', 'update:clients']);
});
after(() => server.close());

const create = (json: object) => server.post('/api/v2/clients', { bearer, json: { name: 'App', ...json } });
const patch = (id: string, json: object) => server.request('PATCH', `/api/v2/clients/${id}`, { bearer, json });
const read = async (id: string) => (await server.get(`/api/v2/clients/${id}`, { bearer })).json;
const setFlags = (flags: Record<string, boolean>) => changeSettings(server.ctx, { flags });
const invalid = (...types: string[]) => [400, `Invalid grant types: ${types.join(',')}`];
const notAllowed = (type: string) => [403, 'unauthorized_client', `Grant type '${type}' not allowed for the client.`];

async function made(json: object = {}): Promise<Client & { client_secret: string }> {
  const answer = await create(json);
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

/** Past the rules: what a client got hold of while others held. */
async function store(id: string, changes: Partial<StoredClient>) {
  await clientsOf(server.ctx).update(id, (client) => ({ ...client, ...changes }) as StoredClient);
}

test('what a new client has when nobody says: by its authentication, not by its type', async () => {
  for (const app_type of ['native', 'spa']) {
    assert.deepEqual((await made({ app_type, token_endpoint_auth_method: 'none' })).grant_types, PUBLIC);
  }
  for (const token_endpoint_auth_method of ['client_secret_post', 'client_secret_basic']) {
    assert.deepEqual((await made({ token_endpoint_auth_method })).grant_types, CONFIDENTIAL);
  }
  for (const app_type of ['regular_web', 'non_interactive', 'spa', undefined]) {
    assert.deepEqual((await made({ app_type })).grant_types, CONFIDENTIAL, 'unspecified is confidential');
  }
  const named = await made({ grant_types: [] });
  assert.deepEqual(named.grant_types, [], 'an empty list stays empty');
});

test('a client that becomes public loses client_credentials, and may have it again once it proves who it is', async () => {
  const { client_id: id } = await made({ token_endpoint_auth_method: 'client_secret_basic' });
  assert.deepEqual((await patch(id, { token_endpoint_auth_method: 'none' })).json.grant_types, PUBLIC);
  const wish = await patch(id, { grant_types: CONFIDENTIAL });
  assert.deepEqual([wish.status, wish.json.message], invalid('client_credentials'));
  const both = await patch(id, { token_endpoint_auth_method: 'client_secret_post', grant_types: CONFIDENTIAL });
  assert.deepEqual([both.status, both.json.grant_types], [200, CONFIDENTIAL]);
  const torn = await patch(id, { token_endpoint_auth_method: 'none', grant_types: CONFIDENTIAL });
  assert.deepEqual([torn.status, torn.json.message], invalid('client_credentials'));
  assert.equal((await read(id)).token_endpoint_auth_method, 'client_secret_post');
  const unspecified = await patch(id, { token_endpoint_auth_method: null });
  assert.deepEqual(unspecified.json.grant_types, CONFIDENTIAL, 'unspecified is confidential');
});

test('a client that proves who it is with a key is confidential, until it is public again', async () => {
  const { client_id: id } = await made({ token_endpoint_auth_method: 'none' });
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  const all = await managementToken(server, [
    'update:clients',
    'create:client_credentials',
    'update:client_credentials',
  ]);
  const credential = { credential_type: 'public_key', name: 'key', pem };
  const added = await server.post(`/api/v2/clients/${id}/credentials`, { bearer: all, json: credential });
  const methods = { private_key_jwt: { credentials: [{ id: added.json.id }] } };
  const change = (json: object) => server.request('PATCH', `/api/v2/clients/${id}`, { bearer: all, json });
  const both = await change({ client_authentication_methods: methods });
  assert.match(both.json.message, /mutually exclusive/);
  const keyed = { token_endpoint_auth_method: null, client_authentication_methods: methods, grant_types: CONFIDENTIAL };
  const confidential = await change(keyed);
  assert.deepEqual([confidential.status, confidential.json.grant_types], [200, CONFIDENTIAL]);
  const open = await change({ client_authentication_methods: null, token_endpoint_auth_method: 'none' });
  assert.deepEqual([open.status, open.json.grant_types], [200, PUBLIC]);
});

test('password and MFA grants are for trusted first-party clients', async () => {
  assert.deepEqual((await made({ grant_types: TRUSTED })).grant_types, TRUSTED);
  const third = await create({ is_first_party: false, grant_types: ['authorization_code', ...TRUSTED] });
  assert.deepEqual([third.status, third.json.message], invalid(...TRUSTED));
  const { client_id: id } = await made({ grant_types: TRUSTED });
  const demoted = await patch(id, { is_first_party: false });
  assert.deepEqual([demoted.status, demoted.json.message], invalid(...TRUSTED));
  assert.equal((await read(id)).is_first_party, true);
});

test('strict third-party clients have three grants at most', async () => {
  const strict = { is_first_party: false, third_party_security_mode: 'strict' };
  const all = [...grantTypes.keys()];
  const answer = await create({ ...strict, grant_types: all });
  const allowed = ['authorization_code', 'refresh_token', 'client_credentials'];
  assert.deepEqual([answer.status, answer.json.message], invalid(...all.filter((type) => !allowed.includes(type))));
  assert.deepEqual((await made({ ...strict, grant_types: allowed })).grant_types, allowed);
});

test('nobody is newly given a legacy grant without the flag; who has it keeps it', async () => {
  await setFlags({});
  const refused = await create({ grant_types: [RO] });
  assert.deepEqual([refused.status, refused.json.message], invalid(RO));
  const { client_id: id } = await made();
  await setFlags({ allow_legacy_ro_grant_types: true });
  const other = await patch(id, { grant_types: [`${LEGACY}delegation/id_token`] });
  assert.deepEqual([other.status, other.json.message], invalid(`${LEGACY}delegation/id_token`));
  assert.equal((await patch(id, { grant_types: [RO, 'password'] })).status, 200);
  await setFlags({});
  assert.equal((await patch(id, { name: 'Renamed' })).status, 200);
  assert.equal((await patch(id, { grant_types: ['password'] })).status, 200);
  assert.equal((await patch(id, { grant_types: [RO] })).status, 400, 'given up is gone');
});

test('a client that existed before has every grant type that one like it may have', async () => {
  await setFlags({});
  const existing = (body: object) => createClient(server.ctx, { name: 'Old', ...body }, { existing: true });
  assert.deepEqual((await existing({})).grant_types, [...grantTypes.keys()]);
  const publicOne = (await existing({ token_endpoint_auth_method: 'none' })).grant_types ?? [];
  assert.deepEqual(
    [...grantTypes.keys()].filter((type) => !publicOne.includes(type)),
    [
      'client_credentials',
      'urn:openid:params:grant-type:ciba',
      'urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token',
    ],
  );
  const named = await existing({ grant_types: [RO, 'authorization_code'] });
  assert.deepEqual(named.grant_types, [RO, 'authorization_code']);
  await assert.rejects(existing({ grant_types: ['magic'] }), { message: /Invalid grant types: magic/ });
});

test('an empty list, or none, allows nothing: every grant refuses in the same words', async () => {
  const { client_id, client_secret } = await made({ token_endpoint_auth_method: 'client_secret_post' });
  for (const grant_types of [[], undefined]) {
    await store(client_id, { grant_types });
    for (const { type } of grants) {
      if (!grantTypes.has(type)) continue;
      const answer = await server.post('/oauth/token', { form: { grant_type: type, client_id, client_secret } });
      assert.deepEqual(refusalOf(answer), notAllowed(type));
    }
  }
});

test('at run time, too, a client uses nothing that it may not have', async () => {
  const { client_id, client_secret } = await made({ grant_types: [] });
  const use = (grant_type: string) =>
    server.post('/oauth/token', { form: { grant_type, client_id, client_secret, audience: 'https://api.test/' } });
  await store(client_id, { grant_types: [...grantTypes.keys()], is_first_party: false });
  for (const type of TRUSTED) assert.deepEqual(refusalOf(await use(type)), notAllowed(type));
  await store(client_id, { third_party_security_mode: 'strict' });
  assert.equal((await use('refresh_token')).json.error, 'invalid_request', 'allowed, and incomplete');
  await store(client_id, { is_first_party: true, token_endpoint_auth_method: 'none' });
  assert.deepEqual(refusalOf(await use('client_credentials')), notAllowed('client_credentials'));
  assert.deepEqual(refusalOf(await use('implicit')), [
    403,
    'unsupported_grant_type',
    'Unsupported grant type: implicit',
  ]);
});

test('/authorize refuses what the client lacks, and tells the application', async () => {
  const { client_id } = await made({ grant_types: [], callbacks: [CALLBACK], oidc_conformant: true });
  const ask = async (response_type: string, grant_types: string[], changes: Partial<StoredClient> = {}) => {
    await store(client_id, { grant_types, ...changes });
    const query = { client_id, redirect_uri: CALLBACK, response_type, scope: 'openid', nonce: 'n', state: 's' };
    const { status, headers } = await server.get('/authorize', { query });
    assert.equal(status, 302);
    const to = new URL(String(headers.location), server.url);
    const answered = new URLSearchParams(to.search || to.hash.slice(1));
    return [answered.get('error'), answered.get('error_description')];
  };
  const refused = (type: string) => notAllowed(type).slice(1);
  assert.deepEqual(await ask('code', []), refused('authorization_code'));
  assert.deepEqual(await ask('code', ['implicit']), refused('authorization_code'));
  assert.deepEqual(await ask('id_token', ['authorization_code']), refused('implicit'));
  assert.deepEqual(await ask('code id_token', ['authorization_code']), refused('implicit'));
  assert.deepEqual(await ask('code', ['authorization_code']), [null, null]);
  const strict = { is_first_party: false, third_party_security_mode: 'strict' };
  assert.deepEqual(await ask('token', ['implicit'], strict), refused('implicit'));
});
