import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { asArrival, asPage, authorizeUrl, Browser } from '../../../test/browser.ts';
import { CUSTOM, type ExchangeTenant, exchangeTenant, ID_TOKEN, VERIFIER } from '../../../test/exchange-fixture.ts';
import { useFactors } from '../../../test/fixtures.ts';
import type { TestServer } from '../../../test/server.ts';
import {
  API,
  addClient,
  addUser,
  type Credentials,
  PASSWORD,
  payloadOf,
  refusalOf,
} from '../../../test/token-fixture.ts';
import { type Client, clientsOf, type StoredClient } from '../../resources/clients/index.ts';
import { connectionsOf } from '../../resources/connections/index.ts';
import { logsOf } from '../../resources/logs/index.ts';
import { findResourceServer, resourceServersOf } from '../../resources/resource-servers/index.ts';
import { sessionsOf } from '../../resources/sessions/index.ts';
import { type User, usersOf } from '../../resources/users/index.ts';

const AUDIENCE = 'urn:tenant.test:session_transfer';
const WEB: Client['session_transfer'] = {
  allowed_authentication_methods: ['cookie', 'query'],
  enforce_device_binding: 'none',
  allow_refresh_token: true,
  delegation: { allow_delegated_access: true, enforce_device_binding: 'ip' },
};
const IP = '127.0.0.1';
const OTHERS = ['http://auth0.com/oauth/grant-type/mfa-otp', 'http://auth0.com/oauth/legacy/grant-type/ro/jwt-bearer'];

let tenant: ExchangeTenant;
let server: TestServer;
let web: Credentials;
let agent: User;
let actor_token: string;

before(async () => {
  tenant = await exchangeTenant();
  server = tenant.server;
  await change(tenant.client, { session_transfer: { can_create_session_transfer_token: true } });
  web = await addClient(server.ctx, {
    grant_types: ['authorization_code', 'refresh_token', 'implicit', ...OTHERS],
    session_transfer: WEB,
    skip_non_verifiable_callback_uri_confirmation_prompt: true,
  });
  const enabled_clients = [tenant.client.client_id, web.client_id];
  await connectionsOf(server.ctx).put({ ...tenant.connection, enabled_clients });
  agent = await addUser(server.ctx, tenant.connection, 'agent@example.test');
  await tenant.useVerifier(VERIFIER);
  const form = { grant_type: 'password', ...tenant.client, username: 'agent@example.test', password: PASSWORD };
  actor_token = (await server.post('/oauth/token', { form: { ...form, scope: 'openid' } })).json.id_token;
});
after(() => server.close());
beforeEach(() => change(web, { session_transfer: WEB }));

const change = (of: Credentials, changes: Partial<Client>) =>
  clientsOf(server.ctx).update(of.client_id, (stored) => ({ ...stored, ...changes }) as StoredClient);

async function ask(changes: Record<string, string> = {}, ip = IP) {
  const subject_token = await tenant.subject({ may_act: { sub: agent.user_id } });
  const actor = { actor_token, actor_token_type: ID_TOKEN };
  return tenant.exchange({ subject_token, ...actor, audience: AUDIENCE, scope: 'openid', ...changes }, ip);
}

const token = async () => (await ask()).json.access_token as string;

const open = (
  session_transfer_token: string | undefined,
  more: Record<string, string> = {},
  browser = new Browser(server),
) => browser.open(authorizeUrl({ client_id: web.client_id, session_transfer_token, ...more }));

async function redeem(code: string | undefined) {
  const form = { grant_type: 'authorization_code', ...web, code, redirect_uri: 'https://app.test/callback' };
  return (await server.post('/oauth/token', { form })).json;
}

const lastLog = async (type: 'sdel' | 'sdeleacft' | 'w' | 'sdelsa' | 'secte') =>
  (await logsOf(server.ctx).list({ where: { type }, orderBy: 'log_id', descending: true, limit: 1 }))[0];

