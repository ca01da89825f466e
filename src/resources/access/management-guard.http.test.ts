import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { addApplication } from '../../../test/fixtures.ts';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { currentSigningKey } from '../keys/index.ts';

let server: TestServer;
before(async () => {
  server = await testServer();
});
after(() => server.close());

const call = (headers: Record<string, string>) => server.get('/api/v2/client-grants', { headers });
const withToken = (token: string) => call({ authorization: `Bearer ${token}` });
const SCOPES = ['read:client_grants'];

const INVALID = (message: string) => ({ statusCode: 401, error: 'Unauthorized', message, errorCode: 'invalid_token' });
const SIGNATURE = INVALID('Invalid signature received for JSON Web Token validation.');

test('no header, another scheme', async () => {
  const missing = await call({});
  assert.deepEqual(missing.json, { statusCode: 401, error: 'Unauthorized', message: 'Missing authentication' });
  assert.equal(missing.headers['www-authenticate'], 'Bearer');
  for (const authorization of ['Basic abc', 'Bearer', 'Bearer a b']) {
    const { status, json } = await call({ authorization });
    assert.equal(status, 400);
    assert.equal(json.message, 'Bad HTTP authentication header format');
  }
});

test('a good token', async () => {
  assert.equal((await withToken(await managementToken(server, SCOPES))).status, 200);
});

test('tokens that are none, expired, for another audience, of another tenant', async () => {
  assert.deepEqual((await withToken('nonsense')).json, INVALID('Invalid token.'));
  const now = Math.floor(server.clock.now() / 1000);
  const expired = await managementToken(server, SCOPES, { exp: now - 1 });
  assert.deepEqual((await withToken(expired)).json, INVALID('Token has expired or signature is invalid.'));
  const endless = await managementToken(server, SCOPES, { exp: undefined });
  assert.equal((await withToken(endless)).status, 401);
  const elsewhere = await managementToken(server, SCOPES, { aud: 'https://tenant.test/userinfo' });
  assert.equal((await withToken(elsewhere)).status, 401);
  const foreign = await managementToken(server.other, SCOPES, { aud: 'https://tenant.test/api/v2/' });
  assert.deepEqual((await withToken(foreign)).json, SIGNATURE);
});

test('forged tokens: no algorithm, the public key as a secret, a changed payload', async () => {
  const token = await managementToken(server, SCOPES);
  const [header = '', payload = '', signature = ''] = token.split('.');
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const none = `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`;
  const { kid, cert } = await currentSigningKey(server.ctx);
  const input = `${encode({ alg: 'HS256', typ: 'JWT', kid })}.${payload}`;
  const confused = `${input}.${createHmac('sha256', cert).update(input).digest('base64url')}`;
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const widened = `${header}.${encode({ ...claims, scope: 'read:client_grants delete:clients' })}.${signature}`;
  for (const forged of [none, confused, widened]) assert.equal((await withToken(forged)).status, 401);
});

test('a token without the scope', async () => {
  const { status, json } = await withToken(await managementToken(server, ['create:client_grants']));
  assert.equal(status, 403);
  assert.deepEqual(json, {
    statusCode: 403,
    error: 'Forbidden',
    message: 'Insufficient scope, expected any of: read:client_grants',
    errorCode: 'insufficient_scope',
  });
});

test('a token ends with its client, so that nothing that bound the client is lost', async () => {
  const { client_id } = await addApplication(server.ctx);
  const token = await managementToken(server, SCOPES, { azp: client_id });
  assert.equal((await withToken(token)).status, 200);
  const bearer = await managementToken(server, ['delete:clients']);
  assert.equal((await server.request('DELETE', `/api/v2/clients/${client_id}`, { bearer })).status, 204);
  assert.deepEqual((await withToken(token)).json, INVALID('Invalid token.'));
});

test('a token that was good is refused once it has expired', async () => {
  const now = Math.floor(server.clock.now() / 1000);
  const token = await managementToken(server, SCOPES, { exp: now + 60 });
  assert.equal((await withToken(token)).status, 200);
  server.clock.advance(60);
  assert.deepEqual((await withToken(token)).json, INVALID('Token has expired or signature is invalid.'));
});
