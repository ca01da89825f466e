/** `third_party_security_mode: strict`: what such a client cannot be, where it cannot come, and that a permissive one can. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type Connection, connectionsOf, findConnectionByName } from '../../src/resources/connections/index.ts';
import { sessionsOf } from '../../src/resources/sessions/index.ts';
import { usersOf } from '../../src/resources/users/index.ts';
import { asArrival, asPage, authorizeUrl, Browser } from '../browser.ts';
import { CONNECTION, PASSWORD } from '../fixtures.ts';
import { addPasswordless } from '../passwordless.ts';
import { payloadOf } from '../token-fixture.ts';
import { type ClientHouse, clientHouse, credentialsOf, type Made } from './client-house.ts';

let house: ClientHouse;
let strict: Made;
let permissive: Made;
let own: Made;

const STRICT = { is_first_party: false, third_party_security_mode: 'strict' };
const VERIFIER = 'v'.repeat(43);
const code_challenge = createHash('sha256').update(VERIFIER).digest('base64url');
const pkce = { code_challenge, code_challenge_method: 'S256' };

before(async () => {
  house = await clientHouse();
  strict = await house.create(STRICT);
  permissive = await house.create({ ...STRICT, third_party_security_mode: 'permissive' });
  own = await house.create();
  await addPasswordless(house.server.ctx, 'email', [permissive.client_id]);
});
after(() => house.close());

const LIMITS: [string, Record<string, unknown>, RegExp][] = [
  ['logout addresses', { allowed_logout_urls: ['https://app.test/'] }, /allowed_logout_urls cannot be set/],
  ['add-ons', { addons: { samlp: {} } }, /addons cannot be set/],
  [
    'back-channel logout',
    { oidc_logout: { backchannel_logout_urls: ['https://app.test/'] } },
    /oidc_logout.* cannot be set/,
  ],
  ['cross-origin authentication', { cross_origin_authentication: true }, /cross_origin_authentication cannot be set/],
  ['a login page', { custom_login_page: '<html></html>' }, /custom_login_page cannot be set/],
  ['hand-overs', { session_transfer: { can_create_session_transfer_token: true } }, /session_transfer cannot be set/],
  ['pushed requests', { require_pushed_authorization_requests: true }, /require_pushed.* cannot be set/],
  ['a compliance level', { compliance_level: 'fapi2_sp_pkj_mtls' }, /compliance_level cannot be set/],
  ['Google One Tap', { fedcm_login: { google: { is_enabled: true } } }, /fedcm_login cannot be set/],
  ['native logins', { native_social_login: { google: { enabled: true } } }, /native_social_login cannot be set/],
  ['forwarded addresses', { is_token_endpoint_ip_header_trusted: true }, /ip_header_trusted cannot be set/],
  ['other kinds', { app_type: 'salesforce' }, /app_type must be one of regular_web, spa, native, non_interactive/],
  ['callbacks of many hosts', { callbacks: ['https://*.app.test/'] }, /callbacks must be exact URLs/],
  ['origins of many hosts', { web_origins: ['https://*.app.test'] }, /web_origins must be exact URLs/],
  ['other algorithms', { jwt_configuration: { alg: 'HS256' } }, /must name RS256/],
  [
    'refresh tokens for ever',
    { refresh_token: { rotation_type: 'non-rotating', expiration_type: 'non-expiring' } },
    /refresh tokens must expire/,
  ],
  [
    'refresh tokens without an idle end',
    { refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', infinite_idle_token_lifetime: true } },
    /refresh tokens must expire/,
  ],
  ['passwords', { grant_types: ['password'] }, /Invalid grant types: password/],
  ['implicit logins', { grant_types: ['implicit'] }, /Invalid grant types: implicit/],
];

for (const [what, body, reason] of LIMITS) {
  test(`third_party_security_mode: strict clients have no ${what}, from their first day or later`, async () => {
    const before = await house.read(strict);
    const changed = await house.manage('PATCH', `clients/${strict.client_id}`, body);
    assert.deepEqual([changed.status, changed.json.errorCode], [400, 'invalid_body'], changed.text);
    assert.match(changed.json.message, reason);
    assert.deepEqual(await house.read(strict), before);
    const made = await house.manage('POST', 'clients', { name: 'New', ...STRICT, ...body });
    assert.equal(made.status, 400);
    assert.match(made.json.message, reason);
  });
}

test('third_party_security_mode: what is left can be changed, and what is sent back as it was read is taken', async () => {
  const body = {
    description: 'Partner',
    callbacks: ['https://app.test/callback', 'https://partner.test/callback'],
    allowed_origins: ['https://app.test'],
    client_metadata: { partner: 'yes' },
    jwt_configuration: { lifetime_in_seconds: 600, alg: 'RS256' },
    refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 5 },
    require_proof_of_possession: false,
    redirection_policy: 'allow_always',
    cross_origin_authentication: false,
    custom_login_page_on: true,
    sso_disabled: false,
    is_token_endpoint_ip_header_trusted: false,
  };
  const changed = await house.change(strict, body);
  assert.equal(changed.jwt_configuration.lifetime_in_seconds, 600);
  await house.change(strict, { redirection_policy: 'open_redirect_protection' });
});

test('third_party_security_mode: a permissive client may be nearly all that one’s own is', async () => {
  await house.change(permissive, {
    allowed_logout_urls: ['https://app.test/'],
    callbacks: ['https://app.test/callback', 'https://*.app.test/'],
    jwt_configuration: { alg: 'HS256' },
    grant_types: ['authorization_code', 'implicit', 'refresh_token'],
  });
});

const start = (client: Made) =>
  house.server.post('/passwordless/start', {
    json: { ...credentialsOf(client), connection: 'email', email: 'ada@example.test', send: 'code' },
  });

test('third_party_security_mode: strict clients come to no endpoint but OAuth’s, and nothing happens there', async () => {
  const { server } = house;
  const [users, messages] = [await usersOf(server.ctx).count(), (await server.messages()).length];
  const { client_id } = strict;
  const email = 'new@example.test';
  const signUp = { client_id, connection: CONNECTION, email, password: PASSWORD };
  for (const [path, json] of [
    ['/dbconnections/signup', signUp],
    ['/dbconnections/change_password', { client_id, connection: CONNECTION, email: 'ada@example.test' }],
  ] as const) {
    const answer = await server.post(path, { json });
    assert.deepEqual([answer.status, answer.json.code], [403, 'unauthorized_client'], answer.text);
  }
  const verify = { client_id, connection: 'email', email, verification_code: '123456' };
  for (const answer of [await start(strict), await server.post('/passwordless/verify', { json: verify })]) {
    assert.deepEqual([answer.status, answer.json.error], [403, 'unauthorized_client'], answer.text);
  }
  assert.deepEqual([await usersOf(server.ctx).count(), (await server.messages()).length], [users, messages]);
  assert.equal((await start(permissive)).status, 200);
});

test('third_party_security_mode: strict clients log nobody out', async () => {
  const browser = new Browser(house.server);
  await house.logIn(own, {}, browser);
  const sessions = () => sessionsOf(house.server.ctx).count();
  const before = await sessions();
  for (const path of ['/v2/logout', '/oidc/logout']) {
    const page = asPage(await browser.open(`${path}?client_id=${strict.client_id}`));
    assert.equal(page.status, 403);
    assert.match(page.html, /may not use this endpoint/);
    assert.equal(await sessions(), before);
  }
  assert.ok(await browser.open(`/v2/logout?client_id=${permissive.client_id}`));
  assert.equal(await sessions(), before - 1);
});

async function database(): Promise<Connection> {
  const connection = await findConnectionByName(house.server.ctx, CONNECTION);
  assert.ok(connection);
  return connection;
}

test('third_party_security_mode: strict clients have the domain connections alone, whatever is enabled for them', async () => {
  const connection = await database();
  assert.ok(connection.enabled_clients.includes(strict.client_id), 'as the house arranges it, past the rule below');
  const url = authorizeUrl({ client_id: strict.client_id, scope: undefined, connection: CONNECTION, ...pkce });
  const refused = asPage(await new Browser(house.server).open(url));
  assert.notEqual(refused.path, '/u/login');
  assert.match(refused.html, /connection/i);
  const enable = () =>
    house.manage('PATCH', `connections/${connection.id}/clients`, [{ client_id: strict.client_id, status: true }]);
  const answer = await enable();
  assert.deepEqual([answer.status, answer.json.errorCode], [400, 'operation_not_supported'], answer.text);

  await connectionsOf(house.server.ctx).put({ ...connection, is_domain_connection: true });
  assert.equal((await enable()).status, 204);
  assert.equal(asPage(await new Browser(house.server).open(url)).path, '/u/login');
  await connectionsOf(house.server.ctx).put(connection);
});

test('third_party_security_mode: people are asked first, and no ID token comes of it, nor anything at /userinfo', async () => {
  const connection = await database();
  await connectionsOf(house.server.ctx).put({ ...connection, is_domain_connection: true });
  const browser = new Browser(house.server);
  const scope = 'openid profile email';
  const login = asPage(await house.begin(strict, { scope, ...pkce }, browser));
  const consent = asPage(await browser.submit(login, { username: 'ada@example.test', password: PASSWORD }));
  assert.equal(consent.path, '/u/consent');
  const { parameters } = asArrival(await browser.submit(consent, { action: 'accept' }));
  const redirect_uri = 'https://app.test/callback';
  const form = { grant_type: 'authorization_code', code: parameters.code, redirect_uri, code_verifier: VERIFIER };
  const answer = await house.exchange(strict, form);
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual([answer.json.id_token, answer.json.scope], [undefined, undefined]);
  const told = await house.server.get('/userinfo', { bearer: answer.json.access_token });
  assert.equal(told.status, 403);
  await connectionsOf(house.server.ctx).put(connection);
});

test('jwt_configuration.lifetime_in_seconds: of a strict client it is how long its access tokens live, if the API lets them', async () => {
  const audience = 'https://api.test/';
  await house.manage('POST', 'resource-servers', { identifier: audience, name: 'API', scopes: [{ value: 'read:x' }] });
  const machine = (more: object) => house.create({ ...more, grant_types: ['client_credentials'] });
  const [theirs, partner] = [
    await machine(STRICT),
    await machine({ ...STRICT, third_party_security_mode: 'permissive' }),
  ];
  for (const { client_id } of [theirs, partner]) {
    const grant = { client_id, audience, scope: ['read:x'], subject_type: 'client' };
    assert.equal((await house.manage('POST', 'client-grants', grant)).status, 201);
  }
  const lifetime = async (client: Made) => {
    const { json } = await house.exchange(client, { grant_type: 'client_credentials', audience });
    const { iat, exp } = payloadOf(json.access_token);
    assert.equal(Number(exp) - Number(iat), json.expires_in);
    return json.expires_in;
  };
  assert.deepEqual([await lifetime(theirs), await lifetime(partner)], [3600, 86_400]);
  for (const client of [theirs, partner])
    await house.change(client, { jwt_configuration: { lifetime_in_seconds: 600 } });
  assert.deepEqual([await lifetime(theirs), await lifetime(partner)], [600, 86_400]);
  await house.change(theirs, { jwt_configuration: { lifetime_in_seconds: 999_999 } });
  assert.equal(await lifetime(theirs), 86_400);
});
