import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { type Authenticator, type Behaviour, newAuthenticator } from '../../../../test/authenticator.ts';
import { managementToken } from '../../../../test/management.ts';
import { type Answer, type TestServer, type TestTenant, testServer } from '../../../../test/server.ts';
import {
  addClient,
  addDatabase,
  type Credentials,
  logTypes,
  payloadOf,
  refusalOf,
} from '../../../../test/token-fixture.ts';
import type { Client } from '../../../resources/clients/index.ts';
import { type Connection, connectionsOf } from '../../../resources/connections/index.ts';
import { guardianCollection, guardianSettings } from '../../../resources/guardian/index.ts';
import { addMember, addOrganizationConnection, createOrganization } from '../../../resources/organizations/index.ts';
import { deleteUser, usersOf } from '../../../resources/users/index.ts';

const PASSKEY = 'urn:okta:params:oauth:grant-type:webauthn';
const EMAIL = 'ada@example.test';
const INVALID = [403, 'invalid_grant', 'Invalid passkey assertion.'];
const NO_SESSION = [403, 'invalid_grant', 'Invalid or expired auth_session.'];

let server: TestServer;
let client: Credentials;
let connection: Connection;
let origin: string;

const addPasskeyClient = (tenant: TestTenant, body: Partial<Client> = {}) =>
  addClient(tenant.ctx, { grant_types: ['authorization_code', 'refresh_token', PASSKEY], ...body });

async function addPasskeyDatabase(tenant: TestTenant, name: string, clientId: string): Promise<Connection> {
  const made = await addDatabase(tenant.ctx, name, [clientId]);
  return setOptions(tenant, made, { authentication_methods: { passkey: { enabled: true } } });
}
async function setOptions(tenant: TestTenant, { id }: Connection, options: object): Promise<Connection> {
  const changed = await connectionsOf(tenant.ctx).update(id, (one) => ({
    ...one,
    options: { ...one.options, ...options },
  }));
  assert.ok(changed);
  return changed;
}

beforeEach(async () => {
  server = await testServer();
  client = await addPasskeyClient(server);
  connection = await addPasskeyDatabase(server, 'db', client.client_id);
  origin = new URL(server.issuer).origin;
});
afterEach(() => server.close());

const register = (json: object = {}, tenant: TestTenant = server, who: Partial<Credentials> = client) =>
  tenant.post('/passkey/register', { json: { ...who, realm: 'db', user_profile: { email: EMAIL }, ...json } });
const challenge = (json: object = {}, tenant: TestTenant = server, who: Partial<Credentials> = client) =>
  tenant.post('/passkey/challenge', { json: { ...who, realm: 'db', ...json } });
const exchange = (auth_session: string, authn_response: unknown, json: object = {}, tenant: TestTenant = server) =>
  tenant.post('/oauth/token', {
    json: { grant_type: PASSKEY, ...client, auth_session, authn_response, realm: 'db', scope: 'openid email', ...json },
  });

async function signUp(key: Authenticator, email = EMAIL): Promise<Answer> {
  const { json } = await register({ user_profile: { email } });
  return exchange(json.auth_session, key.create(json.authn_params_public_key));
}
async function logIn(key: Authenticator, behaviour: Behaviour = {}, more: object = {}): Promise<Answer> {
  const { json } = await challenge();
  return exchange(json.auth_session, key.get(json.authn_params_public_key, behaviour), more);
}
const methodsOf = async (userId: string) => {
  const bearer = await managementToken(server, [
    'read:authentication_methods',
    'delete:authentication_methods',
    'update:authentication_methods',
  ]);
  return { bearer, path: `/api/v2/users/${encodeURIComponent(userId)}/authentication-methods` };
};

for (const kind of ['ES256', 'RS256', 'EdDSA'] as const) {
  test(`${kind}: a passkey signs up, and logs in as often as one likes`, async () => {
    const key = newAuthenticator(origin, { kind, counts: true });
    const signedUp = await signUp(key);
    assert.equal(signedUp.status, 200, signedUp.text);
    const { sub, email } = payloadOf(signedUp.json.id_token);
    assert.equal(email, EMAIL);
    for (const _ of [1, 2]) {
      const answer = await logIn(key);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(payloadOf(answer.json.id_token).sub, sub);
    }
    assert.equal((await usersOf(server.ctx).get(String(sub)))?.logins_count, 3);
    const types = await logTypes(server);
    for (const type of ['passkey_challenge_started', 'ss', 's']) assert.ok(types.includes(type), type);
  });
}

