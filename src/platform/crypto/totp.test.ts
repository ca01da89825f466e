import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../kernel/index.ts';
import { decodeBase32, encodeBase32, matchTotp, otpauthUri, totpAt, totpSecret } from './totp.ts';

const SECRET = encodeBase32(Buffer.from('12345678901234567890'));
const NOW = 1_111_111_111_000;
const STEP = Math.floor(NOW / 30_000);

test('base32 (RFC 4648 §10, without padding)', () => {
  const vectors = {
    '': '',
    f: 'MY',
    fo: 'MZXQ',
    foo: 'MZXW6',
    foob: 'MZXW6YQ',
    fooba: 'MZXW6YTB',
    foobar: 'MZXW6YTBOI',
  };
  for (const [plain, encoded] of Object.entries(vectors)) {
    assert.equal(encodeBase32(Buffer.from(plain)), encoded);
    assert.equal(decodeBase32(encoded).toString(), plain);
  }
  assert.equal(decodeBase32('mzxw6ytboi======').toString(), 'foobar');
});

test('what is not base32 is refused', () => {
  for (const text of ['MZXW1', 'MZ XQ', 'M', 'MZX', 'MZ=XQ', 'é234'])
    assert.throws(() => decodeBase32(text), SyntaxError, text);
});

test('RFC 6238 appendix B, SHA-1, last six digits', () => {
  const vectors: [number, string][] = [
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ];
  for (const [seconds, code] of vectors) assert.equal(totpAt(SECRET, seconds * 1000), code);
});

test('a secret is 20 bytes in 32 characters, new each time', () => {
  const random = seededRandom('totp');
  const secret = totpSecret(random);
  assert.match(secret, /^[A-Z2-7]{32}$/);
  assert.equal(decodeBase32(secret).length, 20);
  assert.notEqual(totpSecret(random), secret);
});

test('the code of this step and of its neighbours matches, no other', () => {
  for (const drift of [-3, -2, -1, 0, 1, 2, 3]) {
    const code = totpAt(SECRET, NOW + drift * 30_000);
    const expected = Math.abs(drift) <= 1 ? STEP + drift : undefined;
    assert.equal(matchTotp({ secret: SECRET, code, nowMs: NOW }), expected, `drift ${drift}`);
  }
});

test('no step is accepted twice, and none before the last', () => {
  const code = totpAt(SECRET, NOW);
  assert.equal(matchTotp({ secret: SECRET, code, nowMs: NOW, lastStep: STEP - 1 }), STEP);
  assert.equal(matchTotp({ secret: SECRET, code, nowMs: NOW, lastStep: STEP }), undefined);
  assert.equal(matchTotp({ secret: SECRET, code, nowMs: NOW, lastStep: STEP + 1 }), undefined);
  const next = totpAt(SECRET, NOW + 30_000);
  assert.equal(matchTotp({ secret: SECRET, code: next, nowMs: NOW, lastStep: STEP }), STEP + 1);
});

test('only the six digits themselves match', () => {
  const code = totpAt(SECRET, NOW);
  for (const wrong of ['', ` ${code}`, `${code} `, code.slice(1), `${code}0`, String(Number(code))]) {
    assert.equal(matchTotp({ secret: SECRET, code: wrong, nowMs: NOW }), undefined, wrong);
  }
});

test('the first step of all is checked without one before it', () => {
  assert.equal(matchTotp({ secret: SECRET, code: totpAt(SECRET, 0), nowMs: 0 }), 0);
});

test('the URI reads as Auth0 writes it', () => {
  assert.equal(
    otpauthUri({ issuer: 'My Test Tenant', account: 'user@example.com', secret: 'HJ6XM2DN' }),
    'otpauth://totp/My%20Test%20Tenant:user%40example.com?secret=HJ6XM2DN&issuer=My%20Test%20Tenant&algorithm=SHA1&digits=6&period=30',
  );
});
