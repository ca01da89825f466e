import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Random, seededRandom } from '../../kernel/index.ts';
import {
  hashToken,
  numericCode,
  opaqueTicket,
  randomText,
  randomToken,
  recoveryCode,
  refreshTokenString,
  safeEqual,
} from './tokens.ts';

/** Gives the bytes of `pattern` round and round. */
function cyclingRandom(pattern: readonly number[]): Random {
  let at = 0;
  const bytes = (n: number) => Buffer.from(Array.from({ length: n }, () => pattern[at++ % pattern.length]!));
  return { ...seededRandom('cycling'), bytes };
}

test('hashToken is SHA-256 in base64url (FIPS 180-2, "abc")', () => {
  assert.equal(hashToken('abc'), 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
});

test('safeEqual compares texts of any length', () => {
  assert.ok(safeEqual('same', 'same'));
  assert.ok(safeEqual('', ''));
  assert.ok(!safeEqual('same', 'sama'));
  assert.ok(!safeEqual('same', 'same '));
  assert.ok(!safeEqual('', 'x'));
});

test('tokens have the shapes that Auth0 shows', () => {
  const random = seededRandom('shapes');
  assert.match(randomToken(random), /^[A-Za-z0-9_-]{43}$/);
  assert.match(randomToken(random, 24), /^[A-Za-z0-9_-]{32}$/);
  assert.match(refreshTokenString(random), /^v1\.M[A-Za-z0-9_-]{60}$/);
  assert.match(recoveryCode(random), /^[A-HJ-NP-Z1-9]{24}$/);
  assert.match(numericCode(random), /^\d{6}$/);
  assert.match(numericCode(random, 8), /^\d{8}$/);
});

test('an opaque ticket carries its times and is otherwise random', () => {
  const random = seededRandom('tickets');
  const ticket = opaqueTicket(random, 1_726_721_698_500, 600_000);
  assert.match(
    ticket,
    /^Fe26\.2\*SERVER_1726721698\*[0-9a-f]{64}\*[\w-]{22}\*[\w-]{150}\*1726722298500\*[0-9a-f]{64}\*[\w-]{43}~2$/,
  );
  assert.equal(ticket.split('*').length, 8);
  const other = opaqueTicket(random, 1_726_721_698_500, 600_000).split('*');
  const repeated = ticket.split('*').filter((part, at) => part === other[at]);
  assert.deepEqual(repeated, ['Fe26.2', 'SERVER_1726721698', '1726722298500']);
});

test('every character is equally likely', () => {
  const everyByte = Array.from({ length: 256 }, (_, byte) => byte);
  for (const alphabet of ['0123456789', 'ABCDEFGHJKLMNPQRSTUVWXYZ123456789', 'ab']) {
    const times = Math.floor(256 / alphabet.length);
    const text = randomText(cyclingRandom(everyByte), alphabet, times * alphabet.length);
    for (const letter of alphabet) assert.equal(text.split(letter).length - 1, times, letter);
  }
});

test('bytes that would favour the first characters are drawn again', () => {
  assert.equal(numericCode(cyclingRandom([250, 251, 255, 3])), '333333');
});

test('a source of randomness that is stuck is an error, not an endless loop', () => {
  assert.throws(() => numericCode(cyclingRandom([255])), /randomness/);
});
