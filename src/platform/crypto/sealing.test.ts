import assert from 'node:assert/strict';
import { createHmac, hkdfSync } from 'node:crypto';
import { test } from 'node:test';
import { createSealer, SealBroken } from './sealing.ts';

const MASTER = 'a master secret of enough length, 1';
const sealer = createSealer(MASTER);

test('a sealed value opens under its own context', () => {
  for (const plaintext of ['', 'secret', 'größer 🔑', 'x'.repeat(10_000)]) {
    assert.equal(sealer.open(sealer.seal(plaintext, 'acme:keys:1'), 'acme:keys:1'), plaintext);
  }
});

test('a restart with the same master secret opens what was sealed', () => {
  assert.equal(createSealer(MASTER).open(sealer.seal('secret', 'c'), 'c'), 'secret');
});

test('sealing twice gives two different values that start with the version', () => {
  const [one, two] = [sealer.seal('secret', 'c'), sealer.seal('secret', 'c')];
  assert.notEqual(one, two);
  assert.match(one, /^cs1\.[A-Za-z0-9_-]+$/);
  assert.ok(!Buffer.from(one.slice(4), 'base64url').includes('secret'));
});

test('another context or another master secret does not open it', () => {
  const sealed = sealer.seal('secret', 'acme:keys:1');
  assert.throws(() => sealer.open(sealed, 'other:keys:1'), SealBroken);
  assert.throws(() => createSealer(`${MASTER}!`).open(sealed, 'acme:keys:1'), SealBroken);
});

test('a change of any byte is noticed', () => {
  const bytes = Buffer.from(sealer.seal('secret', 'c').slice(4), 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = changed[at]! ^ 1;
    assert.throws(() => sealer.open(`cs1.${changed.toString('base64url')}`, 'c'), SealBroken, `byte ${at}`);
  }
});

test('what is not sealed, or cut short, is refused', () => {
  const sealed = sealer.seal('secret', 'c');
  for (const text of ['', 'secret', 'cs1.', 'cs1.AAAA', sealed.slice(0, -2), sealed.replace('cs1', 'cs2')]) {
    assert.throws(() => sealer.open(text, 'c'), SealBroken, text);
  }
});

test('digests are keyed, and context and secret cannot be shifted into each other', () => {
  assert.equal(sealer.digest('abc', 'c'), createSealer(MASTER).digest('abc', 'c'));
  assert.notEqual(sealer.digest('abc', 'c'), createSealer(`${MASTER}!`).digest('abc', 'c'));
  assert.notEqual(sealer.digest('bc', 'a'), sealer.digest('c', 'ab'));
  assert.notEqual(sealer.digest(':bc', 'a'), sealer.digest('bc', 'a:'));
  const key = Buffer.from(hkdfSync('sha256', MASTER, '', 'countersign/digest/1', 32));
  assert.equal(sealer.digest('abc', 'c'), createHmac('sha256', key).update('1:c:abc').digest('base64url'));
});

test('derived keys are 32 bytes, stable, and different for each purpose', () => {
  assert.equal(sealer.deriveKey('opaque').length, 32);
  assert.deepEqual(sealer.deriveKey('opaque'), createSealer(MASTER).deriveKey('opaque'));
  assert.notDeepEqual(sealer.deriveKey('opaque'), sealer.deriveKey('cookies'));
});

test('a short master secret is refused', () => {
  assert.throws(() => createSealer('x'.repeat(31)), RangeError);
});
