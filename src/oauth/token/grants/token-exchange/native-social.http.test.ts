import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { useFactors } from '../../../../../test/fixtures.ts';
import { foreignKey, foreignToken } from '../../../../../test/foreign-issuer.ts';
import { managementToken } from '../../../../../test/management.ts';
import { type ScriptedProvider, scriptedProvider } from '../../../../../test/scripted-provider.ts';
import { START, type TestServer, testServer } from '../../../../../test/server.ts';
import {
  API,
  addApi,
  addClient,
  type Credentials,
  logTypes,
  payloadOf,
  refusalOf,
} from '../../../../../test/token-fixture.ts';
import { decodeJwt, importPublicKey, verifyJwt } from '../../../../platform/crypto/index.ts';
import { type Client, clientsOf, type StoredClient } from '../../../../resources/clients/index.ts';
import { connectionsOf } from '../../../../resources/connections/index.ts';
import { addOrganizationConnection, createOrganization } from '../../../../resources/organizations/index.ts';
import { usersOf } from '../../../../resources/users/index.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';
const TYPE = 'http://auth0.com/oauth/token-type/';
const APPLE = `${TYPE}apple-authz-code`;
const FACEBOOK = `${TYPE}facebook-info-session-access-token`;
const GOOGLE = `${TYPE}google-id-token`;
const BUNDLE = 'com.example.app';
const WEB = 'web.apps.googleusercontent.com';

const key = foreignKey('provider');
const apple = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const applePem = apple.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const ENABLED = { apple: { enabled: true }, facebook: { enabled: true }, google: { enabled: true } };

let server: TestServer;
let provider: ScriptedProvider;
let client: Credentials;
let bearer: string;

before(async () => {
  provider = await scriptedProvider(() => server?.clock.now() ?? START);
  server = await testServer({ outbound: provider.outbound });
  client = await addClient(server.ctx, {
    app_type: 'native',
    token_endpoint_auth_method: 'none',
    native_social_login: ENABLED,
    mobile: { ios: { team_id: 'TEAM', app_bundle_identifier: BUNDLE } },
  });
  await addApi(server.ctx);
  bearer = await managementToken(server, ['create:connections', 'read:connections', 'update:connections']);
  await connect('apple', { team_id: 'TEAM', kid: 'KEY', app_secret: applePem });
  await connect('facebook', { client_id: '457704041391802', client_secret: 'facebook-secret' });
  await connect('google-oauth2', { client_id: WEB, client_secret: 'google-secret', allowed_audiences: ['also'] });
});
after(() => server.close());
beforeEach(() => {
  const keys = { status: 200, body: { keys: [key.jwk] } };
  provider.answers = { 'GET /oauth2/v3/certs': () => keys, 'GET /auth/keys': () => keys };
  provider.requests.length = 0;
});

async function connect(strategy: string, options: object) {
  const json = { name: strategy, strategy, options, enabled_clients: [client.client_id] };
  const made = await server.post('/api/v2/connections', { bearer, json });
  assert.equal(made.status, 201, made.text);
  return made.json;
}

function exchange(type: string, subject_token: string, changes: Record<string, string> = {}) {
  const { client_id } = client;
  const form = { grant_type: GRANT, client_id, subject_token_type: type, subject_token, scope: 'openid profile email' };
  return server.post('/oauth/token', { form: { ...form, ...changes } });
}

const seconds = () => Math.floor(server.ctx.clock.now() / 1000);
const googleToken = (changes: object = {}) =>
  foreignToken(key, {
    iss: 'https://accounts.google.com',
    aud: WEB,
    azp: 'android.apps.googleusercontent.com',
    sub: '1234567890',
    email: 'Ada@gmail.test',
    email_verified: true,
    name: 'Ada',
    exp: seconds() + 300,
    ...changes,
  });

/** Apple answers this code with an ID token of these claims. */
function appleAnswers(changes: object = {}, key_ = key): { code: string; forms: URLSearchParams[] } {
  const forms: URLSearchParams[] = [];
  const claims = {
    iss: 'https://appleid.apple.com',
    aud: BUNDLE,
    sub: '001.abc.0001',
    email: 'ada@privaterelay.test',
    email_verified: 'true',
    exp: seconds() + 300,
    ...changes,
  };
  let token = '';
  const ready = foreignToken(key_, claims).then((made) => {
    token = made;
  });
  provider.answers['POST /auth/token'] = (request) => {
    const form = new URLSearchParams(String(request.body));
    forms.push(form);
    if (form.get('code') !== 'good') return { status: 400, body: { error: 'invalid_grant' } };
    return { status: 200, body: { id_token: token } };
  };
  pending = ready;
  return { code: 'good', forms };
}
let pending: Promise<void> = Promise.resolve();

