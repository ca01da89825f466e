import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { type Behaviour, newAuthenticator } from '../../../../test/authenticator.ts';
import { managementToken } from '../../../../test/management.ts';
import {
  addPasskeyClient,
  addPasskeyDatabase,
  EMAIL,
  INVALID,
  NO_SESSION,
  PASSKEY,
  passkeyCalls,
  setOptions,
} from '../../../../test/passkeys.ts';
import { type TestServer, testServer } from '../../../../test/server.ts';
import { type Credentials, logTypes, payloadOf, refusalOf } from '../../../../test/token-fixture.ts';
import { type Connection, connectionsOf } from '../../../resources/connections/index.ts';
import { guardianCollection, guardianSettings } from '../../../resources/guardian/index.ts';
import { addMember, addOrganizationConnection, createOrganization } from '../../../resources/organizations/index.ts';
import { deleteUser, usersOf } from '../../../resources/users/index.ts';

let server: TestServer;
let client: Credentials;
let connection: Connection;
let origin: string;

beforeEach(async () => {
  server = await testServer();
  client = await addPasskeyClient(server);
  connection = await addPasskeyDatabase(server, 'db', client.client_id);
  origin = new URL(server.issuer).origin;
});
afterEach(() => server.close());

const { register, challenge, exchange, signUp, logIn } = passkeyCalls(() => ({ server, client }));
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
