/** `oidc_conformant: false`: logins as applications of before OpenID Connect know them, and that conformant ones have none of it. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { authorizeUrl, Browser } from '../../test/browser.ts';
import { ALL_GRANTS, addApplication, addPerson, type Credentials, PASSWORD } from '../../test/fixtures.ts';
import { managementToken } from '../../test/management.ts';
import { type Answer, type TestServer, testServer } from '../../test/server.ts';
import { addApi, changeSettings, payloadOf, refusalOf } from '../../test/token-fixture.ts';
import { halfHash } from '../platform/crypto/index.ts';
import { clientsOf, type StoredClient } from '../resources/clients/index.ts';
import { refreshTokensOf } from '../resources/refresh-tokens/index.ts';
import { type User, usersOf } from '../resources/users/index.ts';

const API = 'https://api.test/';
const REFRESH = 'http://auth0.com/oauth/legacy/grant-type/delegation/refresh_token';
const login = { username: 'ada@example.test', password: PASSWORD };
const METADATA = { user_metadata: { hobby: 'chess' }, app_metadata: { plan: 'gold' } };

let server: TestServer;
let old: Credentials;
let stored: StoredClient;
let user: User;
let browser: Browser;

before(async () => {
  server = await testServer();
  const grant_types = [...ALL_GRANTS, 'implicit', REFRESH];
  old = await addApplication(server.ctx, {
    name: 'Old',
    oidc_conformant: false,
    grant_types: [...ALL_GRANTS, 'implicit'],
  });
  const made = (await clientsOf(server.ctx).get(old.client_id)) as StoredClient;
  stored = { ...made, grant_types };
  const person = await addPerson(server.ctx);
  // What an identity provider may have said, and what only the tenant knows.
  const extra = {
    favorite_color: 'blue',
    iss: 'https://evil.test/',
    at_hash: 'x',
    org_id: 'org_x',
    last_ip: '203.0.113.7',
  };
  user = { ...person, ...METADATA, ...extra, logins_count: 7 } as unknown as User;
  await addApi(server.ctx, { skip_consent_for_verifiable_first_party_clients: true });
});
after(() => server.close());
beforeEach(async () => {
  browser = new Browser(server);
  await clientsOf(server.ctx).put(stored);
  await usersOf(server.ctx).put(user);
  await refreshTokensOf(server.ctx).deleteWhere({});
  await changeSettings(server.ctx, { flags: { enable_legacy_profile: true } });
});

type Parameters = Record<string, string | undefined>;

const change = (changes: Partial<StoredClient>) => clientsOf(server.ctx).put({ ...stored, ...changes } as StoredClient);

async function arrive(parameters: Parameters): Promise<URL> {
  const reached = await browser.open(authorizeUrl({ client_id: old.client_id, ...parameters }));
  return 'html' in reached ? (await browser.submitApp(reached, login)).url : reached.url;
}

/** What a login over the browser ends in. */
const implicit = async (parameters: Parameters) =>
  Object.fromEntries(new URLSearchParams((await arrive({ response_type: 'token', ...parameters })).hash.slice(1)));

/** The answer to the code that a login ends in. */
async function exchange(parameters: Parameters): Promise<Answer> {
  const code = (await arrive(parameters)).searchParams.get('code') ?? '';
  const form = { grant_type: 'authorization_code', ...old, code, redirect_uri: 'https://app.test/callback' };
  const answer = await server.post('/oauth/token', { form });
  assert.equal(answer.status, 200, answer.text);
  return answer;
}

const claimsAfter = async (parameters: Parameters) => payloadOf((await exchange(parameters)).json.id_token);
const userinfo = async (bearer: string) => (await server.get('/userinfo', { bearer })).json;

test('scopes name members of the profile, and what a token says of itself no profile can say', async () => {
  const own = ['aud', 'exp', 'iat', 'iss', 'sid', 'sub'];
  const names = async (scope: string) => Object.keys(await claimsAfter({ scope })).sort();
  assert.deepEqual(await names('openid'), own);
  assert.deepEqual(
    await names('openid email favorite_color user_metadata unknown at_hash org_id last_ip'),
    [...own, 'email', 'email_verified', 'favorite_color', 'user_metadata'].sort(),
  );
  const claims = await claimsAfter({ scope: 'openid app_metadata clientID user_id' });
  assert.deepEqual(
    [claims.app_metadata, claims.clientID, claims.user_id, claims.iss],
    [METADATA.app_metadata, old.client_id, user.user_id, server.issuer],
  );
});

