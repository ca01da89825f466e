import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { managementToken } from '../../../../test/management.ts';
import { type TestServer, testServer } from '../../../../test/server.ts';
import {
  API,
  addApi,
  addClient,
  addCode,
  addDatabase,
  addUser,
  type Credentials,
  countRefreshTokens,
  logTypes,
  PASSWORD,
  payloadOf,
  refusalOf,
} from '../../../../test/token-fixture.ts';
import { clientsOf, type StoredClient } from '../../../resources/clients/index.ts';
import { guardianCollection, guardianSettings } from '../../../resources/guardian/index.ts';
import { refreshTokensOf } from '../../../resources/refresh-tokens/index.ts';
import { resourceServersOf } from '../../../resources/resource-servers/index.ts';
import { type User, usersOf } from '../../../resources/users/index.ts';

const UNKNOWN = [403, 'invalid_grant', 'Unknown or invalid refresh token.'];
const ROTATING = {
  rotation_type: 'rotating',
  expiration_type: 'expiring',
  leeway: 0,
  token_lifetime: 1000,
  idle_token_lifetime: 300,
  infinite_token_lifetime: false,
  infinite_idle_token_lifetime: false,
} as const;

let server: TestServer;
let client: Credentials;
let user: User;

beforeEach(async () => {
  server = await testServer();
  await addApi(server.ctx);
  client = await addClient(server.ctx);
  user = await addUser(server.ctx, await addDatabase(server.ctx, 'db', [client.client_id]));
});
afterEach(() => server.close());

async function begin(
  scope = ['openid', 'profile', 'offline_access', 'read:things'],
  audience: string | undefined = API,
) {
  const code = await addCode(server.ctx, {
    client_id: client.client_id,
    user_id: user.user_id,
    scope,
    redirect_uri_given: false,
    ...(audience === undefined ? {} : { audience }),
  });
  const answer = await server.post('/oauth/token', { form: { grant_type: 'authorization_code', ...client, code } });
  assert.equal(answer.status, 200);
  return answer.json.refresh_token as string;
}
const refresh = (refresh_token: string | undefined, form: Record<string, string> = {}) =>
  server.post('/oauth/token', { form: { grant_type: 'refresh_token', ...client, refresh_token, ...form } });

async function changeClient(changes: Partial<StoredClient>) {
  await clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, ...changes }) as StoredClient);
}

test('without rotation the token stays, and the answer tells the scope', async () => {
  const token = await begin();
  const answer = await refresh(token);
  assert.equal(answer.status, 200);
  assert.deepEqual(Object.keys(answer.json), ['access_token', 'id_token', 'scope', 'expires_in', 'token_type']);
  assert.equal(answer.json.scope, 'openid profile offline_access read:things');
  const claims = payloadOf(answer.json.access_token);
  assert.deepEqual(claims.aud, [API, `${server.issuer}userinfo`]);
  assert.equal(claims.gty, 'refresh_token');
  assert.equal((await refresh(token)).status, 200);
  assert.ok((await logTypes(server)).includes('sertft'));
});

test('scopes may be narrowed, for once, and never widened', async () => {
  const token = await begin();
  const narrow = await refresh(token, { scope: 'read:things write:things email' });
  assert.equal(narrow.json.scope, 'read:things');
  assert.equal('id_token' in narrow.json, false);
  assert.equal((await refresh(token)).json.scope, 'openid profile offline_access read:things');
});

test('a token of the password grant says so in gty', async () => {
  const form = { grant_type: 'password', ...client, username: user.email, password: PASSWORD, audience: API };
  const begun = await server.post('/oauth/token', { form: { ...form, scope: 'offline_access read:things' } });
  assert.equal(payloadOf(begun.json.access_token).gty, 'password');
  const renewed = await refresh(begun.json.refresh_token);
  assert.deepEqual(payloadOf(renewed.json.access_token).gty, ['refresh_token', 'password']);
});

test('unknown tokens, other clients’ and gone users', async () => {
  const token = await begin();
  assert.deepEqual(refusalOf(await refresh('v1.Mnothing')), UNKNOWN);
  assert.deepEqual(refusalOf(await refresh(undefined)), [
    400,
    'invalid_request',
    'Missing required parameter: refresh_token',
  ]);
  const stranger = await addClient(server.ctx);
  assert.deepEqual(refusalOf(await refresh(token, stranger)), UNKNOWN);
  await usersOf(server.ctx).update(user.user_id, (current) => ({ ...current, blocked: true }));
  assert.deepEqual(refusalOf(await refresh(token)), [403, 'unauthorized', 'user is blocked']);
  await usersOf(server.ctx).update(user.user_id, (current) => ({ ...current, blocked: false }));
  assert.equal((await refresh(token)).status, 200);
  await usersOf(server.ctx).delete(user.user_id);
  assert.deepEqual(refusalOf(await refresh(token)), [
    403,
    'invalid_grant',
    "The refresh_token was generated for a user who doesn't exist anymore.",
  ]);
  assert.ok((await logTypes(server)).includes('fertft'));
});

