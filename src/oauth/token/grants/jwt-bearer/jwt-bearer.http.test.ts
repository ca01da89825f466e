import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { foreignKey, foreignToken } from '../../../../../test/foreign-issuer.ts';
import { managementToken } from '../../../../../test/management.ts';
import { type ScriptedProvider, scriptedProvider } from '../../../../../test/scripted-provider.ts';
import { START, type TestServer, testServer } from '../../../../../test/server.ts';
import {
  API,
  addApi,
  addClient,
  type Credentials,
  changeSettings,
  logTypes,
  payloadOf,
  refusalOf,
} from '../../../../../test/token-fixture.ts';
import { importSecretSigner, signJwt } from '../../../../platform/crypto/index.ts';
import { type Client, clientsOf, type StoredClient } from '../../../../resources/clients/index.ts';
import { type Connection, connectionsOf } from '../../../../resources/connections/index.ts';
import { addMember, addOrganizationConnection, createOrganization } from '../../../../resources/organizations/index.ts';
import { saveFederatedUser, type User, usersOf } from '../../../../resources/users/index.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const TYP = 'oauth-id-jag+jwt';
const key = foreignKey('idp');
const ALLOWED = { identity_assertion_authorization_grant: { active: true } };

let server: TestServer;
let provider: ScriptedProvider;
let client: Credentials;
let connection: Connection;
let user: User;
let bearer: string;

before(async () => {
  provider = await scriptedProvider(() => server?.clock.now() ?? START);
  provider.answers = { 'GET /jwks': () => ({ status: 200, body: { keys: [key.jwk] } }) };
  server = await testServer({ outbound: provider.outbound });
  client = await addClient(server.ctx, ALLOWED);
  await addApi(server.ctx);
  bearer = await managementToken(server, ['create:connections', 'update:connections', 'read:connections']);
  connection = await connect('acme');
  user = (await saveFederatedUser(server.ctx, { connection, id: '00u1', profile: { email: 'ada@acme.test' } })) as User;
});
after(() => server.close());

async function connect(name: string, changes: object = {}): Promise<Connection> {
  const json = {
    name,
    strategy: 'oidc',
    enabled_clients: [client.client_id],
    cross_app_access_resource_app: { status: 'enabled' },
    options: { client_id: 'resource-app', discovery_url: 'https://idp.test/.well-known/openid-configuration' },
    ...changes,
  };
  const made = await server.post('/api/v2/connections', { bearer, json });
  assert.equal(made.status, 201, made.text);
  return (await connectionsOf(server.ctx).get(made.json.id)) as Connection;
}

const seconds = () => Math.floor(server.ctx.clock.now() / 1000);
const claims = (changes: object = {}) => ({
  jti: 'IDAAG.1',
  iss: 'https://idp.test',
  aud: server.issuer,
  sub: '00u1',
  client_id: client.client_id,
  resource: API,
  scope: 'read:things',
  iat: seconds(),
  exp: seconds() + 300,
  ...changes,
});
const assertionOf = (changes: object = {}, typ = TYP, by = key) => foreignToken(by, claims(changes), typ);

async function exchange(assertion: string | Promise<string>, changes: Record<string, string> = {}, tenant = server) {
  const form = { grant_type: GRANT, ...client, assertion: await assertion, ...changes };
  return (tenant as TestServer).post('/oauth/token', { form });
}

const change = (changes: Partial<Client>) =>
  clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, ...changes }) as StoredClient);

const invalid = [400, 'invalid_grant', 'Assertion is invalid or has expired'];

test('an assertion of the enterprise’s provider, for an access token and nothing else', async () => {
  const assertion = await assertionOf();
  const answer = await exchange(assertion, { scope: 'openid offline_access read:things write:things' });
  assert.equal(answer.status, 200, answer.text);
  const { access_token, ...rest } = answer.json;
  assert.deepEqual(rest, { scope: 'read:things', expires_in: 86400, token_type: 'Bearer' });
  const token = payloadOf(access_token);
  assert.deepEqual([token.sub, token.aud, token.azp], ['oidc|acme|00u1', API, client.client_id]);
  assert.equal((await exchange(assertion)).status, 200, 'it counts until it expires');
  assert.ok((await logTypes(server)).includes('idjag_exchange_succeeded'));
  assert.equal((await usersOf(server.ctx).get(user.user_id))?.logins_count, undefined);
});

test('the API: as the assertion says, else the request, else the tenant’s default', async () => {
  assert.equal((await exchange(assertionOf(), { resource: 'urn:none' })).status, 200);
  const open = await assertionOf({ resource: undefined });
  assert.equal(payloadOf((await exchange(open, { resource: API })).json.access_token).aud, API);
  assert.equal((await exchange(open)).json.error, 'access_denied');
  await changeSettings(server.ctx, { default_audience: API });
  assert.equal((await exchange(open)).status, 200);
  await changeSettings(server.ctx, { default_audience: undefined });
  const unknown = await exchange(assertionOf({ resource: 'urn:none' }));
  assert.equal(unknown.json.error_description, 'Service not enabled within domain: urn:none');
  for (const path of ['api/v2/', 'userinfo', 'mfa/'])
    assert.equal((await exchange(assertionOf({ resource: `${server.issuer}${path}` }))).status, 403, path);
});

test('scopes: no more than the provider allowed', async () => {
  const scope = async (changes: object, asked: string | undefined) =>
    (await exchange(assertionOf(changes), asked === undefined ? {} : { scope: asked })).json.scope;
  assert.equal(await scope({}, 'write:things'), undefined);
  assert.equal(await scope({ scope: undefined }, 'write:things'), 'write:things');
  assert.equal(await scope({ scope: undefined }, undefined), undefined);
  assert.equal(await scope({ scope: 'read:things write:things other' }, undefined), 'read:things write:things');
});

