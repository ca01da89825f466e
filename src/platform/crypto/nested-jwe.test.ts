import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { compactDecrypt } from 'jose/jwe/compact/decrypt';
import { encryptJwt, importEncryptionKey } from './nested-jwe.ts';
import { PublicKeyRefused } from './public-keys.ts';

const pair = (modulusLength = 2048) => generateKeyPairSync('rsa', { modulusLength });
const pemOf = (key: ReturnType<typeof pair>['publicKey']) => key.export({ type: 'spki', format: 'pem' }).toString();

for (const alg of ['RSA-OAEP-256', 'RSA-OAEP-384', 'RSA-OAEP-512'] as const) {
  test(`${alg}: only the holder reads the token; every encryption is another`, async () => {
    const { publicKey, privateKey } = pair();
    const key = { alg, pem: pemOf(publicKey), kid: 'k1' };
    const [one, other] = await Promise.all([encryptJwt('a.b.c', key), encryptJwt('a.b.c', key)]);
    assert.notEqual(one, other);
    const { plaintext, protectedHeader } = await compactDecrypt(one, privateKey);
    assert.equal(Buffer.from(plaintext).toString(), 'a.b.c');
    assert.deepEqual(protectedHeader, { alg, enc: 'A256GCM', cty: 'JWT', kid: 'k1' });
    await assert.rejects(compactDecrypt(one, pair().privateKey));
  });
}

test('a name is left out where there is none', async () => {
  const { publicKey } = pair();
  const token = await encryptJwt('a.b.c', { alg: 'RSA-OAEP-256', pem: pemOf(publicKey) });
  assert.deepEqual(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()), {
    alg: 'RSA-OAEP-256',
    enc: 'A256GCM',
    cty: 'JWT',
  });
});

test('short keys, keys of another kind, private keys and nonsense are refused', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
  const secret = pair().privateKey.export({ type: 'pkcs8', format: 'pem' });
  for (const pem of [pemOf(pair(1024).publicKey), String(ec), String(secret), 'nonsense'])
    assert.throws(() => importEncryptionKey(pem), PublicKeyRefused);
});
