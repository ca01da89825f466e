import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../kernel/index.ts';
import { burnPasswordTime, hashPassword, needsRehash, verifyPassword } from './passwords.ts';

const random = seededRandom('passwords');
/** From the tests of the argon2 reference implementation (version 0x13). */
const REFERENCE = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
const REFERENCE_I = '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA';
/** From the tests of crypt_blowfish. */
const BCRYPT = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';

test('a hash is an argon2id PHC string with 19 MiB, two passes and a salt of its own', async () => {
  const [one, two] = await Promise.all([hashPassword('pässwörd', random), hashPassword('pässwörd', random)]);
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.notEqual(one, two);
  assert.ok(await verifyPassword('pässwörd', one));
  assert.ok(!(await verifyPassword('passwörd', one)));
  assert.ok(!(await verifyPassword('', one)));
  assert.ok(!needsRehash(one));
});

test('argon2 hashes of others are verified with their own parameters', async () => {
  assert.ok(await verifyPassword('password', REFERENCE));
  assert.ok(!(await verifyPassword('Password', REFERENCE)));
  assert.ok(await verifyPassword('password', REFERENCE_I));
});

test('bcrypt hashes are verified in all three spellings', async () => {
  for (const prefix of ['$2a$', '$2b$', '$2y$']) {
    const stored = BCRYPT.replace('$2a$', prefix);
    assert.ok(await verifyPassword('U*U', stored), prefix);
    assert.ok(!(await verifyPassword('U*V', stored)), prefix);
  }
});

test('what cannot be read, or asks for too much work, is never right', async () => {
  const refused = [
    '',
    'password',
    REFERENCE.replace('v=19', 'v=16'),
    REFERENCE.replace('m=65536', 'm=99999999'),
    REFERENCE.replace('m=65536', 'm=4'),
    REFERENCE.replace('t=2', 't=0'),
    REFERENCE.replace('c29tZXNhbHQ', 'c29t'),
    BCRYPT.replace('$05$', '$31$'),
    BCRYPT.slice(0, -1),
  ];
  for (const stored of refused) assert.equal(await verifyPassword('password', stored), false, stored);
});

test('hashes with less work than ours, or of another kind, need a new one', () => {
  const ours = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
  assert.equal(needsRehash(ours), false);
  assert.equal(needsRehash(ours.replace('m=19456', 'm=65536')), false);
  assert.equal(needsRehash(ours.replace('m=19456', 'm=4096')), true);
  assert.equal(needsRehash(ours.replace('t=2', 't=1')), true);
  assert.equal(needsRehash(REFERENCE), true, 'its salt has 8 bytes');
  assert.equal(needsRehash(REFERENCE_I), true);
  assert.equal(needsRehash(BCRYPT), true);
  assert.equal(needsRehash(''), true);
});

test('burning time costs processor time of the order of a verification, off the event loop', async () => {
  const stored = await hashPassword('password', random);
  const before = process.cpuUsage();
  await verifyPassword('wrong', stored);
  const verifying = process.cpuUsage(before);
  const between = process.cpuUsage();
  await burnPasswordTime('wrong');
  const burning = process.cpuUsage(between);
  assert.ok(burning.user + burning.system > (verifying.user + verifying.system) / 5);
});