test('the scope profile names them all, and /userinfo tells them whatever the scopes', async () => {
  const claims = await claimsAfter({ scope: 'openid profile' });
  const { iat: _iat, exp: _exp, sid: _sid, iss, aud, sub, ...profile } = claims;
  assert.deepEqual([iss, aud, sub], [server.issuer, old.client_id, user.user_id]);
  const { name, nickname, picture, email, identities, user_id, created_at, updated_at } = user;
  const members = { name, nickname, picture, email, email_verified: true, identities, user_id, created_at, updated_at };
  assert.deepEqual(profile, { ...members, ...METADATA, favorite_color: 'blue', clientID: old.client_id });
  const { access_token } = (await exchange({ scope: 'openid' })).json;
  assert.deepEqual(await userinfo(access_token), { ...profile, sub: user.user_id });
});

test('enable_legacy_profile off: only the claims of OpenID Connect, and older tokens lose the rest at once', async () => {
  const before = (await exchange({ scope: 'openid email' })).json.access_token;
  await changeSettings(server.ctx, { flags: {} });
  const standard = ['email', 'email_verified', 'sub'];
  assert.deepEqual(Object.keys(await userinfo(before)).sort(), standard);
  const answer = await exchange({ scope: 'openid email favorite_color app_metadata' });
  assert.equal(answer.json.scope, 'openid email');
  const claims = payloadOf(answer.json.id_token);
  assert.deepEqual([claims.email, claims.favorite_color, claims.app_metadata], [user.email, undefined, undefined]);
  assert.deepEqual(Object.keys(await userinfo(answer.json.access_token)).sort(), standard);
});

test('conformant: none of it, at once for tokens that are out, and so whoever names an API', async () => {
  const before = (await exchange({ scope: 'openid email' })).json.access_token;
  const scope = 'openid email favorite_color app_metadata';
  for (const audience of [`${server.issuer}userinfo`, API]) {
    const claims = await claimsAfter({ scope, audience });
    assert.deepEqual([claims.email, claims.favorite_color, claims.app_metadata], [user.email, undefined, undefined]);
  }
  await change({ oidc_conformant: true });
  assert.equal((await userinfo(before)).app_metadata, undefined);
  const answer = await exchange({ scope });
  assert.equal(answer.json.scope, 'openid email');
  assert.equal(payloadOf(answer.json.id_token).app_metadata, undefined);
  assert.equal((await userinfo(answer.json.access_token)).app_metadata, undefined);
});

test('neither other people’s applications nor those of organizations are older', async () => {
  for (const changes of [{ organization_usage: 'allow' }, { is_first_party: false }] as const) {
    await change(changes);
    const page = await browser.openPage(authorizeUrl({ client_id: old.client_id, scope: 'openid email app_metadata' }));
    const reached = await browser.submit(page, login);
    const url = 'url' in reached && reached.url instanceof URL ? reached.url : undefined;
    const arrived = url ?? (await browser.submitApp(reached as never, { action: 'accept' })).url;
    const code = arrived.searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', ...old, code, redirect_uri: 'https://app.test/callback' };
    const answer = await server.post('/oauth/token', { form });
    assert.equal(answer.status, 200, JSON.stringify(changes) + answer.text);
    assert.equal(answer.json.scope, 'openid email');
    browser = new Browser(server);
  }
});

