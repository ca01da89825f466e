/** `online_access`: refresh tokens that live and die with the browser's session. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { authorizeUrl, Browser } from '../../../test/browser.ts';
import { createProver } from '../../../test/dpop.ts';
import { addApplication, addPerson, type Credentials, PASSWORD } from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { API, addApi, payloadOf, refusalOf } from '../../../test/token-fixture.ts';
import { clientsOf, type StoredClient } from '../../resources/clients/index.ts';
import { refreshTokensOf } from '../../resources/refresh-tokens/index.ts';
import { resourceServersOf } from '../../resources/resource-servers/index.ts';
import { sessionsOf } from '../../resources/sessions/index.ts';
import { usersOf } from '../../resources/users/index.ts';

const UNKNOWN = [403, 'invalid_grant', 'Unknown or invalid refresh token.'];
const SCOPE = 'openid online_access read:things';
const HOUR = 3600;
const login = { username: 'ada@example.test', password: PASSWORD };

let server: TestServer;
let app: Credentials;
let browser: Browser;

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx);
  await addPerson(server.ctx);
  await addApi(server.ctx, { allow_online_access: true, skip_consent_for_verifiable_first_party_clients: true });
});
after(() => server.close());
beforeEach(async () => {
  browser = new Browser(server);
  server.clock.reset();
  await sessionsOf(server.ctx).deleteWhere({});
  await refreshTokensOf(server.ctx).deleteWhere({});
  await changeClient({ token_endpoint_auth_method: 'client_secret_post' });
});

async function changeClient(changes: Partial<StoredClient>) {
  await clientsOf(server.ctx).update(app.client_id, (stored) => ({ ...stored, ...changes }) as StoredClient);
}
async function changeApi(changes: object) {
  const found = await resourceServersOf(server.ctx).find({ identifier: API });
  await resourceServersOf(server.ctx).put({ ...found!, ...changes });
}
const start = (parameters: Record<string, string> = {}) =>
  authorizeUrl({ client_id: app.client_id, audience: API, scope: SCOPE, ...parameters });

/** The code that a login, or the session, leads to. */
async function codeFor(parameters: Record<string, string> = {}): Promise<string> {
  const page = await browser.openPage(start(parameters));
  const { url } = await browser.submitApp(page, login);
  return url.searchParams.get('code') ?? '';
}
const silently = async (parameters: Record<string, string> = {}): Promise<string> =>
  (await browser.openApp(start({ prompt: 'none', ...parameters }))).url.searchParams.get('code') ?? '';
const exchangeCode = (code: string) =>
  server.post('/oauth/token', {
    form: { grant_type: 'authorization_code', ...app, code, redirect_uri: 'https://app.test/callback' },
  });
const refresh = (refresh_token: string, form: Record<string, string> = {}) =>
  server.post('/oauth/token', { form: { grant_type: 'refresh_token', ...app, refresh_token, ...form } });
const begin = async (): Promise<string> => (await exchangeCode(await codeFor())).json.refresh_token;

test('it comes with the code, renews, and does not rotate though the application rotates', async () => {
  const rotating = {
    rotation_type: 'rotating',
    expiration_type: 'expiring',
    token_lifetime: 5,
    idle_token_lifetime: 5,
  };
  await changeClient({ refresh_token: rotating as never });
  const token = await begin();
  assert.match(token, /^ORT[\w-]{60}$/);
  server.clock.advance(HOUR);
  const answer = await refresh(token);
  assert.equal(answer.status, 200);
  assert.equal(answer.json.scope, 'openid read:things', 'online_access is not said back');
  assert.equal(payloadOf(answer.json.access_token).scope, 'openid read:things');
  assert.equal('refresh_token' in answer.json, false);
  assert.equal((await refresh(token, { scope: 'read:things' })).json.scope, 'read:things');
  await changeClient({ refresh_token: { rotation_type: 'non-rotating', expiration_type: 'non-expiring' } });
});

test('each use puts off the idle end of the session, never its last one', async () => {
  const token = await begin();
  const [session] = await sessionsOf(server.ctx).list();
  for (let hours = 0; hours < 160; hours += 40) {
    server.clock.advance(40 * HOUR);
    assert.equal((await refresh(token)).status, 200, `after ${hours} hours`);
  }
  const [later] = await sessionsOf(server.ctx).list();
  assert.ok(later && session && later.idle_expires_at > session.idle_expires_at);
  assert.equal(later.expires_at, session.expires_at);
  assert.deepEqual(later.device, session.device);
  server.clock.advance(20 * HOUR);
  assert.deepEqual(refusalOf(await refresh(token)), UNKNOWN);
});

test('left alone, it ends with the session', async () => {
  const token = await begin();
  server.clock.advance(73 * HOUR);
  assert.deepEqual(refusalOf(await refresh(token)), UNKNOWN);
});

test('logging out ends it; a new login does not bring it back', async () => {
  const token = await begin();
  await browser.open('/v2/logout');
  assert.deepEqual(refusalOf(await refresh(token)), UNKNOWN);
  await begin();
  assert.deepEqual(refusalOf(await refresh(token)), UNKNOWN);
});