test('rotation: each exchange gives a new token and ends the old one', async () => {
  await changeClient({ refresh_token: ROTATING });
  const first = await begin();
  const second = (await refresh(first)).json.refresh_token;
  assert.match(second, /^v1\.M[\w-]{60}$/);
  assert.notEqual(second, first);
  const third = (await refresh(second)).json.refresh_token;
  assert.deepEqual(refusalOf(await refresh(first)), UNKNOWN);
  assert.deepEqual(refusalOf(await refresh(third)), UNKNOWN, 'the family ends with a reuse');
  assert.ok((await logTypes(server)).includes('ferrt'));
  assert.equal(await countRefreshTokens(server.ctx), 0);
});

test('the leeway forgives the token right before the newest, and no earlier one', async () => {
  await changeClient({ refresh_token: { ...ROTATING, leeway: 30 } });
  const first = await begin();
  const second = (await refresh(first)).json.refresh_token;
  const sibling = await refresh(first);
  assert.equal(sibling.status, 200);
  assert.equal((await refresh(sibling.json.refresh_token)).status, 200);
  assert.deepEqual(refusalOf(await refresh(first)), UNKNOWN);
  assert.deepEqual(refusalOf(await refresh(second)), UNKNOWN);
});

test('after the leeway it is a reuse', async () => {
  await changeClient({ refresh_token: { ...ROTATING, leeway: 30 } });
  const first = await begin();
  await refresh(first);
  server.clock.advance(30);
  assert.deepEqual(refusalOf(await refresh(first)), UNKNOWN);
  assert.equal(await countRefreshTokens(server.ctx), 0);
});

test('the absolute end is fixed when the family begins; the idle end moves and follows today’s settings', async () => {
  await changeClient({ refresh_token: ROTATING });
  let token = await begin();
  for (let i = 0; i < 4; i++) {
    server.clock.advance(240);
    token = (await refresh(token)).json.refresh_token;
  }
  server.clock.advance(40);
  assert.deepEqual(refusalOf(await refresh(token)), UNKNOWN);
  const idle = await begin();
  server.clock.advance(300);
  assert.deepEqual(refusalOf(await refresh(idle)), UNKNOWN);
  await changeClient({ refresh_token: { ...ROTATING, idle_token_lifetime: 600 } });
  assert.equal((await refresh(idle)).status, 200);
});

test('an end that is infinite does not come; the other one still does', async () => {
  await changeClient({ refresh_token: { ...ROTATING, infinite_token_lifetime: true } });
  let token = await begin();
  for (let i = 0; i < 6; i++) {
    server.clock.advance(250);
    token = (await refresh(token)).json.refresh_token;
    assert.ok(token);
  }
  server.clock.advance(300);
  assert.deepEqual(refusalOf(await refresh(token)), UNKNOWN, 'too long unused');
  await changeClient({ refresh_token: { ...ROTATING, infinite_idle_token_lifetime: true } });
  const [early, late] = [await begin(), await begin()];
  server.clock.advance(999);
  assert.equal((await refresh(early)).status, 200, 'however long unused');
  server.clock.advance(1);
  assert.deepEqual(refusalOf(await refresh(late)), UNKNOWN, 'its time is up');
});

test('tokens that do not expire do not, whatever the lifetimes say; those that do need not rotate', async () => {
  const settings = { ...ROTATING, rotation_type: 'non-rotating' } as const;
  await changeClient({ refresh_token: { ...settings, expiration_type: 'non-expiring' } });
  const token = await begin();
  server.clock.advance(10 * 365 * 86_400);
  assert.equal((await refresh(token)).status, 200);
  await changeClient({ refresh_token: { ...settings, expiration_type: 'expiring' } });
  const ending = await begin();
  server.clock.advance(299);
  assert.equal((await refresh(ending)).status, 200);
  for (const seconds of [299, 299]) {
    server.clock.advance(seconds);
    assert.equal((await refresh(ending)).status, 200, 'used in time, it stays');
  }
  server.clock.advance(103);
  assert.deepEqual(refusalOf(await refresh(ending)), UNKNOWN, 'its time is up');
});

test('the end of a family is not moved by an exchange within the leeway', async () => {
  const year = 365 * 86_400;
  await changeClient({ refresh_token: { ...ROTATING, leeway: 30, token_lifetime: year, idle_token_lifetime: year } });
  const first = await begin();
  await refresh(first);
  const sibling = (await refresh(first)).json.refresh_token;
  server.clock.advance(200 * 86_400);
  assert.equal((await refresh(sibling)).status, 200, 'longer than a used token is remembered');
});

