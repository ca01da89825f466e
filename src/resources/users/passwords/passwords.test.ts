import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure, systemRandom } from '../../../kernel/index.ts';
import { hashPassword } from '../../../platform/crypto/index.ts';
import { type Connection, databaseRules } from '../../connections/index.ts';
import { requireAcceptablePassword, requireNewPassword } from './policy.ts';

const rulesOf = (options: Record<string, unknown>) => databaseRules({ options } as unknown as Connection).password;

/** `ok`, or the code of the failure. */
function judge(options: Record<string, unknown>, password: string, owner: Record<string, unknown> = {}): string {
  try {
    requireAcceptablePassword(rulesOf(options), owner, password);
    return 'ok';
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    return error.code;
  }
}

function report(options: Record<string, unknown>, password: string) {
  try {
    requireAcceptablePassword(rulesOf(options), {}, password);
  } catch (error) {
    return (error as Failure<'password_too_weak'>).params as { report: { rules: { code: string }[] }; policy: string };
  }
  return assert.fail(`${password} was accepted`);
}

test('each named strength draws the line where Auth0 does', () => {
  const cases: [string | undefined, string, string][] = [
    [undefined, 'x', ''],
    ['none', 'x', ''],
    ['low', '123456', '12345'],
    ['fair', 'Abcdefg1', 'abcdefg1'],
    ['good', 'abcdef1!', 'abcdefg1'],
    ['excellent', 'abcdefgh1!', 'abcdefg1!'],
    ['excellent', 'aabbccdd1!', 'aaabbccdd1!'],
  ];
  for (const [passwordPolicy, good, bad] of cases) {
    assert.equal(judge({ passwordPolicy }, good), 'ok', `${passwordPolicy}: ${good}`);
    assert.equal(judge({ passwordPolicy }, bad), 'password_too_weak', `${passwordPolicy}: ${bad}`);
  }
});

test('a minimum length of its own goes before that of the strength', () => {
  const options = { passwordPolicy: 'good', password_complexity_options: { min_length: 12 } };
  assert.equal(judge(options, 'abcdefghij1!'), 'ok');
  assert.equal(judge(options, 'abcdefghi1!'), 'password_too_weak');
});

test('the report names each rule', () => {
  const fair = report({ passwordPolicy: 'fair' }, 'short');
  assert.deepEqual(
    fair.report.rules.map(({ code }) => code),
    ['lengthAtLeast', 'shouldContain'],
  );
  assert.equal(
    fair.policy,
    '* At least 8 characters in length\n* Should contain:\n * lower case letters (a-z)\n * upper case letters (A-Z)\n * numbers (i.e. 0-9)',
  );
  const excellent = report({ passwordPolicy: 'excellent' }, 'short');
  assert.equal(excellent.report.rules.at(-1)?.code, 'identicalChars');
  assert.match(excellent.policy, /\* No more than 2 identical characters in a row \(e\.g\., "aaa" not allowed\)$/);
  assert.deepEqual(
    report({ passwordPolicy: 'none' }, '').report.rules.map(({ code }) => code),
    ['nonEmpty'],
  );
});

test('common words, with their usual endings, and those of the connection', () => {
  const options = { password_dictionary: { enable: true, dictionary: ['Acme-2026'] } };
  for (const password of ['password', 'Password123', 'QWERTY!', 'acme-2026'])
    assert.equal(judge(options, password), 'password_too_common', password);
  assert.equal(judge(options, 'plausible-enough'), 'ok');
  assert.equal(judge({ password_dictionary: { enable: false } }, 'password'), 'ok');
});

test('nothing of the user', () => {
  const options = { password_no_personal_info: { enable: true } };
  const owner = { email: 'jane.roe@example.com', name: 'Jane Roe', user_metadata: { first: 'Janet' } };
  for (const password of ['xx-Jane.Roe-xx', 'xxROExx', 'janet!!'])
    assert.equal(judge(options, password, owner), 'password_has_user_info', password);
  assert.equal(judge(options, 'something else', owner), 'ok');
});

test('the newer options say the same in their own way', () => {
  const complexity = {
    min_length: 6,
    character_types: ['lowercase', 'number'],
    identical_characters: 'block',
    sequential_characters: 'block',
    max_length_exceeded: 'error',
  };
  const options = { password_options: { complexity } };
  assert.equal(judge(options, 'zebra7'), 'ok');
  for (const password of ['zebras', 'zeb7', 'zebbb7', 'zeabc7', 'ze3217', `zebra7${'ax'.repeat(40)}`])
    assert.equal(judge(options, password), 'password_too_weak', password);
  const three = {
    complexity: {
      character_types: ['lowercase', 'uppercase', 'number', 'special'],
      character_type_rule: 'three_of_four',
    },
  };
  assert.equal(judge({ password_options: three }, 'Ab1'), 'ok');
  for (const password of ['ab1', 'abé', 'ab\t1'])
    assert.equal(judge({ password_options: three }, password), 'password_too_weak');
  assert.equal(judge({ password_options: three }, 'Two words'), 'ok', 'a space is a special character');
});

test('earlier passwords do not come back while they are remembered', async () => {
  const rules = rulesOf({ password_history: { enable: true, size: 2 } });
  const hashes = await Promise.all(['now', 'before', 'long ago'].map((one) => hashPassword(one, systemRandom)));
  const isReused = (error: unknown) => error instanceof Failure && error.code === 'password_reused';
  await assert.rejects(requireNewPassword(rules, 'now', hashes), isReused);
  await assert.rejects(requireNewPassword(rules, 'before', hashes), isReused);
  await requireNewPassword(rules, 'long ago', hashes);
});
