import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type Arrival, asArrival, asPage, authorizeUrl, Browser } from '../../../test/browser.ts';
import {
  addApplication,
  addPerson,
  CONNECTION,
  type Credentials,
  PASSWORD,
  PASSWORD_REALM,
  useFactors,
} from '../../../test/fixtures.ts';
import { type Answer, type TestServer, testServer } from '../../../test/server.ts';
import { logTypes, payloadOf, refusalOf } from '../../../test/token-fixture.ts';
import { type Client, clientsOf, type StoredClient } from '../../resources/clients/index.ts';
import { connectionsOf, findConnectionByName } from '../../resources/connections/index.ts';
import { logsOf } from '../../resources/logs/index.ts';
import { refreshTokensOf } from '../../resources/refresh-tokens/index.ts';
import { sessionsOf } from '../../resources/sessions/index.ts';
import { type User, usersOf } from '../../resources/users/index.ts';
import { sessionTransferTokensOf } from './session-transfer-token.store.ts';

const AUDIENCE = 'urn:tenant.test:session_transfer';
const EMAIL = 'ada@example.test';
const NATIVE = { can_create_session_transfer_token: true, enforce_cascade_revocation: true };
const WEB: Client['session_transfer'] = {
  allowed_authentication_methods: ['cookie', 'query'],
  enforce_device_binding: 'ip',
  allow_refresh_token: false,
  enforce_online_refresh_tokens: true,
};

let server: TestServer;
let native: Credentials;
let web: Credentials;
let user: User;

before(async () => {
  server = await testServer();
  native = await addApplication(server.ctx, { app_type: 'native', session_transfer: NATIVE });
  web = await addApplication(server.ctx, { session_transfer: WEB });
  user = await addPerson(server.ctx, EMAIL);
});
after(() => server.close());
beforeEach(async () => {
  await change(native, { session_transfer: NATIVE, refresh_token: undefined });
  await change(web, { session_transfer: WEB });
});

const change = (of: Credentials, changes: Partial<Client>) =>
  clientsOf(server.ctx).update(of.client_id, (stored) => ({ ...stored, ...changes }) as StoredClient);

async function refreshToken(scope = 'openid offline_access', email = EMAIL): Promise<string> {
  const form = { grant_type: PASSWORD_REALM, realm: CONNECTION, ...native, username: email, password: PASSWORD, scope };
  return (await server.post('/oauth/token', { form })).json.refresh_token;
}

function transfer(refresh_token: string, changes: Record<string, string> = {}): Promise<Answer> {
  const form = { grant_type: 'refresh_token', ...native, refresh_token, audience: AUDIENCE, ...changes };
  return server.post('/oauth/token', { form });
}

/** A token of a fresh login. */
const handOver = async (email?: string): Promise<string> =>
  (await transfer(await refreshToken(undefined, email))).json.access_token;

const open = (
  session_transfer_token: string | undefined,
  parameters: Record<string, string> = {},
  browser = new Browser(server),
) => browser.open(authorizeUrl({ client_id: web.client_id, session_transfer_token, ...parameters }));

const redeem = async (arrival: Arrival, of = web) =>
  (
    await server.post('/oauth/token', {
      form: {
        grant_type: 'authorization_code',
        ...of,
        code: arrival.parameters.code,
        redirect_uri: 'https://app.test/callback',
      },
    })
  ).json;

const warnings = async () =>
  (await logsOf(server.ctx).list({ where: { type: 'w' }, orderBy: 'log_id' })).map(({ description }) => description);
const START = 'Single Sign-On failed: ';

/** The login page is shown, with this warning, and the token is as good as before. */
async function assertLoginPage(reached: Awaited<ReturnType<typeof open>>, warning: string): Promise<void> {
  assert.equal(asPage(reached).path, '/u/login');
  assert.match(String((await warnings()).at(-1)), new RegExp(`^${START}.*${warning}`));
}

test('a refresh token, for a token that hands the login over', async () => {
  const { status, json } = await transfer(await refreshToken());
  assert.equal(status, 200);
  const { access_token, id_token, ...rest } = json;
  assert.deepEqual(rest, {
    issued_token_type: 'urn:auth0:params:oauth:token-type:session_transfer_token',
    token_type: 'N_A',
    expires_in: 60,
  });
  assert.equal(payloadOf(id_token).sub, user.user_id);
  assert.doesNotMatch(access_token, /\./);
  assert.equal(await sessionTransferTokensOf(server.ctx).get(access_token), undefined);
  const plain = await transfer(await refreshToken('profile offline_access'));
  assert.equal('id_token' in plain.json, false);
  const [row] = await logsOf(server.ctx).list({
    where: { type: 'sertft' },
    orderBy: 'log_id',
    descending: true,
    limit: 1,
  });
  assert.equal(row?.audience, AUDIENCE);
});

