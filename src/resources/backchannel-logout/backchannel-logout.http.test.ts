import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose';
import { authorizeUrl, Browser } from '../../../test/browser.ts';
import { addApplication, addPerson, type Credentials, PASSWORD } from '../../../test/fixtures.ts';
import { type LogoutReceiver, logoutReceiver } from '../../../test/logout-receiver.ts';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, type TestTenant, testServer } from '../../../test/server.ts';
import { authenticatorsOf } from '../authentication-methods/authenticator.store.ts';
import { clientsOf } from '../clients/client.store.ts';
import type { BackchannelLogoutSettings } from '../clients/client.ts';
import { logsOf } from '../logs/index.ts';
import { outgoingMessagesOf } from '../outgoing-messages/outgoing-message.store.ts';
import { onSessionEnded, sessionsOf } from '../sessions/index.ts';
import { deleteUser, type User } from '../users/index.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const HOUR = 3600;
const SUCCEEDED = 'oidc_backchannel_logout_succeeded';
const FAILED = 'oidc_backchannel_logout_failed';

let server: TestServer;
let receiver: LogoutReceiver;
/** Wants to know everything. */
let app: Credentials;
/** Takes part in the same sessions, and has an endpoint of its own; wants to know what it must. */
let quiet: Credentials;
let manage: string;
let user: User;
let people = 0;

before(async () => {
  server = await testServer();
  receiver = await logoutReceiver();
  app = await addApplication(server.ctx, { oidc_logout: everything(`${receiver.url}/app`) });
  quiet = await addApplication(server.ctx, {
    oidc_logout: { backchannel_logout_urls: [`${receiver.url}/quiet`] },
  });
  const scopes = 'delete:sessions update:sessions update:users delete:users delete:authentication_methods';
  manage = await managementToken(server, `${scopes} delete:refresh_tokens update:clients read:clients`.split(' '));
});
after(async () => {
  await server.close();
  await receiver.close();
});

beforeEach(async () => {
  receiver.deliveries.length = 0;
  receiver.status = 200;
  user = await addPerson(server.ctx, `person${people++}@example.test`);
  await logsOf(server.ctx).deleteWhere({});
});

const everything = (url: string): BackchannelLogoutSettings => ({
  backchannel_logout_urls: [url],
  backchannel_logout_initiators: { mode: 'all' },
});

/** Logs the person of this test in to `client` in `browser`. Answers the claims of the ID token. */
async function logIn(browser: Browser, client = app, tenant: TestTenant = server): Promise<JWTPayload> {
  const login = { username: user.email ?? '', password: PASSWORD };
  const page = await browser.open(authorizeUrl({ client_id: client.client_id }));
  const { parameters } = 'parameters' in page ? page : await browser.submitApp(page, login);
  const form = { grant_type: 'authorization_code', code: parameters.code, redirect_uri: 'https://app.test/callback' };
  const answer = await tenant.post('/oauth/token', { form: { ...form, ...client } });
  return decodeJwt(answer.json.id_token);
}

const settle = () => server.app.shared.background.idle(5000);
const tokens = (path = '/app') =>
  receiver.deliveries.filter((one) => one.path === path).map(({ token }) => decodeJwt(token));
const logged = async (type: string) => (await logsOf(server.ctx).list()).filter((row) => row.type === type);
const initiators = async () =>
  (await logged(SUCCEEDED)).map(({ details }) => (details as { initiator: string }).initiator);
const waiting = () => outgoingMessagesOf(server.ctx).count();
const logOut = async (browser: Browser) => {
  await server.get('/v2/logout', { jar: browser.jar });
  await settle();
};

