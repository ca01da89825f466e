/** Sessions and refresh tokens on the Management API: shown, noted on, ended. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { authorizeUrl, Browser } from '../../../test/browser.ts';
import { addBackchannelClient, asked, personWithApp, poll as pollCiba } from '../../../test/ciba-fixture.ts';
import { activate, addDeviceClient, newCodes, poll } from '../../../test/device-fixture.ts';
import { addApplication, addPerson, type Credentials, PASSWORD } from '../../../test/fixtures.ts';
import { managementToken } from '../../../test/management.ts';
import { type RequestOptions, type TestServer, testServer } from '../../../test/server.ts';
import { API, addApi, logTypes } from '../../../test/token-fixture.ts';
import { createMfaToken } from '../../mfa/mfa-token.ts';
import { authorizationCodesOf } from '../../oauth/authorization-code.store.ts';
import { hashToken } from '../../platform/crypto/index.ts';
import { clientsOf, type StoredClient } from '../clients/index.ts';
import { refreshTokensOf } from '../refresh-tokens/index.ts';
import { sessionsOf } from '../sessions/index.ts';
import type { User } from '../users/index.ts';

const ROTATING = {
  rotation_type: 'rotating',
  expiration_type: 'expiring',
  leeway: 30,
  token_lifetime: 5000,
  idle_token_lifetime: 1000,
  infinite_token_lifetime: false,
  infinite_idle_token_lifetime: false,
} as const;
const STAYING = { rotation_type: 'non-rotating', expiration_type: 'non-expiring' } as const;
const SCOPE = 'openid offline_access read:things';
const NO_USER = [404, 'The user does not exist.', 'inexistent_user'];

let server: TestServer;
let app: Credentials;
let user: User;
let bearer: string;

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx);
  user = await addPerson(server.ctx);
  await addApi(server.ctx, { allow_online_access: true, skip_consent_for_verifiable_first_party_clients: true });
  const scopes = ['read', 'update', 'delete'].flatMap((verb) => [`${verb}:sessions`, `${verb}:refresh_tokens`]);
  bearer = await managementToken(server, scopes);
});
after(() => server.close());
beforeEach(async () => {
  await sessionsOf(server.ctx).deleteWhere({});
  await refreshTokensOf(server.ctx).deleteWhere({});
  await changeClient({ refresh_token: STAYING });
});

const call = (method: string, path: string, options: RequestOptions = {}) =>
  server.request(method, `/api/v2${path}`, { bearer, ...options });
const ofUser = (what: string) => `/users/${encodeURIComponent(user.user_id)}/${what}`;
const count = async () => [await sessionsOf(server.ctx).count(), await refreshTokensOf(server.ctx).count()];
const refusal = (answer: Awaited<ReturnType<typeof call>>) => [
  answer.status,
  answer.json.message,
  answer.json.errorCode,
];

async function changeClient(changes: Partial<StoredClient>) {
  await clientsOf(server.ctx).update(app.client_id, (stored) => ({ ...stored, ...changes }) as StoredClient);
}
/** A session, and the refresh token that began in it. */
async function logIn(scope = SCOPE): Promise<string> {
  return (await redeem(await newCode(new Browser(server), scope))).json.refresh_token;
}
/** A session of `browser`, and a code that nobody has redeemed yet. */
async function newCode(browser: Browser, scope = SCOPE): Promise<string> {
  const page = await browser.openPage(authorizeUrl({ client_id: app.client_id, audience: API, scope }));
  const { url } = await browser.submitApp(page, { username: 'ada@example.test', password: PASSWORD });
  return url.searchParams.get('code') ?? '';
}
const redeem = (code: string) =>
  server.post('/oauth/token', {
    form: { grant_type: 'authorization_code', ...app, code, redirect_uri: 'https://app.test/callback' },
  });
const refresh = (refresh_token: string) =>
  server.post('/oauth/token', { form: { grant_type: 'refresh_token', ...app, refresh_token } });
const listTokens = async () => (await call('GET', ofUser('refresh-tokens'))).json.tokens;
const listSessions = async () => (await call('GET', ofUser('sessions'))).json.sessions;

test('a session as it is', async () => {
  await logIn();
  const [session] = await listSessions();
  assert.deepEqual(Object.keys(session).sort(), [
    ...['authenticated_at', 'authentication', 'clients', 'cookie', 'created_at', 'device', 'expires_at'],
    ...['id', 'idle_expires_at', 'last_interacted_at', 'updated_at', 'user_id'],
  ]);
  assert.equal(session.user_id, user.user_id);
  assert.deepEqual(session.clients, [{ client_id: app.client_id }]);
  assert.equal(session.authentication.methods[0].name, 'pwd');
  assert.deepEqual(session.cookie, { mode: 'persistent' });
  assert.deepEqual((await call('GET', `/sessions/${session.id}`)).json, session);
  assert.equal('token_hash' in session, false);
});

