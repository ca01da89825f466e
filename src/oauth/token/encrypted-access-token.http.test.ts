import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { compactDecrypt } from 'jose/jwe/compact/decrypt';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import {
  addClient,
  addClientGrant,
  addCode,
  addDatabase,
  addUser,
  type Credentials,
} from '../../../test/token-fixture.ts';
import { verifyJwt } from '../../platform/crypto/index.ts';
import { publicKeys } from '../../resources/keys/index.ts';

const AUDIENCE = 'https://sealed.test/';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

let server: TestServer;
let bearer: string;
let app: Credentials;
let apiId: string;

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, ['create:resource_servers', 'update:resource_servers']);
  app = await addClient(server.ctx);
  const created = await server.post('/api/v2/resource-servers', {
    bearer,
    json: {
      identifier: AUDIENCE,
      scopes: [{ value: 'read:things' }],
      authorization_details: [{ type: 'account' }],
      token_encryption: {
        format: 'compact-nested-jwe',
        encryption_key: { name: 'mine', alg: 'RSA-OAEP-256', kid: 'api-1', pem },
      },
    },
  });
  assert.equal(created.status, 201, created.text);
  apiId = created.json.id;
  await addClientGrant(server.ctx, app.client_id, ['read:things'], 'client', AUDIENCE);
});
after(() => server.close());

/** What the API finds in the token. */
async function read(token: string) {
  const { plaintext, protectedHeader } = await compactDecrypt(token, privateKey);
  const { payload } = await verifyJwt(Buffer.from(plaintext).toString(), {
    keys: await publicKeys(server.ctx),
    algorithms: ['RS256'],
    issuer: server.issuer,
    audience: AUDIENCE,
    nowMs: server.clock.now(),
  });
  return { header: protectedHeader, payload };
}

test('the API decrypts it and checks the signature inside; nobody else reads it', async () => {
  const form = { grant_type: 'client_credentials', audience: AUDIENCE, ...app };
  const { json } = await server.post('/oauth/token', { form });
  assert.equal(json.token_type, 'Bearer');
  assert.equal(json.access_token.split('.').length, 5);
  const { header, payload } = await read(json.access_token);
  assert.deepEqual(header, { alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT', kid: 'api-1' });
  assert.deepEqual([payload.sub, payload.scope], [`${app.client_id}@clients`, 'read:things']);
});

test('of details the client learns the types, the API all', async () => {
  const database = await addDatabase(server.ctx, 'db', [app.client_id]);
  const user = await addUser(server.ctx, database);
  const authorization_details = [{ type: 'account', iban: 'DE02' }];
  const code = await addCode(server.ctx, {
    client_id: app.client_id,
    user_id: user.user_id,
    audience: AUDIENCE,
    scope: ['openid'],
    authorization_details,
  });
  const form = { grant_type: 'authorization_code', code, redirect_uri: 'https://app.test/callback', ...app };
  const { json } = await server.post('/oauth/token', { form });
  assert.deepEqual(json.authorization_details, [{ type: 'account' }]);
  const { payload } = await read(json.access_token);
  assert.deepEqual(payload.authorization_details, authorization_details);
  assert.equal(payload.aud, AUDIENCE);
  const atUserinfo = await server.get('/userinfo', { bearer: json.access_token });
  assert.equal(atUserinfo.status, 401);
});

test('a key that nothing can be encrypted to is refused when it is set; null takes encryption away', async () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' });
  const patch = (json: object) => server.request('PATCH', `/api/v2/resource-servers/${apiId}`, { bearer, json });
  const secret = privateKey.export({ type: 'pkcs8', format: 'pem' });
  for (const bad of [String(weak), String(secret), 'nonsense']) {
    const encryption_key = { alg: 'RSA-OAEP-256', pem: bad };
    const answer = await patch({ token_encryption: { format: 'compact-nested-jwe', encryption_key } });
    assert.equal(answer.status, 400);
    assert.match(answer.json.message, /token_encryption\.encryption_key\.pem/);
  }
  assert.equal((await patch({ token_encryption: null })).status, 200);
  const form = { grant_type: 'client_credentials', audience: AUDIENCE, ...app };
  const { json } = await server.post('/oauth/token', { form });
  assert.equal(json.access_token.split('.').length, 3);
});
