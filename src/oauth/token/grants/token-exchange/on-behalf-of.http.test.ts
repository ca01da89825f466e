import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { useFactors } from '../../../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../../../test/server.ts';
import {
  API,
  addApi,
  addClient,
  addClientGrant,
  addDatabase,
  addUser,
  type Credentials,
  EMAIL,
  logTypes,
  PASSWORD,
  payloadOf,
  refusalOf,
} from '../../../../../test/token-fixture.ts';
import { signJwt } from '../../../../platform/crypto/index.ts';
import { type Client, clientsOf, type StoredClient } from '../../../../resources/clients/index.ts';
import { connectionsOf } from '../../../../resources/connections/index.ts';
import { currentSigner } from '../../../../resources/keys/index.ts';
import { addMember, createOrganization } from '../../../../resources/organizations/index.ts';
import { resourceServersOf } from '../../../../resources/resource-servers/index.ts';
import { changePassword, type User, usersOf } from '../../../../resources/users/index.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const DOWNSTREAM = 'https://downstream.test/';
const LAST = 'https://last.test/';

let server: TestServer;
let spa: Credentials;
let middle: Credentials;
let user: User;

const standsFor = (audience: string): Partial<Client> => ({
  app_type: 'resource_server',
  resource_server_identifier: audience,
  grant_types: [],
  token_exchange: { allow_any_profile_of_type: ['on_behalf_of_token_exchange'] },
});

before(async () => {
  server = await testServer();
  spa = await addClient(server.ctx);
  const connection = await addDatabase(server.ctx, 'db', [spa.client_id]);
  user = await addUser(server.ctx, connection);
  await addApi(server.ctx);
  await addApi(server.ctx, { identifier: DOWNSTREAM, scopes: [{ value: 'read:more' }, { value: 'write:more' }] });
  await addApi(server.ctx, { identifier: LAST, signing_alg: 'HS256', signing_secret: 'a-secret-of-the-last-api' });
  middle = await addClient(server.ctx, standsFor(API));
});
after(() => server.close());

async function userToken(form: Record<string, string> = {}): Promise<string> {
  const login = { grant_type: 'password', ...spa, username: EMAIL, password: PASSWORD, audience: API };
  const answer = await server.post('/oauth/token', { form: { ...login, scope: 'openid read:things', ...form } });
  return answer.json.access_token;
}

async function exchange(changes: Partial<Record<string, string>> = {}) {
  const form = {
    grant_type: GRANT,
    ...middle,
    subject_token_type: ACCESS_TOKEN,
    requested_token_type: ACCESS_TOKEN,
    audience: DOWNSTREAM,
    subject_token: changes.subject_token ?? (await userToken()),
    ...changes,
  };
  return server.post('/oauth/token', { form });
}

const change = (credentials: Credentials, changes: object) =>
  clientsOf(server.ctx).update(credentials.client_id, (stored) => ({ ...stored, ...changes }) as StoredClient);

const seconds = () => Math.floor(server.ctx.clock.now() / 1000);
/** An access token for the API as the tenant's own key signs it. */
const forged = async (changes: object = {}, typ = 'JWT') =>
  signJwt(
    await currentSigner(server.ctx),
    {
      iss: server.issuer,
      sub: user.user_id,
      aud: API,
      azp: spa.client_id,
      iat: seconds(),
      exp: seconds() + 60,
      ...changes,
    },
    { typ },
  );

const invalid = [401, 'invalid_request', 'Invalid subject_token'];

test('an API calls another for the user of its caller', async () => {
  const answer = await exchange();
  assert.equal(answer.status, 200, answer.text);
  const { access_token, ...rest } = answer.json;
  assert.deepEqual(rest, {
    scope: 'read:more write:more',
    expires_in: 86400,
    token_type: 'Bearer',
    issued_token_type: ACCESS_TOKEN,
  });
  const claims = payloadOf(access_token);
  assert.deepEqual(
    [claims.sub, claims.aud, claims.azp, claims.act],
    [user.user_id, DOWNSTREAM, middle.client_id, { sub: middle.client_id, act: { sub: spa.client_id } }],
  );
  assert.ok((await logTypes(server)).includes('success_on_behalf_of_token_exchange'));
  const before = await usersOf(server.ctx).get(user.user_id);
  await exchange({ subject_token: access_token });
  assert.equal((await usersOf(server.ctx).get(user.user_id))?.logins_count, before?.logins_count);
});