test('revoking it ends the session and all that lives by it', async () => {
  const token = await begin();
  const other = (await exchangeCode(await silently())).json.refresh_token;
  assert.notEqual(other, token);
  const stranger = await addApplication(server.ctx);
  await server.post('/oauth/revoke', { form: { ...stranger, token } });
  assert.equal((await refresh(token)).status, 200, 'another client revokes nothing');
  assert.equal((await server.post('/oauth/revoke', { form: { ...app, token } })).status, 200);
  assert.equal(await sessionsOf(server.ctx).count(), 0);
  assert.deepEqual(refusalOf(await refresh(other)), UNKNOWN);
  assert.equal(await refreshTokensOf(server.ctx).count(), 0);
});

test('a blocked user, and another client', async () => {
  const token = await begin();
  const stranger = await addApplication(server.ctx);
  assert.deepEqual(refusalOf(await refresh(token, { ...stranger })), UNKNOWN);
  const [user] = await usersOf(server.ctx).list();
  await usersOf(server.ctx).put({ ...user!, blocked: true });
  assert.deepEqual(refusalOf(await refresh(token)), [403, 'unauthorized', 'user is blocked']);
  await usersOf(server.ctx).put(user!);
  assert.equal((await refresh(token)).status, 200);
});

test('a code that comes again takes it away', async () => {
  const code = await codeFor();
  const token = (await exchangeCode(code)).json.refresh_token;
  await exchangeCode(code);
  assert.deepEqual(refusalOf(await refresh(token)), UNKNOWN);
});

test('a public client proves no key: refused, and the code is still good', async () => {
  const code = await codeFor();
  await changeClient({ token_endpoint_auth_method: 'none' });
  assert.deepEqual(refusalOf(await exchangeCode(code)), [400, 'invalid_request', 'Proof-of-Possession is required']);
  assert.equal(await refreshTokensOf(server.ctx).count(), 0);
  await changeClient({ token_endpoint_auth_method: 'client_secret_post' });
  assert.equal((await exchangeCode(code)).status, 200);
});

test('a public client with DPoP: bound to its key', async () => {
  const prover = createProver(server.clock);
  const url = `${server.issuer}oauth/token`;
  const post = async (form: Record<string, string>, by = prover) => {
    const send = (nonce?: string) =>
      server.post('/oauth/token', {
        form: { client_id: app.client_id, ...form },
        headers: { dpop: by.proof(url, nonce === undefined ? {} : { nonce }) },
      });
    const first = await send();
    return first.json.error === 'use_dpop_nonce' ? send(first.headers['dpop-nonce']) : first;
  };
  const code = await codeFor();
  await changeClient({ token_endpoint_auth_method: 'none' });
  const begun = await post({ grant_type: 'authorization_code', code, redirect_uri: 'https://app.test/callback' });
  assert.match(begun.json.refresh_token, /^ORT/);
  const renewal = { grant_type: 'refresh_token', refresh_token: begun.json.refresh_token as string };
  assert.equal((await post(renewal)).status, 200);
  assert.deepEqual(refusalOf(await post(renewal, createProver(server.clock))), UNKNOWN);
  assert.deepEqual(refusalOf(await refresh(renewal.refresh_token)), UNKNOWN);
});

test('an application that begins to rotate leaves it alone', async () => {
  const online = await begin();
  const offline = (await exchangeCode(await silently({ scope: 'openid offline_access read:things' }))).json
    .refresh_token;
  const rotating = { rotation_type: 'rotating', expiration_type: 'expiring' } as const;
  await changeClient({ refresh_token: rotating });
  assert.ok((await refresh(offline)).json.refresh_token);
  assert.equal((await refresh(online)).status, 200);
  await changeClient({ refresh_token: { rotation_type: 'non-rotating', expiration_type: 'non-expiring' } });
});

test('the scope is dropped in silence where there can be no such token', async () => {
  await changeApi({ allow_online_access: false });
  const without = (await exchangeCode(await codeFor())).json;
  assert.deepEqual([without.scope, without.refresh_token], ['openid read:things', undefined]);
  await changeApi({ allow_online_access: true });
  const code = await silently();
  await browser.open('/v2/logout');
  const ended = (await exchangeCode(code)).json;
  assert.deepEqual([ended.scope, ended.refresh_token], ['openid read:things', undefined]);
});

test('a session that ends with the browser carries one only where the API says so', async () => {
  const ephemeral = async () => {
    const code = await codeFor();
    for (const session of await sessionsOf(server.ctx).list())
      await sessionsOf(server.ctx).put({ ...session, persistent: false });
    return (await exchangeCode(code)).json.refresh_token;
  };
  assert.equal(await ephemeral(), undefined);
  await changeApi({ allow_online_access_with_ephemeral_sessions: true });
  browser = new Browser(server);
  assert.match(await ephemeral(), /^ORT/);
  await changeApi({ allow_online_access_with_ephemeral_sessions: false });
});

test('online and offline access do not go together', async () => {
  const { url } = await browser.openApp(start({ scope: 'openid online_access offline_access' }));
  assert.equal(url.searchParams.get('error'), 'invalid_request');
  assert.equal(
    url.searchParams.get('error_description'),
    'Cannot request both online_access and offline_access scopes',
  );
});
