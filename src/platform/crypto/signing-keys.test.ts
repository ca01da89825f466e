import assert from 'node:assert/strict';
import { createHash, createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { before, test } from 'node:test';
import { seededRandom } from '../../kernel/index.ts';
import { generateSigningKey, type SigningKeyMaterial } from './signing-keys.ts';

const NOW = Date.UTC(2026, 10, 22, 10, 0, 0);
let material: SigningKeyMaterial;
let certificate: X509Certificate;

before(async () => {
  material = await generateSigningKey({ commonName: 'acme.example.com', now: NOW, random: seededRandom('keys') });
  certificate = new X509Certificate(material.cert);
});

test('the private key is an RSA-2048 key in PKCS#8', () => {
  assert.match(material.privateKeyPem, /^-----BEGIN PRIVATE KEY-----\n/);
  const key = createPrivateKey(material.privateKeyPem);
  assert.equal(key.asymmetricKeyType, 'rsa');
  assert.equal(key.asymmetricKeyDetails?.modulusLength, 2048);
  assert.ok(certificate.checkPrivateKey(key));
});

test('the certificate is self-signed for the domain, from now on', () => {
  assert.equal(certificate.subject, 'CN=acme.example.com');
  assert.ok(certificate.verify(certificate.publicKey));
  assert.ok(certificate.checkIssued(certificate));
  assert.equal(Date.parse(certificate.validFrom), NOW);
  assert.equal(Date.parse(certificate.validTo), NOW + 5000 * 86_400_000);
  assert.equal(certificate.ca, true);
});

test('the JWK is the public half, in the order of members that Auth0 shows', () => {
  const jwk = material.publicJwk;
  assert.deepEqual(Object.keys(jwk), ['kty', 'use', 'n', 'e', 'kid', 'x5t', 'x5c', 'alg']);
  assert.ok(
    createPublicKey({ key: { kty: jwk.kty, n: jwk.n, e: jwk.e }, format: 'jwk' }).equals(certificate.publicKey),
  );
  assert.deepEqual(jwk.x5c, [certificate.raw.toString('base64')]);
  assert.equal(jwk.x5t, createHash('sha1').update(certificate.raw).digest('base64url'));
  assert.equal(jwk.kid, material.kid);
});

test('kid, fingerprint and thumbprint have the forms of /api/v2/keys/signing', () => {
  assert.match(material.kid, /^[A-Za-z0-9_-]{21}$/);
  assert.equal(material.fingerprint, certificate.fingerprint);
  assert.equal(material.thumbprint, certificate.fingerprint.replaceAll(':', ''));
  assert.match(material.cert, /^-----BEGIN CERTIFICATE-----\r\n[\s\S]+\r\n-----END CERTIFICATE-----$/);
  assert.match(material.pkcs7, /^-----BEGIN PKCS7-----\r\n[\s\S]+\r\n-----END PKCS7-----$/);
});

test('the PKCS#7 message is signed-data without content or signers around the certificate', () => {
  const bytes = Buffer.from(material.pkcs7.replace(/-----.+-----/g, ''), 'base64');
  const at = bytes.indexOf(certificate.raw);
  const [head, tail] = [bytes.subarray(0, at).toString('hex'), bytes.subarray(at + certificate.raw.length)];
  // ContentInfo { signedData, [0] { SEQUENCE { version 1, no digests, { data }, [0] certificates …, no signers } } }
  assert.match(head, /^3082....06092a864886f70d010702a082....3082....0201013100300b06092a864886f70d010701a082....$/);
  assert.equal(tail.toString('hex'), '3100');
  assert.equal(bytes.readUInt16BE(2), bytes.length - 4);
  assert.equal(bytes.readUInt16BE(at - 2), certificate.raw.length);
});

test('two keys share nothing', async () => {
  const other = await generateSigningKey({ commonName: 'acme.example.com', now: NOW, random: seededRandom('others') });
  assert.notEqual(other.kid, material.kid);
  assert.notEqual(other.publicJwk.n, material.publicJwk.n);
  assert.notEqual(new X509Certificate(other.cert).serialNumber, certificate.serialNumber);
});