test('jwt_configuration.scopes: further scopes, and the claims that they name', async () => {
  const scopes = { colors: 'favorite_color', club: ['app_metadata', 'user_metadata'] };
  const asked = { scope: 'openid colors club' };
  assert.equal((await claimsAfter(asked)).favorite_color, undefined);
  await change({ jwt_configuration: { scopes } });
  const claims = await claimsAfter(asked);
  assert.deepEqual(
    [claims.favorite_color, claims.app_metadata, claims.user_metadata],
    ['blue', METADATA.app_metadata, METADATA.user_metadata],
  );
  assert.equal((await claimsAfter({ scope: 'openid colors' })).app_metadata, undefined);
  await change({ jwt_configuration: { scopes }, oidc_conformant: true });
  assert.equal((await claimsAfter(asked)).favorite_color, undefined);
  const bearer = await managementToken(server, ['update:clients']);
  const write = (value: unknown) =>
    server.request('PATCH', `/api/v2/clients/${old.client_id}`, {
      bearer,
      json: { jwt_configuration: { scopes: value } },
    });
  const stays = await write({ colors: { description: 'Colors' } });
  assert.deepEqual([stays.status, stays.json.errorCode], [400, 'invalid_body']);
  assert.deepEqual((await write({ foo: 'bar' })).json.jwt_configuration.scopes, { foo: 'bar' });
});

test('response_type=token brings the ID token along, and no nonce is needed', async () => {
  const answer = await implicit({ scope: 'openid email' });
  const claims = payloadOf(answer.id_token ?? '');
  assert.deepEqual([claims.email, claims.nonce, claims.aud], [user.email, undefined, old.client_id]);
  assert.equal(claims.at_hash, halfHash('RS256', answer.access_token ?? ''));
  assert.equal((await userinfo(answer.access_token ?? '')).user_id, user.user_id);
  assert.ok((await implicit({ response_type: 'id_token' })).id_token);
  assert.equal((await implicit({ scope: 'email' })).id_token, undefined, 'not without openid');
  await change({ oidc_conformant: true });
  assert.equal((await implicit({ scope: 'openid email' })).id_token, undefined);
  const refused = await browser.openApp(authorizeUrl({ client_id: old.client_id, response_type: 'id_token' }));
  const told = new URLSearchParams(refused.url.hash.slice(1)).get('error_description');
  assert.equal(told, 'Missing required parameter: nonce');
});

test('a refresh token comes for a device, never over the browser, and is for /delegation', async () => {
  const scope = 'openid offline_access';
  const bare = await exchange({ scope });
  assert.deepEqual([bare.json.refresh_token, bare.json.scope], [undefined, 'openid']);
  const { refresh_token } = (await exchange({ scope, device: 'phone' })).json;
  assert.ok(refresh_token);
  const [row] = await refreshTokensOf(server.ctx).list();
  assert.deepEqual([row?.device, row?.rotating], ['phone', false]);
  const at = (path: string, form: Parameters) =>
    server.post(path, { form: { client_id: old.client_id, refresh_token, ...form } });
  const renewed = await at('/delegation', {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    scope: 'openid email',
  });
  assert.equal(renewed.status, 200, renewed.text);
  assert.equal(payloadOf(renewed.json.id_token).email, user.email);
  const there = await at('/oauth/token', { grant_type: 'refresh_token', client_secret: old.client_secret });
  assert.deepEqual(refusalOf(there), [403, 'invalid_grant', 'Unknown or invalid refresh token.']);
  const overBrowser = await implicit({ scope, device: 'phone' });
  assert.equal(overBrowser.refresh_token, undefined);
});

test('without the grant for /delegation a device gets no refresh token; conformant clients need none and name none', async () => {
  const asked = { scope: 'openid offline_access', device: 'phone' };
  await change({ grant_types: ALL_GRANTS });
  assert.equal((await exchange(asked)).json.refresh_token, undefined);
  await change({ oidc_conformant: true });
  assert.ok((await exchange(asked)).json.refresh_token);
  const [row] = await refreshTokensOf(server.ctx).list();
  assert.equal(row?.device, undefined);
  await change({});
  assert.ok((await exchange({ ...asked, audience: `${server.issuer}userinfo` })).json.refresh_token);
});

test('another tenant’s flag says nothing here', async () => {
  await changeSettings(server.ctx, { flags: {} });
  await changeSettings(server.other.ctx, { flags: { enable_legacy_profile: true } });
  assert.equal((await claimsAfter({ scope: 'openid app_metadata' })).app_metadata, undefined);
});