test('the logout token is as Auth0 makes it, and everybody who took part gets one for themselves', async () => {
  const browser = new Browser(server);
  const idToken = await logIn(browser);
  await logIn(browser, quiet);
  await logOut(browser);
  assert.equal(receiver.deliveries.length, 2);
  const [delivery] = receiver.deliveries.filter(({ path }) => path === '/app');
  assert.ok(delivery);
  assert.deepEqual(
    [delivery.method, delivery.contentType, delivery.names],
    ['POST', 'application/x-www-form-urlencoded', ['logout_token']],
  );
  const keys = createLocalJWKSet((await server.get('/.well-known/jwks.json')).json);
  const currentDate = new Date(server.clock.now());
  const { payload } = await jwtVerify(delivery.token, keys, {
    issuer: server.issuer,
    audience: app.client_id,
    typ: 'logout+jwt',
    algorithms: ['RS256'],
    currentDate,
  });
  assert.deepEqual(Object.keys(decodeProtectedHeader(delivery.token)), ['alg', 'typ', 'kid']);
  const { jti, trace_id, ...claims } = payload;
  const iat = server.clock.now() / 1000;
  assert.deepEqual(claims, {
    iss: server.issuer,
    sub: user.user_id,
    aud: app.client_id,
    iat,
    exp: iat + 120,
    events: { [EVENT]: {} },
    sid: idToken.sid,
  });
  assert.match(String(jti), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.match(String(trace_id), /^[0-9a-f]{16}$/);
  const [other] = tokens('/quiet');
  assert.deepEqual([other?.aud, other?.sid], [quiet.client_id, idToken.sid]);
  assert.notEqual(other?.jti, jti);
  assert.equal(await waiting(), 0);
});

test('what was delivered is in the log, in the shape of the published schema', async () => {
  const browser = new Browser(server);
  await logIn(browser);
  await logOut(browser);
  const [row, ...more] = await logged(SUCCEEDED);
  assert.deepEqual(more, []);
  assert.deepEqual([row?.client_id, row?.client_name, row?.user_id], [app.client_id, 'Application', user.user_id]);
  assert.deepEqual(row?.details, {
    request: { method: 'POST', backchannel_logout_uri: `${receiver.url}/app` },
    response: { statusCode: 200 },
    initiator: 'rp-logout',
  });
});

test('an application that is down hears of it later, by a token that is fresh, and once', async () => {
  const browser = new Browser(server);
  const { sid } = await logIn(browser);
  receiver.status = 503;
  await logOut(browser);
  assert.equal(receiver.deliveries.length, 1);
  assert.deepEqual(await logged(SUCCEEDED), []);
  assert.deepEqual(await logged(FAILED), []);
  server.clock.advance(29);
  await server.app.deliverDue();
  assert.equal(receiver.deliveries.length, 1, 'not before its time');
  server.clock.advance(1);
  receiver.status = 204;
  await Promise.all(Array.from({ length: 5 }, () => server.app.deliverDue()));
  const [first, second, ...more] = tokens();
  assert.deepEqual(more, []);
  assert.deepEqual([second?.sid, second?.iat], [sid, (first?.iat ?? 0) + 30]);
  assert.notEqual(second?.jti, first?.jti);
  assert.equal((await logged(SUCCEEDED)).length, 1);
  assert.equal(await waiting(), 0);
  server.clock.reset();
});

test('an application that never answers well is given up, and that is logged once', async () => {
  const browser = new Browser(server);
  await logIn(browser);
  receiver.status = 302;
  await logOut(browser);
  for (let hour = 0; hour < 12; hour++) {
    server.clock.advance(HOUR);
    await server.app.deliverDue();
  }
  assert.ok(
    receiver.deliveries.every(({ path }) => path === '/app'),
    'redirects are not followed',
  );
  const [row, ...more] = await logged(FAILED);
  assert.deepEqual(more, []);
  assert.deepEqual(row?.details, {
    request: { method: 'POST', backchannel_logout_uri: `${receiver.url}/app` },
    response: { statusCode: 302 },
    initiator: 'rp-logout',
  });
  assert.equal(await waiting(), 0);
  server.clock.reset();
});

test('400 means that the application understood and refuses: it is not asked again', async () => {
  const browser = new Browser(server);
  await logIn(browser);
  receiver.status = 400;
  await logOut(browser);
  const [row] = await logged(FAILED);
  assert.deepEqual((row?.details as { response: unknown }).response, { statusCode: 400 });
  server.clock.advance(HOUR);
  await server.app.deliverDue();
  assert.equal(receiver.deliveries.length, 1);
  server.clock.reset();
});

test('an application that took its URL away hears nothing any more', async () => {
  const leaver = await addApplication(server.ctx, { oidc_logout: everything(`${receiver.url}/leaver`) });
  const browser = new Browser(server);
  await logIn(browser, leaver);
  receiver.status = 503;
  await logOut(browser);
  const json = { oidc_logout: { backchannel_logout_urls: [] } };
  await server.request('PATCH', `/api/v2/clients/${leaver.client_id}`, { bearer: manage, json });
  server.clock.advance(HOUR);
  await server.app.deliverDue();
  assert.equal(receiver.deliveries.length, 1);
  assert.equal(await waiting(), 0);
  server.clock.reset();
});

/** Everything that ends sessions, by the name of the initiator. */
const ENDS: Record<string, (session: JWTPayload) => Promise<unknown>> = {
  'password-changed': () => change({ password: 'Another-horse-2' }),
  'email-identifier-changed': () => change({ email: `moved-${user.email}` }),
  'account-deactivated': () => change({ blocked: true }),
  'account-deleted': () => server.request('DELETE', `/api/v2/users/${user.user_id}`, { bearer: manage }),
  'session-revoked': ({ sid }) => server.request('DELETE', `/api/v2/sessions/${sid}`, { bearer: manage }),
  'mfa-phone-unenrolled': async () => {
    const id = `dev_${user.user_id.slice(-16)}`;
    const phone = { id, user_id: user.user_id, type: 'phone', confirmed: true, phone_number: '+15550001' } as const;
    await authenticatorsOf(server.ctx).insert({ ...phone, created_at: new Date(server.clock.now()).toISOString() });
    const path = `/api/v2/users/${user.user_id}/authentication-methods/${`sms|${id}`}`;
    return server.request('DELETE', path, { bearer: manage });
  },
  'session-expired': async () => {
    server.clock.advance(73 * HOUR);
    await server.app.deliverDue();
  },
};
const change = (json: object) => server.request('PATCH', `/api/v2/users/${user.user_id}`, { bearer: manage, json });

for (const [initiator, end] of Object.entries(ENDS)) {
  test(`${initiator}: the session ends, and whoever chose to know of it is told`, async () => {
    const browser = new Browser(server);
    const session = await logIn(browser);
    await logIn(browser, quiet);
    const answer = (await end(session)) as { status: number; text: string } | undefined;
    if (answer) assert.ok(answer.status < 300, answer.text);
    await settle();
    assert.deepEqual(
      tokens().map(({ sid }) => sid),
      [session.sid],
    );
    assert.deepEqual(tokens('/quiet'), []);
    assert.deepEqual(await initiators(), [initiator]);
    assert.equal(await sessionsOf(server.ctx).get(String(session.sid)), undefined);
    server.clock.reset();
  });
}

test('an idle session is ended once by any number of processes, one that is in use is not', async () => {
  const [idle, used] = [new Browser(server), new Browser(server)];
  const { sid } = await logIn(idle);
  const going = await logIn(used);
  server.clock.advance(71 * HOUR);
  await logIn(used, quiet);
  server.clock.advance(2 * HOUR);
  await Promise.all(Array.from({ length: 5 }, () => server.app.deliverDue()));
  assert.deepEqual(
    tokens().map((token) => token.sid),
    [sid],
  );
  assert.ok(await sessionsOf(server.ctx).get(String(going.sid)));
  server.clock.reset();
});

test('only the chosen initiators count; the two that Auth0 requires always do', async () => {
  const chooser = await addApplication(server.ctx, {
    oidc_logout: {
      backchannel_logout_urls: [`${receiver.url}/chooser`],
      backchannel_logout_initiators: { mode: 'custom', selected_initiators: ['password-changed'] },
    },
  });
  const browser = new Browser(server);
  const first = await logIn(browser, chooser);
  await ENDS['session-revoked']?.(first);
  await settle();
  assert.deepEqual(tokens('/chooser'), []);
  await logIn(browser, chooser);
  await logOut(browser);
  assert.equal(tokens('/chooser').length, 1);
  await logIn(browser, chooser);
  await change({ password: 'Another-horse-2' });
  await settle();
  assert.equal(tokens('/chooser').length, 2);
});

test('metadata of the session is in the token of those who want it', async () => {
  const curious = await addApplication(server.ctx, {
    oidc_logout: { ...everything(`${receiver.url}/curious`), backchannel_logout_session_metadata: { include: true } },
  });
  const browser = new Browser(server);
  const { sid } = await logIn(browser, curious);
  await logIn(browser);
  const json = { session_metadata: { device: 'phone' } };
  await server.request('PATCH', `/api/v2/sessions/${sid}`, { bearer: manage, json });
  await logOut(browser);
  assert.deepEqual(tokens('/curious')[0]?.session_metadata, { device: 'phone' });
  assert.equal('session_metadata' in (tokens()[0] ?? {}), false);
});

test('a logout token is no ID token: it logs nobody out', async () => {
  const [browser, other] = [new Browser(server), new Browser(server)];
  await logIn(browser);
  await logIn(other);
  await logOut(browser);
  const hint = receiver.deliveries[0]?.token ?? '';
  assert.ok(hint);
  const answer = await server.get('/oidc/logout', { jar: other.jar, query: { id_token_hint: hint } });
  assert.equal(answer.status, 400);
  const { status } = await server.get('/userinfo', { bearer: hint });
  assert.equal(status, 401);
  assert.equal(await sessionsOf(server.ctx).count({ user_id: user.user_id }), 1);
});

test('nobody is told of a session of another tenant, nor may end it', async () => {
  const browser = new Browser(server);
  const { sid } = await logIn(browser);
  const foreign = await managementToken(server.other, ['delete:sessions']);
  await server.other.request('DELETE', `/api/v2/sessions/${sid}`, { bearer: foreign });
  await server.other.request('DELETE', `/api/v2/users/${user.user_id}/sessions`, { bearer: foreign });
  await server.other.get('/v2/logout', { jar: { ...browser.jar } });
  await settle();
  assert.deepEqual(receiver.deliveries, []);
  assert.ok(await sessionsOf(server.ctx).get(String(sid)));
});

test('a change that is rolled back tells nobody', async () => {
  const browser = new Browser(server);
  const { sid } = await logIn(browser);
  const undo = async () => {
    await server.ctx.store.transaction(async () => {
      await deleteUser(server.ctx, user.user_id);
      throw new Error('no');
    });
  };
  await assert.rejects(undo, /no/);
  assert.equal(await waiting(), 0);
  assert.ok(await sessionsOf(server.ctx).get(String(sid)));
});

test('a notice of a process that died is delivered by another', async () => {
  const browser = new Browser(server);
  await logIn(browser);
  // What `server.ctx` puts off is never begun, as in a process that ends there.
  await deleteUser(server.ctx, user.user_id);
  assert.equal(await waiting(), 1);
  await server.app.deliverDue();
  assert.equal(tokens().length, 1);
});

test('addresses that only the server reaches are not called, wherever the URL came from', async () => {
  const inside = 'http://169.254.169.254/latest/meta-data/';
  await clientsOf(server.ctx).update(quiet.client_id, (stored) => ({ ...stored, oidc_logout: everything(inside) }));
  const browser = new Browser(server);
  await logIn(browser, quiet);
  await logOut(browser);
  const [row] = await logged(FAILED);
  assert.deepEqual(row?.details, {
    request: { method: 'POST', backchannel_logout_uri: inside },
    response: { statusCode: 0 },
    errors: ['169.254.169.254 may not be contacted'],
    initiator: 'rp-logout',
  });
  assert.equal(await waiting(), 0, 'asking again would not help');
  const oidc_logout = { backchannel_logout_urls: [`${receiver.url}/quiet`] };
  await clientsOf(server.ctx).update(quiet.client_id, (stored) => ({ ...stored, oidc_logout }));
});

test('a follower that fails keeps the session alive: nothing ends without its notices', async () => {
  const browser = new Browser(server);
  const { sid } = await logIn(browser);
  let isBroken = true;
  onSessionEnded(async () => {
    if (isBroken) throw new Error('the queue is full');
  });
  assert.equal(((await ENDS['session-revoked']?.({ sid })) as { status: number }).status, 500);
  assert.ok(await sessionsOf(server.ctx).get(String(sid)));
  assert.deepEqual(receiver.deliveries, []);
  isBroken = false;
});

test('what a client may be given as its URL', async () => {
  const path = `/api/v2/clients/${app.client_id}`;
  const patch = (json: object) => server.request('PATCH', path, { bearer: manage, json });
  const format = 'absolute-https-uri-with-placeholders-or-empty';
  for (const url of [
    'http://app.test/out',
    'ftp://app.test/',
    'https://app.test/#x',
    'https://{organization_name}.app.test/',
    'https://a.test:x/',
  ]) {
    const answer = await patch({ oidc_logout: { backchannel_logout_urls: [url] } });
    assert.equal(answer.status, 400, url);
    const text = `Object didn't pass validation for format ${format}: ${url}`;
    const where = 'oidc_logout.backchannel_logout_urls[0]';
    assert.equal(answer.json.message, `Payload validation error: '${text}' on property ${where}.`);
  }
  const two = await patch({ oidc_logout: { backchannel_logout_urls: ['https://a.test/', 'https://b.test/'] } });
  assert.match(two.json.message, /Array is too long \(2\), maximum 1/);
  const wrong = { backchannel_logout_initiators: { mode: 'custom', selected_initiators: ['moon-rise'] } };
  assert.match((await patch({ oidc_logout: wrong })).json.message, /No enum match for: moon-rise/);
});

test('oidc_backchannel_logout is oidc_logout by its older name', async () => {
  const renamed = await addApplication(server.ctx);
  const path = `/api/v2/clients/${renamed.client_id}`;
  const settings = everything(`${receiver.url}/renamed`);
  const json = { oidc_backchannel_logout: settings };
  const answer = await server.request('PATCH', path, { bearer: manage, json });
  assert.deepEqual(answer.json.oidc_logout, settings);
  assert.deepEqual(answer.json.oidc_backchannel_logout, {
    backchannel_logout_urls: settings.backchannel_logout_urls,
  });
  const browser = new Browser(server);
  await logIn(browser, renamed);
  await change({ password: 'Another-horse-2' });
  await settle();
  assert.equal(tokens('/renamed').length, 1);
  const gone = await server.request('PATCH', path, { bearer: manage, json: { oidc_backchannel_logout: null } });
  assert.equal(gone.json.oidc_logout, undefined);
});
