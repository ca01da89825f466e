import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { newAuthenticator } from '../../../test/authenticator.ts';
import {
  addPasskeyClient,
  addPasskeyDatabase,
  EMAIL,
  INVALID,
  PASSKEY,
  passkeyCalls,
  setOptions,
} from '../../../test/passkeys.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { type Credentials, logTypes, payloadOf, refusalOf } from '../../../test/token-fixture.ts';
import type { Client } from '../../resources/clients/index.ts';
import { type Connection, connectionsOf } from '../../resources/connections/index.ts';
import { usersOf } from '../../resources/users/index.ts';

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

test('challenges are not to be had without end', async () => {
  const statuses: number[] = [];
  for (let at = 0; at < 101; at += 1) statuses.push((await challenge()).status);
  assert.deepEqual([statuses.at(-2), statuses.at(-1)], [200, 429]);
});