test('what the authenticator is asked has Auth0’s shape', async () => {
  const profile = { email: EMAIL, name: 'Ada', given_name: 'A', picture: 'https://p.test/a.png' };
  const made = (await register({ user_profile: profile, user_metadata: { plan: 'gold' } })).json;
  const host = new URL(server.issuer).hostname;
  const { challenge: sent, user, ...rest } = made.authn_params_public_key;
  assert.deepEqual(rest, {
    timeout: 60_000,
    rp: { id: host, name: 'tenant' },
    pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
  });
  assert.deepEqual([sent.length, user.name, user.displayName], [43, EMAIL, 'Ada']);
  assert.match(made.auth_session, /^Fe26\.2\*/);
  const asked = (await challenge()).json.authn_params_public_key;
  assert.deepEqual(Object.keys(asked), ['challenge', 'timeout', 'rpId', 'userVerification']);
  const answer = await exchange(made.auth_session, newAuthenticator(origin).create(made.authn_params_public_key));
  const stored = await usersOf(server.ctx).get(String(payloadOf(answer.json.id_token).sub));
  assert.deepEqual([stored?.name, stored?.given_name, stored?.user_metadata], ['Ada', 'A', { plan: 'gold' }]);
  const [mail] = await server.messages({ to: EMAIL });
  assert.ok(mail?.link, 'the address is to be verified');
});

test('a form carries the answer as text', async () => {
  const key = newAuthenticator(origin);
  await signUp(key);
  const { json } = await challenge();
  const form = {
    grant_type: PASSKEY,
    ...client,
    auth_session: json.auth_session,
    authn_response: JSON.stringify(key.get(json.authn_params_public_key)),
  };
  assert.equal((await server.post('/oauth/token', { form })).status, 200);
});

test('what is missing or malformed is told, and uses nothing up', async () => {
  const key = newAuthenticator(origin);
  const { json } = await register();
  const right = key.create(json.authn_params_public_key);
  const refused: [object, number, string][] = [
    [{ auth_session: '' }, 400, 'Missing required parameter: auth_session'],
    [{ authn_response: undefined }, 400, 'Missing required parameter: authn_response'],
    [{ authn_response: 'no json' }, 400, 'Parameter authn_response must be of type object'],
    [{ authn_response: [] }, 400, 'Parameter authn_response must be of type object'],
    [{ authn_response: {} }, 403, 'Invalid passkey assertion.'],
    [{ authn_response: { ...right, response: null } }, 403, 'Invalid passkey assertion.'],
    [
      { authn_response: { ...right, response: { clientDataJSON: 'x', attestationObject: 'x' } } },
      403,
      'Invalid passkey assertion.',
    ],
    [{ authn_response: { ...right, id: 'x', rawId: 'x' } }, 403, 'Invalid passkey assertion.'],
  ];
  for (const [more, status, text] of refused) {
    const answer = await exchange(json.auth_session, right, more);
    assert.deepEqual([answer.status, answer.json.error_description], [status, text], JSON.stringify(more));
  }
  assert.equal((await exchange(json.auth_session, right)).status, 200);
});

const LIES: [string, Behaviour][] = [
  ['another origin', { origin: 'https://evil.test' }],
  ['another host', { rpId: 'evil.test' }],
  ['another challenge', { challenge: 'bm90IHRoZSBjaGFsbGVuZ2U' }],
  ['another ceremony', { type: 'payment.get' }],
  ['nobody there', { userPresent: false }],
  ['nobody verified', { userVerified: false }],
];

for (const [what, behaviour] of LIES) {
  test(`refused at sign-up and log-in: ${what}`, async () => {
    const key = newAuthenticator(origin);
    const made = (await register()).json;
    const lied = await exchange(made.auth_session, key.create(made.authn_params_public_key, behaviour));
    assert.deepEqual(refusalOf(lied), INVALID);
    assert.deepEqual(await usersOf(server.ctx).list(), []);
    await exchange(made.auth_session, key.create(made.authn_params_public_key));
    assert.deepEqual(refusalOf(await logIn(key, behaviour)), INVALID);
    assert.equal((await logIn(key)).status, 200);
  });
}

test('an attestation that nobody asked for is refused', async () => {
  const { json } = await register();
  const made = newAuthenticator(origin).create(json.authn_params_public_key, { fmt: 'packed' });
  assert.deepEqual(refusalOf(await exchange(json.auth_session, made)), INVALID);
});

