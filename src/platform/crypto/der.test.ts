import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as der from './der.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('lengths take one byte to 127 and as many as needed from 128', () => {
  assert.equal(hex(der.octetString(Buffer.alloc(127))).slice(0, 4), '047f');
  assert.equal(hex(der.octetString(Buffer.alloc(128))).slice(0, 6), '048180');
  assert.equal(hex(der.octetString(Buffer.alloc(256))).slice(0, 8), '04820100');
  assert.equal(hex(der.octetString(Buffer.alloc(65_536))).slice(0, 10), '0483010000');
});

test('integers are minimal and never negative', () => {
  assert.equal(hex(der.integer(Buffer.from([0]))), '020100');
  assert.equal(hex(der.integer(Buffer.from([0, 0, 5]))), '020105');
  assert.equal(hex(der.integer(Buffer.from([0x80]))), '02020080');
});

test('object identifiers (X.690 §8.19.5: 1.2.840.113549)', () => {
  assert.equal(hex(der.oid('1.2.840.113549')), '06062a864886f70d');
  assert.equal(hex(der.oid('2.5.29.15')), '0603551d0f');
});

test('times are UTCTime to 2049 and GeneralizedTime from 2050', () => {
  assert.equal(
    der
      .time(Date.UTC(2049, 11, 31, 23, 59, 59))
      .subarray(2)
      .toString(),
    '491231235959Z',
  );
  assert.equal(
    der
      .time(Date.UTC(2050, 0, 1))
      .subarray(2)
      .toString(),
    '20500101000000Z',
  );
  assert.equal(der.time(Date.UTC(2050, 0, 1))[0], 0x18);
});
