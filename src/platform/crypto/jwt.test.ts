import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { before, test } from 'node:test';
import { inspect } from 'node:util';
import { compactVerify, exportJWK } from 'jose';
import { seededRandom } from '../../kernel/index.ts';
import { decodeJwt, importSigner, type SigningAlgorithm, signJwt } from './index.ts';
import { generateSigningKey, type SigningKeyMaterial } from './signing-keys.ts';

let rsa: SigningKeyMaterial;
before(async () => {
  rsa = await generateSigningKey({ commonName: 'acme.test', now: Date.UTC(2026, 0, 1), random: seededRandom('jwt') });
});

const partOf = (token: string, at: number) => Buffer.from(token.split('.')[at] ?? '', 'base64url').toString();

test('header and claims are written in the order given', async () => {
  const signer = importSigner(rsa.privateKeyPem, 'key-1', 'RS256');
  const claims = {
    iss: 'https://acme.test/',
    sub: 'auth0|1',
    aud: ['a', 'b'],
    iat: 1,
    exp: 2,
    scope: undefined,
    gty: 'password',
  };
  const token = await signJwt(signer, claims);
  assert.equal(partOf(token, 0), '{"alg":"RS256","typ":"JWT","kid":"key-1"}');
  assert.equal(
    partOf(token, 1),
    '{"iss":"https://acme.test/","sub":"auth0|1","aud":["a","b"],"iat":1,"exp":2,"gty":"password"}',
  );
});

test('typ can be replaced or left out, further members come last', async () => {
  const signer = importSigner(rsa.privateKeyPem, 'key-1', 'RS256');
  assert.equal(partOf(await signJwt(signer, {}, { typ: 'at+jwt' }), 0), '{"alg":"RS256","typ":"at+jwt","kid":"key-1"}');
  assert.equal(partOf(await signJwt(signer, {}, { typ: null }), 0), '{"alg":"RS256","kid":"key-1"}');
  assert.equal(
    partOf(await signJwt(signer, {}, { extraHeader: { nonce: 'n' } }), 0),
    '{"alg":"RS256","typ":"JWT","kid":"key-1","nonce":"n"}',
  );
  assert.equal(partOf(await signJwt(signer, {}), 0), '{"alg":"RS256","typ":"JWT","kid":"key-1"}');
});

test('another implementation accepts the signatures of every algorithm', async () => {
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const rsaAlgorithms: SigningAlgorithm[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
  const cases: [SigningAlgorithm, string][] = [
    ...rsaAlgorithms.map((alg): [SigningAlgorithm, string] => [alg, rsa.privateKeyPem]),
    ['ES256', p256.toString()],
    ['ES384', p384.toString()],
  ];
  for (const [alg, pem] of cases) {
    const token = await signJwt(importSigner(pem, 'k', alg), { sub: 'x' });
    const { payload } = await compactVerify(token, await exportJWK(createPublicKey(pem)), { algorithms: [alg] });
    assert.equal(Buffer.from(payload).toString(), '{"sub":"x"}', alg);
  }
  const hmac = await signJwt(importSigner('a client secret', undefined, 'HS256'), { sub: 'x' });
  assert.equal(partOf(hmac, 0), '{"alg":"HS256","typ":"JWT"}');
  await compactVerify(hmac, Buffer.from('a client secret'), { algorithms: ['HS256'] });
});

test('RS256 is plain RSASSA-PKCS1-v1_5 over header and payload', async () => {
  const token = await signJwt(importSigner(rsa.privateKeyPem, rsa.kid, 'RS256'), { name: 'Zoë 🔑' });
  const [header, payload, signature = ''] = token.split('.');
  assert.ok(verify('sha256', Buffer.from(`${header}.${payload}`), rsa.cert, Buffer.from(signature, 'base64url')));
  assert.equal(decodeJwt(token)?.payload.name, 'Zoë 🔑');
});

test('a signer is made once for a key and a kid, and does not show its key', () => {
  const signer = importSigner(rsa.privateKeyPem, 'key-1', 'RS256');
  assert.equal(importSigner(rsa.privateKeyPem, 'key-1', 'RS256'), signer);
  assert.notEqual(importSigner(rsa.privateKeyPem, 'key-2', 'RS256'), signer);
  assert.notEqual(importSigner(rsa.privateKeyPem, 'key-1', 'PS256'), signer);
  assert.ok(!(inspect(signer) + JSON.stringify(signer)).includes('PRIVATE'));
});

test('a key that does not suit the algorithm is refused', () => {
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  assert.throws(() => importSigner(p384.toString(), 'k', 'RS256'), TypeError);
  assert.throws(() => importSigner(p384.toString(), 'k', 'ES256'), TypeError);
  assert.throws(() => importSigner(rsa.privateKeyPem, 'k', 'ES256'), TypeError);
  assert.throws(() => importSigner('no key', 'k', 'RS256'));
});

test('decodeJwt reads without checking, and gives undefined for what is no JWT', async () => {
  const token = await signJwt(importSigner('s', undefined, 'HS256'), { sub: 'x' });
  assert.deepEqual(decodeJwt(token), { header: { alg: 'HS256', typ: 'JWT' }, payload: { sub: 'x' } });
  const [header, payload] = token.split('.');
  for (const text of [
    '',
    'a.b',
    'a.b.c',
    `${header}.${payload}`,
    `${header}.bnVsbA.x`,
    `${header}.W10.x`,
    `${header}.e30=.x`,
  ]) {
    assert.equal(decodeJwt(text), undefined, text);
  }
});
