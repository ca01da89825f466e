import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { decryptOpaque, encryptOpaque } from './index.ts';

const KEY = new Uint8Array(32).fill(7);
const ISSUER = 'https://acme.test/';
const CLAIMS = { sub: 'auth0|1', scope: 'openid', name: 'Zoë' };

test('the token has the header that Auth0 shows and hides its claims', () => {
  const token = encryptOpaque(CLAIMS, KEY, ISSUER);
  const [header = '', wrappedKey, iv = ''] = token.split('.');
  assert.equal(Buffer.from(header, 'base64url').toString(), '{"alg":"dir","enc":"A256GCM","iss":"https://acme.test/"}');
  assert.ok(token.startsWith('eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwiaXNzIjoi'));
  assert.equal(wrappedKey, '');
  assert.equal(Buffer.from(iv, 'base64url').length, 12);
  assert.notEqual(encryptOpaque(CLAIMS, KEY, ISSUER), token);
});

test('it decrypts to its claims and issuer', () => {
  assert.deepEqual(decryptOpaque(encryptOpaque(CLAIMS, KEY, ISSUER), KEY), { issuer: ISSUER, claims: CLAIMS });
});

test('it is a JWE to another implementation, both ways', async () => {
  const { plaintext } = await compactDecrypt(encryptOpaque(CLAIMS, KEY, ISSUER), KEY);
  assert.deepEqual(JSON.parse(Buffer.from(plaintext).toString()), CLAIMS);
  const theirs = await new CompactEncrypt(Buffer.from(JSON.stringify(CLAIMS)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', iss: ISSUER })
    .encrypt(KEY);
  assert.deepEqual(decryptOpaque(theirs, KEY)?.claims, CLAIMS);
});

test('another key, or a change in any part, gives nothing', () => {
  const token = encryptOpaque(CLAIMS, KEY, ISSUER);
  assert.equal(decryptOpaque(token, new Uint8Array(32).fill(8)), undefined);
  const parts = token.split('.');
  for (const at of [0, 2, 3, 4]) {
    const bytes = Buffer.from(parts[at]!, 'base64url');
    bytes[0] = bytes[0]! ^ 1;
    assert.equal(decryptOpaque(parts.with(at, bytes.toString('base64url')).join('.'), KEY), undefined, `part ${at}`);
  }
  const elsewhere = Buffer.from('{"alg":"dir","enc":"A256GCM","iss":"https://evil.test/"}').toString('base64url');
  assert.equal(decryptOpaque(parts.with(0, elsewhere).join('.'), KEY), undefined);
  assert.equal(decryptOpaque(parts.with(4, parts[4]!.slice(0, 11)).join('.'), KEY), undefined, 'short tag');
});

test('what is no such token gives nothing', async () => {
  const other = await new CompactEncrypt(Buffer.from('{}'))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .encrypt(KEY);
  const token = encryptOpaque(CLAIMS, KEY, ISSUER);
  for (const text of ['', 'a.b.c', '....', `${token}.`, token.replace('..', '.AA.'), other, 'x'.repeat(70_000)]) {
    assert.equal(decryptOpaque(text, KEY), undefined, text.slice(0, 40));
  }
});