test('another key’s signature, another user’s handle, an unknown passkey', async () => {
  const [ada, eve, nobody] = [newAuthenticator(origin), newAuthenticator(origin), newAuthenticator(origin)];
  await signUp(ada);
  await signUp(eve, 'eve@example.test');
  const { json } = await challenge();
  const asked = json.authn_params_public_key;
  const forged = { ...eve.get(asked), id: ada.id, rawId: ada.id };
  assert.deepEqual(refusalOf(await exchange(json.auth_session, forged)), INVALID);
  const handle = (ada.get(asked).response as { userHandle: string }).userHandle;
  assert.deepEqual(refusalOf(await logIn(eve, { userHandle: handle })), INVALID);
  assert.deepEqual(refusalOf(await logIn(nobody)), INVALID);
  assert.equal((await exchange(json.auth_session, ada.get(asked))).status, 200);
});

test('a counter that does not go up is a copy’s', async () => {
  const key = newAuthenticator(origin, { counts: true });
  await signUp(key);
  assert.equal((await logIn(key, { counter: 7 })).status, 200);
  for (const counter of [7, 6, 0]) assert.deepEqual(refusalOf(await logIn(key, { counter })), INVALID);
  assert.equal((await logIn(key, { counter: 8 })).status, 200);
});

test('a challenge is answered once, of a hundred at once, and only in time', async () => {
  const key = newAuthenticator(origin);
  const made = (await register()).json;
  const first = key.create(made.authn_params_public_key);
  const signUps = await Promise.all(Array.from({ length: 30 }, () => exchange(made.auth_session, first)));
  assert.equal(signUps.filter(({ status }) => status === 200).length, 1);
  assert.equal((await usersOf(server.ctx).list()).length, 1);
  const { json } = await challenge();
  const answer = key.get(json.authn_params_public_key);
  const answers = await Promise.all(Array.from({ length: 100 }, () => exchange(json.auth_session, answer)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.deepEqual(refusalOf(await exchange(json.auth_session, answer)), NO_SESSION);
  const late = (await challenge()).json;
  server.clock.advance(300);
  const tooLate = await exchange(late.auth_session, key.get(late.authn_params_public_key));
  assert.deepEqual(refusalOf(tooLate), NO_SESSION);
});

test('a challenge is for its purpose, client, connection, and tenant', async () => {
  const key = newAuthenticator(origin);
  await signUp(key);
  const { json } = await challenge();
  const answer = key.get(json.authn_params_public_key);
  const other = await addPasskeyClient(server);
  assert.deepEqual(refusalOf(await exchange(json.auth_session, answer, other)), NO_SESSION);
  assert.deepEqual(refusalOf(await exchange(json.auth_session, answer, { realm: 'elsewhere' })), NO_SESSION);
  const there = await addPasskeyClient(server.other);
  await addPasskeyDatabase(server.other, 'db', there.client_id);
  const away = await exchange(json.auth_session, answer, there, server.other);
  assert.deepEqual(refusalOf(away), NO_SESSION);
  const theirs = (await challenge({}, server.other, there)).json;
  const replayed = key.get(theirs.authn_params_public_key);
  const foreign = await exchange(theirs.auth_session, replayed, there, server.other);
  assert.deepEqual(refusalOf(foreign), INVALID);
  const crossed = (await register({ user_profile: { email: 'x@example.test' } })).json;
  const wrongKind = await exchange(
    crossed.auth_session,
    key.get({ ...crossed.authn_params_public_key, rpId: crossed.authn_params_public_key.rp.id }),
  );
  assert.deepEqual(refusalOf(wrongKind), INVALID);
  assert.equal((await exchange(json.auth_session, answer)).status, 200);
});

test('a passkey of one connection is none in another', async () => {
  const key = newAuthenticator(origin);
  await signUp(key);
  await addPasskeyDatabase(server, 'second', client.client_id);
  const { json } = await challenge({ realm: 'second' });
  const answer = await exchange(json.auth_session, key.get(json.authn_params_public_key), { realm: 'second' });
  assert.deepEqual(refusalOf(answer), INVALID);
});

test('pages that the application registered may ask, and its Android app', async () => {
  const fingerprint = 'AB'.repeat(32).replace(/..(?!$)/g, '$&:');
  client = await addPasskeyClient(server, {
    web_origins: ['https://app.test'],
    mobile: { android: { app_package_name: 'test.app', sha256_cert_fingerprints: [fingerprint] } },
  } as Partial<Client>);
  await connectionsOf(server.ctx).update(connection.id, (one) => ({ ...one, enabled_clients: [client.client_id] }));
  const key = newAuthenticator('https://app.test');
  assert.equal((await signUp(key)).status, 200);
  const hash = Buffer.from('AB'.repeat(32), 'hex').toString('base64url');
  assert.equal((await logIn(key, { origin: `android:apk-key-hash:${hash}` })).status, 200);
  assert.deepEqual(refusalOf(await logIn(key, { origin: 'https://app.test.evil.test' })), INVALID);
});

test('who exists already, or may not sign up, gets no challenge', async () => {
  await signUp(newAuthenticator(origin));
  const taken = await register({ user_profile: { email: 'ADA@example.test' } });
  assert.deepEqual(refusalOf(taken), [400, 'invalid_request', 'Invalid sign up']);
  const malformed = await register({ user_profile: { email: 'foo' } });
  assert.deepEqual(refusalOf(malformed), [400, 'invalid_request', 'Invalid email']);
  const missing = await register({ user_profile: { name: 'Ada' } });
  assert.deepEqual(refusalOf(missing), [400, 'invalid_request', 'Missing required property: email']);
  const nothing = await register({ user_profile: undefined });
  assert.deepEqual(refusalOf(nothing), [400, 'invalid_request', 'Missing required parameter: user_profile']);
  const long = await register({ user_profile: { email: 'b@example.test', name: 'x'.repeat(301) } });
  assert.equal(long.json.error_description, 'Parameter user_profile.name must be a string of 1 to 300 characters');
  const script = await register({ user_profile: { email: 'b@example.test', picture: 'javascript:alert(1)' } });
  assert.equal(script.status, 400);
  const waiting = (await register({ user_profile: { email: 'new@example.test' } })).json;
  await setOptions(server, connection, { disable_signup: true });
  const closed = await register({ user_profile: { email: 'b@example.test' } });
  assert.deepEqual(refusalOf(closed), [400, 'invalid_request', 'Public signup is disabled']);
  const made = newAuthenticator(origin).create(waiting.authn_params_public_key);
  assert.equal((await exchange(waiting.auth_session, made)).status, 403);
  assert.equal((await usersOf(server.ctx).list()).length, 1);
  assert.ok((await logTypes(server)).includes('passkey_challenge_failed'));
});

test('two who sign up with one address at once: one of them does', async () => {
  const [one, two] = [newAuthenticator(origin), newAuthenticator(origin)];
  const [first, second] = [(await register()).json, (await register()).json];
  const answers = await Promise.all([
    exchange(first.auth_session, one.create(first.authn_params_public_key)),
    exchange(second.auth_session, two.create(second.authn_params_public_key)),
  ]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400]);
  assert.equal((await usersOf(server.ctx).list()).length, 1);
});

test('only clients that may use passkeys, in connections that have them', async () => {
  assert.equal((await challenge({}, server, { client_id: client.client_id })).status, 401);
  const without = await addPasskeyClient(server, { grant_types: ['authorization_code'] });
  const text = `Grant type '${PASSKEY}' not allowed for the client.`;
  assert.deepEqual(refusalOf(await challenge({}, server, without)), [403, 'unauthorized_client', text]);
  const legacy = await addPasskeyClient(server, { oidc_conformant: false });
  assert.equal((await challenge({}, server, legacy)).json.error, 'unauthorized_client');
  const third = await addPasskeyClient(server, { is_first_party: false });
  assert.equal((await challenge({}, server, third)).status, 403);
  assert.equal((await challenge({ realm: 'nothing' })).json.error_description, 'the connection was not found');
  assert.equal((await challenge({ organization: 'org_1' })).json.error, 'invalid_request');
  assert.equal((await challenge({ realm: undefined })).status, 200, 'the default directory');
  await setOptions(server, connection, { authentication_methods: { passkey: { enabled: false } } });
  assert.deepEqual((await challenge()).status, 404);
});

test('passkeys stop working when the connection’s are turned off, its user is blocked or deleted', async () => {
  const key = newAuthenticator(origin);
  const sub = String(payloadOf((await signUp(key)).json.id_token).sub);
  const { json } = await challenge();
  await setOptions(server, connection, { authentication_methods: { passkey: { enabled: false } } });
  const off = await exchange(json.auth_session, key.get(json.authn_params_public_key));
  assert.deepEqual(refusalOf(off), NO_SESSION);
  await setOptions(server, connection, { authentication_methods: { passkey: { enabled: true } } });
  await usersOf(server.ctx).update(sub, (user) => ({ ...user, blocked: true }));
  assert.deepEqual(refusalOf(await logIn(key)), [403, 'unauthorized', 'user is blocked']);
  await deleteUser(server.ctx, sub);
  assert.deepEqual(refusalOf(await logIn(key)), INVALID);
});

test('the Management API shows, names and removes a passkey, for its own user only', async () => {
  const key = newAuthenticator(origin);
  const sub = String(payloadOf((await signUp(key)).json.id_token).sub);
  const other = String(payloadOf((await signUp(newAuthenticator(origin), 'eve@example.test')).json.id_token).sub);
  const { bearer, path } = await methodsOf(sub);
  const [method, ...more] = (await server.get(path, { bearer })).json;
  assert.equal(more.length, 0);
  const { id, public_key, created_at, enrolled_at, user_agent, ...rest } = method;
  assert.match(id, /^passkey\|dev_\w{16}$/);
  assert.deepEqual(rest, {
    type: 'passkey',
    confirmed: true,
    key_id: key.id,
    credential_device_type: 'multi_device',
    credential_backed_up: true,
    identity_user_id: sub,
    aaguid: '00000000-0000-0000-0000-000000000000',
    relying_party_identifier: new URL(server.issuer).hostname,
  });
  const one = `${path}/${encodeURIComponent(id)}`;
  assert.equal((await server.request('PATCH', one, { bearer, json: { name: 'Phone' } })).json.name, 'Phone');
  assert.equal((await server.get(one, { bearer })).json.name, 'Phone');
  const theirs = (await methodsOf(other)).path;
  for (const verb of ['GET', 'DELETE'])
    assert.equal((await server.request(verb, `${theirs}/${encodeURIComponent(id)}`, { bearer })).status, 404);
  assert.equal((await logIn(key)).status, 200);
  assert.equal((await server.request('DELETE', one, { bearer })).status, 204);
  assert.deepEqual(refusalOf(await logIn(key)), INVALID);
  assert.equal((await server.request('DELETE', theirs, { bearer })).status, 204);
  assert.deepEqual((await server.get(theirs, { bearer })).json, []);
});

test('a second factor is demanded where policy wants one; the challenge is used up then', async () => {
  const settings = await guardianSettings(server.ctx);
  const factors = { ...settings.factors, otp: true };
  await server.ctx.store.collection(guardianCollection).put({ ...settings, policies: ['all-applications'], factors });
  const { json } = await register();
  const made = newAuthenticator(origin).create(json.authn_params_public_key);
  const answer = await exchange(json.auth_session, made);
  assert.deepEqual([answer.status, answer.json.error], [403, 'mfa_required'], answer.text);
  assert.equal((await usersOf(server.ctx).list()).length, 1);
  assert.deepEqual(refusalOf(await exchange(json.auth_session, made)), NO_SESSION);
});

test('challenges are not to be had without end', async () => {
  const statuses: number[] = [];
  for (let at = 0; at < 101; at += 1) statuses.push((await challenge()).status);
  assert.deepEqual([statuses.at(-2), statuses.at(-1)], [200, 429]);
});

test('a challenge for an organization is worth nothing without it, nor to who does not belong to it', async () => {
  const acme = await createOrganization(server.ctx, { name: 'acme' });
  await addOrganizationConnection(server.ctx, acme.id, { connection_id: connection.id });
  client = await addPasskeyClient(server, { organization_usage: 'allow' });
  await connectionsOf(server.ctx).update(connection.id, (one) => ({ ...one, enabled_clients: [client.client_id] }));
  const key = newAuthenticator(origin);
  const sub = String(payloadOf((await signUp(key)).json.id_token).sub);
  const { json } = await challenge({ organization: acme.id });
  const answer = key.get(json.authn_params_public_key);
  assert.deepEqual(refusalOf(await exchange(json.auth_session, answer)), NO_SESSION);
  const outside = await exchange(json.auth_session, answer, { organization: acme.id });
  assert.deepEqual([outside.status, outside.json.error], [403, 'access_denied']);
  await addMember(server.ctx, acme.id, sub);
  const inside = await exchange(json.auth_session, answer, { organization: acme.id });
  assert.equal(payloadOf(inside.json.id_token).org_id, acme.id, inside.text);
  const unknown = await challenge({ organization: 'org_0000000000000000' });
  assert.deepEqual(refusalOf(unknown), [400, 'invalid_request', 'parameter organization is invalid']);
});