test('a refresh token as it is, under one id however often it rotates', async () => {
  await changeClient({ refresh_token: ROTATING });
  const first = await logIn();
  const [before] = await listTokens();
  const begun = server.clock.now();
  const iso = (ms: number) => new Date(ms).toISOString();
  const [session] = await listSessions();
  assert.deepEqual(before, {
    id: before.id,
    user_id: user.user_id,
    created_at: iso(begun),
    idle_expires_at: iso(begun + 1_000_000),
    expires_at: iso(begun + 5_000_000),
    device: before.device,
    client_id: app.client_id,
    session_id: session.id,
    rotating: true,
    resource_servers: [{ audience: API, scopes: SCOPE }],
    last_exchanged_at: null,
  });
  server.clock.advance(20);
  await refresh(first);
  await refresh(first);
  const [after, ...others] = await listTokens();
  assert.deepEqual(others, [], 'siblings within the leeway are one');
  assert.deepEqual(after, {
    ...before,
    idle_expires_at: iso(begun + 1_020_000),
    last_exchanged_at: iso(begun + 20_000),
  });
  assert.deepEqual((await call('GET', `/refresh-tokens/${after.id}`)).json, after);
  server.clock.advance(1000);
  assert.deepEqual(await listTokens(), [], 'too long unused');
});

test('notes stay with a family and with a session', async () => {
  await changeClient({ refresh_token: ROTATING });
  const token = await logIn();
  const [{ id }] = await listTokens();
  const note = { refresh_token_metadata: { device: 'kitchen' } };
  const noted = await call('PATCH', `/refresh-tokens/${id}`, { json: note });
  assert.deepEqual(noted.json.refresh_token_metadata, { device: 'kitchen' });
  await refresh(token);
  assert.deepEqual((await listTokens())[0].refresh_token_metadata, { device: 'kitchen' });
  const cleared = await call('PATCH', `/refresh-tokens/${id}`, { json: { refresh_token_metadata: null } });
  assert.equal('refresh_token_metadata' in cleared.json, false);
  const [session] = await listSessions();
  const changed = await call('PATCH', `/sessions/${session.id}`, { json: { session_metadata: { shift: 'night' } } });
  assert.deepEqual(changed.json, { ...session, session_metadata: { shift: 'night' } });
  assert.equal((await call('PATCH', `/sessions/${session.id}`, { json: {} })).status, 400);
  assert.equal(
    (await call('PATCH', `/refresh-tokens/${id}`, { json: { refresh_token_metadata: { a: 1 } } })).status,
    400,
  );
});

test('a refresh token is deleted, with all that it was exchanged for; a second time, too', async () => {
  await changeClient({ refresh_token: ROTATING });
  const next = (await refresh(await logIn())).json.refresh_token;
  const [{ id }] = await listTokens();
  for (let times = 0; times < 2; times++) assert.equal((await call('DELETE', `/refresh-tokens/${id}`)).status, 202);
  assert.equal((await refresh(next)).status, 403);
  assert.deepEqual(await count(), [1, 0]);
  assert.deepEqual(refusal(await call('GET', `/refresh-tokens/${id}`)), [
    404,
    'The refresh token does not exist.',
    'inexistent_refresh_token',
  ]);
  assert.ok((await logTypes(server)).includes('sapi'));
});

test('online tokens are neither shown nor deleted: they are the session’s', async () => {
  const token = await logIn('openid online_access read:things');
  assert.deepEqual(await listTokens(), []);
  const family_id = (await refreshTokensOf(server.ctx).list())[0]?.family_id;
  assert.equal((await call('GET', `/refresh-tokens/${family_id}`)).status, 404);
  await call('DELETE', `/refresh-tokens/${family_id}`);
  await call('DELETE', ofUser('refresh-tokens'));
  assert.equal((await refresh(token)).status, 200);
  const [session] = await listSessions();
  assert.equal((await call('DELETE', `/sessions/${session.id}`)).status, 202);
  assert.equal((await refresh(token)).status, 403);
});

test('deleting a session leaves its refresh tokens; revoking it does not', async () => {
  const kept = await logIn();
  const [first] = await listSessions();
  assert.equal((await call('DELETE', `/sessions/${first.id}`)).status, 202);
  assert.equal((await refresh(kept)).status, 200);
  const lost = await logIn();
  const [second] = await listSessions();
  assert.equal((await call('POST', `/sessions/${second.id}/revoke`)).status, 202);
  assert.equal((await refresh(lost)).status, 403);
  assert.equal((await refresh(kept)).status, 200);
  for (const [method, path] of [
    ['POST', `/sessions/${second.id}/revoke`],
    ['GET', `/sessions/${second.id}`],
  ] as const) {
    const gone = [404, 'The session does not exist.', 'inexistent_session'];
    assert.deepEqual(refusal(await call(method, path)), gone);
  }
});

