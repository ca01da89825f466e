import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type TestServer, testServer } from '../../../test/server.ts';
import { changeSettings } from '../../../test/token-fixture.ts';
import { addDomain } from '../../provisioning/index.ts';

let server: TestServer;
before(async () => {
  server = await testServer();
});
after(() => server.close());

test('metadata: the same document at both places, for pages of any origin', async () => {
  const headers = { origin: 'https://anything.test' };
  const openid = await server.get('/.well-known/openid-configuration', { headers });
  const oauth = await server.get('/.well-known/oauth-authorization-server');
  assert.equal(openid.status, 200);
  assert.equal(openid.headers['access-control-allow-origin'], '*');
  assert.deepEqual(openid.json, oauth.json);
  assert.equal(openid.json.issuer, 'https://tenant.test/');
  assert.equal(openid.json.end_session_endpoint, 'https://tenant.test/oidc/logout');
  const types = ['code', 'token', 'id_token', 'code token', 'code id_token', 'token id_token', 'code token id_token'];
  assert.deepEqual(openid.json.response_types_supported, types);
  assert.deepEqual(openid.json.response_modes_supported, ['query', 'fragment', 'form_post']);
  await changeSettings(server.ctx, { oidc_logout: { rp_logout_end_session_endpoint_discovery: false } });
  const without = await server.get('/.well-known/openid-configuration');
  assert.equal('end_session_endpoint' in without.json, false);
});

test('every endpoint that it names exists', async () => {
  const { json } = await server.get('/.well-known/openid-configuration');
  const paths = new Set(
    server.app.endpoints.map(({ path }) => `https://tenant.test${path.replace(':connection', '{connectionName}')}`),
  );
  const named = Object.entries(json).filter(([key]) => key.endsWith('_endpoint') || key === 'jwks_uri');
  assert.ok(named.length >= 6);
  assert.deepEqual(
    named.filter(([, url]) => !paths.has(String(url))),
    [],
  );
});

test('everything is on the domain that was asked', async () => {
  await addDomain(server.app.shared, server.ctx, 'https://login.custom.test');
  const headers = { host: 'login.custom.test' };
  const { json } = await server.get('/.well-known/openid-configuration', { headers });
  assert.equal(json.issuer, 'https://login.custom.test/');
  assert.equal(json.token_endpoint, 'https://login.custom.test/oauth/token');
});

test('keys and certificates belong together', async () => {
  const { json } = await server.get('/.well-known/jwks.json');
  assert.equal(json.keys.length, 2);
  assert.deepEqual(Object.keys(json.keys[0]), ['kty', 'use', 'n', 'e', 'kid', 'x5t', 'x5c', 'alg']);
  const pem = await server.get('/pem');
  assert.match(String(pem.headers['content-type']), /^application\/x-pem-file/);
  assert.equal(pem.headers['content-disposition'], 'attachment; filename="tenant.pem"');
  const certificate = new X509Certificate(pem.text);
  assert.equal(certificate.raw.toString('base64'), json.keys[0].x5c[0]);
  const raw = await server.get('/rawpem');
  assert.equal(new X509Certificate(raw.text).fingerprint, certificate.fingerprint);
  const binary = await server.app.http.app.inject({ url: '/cer', headers: { host: server.host } });
  assert.deepEqual(binary.rawPayload, certificate.raw);
  assert.match((await server.get('/pb7')).text, /-----BEGIN PKCS7-----/);
  const { keys } = (await server.other.get('/.well-known/jwks.json')).json;
  assert.notEqual(keys[0].kid, json.keys[0].kid);
});