function facebookAnswers(changes: object = {}): URL[] {
  const asked: URL[] = [];
  provider.answers['GET /debug_token'] = (request) => {
    asked.push(new URL(request.url));
    const data = { app_id: '457704041391802', user_id: '10150001', is_valid: true, expires_at: 0, ...changes };
    return { status: 200, body: { data } };
  };
  return asked;
}

const refusal = (name: string) => [400, 'invalid_request', `Error from ${name} connection.`];

test('Google: an ID token that Google signed for the connection', async () => {
  const answer = await exchange(GOOGLE, await googleToken());
  assert.equal(answer.status, 200, answer.text);
  const { sub, email, email_verified, name } = payloadOf(answer.json.id_token);
  assert.deepEqual([sub, email, email_verified, name], ['google-oauth2|1234567890', 'ada@gmail.test', true, 'Ada']);
  assert.equal('issued_token_type' in answer.json, false);
  assert.equal((await exchange(GOOGLE, await googleToken({ aud: 'also', iss: 'accounts.google.com' }))).status, 200);
  const user = await usersOf(server.ctx).get('google-oauth2|1234567890');
  assert.equal(user?.logins_count, 2);
  assert.deepEqual(user?.identities, [
    { provider: 'google-oauth2', user_id: '1234567890', connection: 'google-oauth2', isSocial: true },
  ]);
  assert.ok((await logTypes(server)).includes('sens'));
});

test('Google: tokens of others', async () => {
  const wrong: Record<string, string> = {
    'another client': await googleToken({ aud: 'somebody-else' }),
    'another issuer': await googleToken({ iss: 'https://evil.test' }),
    expired: await googleToken({ exp: seconds() - 1 }),
    endless: await googleToken({ exp: undefined }),
    'of nobody': await googleToken({ sub: undefined }),
    'an id that is none': await googleToken({ sub: 'a b' }),
    'another key': await foreignToken(foreignKey('provider'), { ...decodeJwt(await googleToken())?.payload }),
    nonsense: 'x',
  };
  const before = await usersOf(server.ctx).count();
  for (const [label, token] of Object.entries(wrong))
    assert.deepEqual(refusalOf(await exchange(GOOGLE, token)), refusal('Google'), label);
  assert.equal(await usersOf(server.ctx).count(), before);
  assert.ok((await logTypes(server)).includes('fens'));
});

test('Apple: a code that Apple exchanges for the application on the device', async () => {
  const { code, forms } = appleAnswers();
  await pending;
  const user_profile = JSON.stringify({ name: { firstName: 'Ada', lastName: 'Lovelace' }, blocked: true });
  const answer = await exchange(APPLE, code, { user_profile });
  assert.equal(answer.status, 200, answer.text);
  const { sub, email, email_verified, name } = payloadOf(answer.json.id_token);
  assert.deepEqual(
    [sub, email, email_verified, name],
    ['apple|001.abc.0001', 'ada@privaterelay.test', true, 'Ada Lovelace'],
  );
  assert.equal((await usersOf(server.ctx).get('apple|001.abc.0001'))?.blocked, undefined);
  const [form] = forms;
  assert.deepEqual([form?.get('client_id'), form?.get('grant_type')], [BUNDLE, 'authorization_code']);
  const secret = await verifyJwt(form?.get('client_secret') ?? '', {
    keys: () => importPublicKey(apple.publicKey.export({ type: 'spki', format: 'pem' }).toString()),
    algorithms: ['ES256'],
    issuer: 'TEAM',
    audience: 'https://appleid.apple.com',
    nowMs: server.ctx.clock.now(),
  });
  assert.deepEqual([secret.header.kid, secret.payload.sub], ['KEY', BUNDLE]);
});

test('Apple: what Apple refuses, and ID tokens that are not for this application', async () => {
  appleAnswers();
  await pending;
  assert.deepEqual(refusalOf(await exchange(APPLE, 'used')), refusal('Apple'));
  for (const changes of [{ aud: 'com.example.other' }, { iss: 'https://evil.test' }, { exp: 1 }, { sub: 7 }]) {
    appleAnswers(changes);
    await pending;
    assert.deepEqual(refusalOf(await exchange(APPLE, 'good')), refusal('Apple'), JSON.stringify(changes));
  }
  appleAnswers({}, foreignKey('provider'));
  await pending;
  assert.deepEqual(refusalOf(await exchange(APPLE, 'good')), refusal('Apple'));
});