test('all of a user: sessions, refresh tokens, or both', async () => {
  await logIn();
  await logIn();
  assert.equal((await call('DELETE', ofUser('sessions'))).status, 202);
  assert.deepEqual(await count(), [0, 2]);
  assert.equal((await call('DELETE', ofUser('refresh-tokens'))).status, 202);
  assert.deepEqual(await count(), [0, 0]);
  await logIn();
  await logIn();
  const [{ id: session_id }] = await listSessions();
  await call('POST', ofUser('revoke-access'), { json: { session_id, preserve_refresh_tokens: true } });
  assert.deepEqual(await count(), [1, 2]);
  const [{ id }] = await listSessions();
  await call('POST', ofUser('revoke-access'), { json: { session_id: id } });
  assert.deepEqual(await count(), [0, 1]);
  await logIn();
  assert.equal((await call('POST', ofUser('revoke-access'), { json: {} })).status, 202);
  assert.deepEqual(await count(), [0, 0]);
});

test('codes and approved devices of what is revoked are worth nothing any more; those of other sessions are', async () => {
  const television = await addDeviceClient(server.ctx);
  /** Two things that wait for tokens, in one session. */
  const waiting = async () => {
    const browser = new Browser(server);
    const code = await newCode(browser);
    const { device_code, user_code } = await newCodes(server, television);
    assert.equal((await activate(browser, user_code)).path, '/device/success');
    return { code, device_code };
  };
  const errors = async ({ code, device_code }: Awaited<ReturnType<typeof waiting>>) => {
    server.clock.advance(5);
    return [(await redeem(code)).json.error, (await poll(server, television, device_code)).json.error];
  };
  const [mine, other] = [await waiting(), await waiting()];
  const session = (await authorizationCodesOf(server.ctx).get(hashToken(mine.code)))?.session_id;
  await call('POST', ofUser('revoke-access'), { json: { session_id: session, preserve_refresh_tokens: true } });
  assert.deepEqual(await errors(mine), ['invalid_grant', 'invalid_grant']);
  assert.deepEqual(await errors(other), [undefined, undefined]);
  const [third, fourth] = [await waiting(), await waiting()];
  await call('POST', ofUser('revoke-access'), { json: {} });
  for (const one of [third, fourth]) assert.deepEqual(await errors(one), ['invalid_grant', 'invalid_grant']);
  const fifth = await waiting();
  const [{ id }] = await listSessions();
  assert.equal((await call('POST', `/sessions/${id}/revoke`)).status, 202);
  assert.deepEqual(await errors(fifth), ['invalid_grant', 'invalid_grant']);
});

test('a login that waits for its second factor, and a request to the app, end with the access of their user', async () => {
  const callCentre = await addBackchannelClient(server.ctx);
  const { user_id } = await personWithApp(server, 'eve@example.test');
  const path = `/users/${encodeURIComponent(user_id)}/revoke-access`;
  const request = await asked(server, callCentre, user_id);
  const owner = { user_id, client_id: app.client_id };
  const pending = { grant: 'password', flow: 'password', methods: [], scope: ['openid'], auth_time: 0 };
  const mfa_token = await createMfaToken(server.ctx, { ...owner, request: pending });
  assert.equal((await server.get('/mfa/authenticators', { bearer: mfa_token })).status, 200);
  assert.equal((await pollCiba(server, callCentre, request)).json.error, 'authorization_pending');
  assert.equal((await call('POST', path, { json: {} })).status, 202);
  assert.notEqual((await server.get('/mfa/authenticators', { bearer: mfa_token })).status, 200);
  server.clock.advance(10);
  assert.equal((await pollCiba(server, callCentre, request)).json.error, 'invalid_grant');
});

test('another user’s session is not ended', async () => {
  await logIn();
  const [{ id: session_id }] = await listSessions();
  const other = await addPerson(server.ctx, 'bob@example.test');
  const path = `/users/${encodeURIComponent(other.user_id)}/revoke-access`;
  assert.equal((await call('POST', path, { json: { session_id } })).status, 202);
  assert.deepEqual(await count(), [1, 1]);
});

