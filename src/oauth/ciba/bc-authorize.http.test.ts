/** What `/bc-authorize` takes and what it refuses. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import {
  addBackchannelClient,
  ask,
  asked,
  CIBA_GRANT,
  hintOf,
  personWithApp,
  poll,
} from '../../../test/ciba-fixture.ts';
import { addClientKey } from '../../../test/client-keys.ts';
import { addApplication, addPerson, type Credentials, useFactors } from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { API, addApi, refusalOf } from '../../../test/token-fixture.ts';
import { clientsOf } from '../../resources/clients/index.ts';
import { logsOf } from '../../resources/logs/index.ts';
import { usersOf } from '../../resources/users/index.ts';
import { deferredAuthorizationsOf } from '../deferred/deferred.store.ts';

let server: TestServer;
let client: Credentials;
let ada: string;

before(async () => {
  server = await testServer();
  client = await addBackchannelClient(server.ctx);
  await addApi(server.ctx, { authorization_details: [{ type: 'money_transfer' }] } as never);
  ({ user_id: ada } = await personWithApp(server, 'ada@example.test'));
});
after(() => server.close());
// Allowances of the tests before are full again.
beforeEach(() => server.clock.advance(600));

const logged = (type: string) => logsOf(server.ctx).list({ where: { type } });

test('what is wrong with a request, in Auth0’s words; nobody is asked', async () => {
  const hint = (changes: object) => JSON.stringify({ ...JSON.parse(hintOf(server, ada)), ...changes });
  const before = (await server.messages()).length;
  const invalid = (why: string) => ['invalid_request', `login_hint parameter validation failed: ${why}`];
  const unsupported = invalid('"sub" contains unsupported format');
  const binding = 'binding_message must have at most 64 characters: letters, digits, spaces and any of + - _ . , : #';
  const expiry = ['invalid_request', 'requested_expiry must be an integer between 1 and 259200'];
  const cases: [Record<string, string | undefined>, string[]][] = [
    [{ login_hint: undefined }, ['invalid_request', 'login_hint is required']],
    [{ login_hint: ada }, invalid('it must be a JSON object')],
    [{ login_hint: 'null' }, invalid('it must be a JSON object')],
    [{ login_hint: hint({ format: 'email' }) }, invalid('"format" must be iss_sub')],
    [{ login_hint: hint({ iss: 'https://elsewhere.test/' }) }, invalid('"iss" must be the issuer of the tenant')],
    [{ login_hint: hint({ iss: server.other.issuer }) }, invalid('"iss" must be the issuer of the tenant')],
    [{ login_hint: hint({ sub: 'undefined' }) }, unsupported],
    [{ login_hint: hint({ sub: 7 }) }, unsupported],
    [{ login_hint: hint({ sub: 'auth0|nobody' }) }, ['unknown_user_id', 'User ID is malformed or unknown']],
    [{ binding_message: undefined }, ['invalid_request', 'binding_message is required']],
    [{ binding_message: 'x'.repeat(65) }, ['invalid_binding_message', binding]],
    [{ binding_message: 'pay <b>now</b>' }, ['invalid_binding_message', binding]],
    [{ scope: 'profile' }, ['invalid_request', 'openid scope must be requested']],
    [{ scope: undefined }, ['invalid_request', 'openid scope must be requested']],
    [{ requested_expiry: '0' }, expiry],
    [{ requested_expiry: '-5' }, expiry],
    [{ requested_expiry: '259201' }, expiry],
    [{ requested_expiry: 'soon' }, expiry],
    [{ login_hint_token: 'x' }, ['invalid_request', 'login_hint_token is not supported']],
    [{ id_token_hint: 'x' }, ['invalid_request', 'id_token_hint is not supported']],
    [{ request: 'x' }, ['invalid_request', 'request is not supported']],
    [
      { audience: API, authorization_details: '[{"type":"unheard"}]' },
      ['invalid_authorization_details', `Invalid authorization_details: type 'unheard' is not allowed for ${API}`],
    ],
  ];
  for (const [changes, refusal] of cases) {
    const answer = await ask(server, client, ada, changes);
    assert.deepEqual(refusalOf(answer), [400, ...refusal], JSON.stringify(changes));
  }
  const foreign = await ask(server, client, ada, { audience: 'https://nowhere.test/' });
  assert.deepEqual(refusalOf(foreign), [
    403,
    'access_denied',
    'Service not enabled within domain: https://nowhere.test/',
  ]);
  assert.equal((await server.messages()).length, before);
  assert.equal((await logged('ciba_start_failed')).length, cases.length + 1);
  // None of them counted as asking: five more may be asked at once.
  for (let count = 0; count < 5; count++) await asked(server, client, ada);
});

test('who may not ask: wrong or no secret, public clients, third parties, clients without the grant', async () => {
  const unauthorized = [401, 'invalid_client', 'Unauthorized'];
  assert.deepEqual(refusalOf(await ask(server, { ...client, client_secret: 'wrong' }, ada)), unauthorized);
  assert.deepEqual(refusalOf(await ask(server, client, ada, { client_secret: undefined })), unauthorized);
  assert.deepEqual(refusalOf(await ask(server, { ...client, client_id: 'nobody' }, ada)), unauthorized);
  const open = await addApplication(server.ctx, { token_endpoint_auth_method: 'none', grant_types: ['refresh_token'] });
  assert.deepEqual(refusalOf(await ask(server, open, ada)), [
    401,
    'invalid_client',
    'Client authentication is required',
  ]);
  const text = `Grant type '${CIBA_GRANT}' not allowed for the client.`;
  const others = [await addApplication(server.ctx), await addBackchannelClient(server.ctx, { oidc_conformant: false })];
  for (const other of others)
    assert.deepEqual(refusalOf(await ask(server, other, ada)), [400, 'unauthorized_client', text]);
  const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64');
  const form = { scope: 'openid', binding_message: 'm', login_hint: hintOf(server, ada) };
  const byHeader = await server.post('/bc-authorize', { form, headers: { authorization: `Basic ${basic}` } });
  assert.equal(byHeader.status, 200, byHeader.text);
});

test('who cannot be asked: blocked, of another connection, without an app; and not more than five times a minute', async () => {
  const blocked = await addPerson(server.ctx, 'blocked@example.test');
  await usersOf(server.ctx).update(blocked.user_id, (user) => ({ ...user, blocked: true }));
  assert.deepEqual(refusalOf(await ask(server, client, blocked.user_id)), [403, 'unauthorized', 'user is blocked']);
  const foreign = await addPerson(server.ctx, 'foreign@example.test');
  await usersOf(server.ctx).update(foreign.user_id, (user) => ({
    ...user,
    identities: user.identities.map((identity) => ({ ...identity, connection: 'Elsewhere' })),
  }));
  assert.equal((await ask(server, client, foreign.user_id)).json.error, 'unknown_user_id');
  const bare = await addPerson(server.ctx, 'bare@example.test');
  const byPush = await addBackchannelClient(server.ctx, { async_approval_notification_channels: undefined } as never);
  const none = [400, 'access_denied', 'The user is not enrolled in push notifications'];
  assert.deepEqual(refusalOf(await ask(server, byPush, bare.user_id)), none);
  await useFactors(server.ctx, ['otp']);
  assert.deepEqual(refusalOf(await ask(server, byPush, ada)), none);
  await useFactors(server.ctx, ['otp', 'push-notification']);
  server.clock.advance(60);
  const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await ask(server, client, ada)).status));
  assert.deepEqual(
    [statuses.filter((status) => status === 200).length, statuses.filter((s) => s === 429).length],
    [5, 15],
  );
});

test('a client that proves itself by a key, here and when it polls', async () => {
  const keyed = await addBackchannelClient(server.ctx);
  const key = await addClientKey(server.ctx, keyed.client_id, ['assertion']);
  const assertion = (jti: string) => {
    const exp = Math.floor(server.clock.now() / 1000) + 60;
    return key.sign({ iss: keyed.client_id, sub: keyed.client_id, aud: server.issuer, exp, jti }, { typ: null });
  };
  const proof = async (jti: string) => ({
    client_secret: undefined,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await assertion(jti),
  });
  const first = await proof('1');
  const auth_req_id = await asked(server, keyed, ada, first);
  assert.equal((await ask(server, keyed, ada, first)).json.error, 'invalid_client', 'an assertion works once');
  assert.deepEqual(refusalOf(await ask(server, keyed, ada)), [401, 'invalid_client', 'Unauthorized']);
  const form = { grant_type: CIBA_GRANT, client_id: keyed.client_id, auth_req_id, ...(await proof('2')) };
  assert.equal((await server.post('/oauth/token', { form })).json.error, 'authorization_pending');
  assert.equal((await poll(server, keyed, auth_req_id)).json.error, 'access_denied');
});

test('what a client must have that is not to be had here is refused, not passed over', async () => {
  const set = (changes: object) =>
    clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, ...changes }));
  const organization = await ask(server, client, ada, { organization: 'org_0123456789abcdef' });
  assert.match(organization.json.error_description, /organization is not allowed/);
  const cases: [object, RegExp][] = [
    [{ organization_usage: 'require' }, /parameter organization is required/],
    [{ signed_request_object: { required: true } }, /Signed request objects are required for this client/],
  ];
  for (const [changes, text] of cases) {
    await set(changes);
    const answer = await ask(server, client, ada);
    assert.deepEqual([answer.status, answer.json.error], [400, 'invalid_request'], answer.text);
    assert.match(answer.json.error_description, text);
    await set({ organization_usage: undefined, signed_request_object: undefined });
  }
  await asked(server, client, ada);
});

test('discovery names the endpoint and the mode; nothing is stored in clear', async () => {
  const document = (await server.get('/.well-known/openid-configuration')).json;
  assert.equal(document.backchannel_authentication_endpoint, `${server.issuer}bc-authorize`);
  assert.deepEqual(document.backchannel_token_delivery_modes_supported, ['poll']);
  const rows = JSON.stringify(await deferredAuthorizationsOf(server.ctx).list());
  assert.doesNotMatch(rows, /"[\w-]{64}"/);
});