test('of a hundred exchanges at once exactly one succeeds', async () => {
  await changeClient({ refresh_token: ROTATING });
  const token = await begin();
  const answers = await Promise.all(Array.from({ length: 100 }, () => refresh(token)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  for (const answer of answers.filter(({ status }) => status !== 200)) assert.deepEqual(refusalOf(answer), UNKNOWN);
});

test('an application that changes its mind about rotation', async () => {
  const [kept, dropped] = [await begin(), await begin()];
  await changeClient({ refresh_token: ROTATING });
  const rotated = (await refresh(kept)).json.refresh_token;
  assert.ok(rotated);
  assert.deepEqual(refusalOf(await refresh(dropped)), UNKNOWN);
  await changeClient({ refresh_token: { rotation_type: 'non-rotating', expiration_type: 'non-expiring' } });
  const lasting = (await refresh(rotated)).json.refresh_token;
  assert.ok(lasting);
  assert.deepEqual(refusalOf(await refresh(rotated)), UNKNOWN);
  assert.equal((await refresh(lasting)).json.refresh_token, undefined);
});

test('an API that is gone, or closed, ends what was granted', async () => {
  const token = await begin();
  const api = await resourceServersOf(server.ctx).find({ identifier: API });
  const closed = { user: { policy: 'deny_all' }, client: { policy: 'deny_all' } } as const;
  await resourceServersOf(server.ctx).put({ ...api!, subject_type_authorization: closed });
  assert.deepEqual(refusalOf(await refresh(token)), [
    403,
    'access_denied',
    `Client "${client.client_id}" is not authorized to access resource server "${API}".`,
  ]);
  await resourceServersOf(server.ctx).delete(api!.id);
  assert.deepEqual(refusalOf(await refresh(token)), [
    403,
    'access_denied',
    `Service not enabled within domain: ${API}`,
  ]);
});

test('a token for an API that was deleted is worth nothing at a new one of its identifier', async () => {
  const other = 'https://second.test/';
  await addApi(server.ctx, { identifier: other });
  const [token, elsewhere] = [await begin(), await begin(undefined, other)];
  const bearer = await managementToken(server, ['delete:resource_servers', 'create:resource_servers']);
  const path = '/api/v2/resource-servers';
  assert.equal((await server.request('DELETE', `${path}/${encodeURIComponent(API)}`, { bearer })).status, 204);
  const json = { identifier: API, scopes: [{ value: 'read:things' }], allow_offline_access: true };
  assert.equal((await server.post(path, { bearer, json })).status, 201);
  assert.deepEqual(refusalOf(await refresh(token)), UNKNOWN);
  assert.equal((await refresh(elsewhere)).status, 200);
});

test('another audience is refused, except the MFA API', async () => {
  await addApi(server.ctx, { identifier: 'https://second.test/' });
  const token = await begin();
  const other = await refresh(token, { audience: 'https://second.test/' });
  assert.deepEqual([other.status, other.json.error], [403, 'access_denied']);
  const mfa = await refresh(token, { audience: `${server.issuer}mfa/`, scope: 'enroll read:things' });
  assert.equal(mfa.json.scope, 'enroll');
  assert.equal(mfa.json.expires_in, 600);
  assert.equal(payloadOf(mfa.json.access_token).aud, `${server.issuer}mfa/`);
});

test('a second factor that the tenant asks for withholds the tokens and leaves the refresh token alone', async () => {
  await changeClient({ refresh_token: ROTATING });
  const token = await begin();
  const guardian = await guardianSettings(server.ctx);
  const demanding = {
    ...guardian,
    factors: { ...guardian.factors, otp: true },
    policies: ['all-applications'] as const,
  };
  await server.ctx.store.collection(guardianCollection).put(demanding);
  const before = await refreshTokensOf(server.ctx).list();
  const answer = await refresh(token);
  assert.deepEqual(refusalOf(answer), [403, 'mfa_required', 'Multifactor authentication required']);
  assert.match(answer.json.mfa_token, /^Fe26\.2\*/);
  assert.deepEqual(await refreshTokensOf(server.ctx).list(), before);
  assert.equal((await logTypes(server)).includes('fertft'), false);
  await server.ctx.store.collection(guardianCollection).put(guardian);
  assert.equal((await refresh(token)).status, 200);
});

test('a user has at most 200 tokens of an application; the oldest goes', async () => {
  const first = await begin();
  for (let i = 0; i < 199; i++) {
    server.clock.advance(1);
    await begin();
  }
  assert.equal(await countRefreshTokens(server.ctx), 200);
  await begin();
  assert.equal(await countRefreshTokens(server.ctx), 200);
  assert.deepEqual(refusalOf(await refresh(first)), UNKNOWN);
});

test('offline_access is dropped in silence where there may be no refresh token', async () => {
  const closed = 'https://online.test/';
  await addApi(server.ctx, { identifier: closed, allow_offline_access: false });
  assert.equal(await begin(['openid', 'offline_access'], closed), undefined);
  await changeClient({ app_type: 'spa' });
  assert.equal(await begin(), undefined);
  await changeClient({ refresh_token: ROTATING });
  assert.ok(await begin());
});
