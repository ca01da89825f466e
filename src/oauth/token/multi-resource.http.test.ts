/** One refresh token, access tokens for several APIs: `refresh_token.policies` of the client. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import {
  API,
  addApi,
  addClient,
  addClientGrant,
  addCode,
  addDatabase,
  addUser,
  type Credentials,
  payloadOf,
  refusalOf,
} from '../../../test/token-fixture.ts';
import { clientsOf, type StoredClient } from '../../resources/clients/index.ts';
import { refreshTokensOf } from '../../resources/refresh-tokens/index.ts';
import { resourceServersOf } from '../../resources/resource-servers/index.ts';
import type { User } from '../../resources/users/index.ts';

const BILLING = 'https://billing.test/';
const SKIPS = { skip_consent_for_verifiable_first_party_clients: true };
const ROTATING = { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0 } as const;

let server: TestServer;
let client: Credentials;
let user: User;

before(async () => {
  server = await testServer();
  await addApi(server.ctx, SKIPS);
  const scopes = [{ value: 'read:bills' }, { value: 'read:things' }, { value: 'pay' }];
  await addApi(server.ctx, { identifier: BILLING, name: 'Billing', scopes, ...SKIPS });
  client = await addClient(server.ctx);
  user = await addUser(server.ctx, await addDatabase(server.ctx, 'db', [client.client_id]));
});
after(() => server.close());
beforeEach(() => setPolicies([{ audience: BILLING, scope: ['read:bills', 'unknown'] }]));

async function setPolicies(policies: { audience: string; scope: string[] }[], changes: Partial<StoredClient> = {}) {
  await clientsOf(server.ctx).update(client.client_id, (stored) => ({
    ...stored,
    is_first_party: true,
    refresh_token: { rotation_type: 'non-rotating', expiration_type: 'non-expiring', policies },
    ...changes,
  }));
}
async function changeApi(identifier: string, changes: object) {
  const found = await resourceServersOf(server.ctx).find({ identifier });
  await resourceServersOf(server.ctx).put({ ...found!, ...changes });
}
async function begin(scope = ['openid', 'offline_access', 'read:things'], audience = API): Promise<string> {
  const { client_id } = client;
  const code = await addCode(server.ctx, {
    client_id,
    user_id: user.user_id,
    scope,
    redirect_uri_given: false,
    audience,
  });
  const answer = await server.post('/oauth/token', { form: { grant_type: 'authorization_code', ...client, code } });
  return answer.json.refresh_token;
}
const refresh = (refresh_token: string, form: Record<string, string> = {}) =>
  server.post('/oauth/token', { form: { grant_type: 'refresh_token', ...client, refresh_token, ...form } });

test('another API of a policy: its scopes that the API has, and those of the login', async () => {
  const answer = await refresh(await begin(), { audience: BILLING });
  assert.equal(answer.status, 200);
  assert.equal(answer.json.scope, 'openid offline_access read:bills');
  const claims = payloadOf(answer.json.access_token);
  assert.deepEqual(claims.aud, [BILLING, `${server.issuer}userinfo`]);
  assert.equal(claims.scope, 'openid offline_access read:bills');
});

test('a scope of the first API does not go along, though the other has one of that name', async () => {
  const answer = await refresh(await begin(), { audience: BILLING, scope: 'read:things read:bills pay' });
  assert.equal(answer.json.scope, 'read:bills');
});

test('without an audience: the first API, with what a policy adds to it', async () => {
  await setPolicies([{ audience: API, scope: ['write:things'] }]);
  const token = await begin();
  assert.equal((await refresh(token)).json.scope, 'openid offline_access read:things write:things');
  assert.equal((await refresh(token, { audience: API, scope: 'write:things' })).json.scope, 'write:things');
});

test('a policy adds nothing that the API’s own rules keep from the client', async () => {
  const user_policy = { user: { policy: 'require_client_grant' }, client: { policy: 'deny_all' } };
  await changeApi(BILLING, { subject_type_authorization: user_policy });
  const token = await begin();
  const refused = `Client "${client.client_id}" is not authorized to access resource server "${BILLING}".`;
  assert.deepEqual(refusalOf(await refresh(token, { audience: BILLING })), [403, 'access_denied', refused]);
  await setPolicies([{ audience: BILLING, scope: ['read:bills', 'pay'] }]);
  await addClientGrant(server.ctx, client.client_id, ['pay'], 'user', BILLING);
  assert.equal((await refresh(token, { audience: BILLING })).json.scope, 'openid offline_access pay');
  await changeApi(BILLING, {
    subject_type_authorization: { user: { policy: 'allow_all' }, client: { policy: 'deny_all' } },
  });
});

test('an API that no policy names is refused, and nothing is used up', async () => {
  await setPolicies([], { refresh_token: { ...ROTATING, policies: [{ audience: API, scope: [] }] } });
  const token = await begin();
  const before = await refreshTokensOf(server.ctx).list();
  assert.deepEqual(refusalOf(await refresh(token, { audience: BILLING })), [
    403,
    'access_denied',
    `The refresh token was not issued for the audience: ${BILLING}`,
  ]);
  assert.deepEqual(await refreshTokensOf(server.ctx).list(), before);
  assert.equal((await refresh(token)).status, 200);
});

test('nor does a policy serve third-party clients, or an API that wants consent', async () => {
  const token = await begin();
  await setPolicies([{ audience: BILLING, scope: ['read:bills'] }], { is_first_party: false });
  assert.equal((await refresh(token, { audience: BILLING })).status, 403);
  await setPolicies([{ audience: BILLING, scope: ['read:bills'] }]);
  await changeApi(BILLING, { skip_consent_for_verifiable_first_party_clients: false });
  assert.equal((await refresh(token, { audience: BILLING })).status, 403);
  await changeApi(BILLING, SKIPS);
  assert.equal((await refresh(token, { audience: BILLING })).status, 200);
});

test('rotation goes on across APIs: the successor is good for the same ones', async () => {
  await setPolicies([], { refresh_token: { ...ROTATING, policies: [{ audience: BILLING, scope: ['pay'] }] } });
  const first = await begin();
  const there = await refresh(first, { audience: BILLING });
  assert.equal(there.json.scope, 'openid offline_access pay');
  const back = await refresh(there.json.refresh_token);
  assert.equal(back.json.scope, 'openid offline_access read:things');
  assert.deepEqual(payloadOf(back.json.access_token).aud, [API, `${server.issuer}userinfo`]);
  assert.equal((await refresh(first)).status, 403, 'the first one was used');
});

test('a login without an API may use its token for those of the policies', async () => {
  const code = await addCode(server.ctx, {
    client_id: client.client_id,
    user_id: user.user_id,
    scope: ['openid', 'offline_access'],
    redirect_uri_given: false,
  });
  const begun = await server.post('/oauth/token', { form: { grant_type: 'authorization_code', ...client, code } });
  const answer = await refresh(begun.json.refresh_token, { audience: BILLING, scope: 'read:bills' });
  assert.equal(answer.json.scope, 'read:bills');
  assert.equal(payloadOf(answer.json.access_token).aud, BILLING);
});

test('policies that could never hold are refused when they are written', async () => {
  const bearer = await managementToken(server, ['update:clients', 'read:clients', 'create:clients']);
  const write = (body: object) =>
    server.post('/api/v2/clients', { bearer, json: { name: 'App', grant_types: ['authorization_code'], ...body } });
  const policies = (audience: string) => ({ refresh_token: { ...ROTATING, policies: [{ audience, scope: ['a'] }] } });
  const management = await write(policies(`${server.issuer}api/v2/`));
  assert.equal(management.status, 400);
  assert.match(management.json.message, /must not include the Management API/);
  const third = await write({ is_first_party: false, ...policies(BILLING) });
  assert.equal(third.status, 400);
  assert.match(third.json.message, /only supported for first-party clients/);
  assert.equal((await write(policies(BILLING))).status, 201);
});