test('a support agent gets a session as the user, who is told so by every token', async () => {
  const before = await usersOf(server.ctx).get(tenant.user.user_id);
  const answer = await ask();
  const { access_token, ...rest } = answer.json;
  assert.deepEqual(rest, {
    expires_in: 60,
    token_type: 'N_A',
    issued_token_type: 'urn:auth0:params:oauth:token-type:session_transfer_token',
  });
  const browser = new Browser(server);
  const scope = 'openid offline_access read:things';
  const arrival = asArrival(await open(access_token, { audience: API, scope }, browser));
  const tokens = await redeem(arrival.parameters.code);
  assert.deepEqual([tokens.refresh_token, tokens.scope, tokens.expires_in], [undefined, 'openid read:things', 7200]);
  for (const one of [tokens.access_token, tokens.id_token]) {
    const { sub, act } = payloadOf(one);
    assert.deepEqual([sub, act], [tenant.user.user_id, { sub: agent.user_id }]);
  }
  const session = await sessionsOf(server.ctx).get(String(payloadOf(tokens.id_token).sid));
  assert.deepEqual(
    [session?.actor, session?.persistent, session?.expires_at],
    [{ sub: agent.user_id }, false, server.clock.now() + 7_200_000],
  );
  assert.deepEqual(await usersOf(server.ctx).get(tenant.user.user_id), before, 'no login of the user');
  for (const type of ['secte', 'sdel', 'sdeleacft'] as const)
    assert.deepEqual((await lastLog(type))?.details, { actor: { sub: agent.user_id } }, type);
  const silent = asArrival(await open(undefined, { prompt: 'none' }, browser));
  assert.deepEqual(payloadOf((await redeem(silent.parameters.code)).id_token).act, { sub: agent.user_id });
  assert.ok(await lastLog('sdelsa'));
});

test('only for confidential clients that may, and only with an actor', async () => {
  await tenant.remember();
  const withoutActor = await tenant.exchange({ audience: AUDIENCE });
  const missing = 'actor_token is required to request a session transfer token';
  await tenant.assertRefused(withoutActor, [400, 'invalid_request', missing]);
  const text = (id: string) => `Client "${id}" is not authorized to access resource server "${AUDIENCE}".`;
  for (const body of [
    {},
    { session_transfer: { can_create_session_transfer_token: true }, token_endpoint_auth_method: 'none' },
  ]) {
    const other = await addClient(server.ctx, { ...CUSTOM, ...body });
    assert.deepEqual(refusalOf(await ask(other)), [403, 'access_denied', text(other.client_id)]);
  }
});

test('an application that does not allow it shows its login page', async () => {
  for (const delegation of [null, { allow_delegated_access: false }]) {
    await change(web, { session_transfer: { ...WEB, delegation } });
    assert.equal(asPage(await open(await token())).path, '/u/login');
    assert.match(String((await lastLog('w'))?.description), /does not allow delegated access/);
  }
});

test('only from the address of who asked, by the query, for a code, once', async () => {
  const elsewhere = (await ask({}, '203.0.113.7')).json.access_token;
  assert.equal(asPage(await open(elsewhere)).path, '/u/login');
  const good = await token();
  const browser = new Browser(server);
  browser.jar.auth0_session_transfer_token = good;
  assert.equal(asPage(await open(undefined, {}, browser)).path, '/u/login');
  const implicit = { response_type: 'id_token', nonce: 'n' };
  assert.equal(asPage(await open(good, implicit)).path, '/u/login');
  const reached = await Promise.all(Array.from({ length: 10 }, () => open(good)));
  assert.equal(reached.filter((one) => 'parameters' in one).length, 1);
});

test('bound to an address, or to its network where the application has it so', async () => {
  await change(web, { session_transfer: { ...WEB, enforce_device_binding: 'ip' } });
  const opened = async (enforce_device_binding: 'ip' | 'asn', from = '2001:db8:1:2::ffff') => {
    await change(web, {
      session_transfer: { ...WEB, delegation: { allow_delegated_access: true, enforce_device_binding } },
    });
    const { access_token } = (await ask({}, '2001:db8:1:2::1')).json;
    const url = authorizeUrl({ client_id: web.client_id, session_transfer_token: access_token });
    return (await server.get(url, { from })).headers.location;
  };
  assert.match(String(await opened('ip')), /\/u\/login/);
  assert.match(String(await opened('asn')), /^\/authorize\/resume/);
  assert.match(String(await opened('asn', '2001:db8:1:3::1')), /\/u\/login/);
});

test('a browser in which anybody is logged in is refused', async () => {
  const browser = new Browser(server);
  asArrival(await open(await token(), {}, browser));
  const again = await token();
  const page = asPage(await open(again, {}, browser));
  assert.equal(page.status, 403);
  assert.match(page.html, /Log out/);
  asArrival(await open(again));
});

