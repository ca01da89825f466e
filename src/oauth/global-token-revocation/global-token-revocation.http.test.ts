/** Universal Logout: an identity provider ends the sessions and refresh tokens of one of its users. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { addApplication, type Credentials } from '../../../test/fixtures.ts';
import { foreignKey, foreignToken } from '../../../test/foreign-issuer.ts';
import { type ScriptedProvider, scriptedProvider } from '../../../test/scripted-provider.ts';
import { START, type TestServer, type TestTenant, testServer } from '../../../test/server.ts';
import { addCode, logTypes, refusalOf } from '../../../test/token-fixture.ts';
import { decodeJwt } from '../../platform/crypto/index.ts';
import { type Connection, createConnection } from '../../resources/connections/index.ts';
import { logsOf } from '../../resources/logs/index.ts';
import { openSession, sessionsOf } from '../../resources/sessions/index.ts';
import { saveFederatedUser, type User, usersOf } from '../../resources/users/index.ts';

const TYP = 'global-token-revocation+jwt';
const ISSUER = 'https://idp.test';
const PATH = '/oauth/global-token-revocation/connection/acme';
const key = foreignKey('idp');

let server: TestServer;
let provider: ScriptedProvider;
let app: Credentials;
let connection: Connection;
let user: User;
let heard: string[];

before(async () => {
  provider = await scriptedProvider(() => server?.clock.now() ?? START);
  provider.answers = {
    'GET /jwks': () => ({ status: 200, body: { keys: [key.jwk] } }),
    'POST /logout': (request) => {
      heard.push(new URLSearchParams(String(request.body)).get('logout_token') ?? '');
      return { status: 200, body: {} };
    },
  };
  server = await testServer({ outbound: provider.outbound });
  const initiators = { mode: 'custom' as const, selected_initiators: ['rp-logout', 'idp-logout'] as const };
  app = await addApplication(server.ctx, {
    oidc_logout: {
      backchannel_logout_urls: ['https://app.test/logout'],
      backchannel_logout_initiators: initiators,
    },
  } as never);
  for (const { ctx } of [server, server.other]) {
    const options = { client_id: 'us', discovery_url: `${ISSUER}/.well-known/openid-configuration` };
    const made = await createConnection(ctx, { name: 'acme', strategy: 'oidc', options });
    if (ctx === server.ctx) connection = made;
  }
  user = (await saveFederatedUser(server.ctx, { connection, id: '00u1', profile: { email: 'ada@acme.test' } })) as User;
});
after(() => server.close());
beforeEach(async () => {
  heard = [];
  await logsOf(server.ctx).deleteWhere({});
  await sessionsOf(server.ctx).deleteWhere({});
  await usersOf(server.ctx).put(user);
});

const seconds = () => Math.floor(server.clock.now() / 1000);
const tokenOf = (changes: object = {}, typ = TYP, by = key) => {
  const times = { iat: seconds(), exp: seconds() + 300 };
  return foreignToken(
    by,
    { iss: ISSUER, aud: `${server.url}${PATH}`, sub: 'okta', jti: 'j1', ...times, ...changes },
    typ,
  );
};
const SUBJECT = { format: 'iss_sub', iss: ISSUER, sub: '00u1' };
const post = (bearer: string, subject: unknown = SUBJECT, path = PATH, tenant: TestTenant = server) =>
  tenant.post(path, { bearer, json: { subject } });

/** A session of the user, a refresh token that began in it, and a code that nobody has redeemed. */
async function logIn(): Promise<{ refresh_token: string; code: string }> {
  const opening = { user_id: user.user_id, client_id: app.client_id, methods: [] };
  const { session } = await openSession(server.ctx, opening);
  const about = { client_id: app.client_id, user_id: user.user_id, session_id: session.id };
  const [first, code] = [await addCode(server.ctx, about), await addCode(server.ctx, about)];
  return { refresh_token: (await redeem(first)).json.refresh_token, code };
}
const redeem = (code: string) => {
  const form = { grant_type: 'authorization_code', code, redirect_uri: 'https://app.test/callback', ...app };
  return server.post('/oauth/token', { form });
};
const refresh = (refresh_token: string) =>
  server.post('/oauth/token', { form: { grant_type: 'refresh_token', refresh_token, ...app } });