test('never an ID token, a refresh token or /userinfo, whatever is asked for', async () => {
  const answer = await exchange({ scope: 'openid profile offline_access read:more unheard' });
  assert.deepEqual(Object.keys(answer.json).sort(), [
    'access_token',
    'expires_in',
    'issued_token_type',
    'scope',
    'token_type',
  ]);
  assert.equal(answer.json.scope, 'read:more');
  assert.equal(payloadOf(answer.json.access_token).aud, DOWNSTREAM);
  assert.equal((await server.get('/userinfo', { bearer: answer.json.access_token })).status, 401);
});

test('the chain grows with every exchange, up to four', async () => {
  const next = await addClient(server.ctx, standsFor(DOWNSTREAM));
  const first = (await exchange()).json.access_token;
  const second = await exchange({ ...next, subject_token: first, audience: LAST });
  const chain = { sub: next.client_id, act: { sub: middle.client_id, act: { sub: spa.client_id } } };
  assert.deepEqual(payloadOf(second.json.access_token).act, chain);
  const last = await addClient(server.ctx, standsFor(LAST));
  const third = await exchange({ ...last, subject_token: second.json.access_token, audience: API });
  assert.deepEqual(payloadOf(third.json.access_token).act, { sub: last.client_id, act: chain });
  const refused = await exchange({ subject_token: third.json.access_token });
  assert.deepEqual(refusalOf(refused), [
    400,
    'invalid_request',
    'Delegation chain (`act` claim) depth exceeds the maximum allowed limit of 4',
  ]);
});

test('only access tokens of users, for the API that the client stands for', async () => {
  const machine = await addClient(server.ctx, { grant_types: ['client_credentials'] });
  await addClientGrant(server.ctx, machine.client_id, ['read:things']);
  const own = await server.post('/oauth/token', {
    form: { grant_type: 'client_credentials', ...machine, audience: API },
  });
  const there = await signJwt(await currentSigner(server.other.ctx), {
    iss: server.issuer,
    sub: user.user_id,
    aud: API,
    azp: 'x',
    exp: seconds() + 60,
  });
  const idToken = await server.post('/oauth/token', {
    form: { grant_type: 'password', ...spa, username: EMAIL, password: PASSWORD, scope: 'openid' },
  });
  const wrong: Record<string, string> = {
    'of a client': own.json.access_token,
    'for another API': (await exchange()).json.access_token,
    'for userinfo': await userToken({ audience: '' }),
    'an ID token': idToken.json.id_token,
    'another tenant’s key': there,
    'another issuer': await forged({ iss: server.other.issuer }),
    expired: await forged({ exp: seconds() - 1 }),
    endless: await forged({ exp: undefined }),
    'of a deleted user': await forged({ sub: 'auth0|gone' }),
    'without a client': await forged({ azp: undefined }),
    'a logout token': await forged({}, 'logout+jwt'),
    nonsense: 'x',
  };
  assert.equal((await exchange({ subject_token: await forged() })).status, 200);
  for (const [label, subject_token] of Object.entries(wrong))
    assert.deepEqual(refusalOf(await exchange({ subject_token })), invalid, label);
  assert.ok((await logTypes(server)).includes('failed_on_behalf_of_token_exchange'));
});

test('an API that signs with a secret is not fooled by the other kind of key', async () => {
  const last = await addClient(server.ctx, standsFor(LAST));
  const good = (await exchange({ audience: LAST })).json.access_token;
  assert.equal((await exchange({ ...last, subject_token: good, audience: DOWNSTREAM })).status, 200);
  const rs256 = await forged({ aud: LAST });
  assert.deepEqual(refusalOf(await exchange({ ...last, subject_token: rs256, audience: DOWNSTREAM })), invalid);
});

test('only confidential clients that stand for an API and were told so', async () => {
  const refused = [403, 'unauthorized_client', `Grant type '${GRANT}' not allowed for the client.`];
  const unfit: Partial<Client>[] = [
    { token_exchange: { allow_any_profile_of_type: ['custom_authentication'] } },
    { token_exchange: {} },
    { app_type: 'regular_web' },
    { resource_server_identifier: undefined } as unknown as Partial<Client>,
    { token_endpoint_auth_method: 'none' },
  ];
  for (const body of unfit) {
    const other = await addClient(server.ctx, { ...standsFor(API), grant_types: [GRANT], ...body });
    assert.deepEqual(refusalOf(await exchange(other)), refused, JSON.stringify(body));
  }
  assert.equal((await exchange({ client_secret: 'wrong' })).status, 401);
});