test('in bulk: by ids, by user, by client', async () => {
  const tokens = [await logIn(), await logIn(), await logIn()];
  const [first] = await listTokens();
  const revoke = (json: object) => call('POST', '/refresh-tokens/revoke', { json });
  assert.equal((await revoke({ ids: [first.id, 'nothing'] })).status, 202);
  assert.equal((await listTokens()).length, 2);
  for (const json of [{}, { ids: [first.id], user_id: user.user_id }]) assert.equal((await revoke(json)).status, 400);
  await revoke({ user_id: user.user_id, client_id: 'another' });
  assert.equal((await listTokens()).length, 2);
  await revoke({ client_id: app.client_id });
  for (const token of tokens) assert.equal((await refresh(token)).status, 403);
});

test('lists go on page by page', async () => {
  for (let logins = 0; logins < 3; logins++) await logIn();
  for (const [path, key] of [
    [ofUser('sessions'), 'sessions'],
    [ofUser('refresh-tokens'), 'tokens'],
  ] as const) {
    const first = (await call('GET', path, { query: { take: '2' } })).json;
    assert.equal(first[key].length, 2);
    const rest = (await call('GET', path, { query: { take: '2', from: first.next } })).json;
    assert.equal(rest[key].length, 1);
    assert.equal('next' in rest, false);
  }
  const query = { user_id: user.user_id, client_id: app.client_id, fields: 'id,client_id', take: '2' };
  const { refresh_tokens, next } = (await call('GET', '/refresh-tokens', { query })).json;
  assert.deepEqual(Object.keys(refresh_tokens[0]), ['id', 'client_id']);
  assert.ok(next);
  assert.equal((await call('GET', '/refresh-tokens')).status, 400);
});

test('refresh tokens as the devices that hold them', async () => {
  const staying = await logIn();
  await changeClient({ refresh_token: ROTATING });
  const rotating = await logIn();
  await logIn('openid online_access');
  const scoped = await managementToken(server, ['read:device_credentials', 'delete:device_credentials']);
  const list = async (query: Record<string, string>) =>
    (await call('GET', '/device-credentials', { bearer: scoped, query: { user_id: user.user_id, ...query } })).json;
  const [{ id, ...rest }, ...others] = await list({});
  assert.match(id, /^dcr_[A-Za-z0-9]{16}$/);
  const about = { user_id: user.user_id, client_id: app.client_id, device_name: rest.device_name };
  assert.deepEqual([rest, others], [{ ...about, type: 'refresh_token' }, []]);
  const [second] = await list({ type: 'rotating_refresh_token', fields: 'id,type' });
  assert.deepEqual(Object.keys(second), ['id', 'type']);
  assert.deepEqual(await list({ type: 'public_key' }), []);
  assert.equal((await list({ include_totals: 'true' })).total, 1);
  const none = await call('GET', '/device-credentials', { bearer: scoped });
  assert.equal(none.status, 400);
  const subject = { sub: 'auth0|somebody' };
  const own = await managementToken(server, ['delete:current_user_device_credentials'], subject);
  assert.equal((await call('DELETE', `/device-credentials/${id}`, { bearer: own })).status, 403);
  assert.equal((await refresh(staying)).json.refresh_token !== undefined, true, 'still there');
  for (const one of [id, second.id])
    for (let times = 0; times < 2; times++)
      assert.equal((await call('DELETE', `/device-credentials/${one}`, { bearer: scoped })).status, 204);
  assert.equal((await refresh(rotating)).status, 403);
  assert.deepEqual(await listTokens(), []);
});

test('a user who does not exist', async () => {
  const path = '/users/auth0%7Cnobody';
  for (const [method, what] of [
    ...['sessions', 'refresh-tokens'].flatMap(
      (what) =>
        [
          ['GET', what],
          ['DELETE', what],
        ] as const,
    ),
    ['POST', 'revoke-access'],
  ] as const) {
    const options = method === 'POST' ? { json: {} } : {};
    assert.deepEqual(refusal(await call(method, `${path}/${what}`, options)), NO_USER, `${method} ${what}`);
  }
  assert.deepEqual(refusal(await call('GET', '/refresh-tokens', { query: { user_id: 'auth0|nobody' } })), NO_USER);
});

test('another tenant sees and ends nothing', async () => {
  await logIn();
  const [session] = await listSessions();
  const [token] = await listTokens();
  const theirs = await managementToken(server.other, ['read:sessions', 'delete:sessions', 'delete:refresh_tokens']);
  const paths = [`/api/v2/sessions/${session.id}`, `/api/v2/refresh-tokens/${token.id}`];
  assert.equal((await server.other.get(paths[0] ?? '', { bearer: theirs })).status, 404);
  for (const path of paths) await server.other.request('DELETE', path, { bearer: theirs });
  assert.deepEqual(await count(), [1, 1]);
});