test('Facebook: a session info token that Facebook knows; the profile is the application’s word', async () => {
  const asked = facebookAnswers();
  const user_profile = JSON.stringify({
    email: 'Ada@example.test',
    email_verified: true,
    name: 'Ada',
    first_name: 'A',
  });
  const answer = await exchange(FACEBOOK, 'XAAGgR4b', { user_profile });
  assert.equal(answer.status, 200, answer.text);
  const { sub, email, email_verified, name } = payloadOf(answer.json.id_token);
  assert.deepEqual([sub, email, email_verified, name], ['facebook|10150001', 'ada@example.test', false, 'Ada']);
  assert.deepEqual(Object.fromEntries(asked[0]?.searchParams ?? []), {
    input_token: 'XAAGgR4b',
    access_token: '457704041391802|facebook-secret',
  });
});

test('Facebook: tokens of other applications, and those that ended', async () => {
  for (const changes of [{ app_id: '666' }, { is_valid: false }, { expires_at: 1 }, { user_id: '' }]) {
    facebookAnswers(changes);
    assert.deepEqual(refusalOf(await exchange(FACEBOOK, 'x')), refusal('Facebook'), JSON.stringify(changes));
  }
  provider.answers['GET /debug_token'] = () => ({ status: 400, body: { error: {} } });
  assert.deepEqual(refusalOf(await exchange(FACEBOOK, 'x')), refusal('Facebook'));
  provider.answers['GET /debug_token'] = () => ({ status: 502, body: '' });
  assert.equal((await exchange(FACEBOOK, 'x')).status, 503);
});

test('only what the client has switched on, through a connection that it may use', async () => {
  const change = (changes: Partial<Client>) =>
    clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, ...changes }) as StoredClient);
  const refused = [403, 'unauthorized_client', `Grant type '${GRANT}' not allowed for the client.`];
  for (const [type, name] of [
    [APPLE, 'apple'],
    [FACEBOOK, 'facebook'],
    [GOOGLE, 'google'],
  ] as const) {
    await change({ native_social_login: { ...ENABLED, [name]: { enabled: false } } });
    assert.deepEqual(refusalOf(await exchange(type, 'x')), refused, name);
    await change({ native_social_login: { [name]: { enabled: true } } });
    for (const one of [APPLE, FACEBOOK, GOOGLE].filter((other) => other !== type))
      assert.deepEqual(refusalOf(await exchange(one, 'x')), refused, `${name} alone`);
  }
  provider.requests.length = 0;
  await change({ native_social_login: undefined, grant_types: [GRANT] } as never);
  for (const type of [APPLE, FACEBOOK, GOOGLE]) assert.deepEqual(refusalOf(await exchange(type, 'x')), refused);
  await change({ native_social_login: ENABLED });
  const connection = await connectionsOf(server.ctx).find({ name: 'google-oauth2' });
  await connectionsOf(server.ctx).put({ ...connection!, enabled_clients: [] });
  const missing = await exchange(GOOGLE, await googleToken());
  assert.deepEqual(refusalOf(missing), [400, 'invalid_request', 'the connection was not found']);
  await connectionsOf(server.ctx).put(connection!);
  assert.deepEqual(provider.requests, []);
});

test('an API that nobody has, or a profile that is none, costs nobody their code', async () => {
  appleAnswers();
  assert.equal((await exchange(APPLE, 'good', { audience: 'urn:none' })).status, 403);
  for (const user_profile of ['x', '[]', '"x"']) {
    const { json } = await exchange(APPLE, 'good', { user_profile });
    assert.equal(json.error_description, 'Parameter user_profile must be a JSON object');
  }
  assert.deepEqual(provider.requests, []);
});

test('wrong tokens from one address are throttled, right ones from another are not', async () => {
  const from = '203.0.113.9';
  const form = { grant_type: GRANT, client_id: client.client_id, subject_token_type: GOOGLE };
  const wrong = () => server.post('/oauth/token', { form: { ...form, subject_token: 'x' }, from });
  const answers = await Promise.all(Array.from({ length: 101 }, wrong));
  assert.equal(answers.filter(({ status }) => status === 400).length, 100);
  const text =
    'We have detected suspicious login behavior and further attempts will be blocked. Please contact the administrator.';
  const blocked = [429, 'too_many_attempts', text];
  assert.deepEqual(refusalOf(await wrong()), blocked);
  const right = () =>
    googleToken().then((subject_token) => server.post('/oauth/token', { form: { ...form, subject_token }, from }));
  assert.deepEqual(refusalOf(await right()), blocked);
  assert.equal((await exchange(GOOGLE, await googleToken())).status, 200);
  server.clock.advance(864);
  assert.equal((await right()).status, 200);
  assert.ok((await logTypes(server)).includes('limit_mu'));
});

