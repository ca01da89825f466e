import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { calculateJwkThumbprint } from 'jose';
import { seededRandom } from '../../kernel/index.ts';
import { generateSigningKey, importPublicKey, type JWK, jwkThumbprint, PublicKeyRefused } from './index.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const jwkOf = (pair: { publicKey: typeof rsa.publicKey }) => pair.publicKey.export({ format: 'jwk' }) as JWK;

test('SPKI, PKCS#1, certificate and JWK give the same key', async () => {
  for (const pair of [rsa, ec, ed]) {
    const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    assert.ok(importPublicKey(pem).equals(pair.publicKey));
    assert.ok(importPublicKey(jwkOf(pair)).equals(pair.publicKey));
  }
  const pkcs1 = rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  assert.ok(importPublicKey(pkcs1).equals(rsa.publicKey));
  const material = await generateSigningKey({ commonName: 'x', now: 0, random: seededRandom('x') });
  assert.ok(importPublicKey(material.cert).equals(importPublicKey({ ...material.publicJwk, x5c: [] })));
});

test('keys are remembered by what makes them up, not by their name', () => {
  const key = importPublicKey({ ...jwkOf(rsa), kid: 'a' });
  assert.equal(importPublicKey({ ...jwkOf(rsa), kid: 'b' }), key);
  const impostor = generateKeyPairSync('rsa', { modulusLength: 2048 });
  assert.ok(importPublicKey({ ...jwkOf(impostor), kid: 'a' }).equals(impostor.publicKey));
});

test('private, symmetric and unreadable keys are refused', () => {
  const refused: (string | JWK)[] = [
    rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ec.privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
    rsa.privateKey.export({ format: 'jwk' }) as JWK,
    { kty: 'oct', k: 'AAAA' },
    { kty: 'RSA', e: 'AQAB' },
    { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' },
    {} as JWK,
    '',
    'no key',
    '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
  ];
  for (const key of refused)
    assert.throws(() => importPublicKey(key), PublicKeyRefused, JSON.stringify(key).slice(0, 60));
});

test('thumbprints agree with another implementation and leave out what is not essential', async () => {
  for (const pair of [rsa, ec, ed]) {
    const expected = await calculateJwkThumbprint(jwkOf(pair), 'sha256');
    assert.equal(jwkThumbprint({ ...jwkOf(pair), kid: 'x', use: 'sig', alg: 'RS256' }), expected);
  }
});

test('RFC 8037 appendix A.3: the thumbprint of an Ed25519 key', () => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
  assert.equal(jwkThumbprint(jwk), 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
});
