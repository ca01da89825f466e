/** Who is told of the end of a session, of which ends, and what the token says. */
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { createLocalJWKSet, decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose';
import { Browser } from '../../../test/browser.ts';
import { addApplication } from '../../../test/fixtures.ts';
import { everything, logoutHouse } from '../../../test/logout-house.ts';
import { managementToken } from '../../../test/management.ts';
import { authenticatorsOf } from '../authentication-methods/authenticator.store.ts';
import { clientsOf } from '../clients/client.store.ts';
import { sessionsOf } from '../sessions/index.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const HOUR = 3600;

const house = await logoutHouse();
const { server, receiver, app, quiet, manage, logIn, logOut, settle, tokens, logged, waiting } = house;
after(() => house.close());
beforeEach(() => house.begin());
const change = (json: object) => manage('PATCH', `users/${house.user.user_id}`, json);
const initiators = async () =>
  (await logged('oidc_backchannel_logout_succeeded')).map(
    ({ details }) => (details as { initiator: string }).initiator,
  );

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
    sub: house.user.user_id,
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

/** Everything that ends sessions, by the name of the initiator. */
const ENDS: Record<string, (session: JWTPayload) => Promise<unknown>> = {
  'password-changed': () => change({ password: 'Another-horse-2' }),
  'email-identifier-changed': () => change({ email: `moved-${house.user.email}` }),
  'account-deactivated': () => change({ blocked: true }),
  'account-deleted': () => manage('DELETE', `users/${house.user.user_id}`),
  'session-revoked': ({ sid }) => manage('DELETE', `sessions/${sid}`),
  'mfa-phone-unenrolled': async () => {
    const id = `dev_${house.user.user_id.slice(-16)}`;
    const phone = {
      id,
      user_id: house.user.user_id,
      type: 'phone',
      confirmed: true,
      phone_number: '+15550001',
    } as const;
    await authenticatorsOf(server.ctx).insert({ ...phone, created_at: new Date(server.clock.now()).toISOString() });
    const path = `users/${house.user.user_id}/authentication-methods/${`sms|${id}`}`;
    return manage('DELETE', path);
  },
  'session-expired': async () => {
    server.clock.advance(73 * HOUR);
    await server.app.deliverDue();
  },
};

/** Hears of these ends at `path`, and of those that everybody hears of. */
const choosing = (path: string, selected_initiators: readonly string[]) => ({
  backchannel_logout_urls: [`${receiver.url}/${path}`],
  backchannel_logout_initiators: { mode: 'custom' as const, selected_initiators: [...selected_initiators] },
});

for (const [initiator, end] of Object.entries(ENDS)) {
  test(`${initiator}: the session ends, and whoever chose to know of it is told`, async () => {
    const browser = new Browser(server);
    const session = await logIn(browser);
    await logIn(browser, quiet);
    const others = Object.keys(ENDS).filter((name) => name !== initiator);
    await logIn(browser, await addApplication(server.ctx, { oidc_logout: choosing('this', [initiator]) }));
    await logIn(browser, await addApplication(server.ctx, { oidc_logout: choosing('others', others) }));
    const answer = (await end(session)) as { status: number; text: string } | undefined;
    if (answer) assert.ok(answer.status < 300, answer.text);
    await settle();
    assert.deepEqual(
      tokens().map(({ sid }) => sid),
      [session.sid],
    );
    assert.deepEqual([tokens('/quiet').length, tokens('/others').length, tokens('/this').length], [0, 0, 1]);
    assert.deepEqual(await initiators(), [initiator, initiator]);
    assert.equal(await sessionsOf(server.ctx).get(String(session.sid)), undefined);
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
});

test('only the chosen initiators count; the two that Auth0 requires always do', async () => {
  const chooser = await addApplication(server.ctx, {
    oidc_logout: choosing('chooser', ['password-changed']),
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
  await manage('PATCH', `sessions/${sid}`, json);
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
  assert.equal(await sessionsOf(server.ctx).count({ user_id: house.user.user_id }), 1);
});

test('nobody is told of a session of another tenant, nor may end it', async () => {
  const browser = new Browser(server);
  const { sid } = await logIn(browser);
  const foreign = await managementToken(server.other, ['delete:sessions']);
  await server.other.request('DELETE', `/api/v2/sessions/${sid}`, { bearer: foreign });
  await server.other.request('DELETE', `/api/v2/users/${house.user.user_id}/sessions`, { bearer: foreign });
  await server.other.get('/v2/logout', { jar: { ...browser.jar } });
  await settle();
  assert.deepEqual(receiver.deliveries, []);
  assert.ok(await sessionsOf(server.ctx).get(String(sid)));
});

test('an application that goes by the URL of its document finds that URL in the token, as in its ID token', async () => {
  const document = 'https://client.test/metadata.json';
  const named = await addApplication(server.ctx, { oidc_logout: everything(`${receiver.url}/named`) });
  await clientsOf(server.ctx).update(named.client_id, (stored) => ({ ...stored, external_client_id: document }));
  const browser = new Browser(server);
  const idToken = await logIn(browser, named);
  await logOut(browser);
  assert.deepEqual([idToken.aud, tokens('/named')[0]?.aud], [document, document]);
});
