/** What an operator sets through the Management API is what requests are held to: keys of requests, levels, types of details. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Browser } from '../../../test/browser.ts';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { refusalOf } from '../../../test/token-fixture.ts';
import { importSigner, signJwt } from '../../platform/crypto/index.ts';

const CALLBACK = 'https://app.test/callback';
const SCOPES = 'clients client_credentials resource_servers client_grants'.split(' ');

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  const scopes = SCOPES.flatMap((noun) => ['create', 'read', 'update', 'delete'].map((verb) => `${verb}:${noun}`));
  bearer = await managementToken(server, [...scopes, 'read:client_keys', 'update:tenant_settings']);
  const json = { pushed_authorization_requests_supported: true };
  const switched = await server.request('PATCH', '/api/v2/tenants/settings', { bearer, json });
  assert.equal(switched.status, 200, switched.text);
});
after(() => server.close());

const create = async (path: string, json: object) => {
  const answer = await server.post(`/api/v2/${path}`, { bearer, json });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
};
const patch = async (path: string, json: object) => {
  const answer = await server.request('PATCH', `/api/v2/${path}`, { bearer, json });
  assert.equal(answer.status, 200, answer.text);
};

function newKey() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const plain = { app_type: 'regular_web', callbacks: [CALLBACK], token_endpoint_auth_method: 'client_secret_post' };

async function ask(client_id: string, privateKeyPem: string) {
  const claims = { iss: client_id, aud: server.issuer, client_id, response_type: 'code', redirect_uri: CALLBACK };
  const request = await signJwt(importSigner(privateKeyPem, undefined, 'RS256'), claims);
  return new Browser(server).openPage(`/authorize?${new URLSearchParams({ client_id, request })}`);
}

test('a key that comes with the client, and one that is added and put in its place', async () => {
  const [first, second] = [newKey(), newKey()];
  const credentials = [{ credential_type: 'public_key', name: 'first', pem: first.pem, alg: 'RS256' }];
  const client = await create('clients', {
    ...plain,
    name: 'Signs',
    signed_request_object: { required: true, credentials },
  });
  const { client_id } = client;
  assert.equal(client.signed_request_object.required, true);
  assert.equal((await ask(client_id, first.privateKeyPem)).path, '/u/login');
  assert.match((await ask(client_id, second.privateKeyPem)).html, /invalid_request_object/);
  const { id } = await create(`clients/${client_id}/credentials`, {
    credential_type: 'public_key',
    name: 'second',
    pem: second.pem,
    alg: 'RS256',
  });
  await patch(`clients/${client_id}`, { signed_request_object: { required: true, credentials: [{ id }] } });
  assert.equal((await ask(client_id, second.privateKeyPem)).path, '/u/login');
  assert.match((await ask(client_id, first.privateKeyPem)).html, /invalid_request_object/);
  const bare = new URLSearchParams({ client_id, response_type: 'code', redirect_uri: CALLBACK });
  const refused = await new Browser(server).openApp(`/authorize?${bare}`);
  assert.equal(refused.parameters.error_description, 'Signed request objects are required for this client');
});

test('pushing, its lifetime, and a level', async () => {
  const client = await create('clients', {
    ...plain,
    name: 'Pushes',
    require_pushed_authorization_requests: true,
    par_request_expiry: 120,
  });
  const { client_id, client_secret } = client;
  const wish = { client_id, client_secret, response_type: 'code', redirect_uri: CALLBACK };
  const pushed = await server.post('/oauth/par', { form: wish });
  assert.equal(pushed.json.expires_in, 120, pushed.text);
  await patch(`clients/${client_id}`, { compliance_level: 'fapi2_sp_pkj_mtls' });
  assert.deepEqual(refusalOf(await server.post('/oauth/par', { form: wish })).slice(0, 2), [401, 'invalid_client']);
  await patch(`clients/${client_id}`, { compliance_level: null });
  assert.equal((await server.post('/oauth/par', { form: wish })).status, 201);
});

test('types of details, on the API and on the client grant', async () => {
  const { client_id, client_secret } = await create('clients', { ...plain, name: 'Pays' });
  const identifier = 'https://payments.test/';
  await create('resource-servers', {
    identifier,
    authorization_details: [{ type: 'payment' }, { type: 'refund' }],
    subject_type_authorization: { user: { policy: 'require_client_grant' }, client: { policy: 'deny_all' } },
  });
  await create('client-grants', {
    client_id,
    audience: identifier,
    subject_type: 'user',
    scope: [],
    authorization_details_types: ['payment'],
  });
  const push = (type: string) =>
    server.post('/oauth/par', {
      form: {
        client_id,
        client_secret,
        response_type: 'code',
        redirect_uri: CALLBACK,
        audience: identifier,
        authorization_details: JSON.stringify([{ type }]),
      },
    });
  assert.equal((await push('payment')).status, 201);
  assert.equal((await push('refund')).json.error, 'invalid_authorization_details');
  const malformed = { identifier: 'urn:x', authorization_details: [{ name: 'no type' }] };
  const refused = await server.post('/api/v2/resource-servers', { bearer, json: malformed });
  assert.equal(refused.status, 400);
});