test('what the client may not have is refused before Apple is asked', async () => {
  appleAnswers();
  await pending;
  const identifier = 'urn:closed';
  const closed = { client: { policy: 'deny_all' }, user: { policy: 'require_client_grant' } } as const;
  await addApi(server.ctx, { identifier, subject_type_authorization: closed });
  assert.deepEqual([(await exchange(APPLE, 'good', { audience: identifier })).status, provider.requests], [403, []]);
  const naming = await exchange(APPLE, 'good', { organization: 'org_0123456789abcdef' });
  assert.deepEqual([naming.status, naming.json.error, provider.requests], [403, 'invalid_request', []]);
});

test('without a scope: everything; with a second factor: mfa_required', async () => {
  const all = await exchange(GOOGLE, await googleToken(), { scope: '', audience: API });
  assert.equal(all.json.scope, 'openid profile email address phone read:things write:things');
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  assert.equal((await exchange(GOOGLE, await googleToken())).json.error, 'mfa_required');
  await useFactors(server.ctx, []);
});

test('a request that is refused makes nobody, and changes nobody', async () => {
  const change = (changes: Partial<Client>) =>
    clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, ...changes }) as StoredClient);
  const before = await usersOf(server.ctx).list();
  await change({ organization_usage: 'allow' });
  const organization = (await createOrganization(server.ctx, { name: 'acme' })).id;
  const { id: connection_id } = (await connectionsOf(server.ctx).find({ name: 'google-oauth2' }))!;
  await addOrganizationConnection(server.ctx, organization, { connection_id });
  for (const sub of ['newcomer', '1234567890']) {
    const answer = await exchange(GOOGLE, await googleToken({ sub, name: 'Countess' }), { organization });
    const text = `user google-oauth2|${sub} is not part of the ${organization} organization`;
    assert.deepEqual(refusalOf(answer), [403, 'access_denied', text]);
  }
  assert.deepEqual(await usersOf(server.ctx).list(), before);
  await change({ organization_usage: 'deny' });
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  assert.equal((await exchange(GOOGLE, await googleToken({ sub: 'newcomer' }))).json.error, 'mfa_required');
  await useFactors(server.ctx, []);
  assert.ok(await usersOf(server.ctx).get('google-oauth2|newcomer'));
  const first = async () => exchange(GOOGLE, await googleToken({ sub: 'at-once' }));
  for (const { status, json } of await Promise.all([first(), first(), first()])) {
    assert.equal(status, 200);
    assert.equal(payloadOf(json.id_token).sub, 'google-oauth2|at-once');
  }
});

test('blocked people', async () => {
  await usersOf(server.ctx).update('google-oauth2|1234567890', (user) => ({ ...user, blocked: true }));
  const answer = await exchange(GOOGLE, await googleToken());
  assert.deepEqual(refusalOf(answer), [403, 'unauthorized', 'user is blocked']);
});

test('what connections of Apple may be told', async () => {
  const rsa = await server.post('/api/v2/connections', {
    bearer,
    json: { name: 'apple-2', strategy: 'apple', options: { app_secret: key.privatePem } },
  });
  assert.deepEqual([rsa.status, rsa.json.message], [400, 'options.app_secret must be a P-256 private key in PEM.']);
  const stored = await connectionsOf(server.ctx).find({ name: 'apple' });
  assert.doesNotMatch(JSON.stringify(stored), /PRIVATE KEY/);
});

test('not for third parties: nobody is asked for consent here', async () => {
  for (const third_party_security_mode of ['permissive', 'strict'] as const) {
    const changes = { is_first_party: false, third_party_security_mode };
    await clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, ...changes }) as StoredClient);
    const answer = await exchange(GOOGLE, await googleToken());
    assert.deepEqual([answer.status, answer.json.error], [403, 'unauthorized_client'], answer.text);
  }
  await clientsOf(server.ctx).update(
    client.client_id,
    ({ third_party_security_mode: _mode, ...stored }) => ({ ...stored, is_first_party: true }) as StoredClient,
  );
});