test('a refresh token that rotates is rotated', async () => {
  await change(native, { refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring' } });
  const first = await refreshToken();
  const answers = await Promise.all(Array.from({ length: 10 }, () => transfer(first)));
  const [good, ...others] = answers.filter(({ status }) => status === 200);
  assert.deepEqual([others.length, typeof good?.json.refresh_token], [0, 'string']);
});

test('who may not ask for one', async () => {
  const token = await refreshToken();
  const refused = (client: Credentials) => [
    403,
    'access_denied',
    `Client "${client.client_id}" is not authorized to access resource server "${AUDIENCE}".`,
  ];
  await change(native, { session_transfer: { can_create_session_transfer_token: false } });
  assert.deepEqual(refusalOf(await transfer(token)), refused(native));
  await change(native, { session_transfer: undefined } as never);
  assert.deepEqual(refusalOf(await transfer(token)), refused(native));
  await change(native, { session_transfer: NATIVE });
  const other = await transfer(token, { audience: 'urn:other.test:session_transfer' });
  assert.equal(other.json.error_description, 'Service not enabled within domain: urn:other.test:session_transfer');
  const form = {
    grant_type: PASSWORD_REALM,
    realm: CONNECTION,
    ...native,
    username: EMAIL,
    password: PASSWORD,
    audience: AUDIENCE,
  };
  assert.equal((await server.post('/oauth/token', { form })).status, 403);
  assert.equal((await transfer('unknown')).json.error_description, 'Unknown or invalid refresh token.');
  assert.equal((await transfer(token)).status, 200);
});

for (const way of ['query', 'cookie'] as const) {
  test(`the browser is logged in without a page (${way})`, async () => {
    const browser = new Browser(server);
    const token = await handOver();
    if (way === 'cookie') browser.jar.auth0_session_transfer_token = token;
    const arrival = asArrival(await open(way === 'query' ? token : undefined, {}, browser));
    const tokens = await redeem(arrival);
    assert.equal(payloadOf(tokens.id_token).sub, user.user_id);
    assert.equal(browser.jar.auth0_session_transfer_token, undefined);
    const session = await sessionsOf(server.ctx).get(String(payloadOf(tokens.id_token).sid));
    assert.deepEqual(
      session?.methods.map(({ name }) => name),
      ['pwd'],
    );
    assert.ok('parameters' in (await open(undefined, {}, browser)), 'the session serves from now on');
    assert.ok((await logTypes(server)).includes('s'));
  });
}

test('a token works once, however many browsers try', async () => {
  const token = await handOver();
  const reached = await Promise.all(Array.from({ length: 30 }, () => open(token)));
  assert.equal(reached.filter((one) => 'parameters' in one).length, 1);
  await assertLoginPage(await open(token), 'not found or expired');
});

test('and within a minute', async () => {
  const token = await handOver();
  server.clock.advance(60);
  await assertLoginPage(await open(token), 'not found or expired');
  await assertLoginPage(await open('invented'), 'not found or expired');
});

test('a token that is no good leads to the login page although somebody is logged in', async () => {
  const browser = new Browser(server);
  asArrival(await open(await handOver(), {}, browser));
  await assertLoginPage(await open('invented', {}, browser), 'not found or expired');
});

test('only in the ways that the application takes', async () => {
  const token = await handOver();
  const takes = async (allowed: ('cookie' | 'query')[] | null, way: 'cookie' | 'query', value = token) => {
    await change(web, { session_transfer: { ...WEB, allowed_authentication_methods: allowed } });
    const browser = new Browser(server);
    if (way === 'cookie') browser.jar.auth0_session_transfer_token = value;
    const reached = await open(way === 'query' ? value : undefined, {}, browser);
    return 'parameters' in reached || asPage(reached).path;
  };
  for (const none of [null, []]) assert.equal(await takes(none, 'query'), '/u/login');
  assert.equal(await takes(['cookie'], 'query'), '/u/login');
  assert.equal(await takes(['query'], 'cookie'), '/u/login');
  assert.equal(await takes(['query'], 'query'), true, 'the token was not used up by any of them');
  assert.equal(await takes(['cookie'], 'cookie', await handOver()), true);
  await change(web, { session_transfer: WEB });
});

test('bound to the address that asked, unless the application has it otherwise', async () => {
  await change(native, { session_transfer: NATIVE, is_token_endpoint_ip_header_trusted: true });
  const elsewhere = async (ip: string) => {
    const form = { grant_type: 'refresh_token', ...native, refresh_token: await refreshToken(), audience: AUDIENCE };
    return (await server.post('/oauth/token', { form, headers: { 'auth0-forwarded-for': ip } })).json.access_token;
  };
  const token = await elsewhere('203.0.113.7');
  await assertLoginPage(await open(token), 'device binding validation failed');
  await change(web, { session_transfer: { ...WEB, enforce_device_binding: 'asn' } });
  await assertLoginPage(await open(token), 'device binding validation failed');
  await change(web, { session_transfer: { ...WEB, enforce_device_binding: 'none' } });
  asArrival(await open(token));
  await change(native, { is_token_endpoint_ip_header_trusted: false });
});

test('what would ask somebody with a session asks here, too', async () => {
  const token = await handOver();
  await assertLoginPage(await open(token, { prompt: 'login' }), 'does not accept');
  server.clock.advance(20);
  await assertLoginPage(await open(token, { max_age: '10' }), 'does not accept');
  const connection = await findConnectionByName(server.ctx, CONNECTION);
  await connectionsOf(server.ctx).put({ ...connection!, enabled_clients: [native.client_id] });
  await assertLoginPage(await open(token), 'does not accept');
  await connectionsOf(server.ctx).put(connection!);
  const silent = asArrival(await open(token, { prompt: 'none' }));
  assert.ok(silent.parameters.code);
});

test('an organization must be the one of the login', async () => {
  await change(web, { organization_usage: 'allow' });
  const refused = asArrival(await open(await handOver(), { organization: 'org_0123456789abcdef' }));
  assert.equal(refused.parameters.code, undefined);
  await change(web, { organization_usage: undefined } as never);
});

test('somebody else’s session ends, and the person is asked', async () => {
  const browser = new Browser(server);
  await addPerson(server.ctx, 'eve@example.test');
  const first = await redeem(asArrival(await open(await handOver('eve@example.test'), {}, browser)));
  const token = await handOver();
  await assertLoginPage(await open(token, {}, browser), 'user mismatch');
  assert.equal(await sessionsOf(server.ctx).get(String(payloadOf(first.id_token).sid)), undefined);
  asArrival(await open(token, {}, browser));
});

test('the same person’s session goes on', async () => {
  const browser = new Browser(server);
  const sid = async () => payloadOf((await redeem(asArrival(await open(await handOver(), {}, browser)))).id_token).sid;
  assert.equal(await sid(), await sid());
});

test('blocked people, and a password that was changed', async () => {
  const token = await handOver();
  const set = (changes: Partial<User>) => usersOf(server.ctx).update(user.user_id, (row) => ({ ...row, ...changes }));
  await set({ blocked: true });
  assert.equal(asArrival(await open(token)).parameters.error_description, 'user is blocked');
  await set({ blocked: false, last_password_reset: new Date(server.clock.now() + 1).toISOString() });
  assert.equal(asPage(await open(token)).path, '/u/login');
  await usersOf(server.ctx).update(user.user_id, ({ last_password_reset: _at, ...row }) => row);
  asArrival(await open(token));
});

test('a second factor that is wanted is asked for, and a silent request is not', async () => {
  const token = await handOver();
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const silent = asArrival(await open(token, { prompt: 'none' }));
  assert.equal(silent.parameters.error, 'login_required');
  const before = await sessionsOf(server.ctx).count();
  assert.match(asPage(await open(token)).path, /mfa/);
  assert.equal(await sessionsOf(server.ctx).count(), before, 'a login that is half proved has no session');
  const refused = await transfer(await refreshTokenUnderMfa());
  assert.equal(refused.json.error, 'mfa_required');
  await useFactors(server.ctx, []);
});

async function refreshTokenUnderMfa(): Promise<string> {
  await useFactors(server.ctx, []);
  const token = await refreshToken();
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  return token;
}

test('refresh tokens of such a login: only where the application says so, bound to its session, and never handed on', async () => {
  const scope = 'openid offline_access';
  const without = await redeem(asArrival(await open(await handOver(), { scope })));
  assert.deepEqual([without.refresh_token, without.scope], [undefined, 'openid']);
  await change(web, {
    session_transfer: { ...WEB, allow_refresh_token: true, can_create_session_transfer_token: true },
  });
  const tokens = await redeem(asArrival(await open(await handOver(), { scope })));
  const refresh = (changes: Record<string, string> = {}) =>
    server.post('/oauth/token', {
      form: { grant_type: 'refresh_token', ...web, refresh_token: tokens.refresh_token, ...changes },
    });
  assert.equal((await refresh()).status, 200);
  assert.equal((await refresh({ audience: AUDIENCE })).json.error, 'access_denied');
  await sessionsOf(server.ctx).delete(String(payloadOf(tokens.id_token).sid));
  assert.equal((await refresh()).json.error_description, 'Unknown or invalid refresh token.');
});

test('or not bound to it', async () => {
  await change(web, {
    session_transfer: { ...WEB, allow_refresh_token: true, enforce_online_refresh_tokens: false },
  });
  const tokens = await redeem(asArrival(await open(await handOver(), { scope: 'openid offline_access' })));
  await sessionsOf(server.ctx).delete(String(payloadOf(tokens.id_token).sid));
  const form = { grant_type: 'refresh_token', ...web, refresh_token: tokens.refresh_token };
  assert.equal((await server.post('/oauth/token', { form })).status, 200);
});

const revoke = (token: string) => server.post('/oauth/revoke', { form: { ...native, token } });

test('revoking the refresh token ends all that was handed over from it', async () => {
  await change(web, { session_transfer: { ...WEB, allow_refresh_token: true } });
  const parent = await refreshToken();
  const scope = 'openid offline_access';
  const browser = new Browser(server);
  const tokens = await redeem(asArrival(await open((await transfer(parent)).json.access_token, { scope }, browser)));
  const pending = (await transfer(parent)).json.access_token;
  const code = asArrival(await open((await transfer(parent)).json.access_token));
  assert.equal((await revoke(parent)).status, 200);
  assert.equal(await sessionsOf(server.ctx).get(String(payloadOf(tokens.id_token).sid)), undefined);
  assert.equal(asPage(await open(undefined, {}, browser)).path, '/u/login');
  const refreshed = { grant_type: 'refresh_token', ...web, refresh_token: tokens.refresh_token };
  assert.equal((await server.post('/oauth/token', { form: refreshed })).status, 403);
  await assertLoginPage(await open(pending), 'not found or expired');
  assert.equal((await redeem(code)).error_description, 'Invalid authorization code');
});

test('or, where the native application has it so, only what nobody took yet', async () => {
  await change(native, { session_transfer: { ...NATIVE, enforce_cascade_revocation: false } });
  const parent = await refreshToken();
  const tokens = await redeem(asArrival(await open((await transfer(parent)).json.access_token)));
  const pending = (await transfer(parent)).json.access_token;
  await revoke(parent);
  assert.ok(await sessionsOf(server.ctx).get(String(payloadOf(tokens.id_token).sid)));
  await assertLoginPage(await open(pending), 'not found or expired');
});

test('a refresh token that was swept away hands nothing over', async () => {
  const parent = await refreshToken();
  const token = (await transfer(parent)).json.access_token;
  await refreshTokensOf(server.ctx).deleteWhere({ user_id: user.user_id });
  await assertLoginPage(await open(token), 'Parent refresh token not found');
});

test('another tenant knows nothing of it', async () => {
  const there = await addApplication(server.other.ctx, { session_transfer: WEB });
  const token = await handOver();
  const browser = new Browser(server.other);
  const page = asPage(await browser.open(authorizeUrl({ client_id: there.client_id, session_transfer_token: token })));
  assert.equal(page.path, '/u/login');
  asArrival(await open(token));
});

test('a session that was handed over ends with its refresh token, also when the application has stopped rotating since', async () => {
  await change(native, { refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring' } });
  const { json } = await transfer(await refreshToken());
  const browser = new Browser(server);
  await open(json.access_token, {}, browser);
  const silently = async () => asArrival(await open(undefined, { prompt: 'none' }, browser)).parameters.error;
  assert.equal(await silently(), undefined);
  await change(native, { refresh_token: undefined });
  const form = { grant_type: 'refresh_token', ...native, refresh_token: json.refresh_token };
  const lasting = (await server.post('/oauth/token', { form })).json.refresh_token;
  assert.ok(lasting);
  assert.equal(await silently(), undefined);
  assert.equal((await revoke(lasting)).status, 200);
  assert.equal(await silently(), 'login_required');
});

test('and where it has begun to rotate since, with the tokens that this ends', async () => {
  const older = await refreshToken();
  const browser = new Browser(server);
  await open((await transfer(older)).json.access_token, {}, browser);
  const pending = (await transfer(older)).json.access_token;
  const newer = await refreshToken();
  const kept = new Browser(server);
  await open((await transfer(newer)).json.access_token, {}, kept);
  const silently = async (of: Browser) => asArrival(await open(undefined, { prompt: 'none' }, of)).parameters.error;
  await change(native, { refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring' } });
  const form = { grant_type: 'refresh_token', ...native, refresh_token: newer };
  assert.equal((await server.post('/oauth/token', { form })).status, 200);
  assert.deepEqual([await silently(browser), await silently(kept)], ['login_required', undefined]);
  await assertLoginPage(await open(pending), 'not found or expired');
});