test('assertions that are no good', async () => {
  const now = seconds();
  const wrong: Record<string, string> = {
    'an ID token': await assertionOf({}, 'JWT'),
    'an access token': await assertionOf({}, 'at+jwt'),
    'for another server': await assertionOf({ aud: 'https://other.test/' }),
    'for others, too': await assertionOf({ aud: [server.issuer, 'https://other.test/'] }),
    'without the slash': await assertionOf({ aud: server.issuer.slice(0, -1) }),
    'for another client': await assertionOf({ client_id: 'somebody' }),
    'for no client': await assertionOf({ client_id: undefined }),
    'another issuer': await assertionOf({ iss: 'https://evil.test' }),
    'about nobody': await assertionOf({ sub: undefined }),
    expired: await assertionOf({ exp: now - 11 }),
    endless: await assertionOf({ exp: undefined }),
    'from the future': await assertionOf({ nbf: now + 60 }),
    'two resources': await assertionOf({ resource: [API, 'urn:b'] }),
    nonsense: 'x',
  };
  for (const [label, assertion] of Object.entries(wrong))
    assert.deepEqual(refusalOf(await exchange(assertion)), invalid, label);
  const types = await logTypes(server);
  assert.ok(types.includes('idjag_exchange_failed') && types.includes('jwt_bearer_exchange_failed'));
});

test('signatures that do not fit', async () => {
  const forged = await assertionOf({}, TYP, foreignKey('idp'));
  const secret = await signJwt(importSecretSigner(Buffer.from(key.publicPem)), claims(), { typ: TYP });
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${encode({ alg: 'none', typ: TYP })}.${encode(claims())}.`;
  for (const assertion of [forged, secret])
    assert.deepEqual(refusalOf(await exchange(assertion)), [401, ...invalid.slice(1)]);
  assert.notEqual((await exchange(unsigned)).status, 200);
});

test('users must be known to the connection, and not blocked', async () => {
  const unknown = await exchange(assertionOf({ sub: '00u2' }));
  assert.deepEqual(refusalOf(unknown), [400, 'invalid_grant', 'User not found']);
  await usersOf(server.ctx).update(user.user_id, (row) => ({ ...row, blocked: true }));
  assert.deepEqual(refusalOf(await exchange(assertionOf())), [403, 'unauthorized', 'user is blocked']);
  await usersOf(server.ctx).update(user.user_id, (row) => ({ ...row, blocked: false }));
});

test('clients must be told so, and the connection too', async () => {
  const refused = [403, 'unauthorized_client', `Grant type '${GRANT}' not allowed for the client.`];
  await change({ identity_assertion_authorization_grant: { active: false }, grant_types: [GRANT] });
  assert.deepEqual(refusalOf(await exchange(assertionOf())), refused);
  await change(ALLOWED);
  assert.equal((await exchange(assertionOf(), { client_secret: 'wrong' })).status, 401);
  const patch = (json: object) => server.request('PATCH', `/api/v2/connections/${connection.id}`, { bearer, json });
  await patch({ cross_app_access_resource_app: { status: 'disabled' } });
  assert.deepEqual(refusalOf(await exchange(assertionOf())), invalid);
  await patch({ cross_app_access_resource_app: { status: 'enabled' } });
  await connectionsOf(server.ctx).update(connection.id, (row) => ({ ...row, enabled_clients: [] }));
  assert.deepEqual(refusalOf(await exchange(assertionOf())), invalid);
  await connectionsOf(server.ctx).update(connection.id, (row) => ({ ...row, enabled_clients: [client.client_id] }));
  const missing = await exchange('');
  assert.deepEqual(refusalOf(missing), [400, 'invalid_request', 'Missing required parameter: assertion']);
  const database = { name: 'db', strategy: 'auth0', cross_app_access_resource_app: { status: 'enabled' } };
  assert.equal((await server.post('/api/v2/connections', { bearer, json: database })).status, 400);
});

test('two connections of one issuer vouch for nobody', async () => {
  const second = await connect('acme-2');
  assert.deepEqual(refusalOf(await exchange(assertionOf())), invalid);
  await connectionsOf(server.ctx).delete(second.id);
  assert.equal((await exchange(assertionOf())).status, 200);
});

test('the organization of the connection, for its members', async () => {
  const organization = await createOrganization(server.ctx, { name: 'acme' });
  await addOrganizationConnection(server.ctx, organization.id, { connection_id: connection.id });
  assert.equal(payloadOf((await exchange(assertionOf())).json.access_token).org_id, undefined);
  await change({ organization_usage: 'require' });
  assert.equal(
    (await exchange(assertionOf())).json.error_description,
    'parameter organization is required for this client',
  );
  await addMember(server.ctx, organization.id, user.user_id);
  assert.equal(payloadOf((await exchange(assertionOf())).json.access_token).org_id, organization.id);
  await change({ organization_usage: 'deny' });
});

test('another tenant trusts nobody', async () => {
  const there = await addClient(server.other.ctx, ALLOWED);
  const assertion = await assertionOf({ aud: server.other.issuer, client_id: there.client_id });
  assert.deepEqual(refusalOf(await exchange(assertion, there, server.other as TestServer)), invalid);
});

test('not for strict third-party clients, whatever they were given', async () => {
  await change({ is_first_party: false, third_party_security_mode: 'strict' });
  const answer = await exchange(assertionOf());
  assert.deepEqual([answer.status, answer.json.error], [403, 'unauthorized_client'], answer.text);
  await change({ is_first_party: true, third_party_security_mode: undefined } as never);
});