test('parameters, and audiences that are not APIs', async () => {
  const missing = (name: string) => [400, 'invalid_request', `Missing required parameter: ${name}`];
  for (const name of ['audience', 'requested_token_type'])
    assert.deepEqual(refusalOf(await exchange({ [name]: '' })), missing(name));
  const combination = 'Invalid subject_token_type and requested_token_type combination.';
  const idToken = await exchange({ requested_token_type: 'urn:ietf:params:oauth:token-type:id_token' });
  assert.equal(idToken.json.error_description, combination);
  await change(middle, { grant_types: ['http://auth0.com/oauth/grant-type/mfa-otp'] });
  for (const path of ['userinfo', 'mfa/', 'api/v2/']) {
    const { status, json } = await exchange({ audience: `${server.issuer}${path}` });
    assert.deepEqual([status, json.error], [403, 'access_denied'], path);
  }
  assert.equal((await exchange({ audience: 'urn:none' })).status, 403);
});

test('blocked users, and what the other API’s policy says', async () => {
  await usersOf(server.ctx).update(user.user_id, (row) => ({ ...row, blocked: true }));
  assert.deepEqual(refusalOf(await exchange({ subject_token: await forged() })), [
    403,
    'unauthorized',
    'user is blocked',
  ]);
  await usersOf(server.ctx).update(user.user_id, (row) => ({ ...row, blocked: false }));
  const api = await resourceServersOf(server.ctx).find({ identifier: DOWNSTREAM });
  const policy = { user: { policy: 'require_client_grant' }, client: { policy: 'deny_all' } } as const;
  await resourceServersOf(server.ctx).put({ ...api!, subject_type_authorization: policy });
  assert.equal((await exchange()).json.error, 'access_denied');
  await addClientGrant(server.ctx, middle.client_id, ['read:more'], 'user', DOWNSTREAM);
  assert.equal((await exchange({ scope: 'read:more write:more' })).json.scope, 'read:more');
  await resourceServersOf(server.ctx).put(api!);
});

test('nobody is there for a second factor: the token that is exchanged passed it', async () => {
  const subject_token = await userToken();
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  assert.equal((await exchange({ subject_token })).status, 200);
  await useFactors(server.ctx, []);
});

test('whoever acts for the user gets nothing that lasts longer than what they had, and nothing once they may not act', async () => {
  const agent = await addUser(
    server.ctx,
    (await connectionsOf(server.ctx).find({ name: 'db' }))!,
    'agent@example.test',
  );
  const acting = () => forged({ act: { sub: agent.user_id } });
  const first = await exchange({ subject_token: await acting() });
  assert.deepEqual(payloadOf(first.json.access_token).act, { sub: middle.client_id, act: { sub: agent.user_id } });
  assert.equal(first.json.expires_in, 60);
  assert.equal(payloadOf(first.json.access_token).exp, seconds() + 60);
  const chained = await forged({ act: { sub: spa.client_id, act: { sub: agent.user_id } } });
  assert.equal((await exchange({ subject_token: chained })).json.expires_in, 60);
  await usersOf(server.ctx).put({ ...agent, blocked: true });
  for (const subject_token of [await acting(), chained])
    assert.deepEqual(refusalOf(await exchange({ subject_token })), invalid);
});

test('the organization goes along, for its members', async () => {
  const organization = await createOrganization(server.ctx, { name: 'acme' });
  const subject_token = await forged({ org_id: organization.id });
  assert.deepEqual(refusalOf(await exchange({ subject_token })), [
    403,
    'invalid_grant',
    `user ${user.user_id} is not part of the ${organization.id} organization`,
  ]);
  await addMember(server.ctx, organization.id, user.user_id);
  const answer = await exchange({ subject_token });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(payloadOf(answer.json.access_token).org_id, organization.id);
  const gone = await forged({ org_id: 'org_0123456789abcdef' });
  assert.equal((await exchange({ subject_token: gone })).status, 403);
});

test('another tenant’s client', async () => {
  const there = await addClient(server.other.ctx, standsFor(API));
  await addApi(server.other.ctx);
  await addApi(server.other.ctx, { identifier: DOWNSTREAM });
  const form = {
    grant_type: GRANT,
    ...there,
    subject_token_type: ACCESS_TOKEN,
    requested_token_type: ACCESS_TOKEN,
    audience: DOWNSTREAM,
    subject_token: await userToken(),
  };
  assert.deepEqual(refusalOf(await server.other.post('/oauth/token', { form })), invalid);
});

test('a token from before a new password is worth no other', async () => {
  const subject_token = await userToken();
  server.clock.advance(5);
  await changePassword(server.ctx, user.user_id, 'Another-horse-22');
  assert.deepEqual(refusalOf(await exchange({ subject_token })), invalid);
  assert.equal((await exchange({ subject_token: await userToken({ password: 'Another-horse-22' }) })).status, 200);
});