test('the provider says so: sessions, refresh tokens and codes end, and the application hears why', async () => {
  const { refresh_token, code } = await logIn();
  assert.equal((await refresh(refresh_token)).status, 200);
  const answer = await post(await tokenOf());
  assert.deepEqual([answer.status, answer.text], [200, '']);
  assert.equal(await sessionsOf(server.ctx).count(), 0);
  assert.equal((await refresh(refresh_token)).json.error, 'invalid_grant');
  assert.equal((await redeem(code)).json.error, 'invalid_grant');
  await server.app.deliverDue();
  await server.app.shared.background.idle(5000);
  assert.deepEqual(
    heard.map((token) => decodeJwt(token)?.payload.sub),
    [user.user_id],
  );
  const [delivered] = await logsOf(server.ctx).list({ where: { type: 'oidc_backchannel_logout_succeeded' } });
  assert.equal((delivered?.details as { initiator?: string } | undefined)?.initiator, 'idp-logout');
  assert.ok((await logTypes(server)).includes('universal_logout_succeeded'));
  assert.equal((await post(await tokenOf())).status, 200, 'again');
});

test('who is not the provider ends nothing', async () => {
  const { refresh_token } = await logIn();
  const stranger = foreignKey('idp');
  const bad: [string, string][] = [
    ['another key', await tokenOf({}, TYP, stranger)],
    ['another kind of token', await tokenOf({}, 'JWT')],
    ['of another issuer', await tokenOf({ iss: 'https://other.test' })],
    ['for another place', await tokenOf({ aud: server.issuer })],
    ['for a client', await tokenOf({ aud: 'us' })],
    ['expired', await tokenOf({ iat: seconds() - 600, exp: seconds() - 300 })],
    ['without an end', await tokenOf({ exp: undefined })],
    ['that lives too long', await tokenOf({ exp: seconds() + 86_400 })],
    ['nothing', 'x'],
  ];
  for (const [label, token] of bad) {
    const refused = await post(token);
    assert.deepEqual([refused.status, refused.json.error], [401, 'invalid_token'], label);
    assert.match(refused.headers['www-authenticate'] ?? '', /^Bearer/);
  }
  assert.equal((await server.post(PATH, { json: { subject: SUBJECT } })).status, 401);
  const nowhere = PATH.replace('acme', 'nowhere');
  assert.equal((await post(await tokenOf({ aud: `${server.url}${nowhere}` }), SUBJECT, nowhere)).status, 401);
  const elsewhere = await post(await tokenOf(), SUBJECT, PATH, server.other);
  assert.equal(elsewhere.status, 401, 'a token for one tenant is nothing at another');
  assert.equal((await refresh(refresh_token)).status, 200);
  assert.equal(await sessionsOf(server.ctx).count(), 1);
  assert.ok((await logTypes(server)).includes('universal_logout_failed'));
});

test('subjects that are not understood, or that nobody is', async () => {
  const token = await tokenOf();
  for (const subject of [
    null,
    'ada',
    { format: 'email', email: 'ada@acme.test' },
    { ...SUBJECT, iss: 'x' },
    { ...SUBJECT, sub: 1 },
  ]) {
    assert.deepEqual(refusalOf(await post(token, subject)), [400, 'invalid_request', 'Invalid subject']);
  }
  assert.equal((await post(token, { ...SUBJECT, sub: 'nobody' })).status, 404);
});

test('the endpoint is named to those who look for it', async () => {
  const { json } = await server.get('/.well-known/openid-configuration');
  assert.equal(
    json.global_token_revocation_endpoint,
    `${server.issuer}oauth/global-token-revocation/connection/{connectionName}`,
  );
  assert.deepEqual(json.global_token_revocation_endpoint_auth_methods_supported, [TYP]);
});