test('nobody is asked what only the user can answer', async () => {
  const good = await token();
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const refused = asArrival(await open(good));
  await useFactors(server.ctx, []);
  assert.equal(refused.parameters.error, 'interaction_required');
  const browser = new Browser(server);
  asArrival(await open(good, {}, browser));
  const consent = asArrival(await open(undefined, { prompt: 'consent' }, browser));
  assert.equal(consent.parameters.error, 'interaction_required');
});

test('the session is for applications that allow it', async () => {
  const browser = new Browser(server);
  asArrival(await open(await token(), {}, browser));
  const other = await addClient(server.ctx);
  await connectionsOf(server.ctx).update(tenant.connection.id, (row) => ({
    ...row,
    enabled_clients: [...row.enabled_clients, other.client_id],
  }));
  assert.equal(asPage(await open(undefined, { client_id: other.client_id }, browser)).path, '/u/login');
});

test('its code ends with it', async () => {
  const arrival = asArrival(await open(await token()));
  await sessionsOf(server.ctx).deleteWhere({ user_id: tenant.user.user_id });
  assert.equal((await redeem(arrival.parameters.code)).error, 'invalid_grant');
  const [row] = await logsOf(server.ctx).list({ where: { type: 'fdeleacft' } });
  assert.deepEqual(row?.details, { actor: { sub: agent.user_id } });
});

test('nobody sets up a second factor for somebody else', async () => {
  const audience = `${server.issuer}mfa/`;
  const refused = asArrival(await open(await token(), { audience, scope: 'openid enroll' }));
  assert.deepEqual([refused.parameters.code, refused.parameters.error], [undefined, 'interaction_required']);
  await change(tenant.client, { grant_types: ['password', 'http://auth0.com/oauth/grant-type/mfa-otp'] });
  assert.equal((await ask({ audience, scope: 'enroll' })).json.error, 'access_denied');
});

test('who acts for somebody is not them: their ID token proves nothing', async () => {
  const arrival = asArrival(await open(await token()));
  const { id_token } = await redeem(arrival.parameters.code);
  const jwt = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', device: 'phone' };
  await change(web, { oidc_conformant: false });
  const form = { client_id: web.client_id, ...jwt, id_token, scope: 'openid offline_access' };
  assert.deepEqual(refusalOf(await server.post('/oauth/ro', { form })), [400, 'invalid_grant', 'invalid id_token']);
  await change(web, { oidc_conformant: true, ...CUSTOM });
  const subject_token = await tenant.subject({ sub: agent.user_id, may_act: { sub: tenant.user.user_id } });
  const actor = { subject_token, actor_token: id_token, actor_token_type: ID_TOKEN };
  const answer = await tenant.exchange({ ...web, ...actor });
  assert.deepEqual(refusalOf(answer), [400, 'invalid_request', 'Invalid actor_token']);
});

test('who is blocked acts for nobody any more', async () => {
  const block = (blocked: boolean) => usersOf(server.ctx).update(agent.user_id, (row) => ({ ...row, blocked }));
  const browser = new Browser(server);
  const { parameters } = asArrival(await open(await token(), {}, browser));
  const [pending, unused] = [await token(), new Browser(server)];
  await block(true);
  assert.equal(asPage(await open(undefined, {}, browser)).path, '/u/login');
  assert.equal(asPage(await open(pending, {}, unused)).path, '/u/login');
  assert.equal((await redeem(parameters.code)).error, 'invalid_grant');
  await block(false);
  assert.ok(asArrival(await open(undefined, {}, browser)).parameters.code);
});

test('a token over the browser lives no longer than such a session', async () => {
  const browser = new Browser(server);
  asArrival(await open(await token(), {}, browser));
  const api = await findResourceServer(server.ctx, API);
  await resourceServersOf(server.ctx).put({ ...api!, token_lifetime: 86_400, token_lifetime_for_web: 86_400 });
  const arrival = asArrival(await open(undefined, { response_type: 'token', audience: API }, browser));
  const parameters = new URLSearchParams(arrival.url.hash.slice(1));
  assert.equal(parameters.get('expires_in'), '7200');
  const { exp, iat, act } = payloadOf(String(parameters.get('access_token')));
  assert.deepEqual([Number(exp) - Number(iat), act], [7200, { sub: agent.user_id }]);
});
