import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Predicate } from '../../kernel/index.ts';
import { type FieldRules, parseQuery, predicateOf, QueryRefused } from './index.ts';

const rules: FieldRules = {
  bare: ['name', 'email'],
  ignoreCase: new Set(['name']),
  lowerCase: new Set(['email']),
  times: new Set(['created_at']),
  exactOnly: new Set(['user_metadata']),
  special: {},
};

const read = (q: string): Predicate => predicateOf(parseQuery(q), rules);
const is = (path: string, equals: string): Predicate => ({ path: path.split('.'), test: { equals } });

test('reads what Auth0 documents', () => {
  const cases: [string, Predicate][] = [
    ['blocked:true', is('blocked', 'true')],
    ['email:"Ann@Example.com"', is('email', 'ann@example.com')],
    ['user_id:auth0|5-6', is('user_id', 'auth0|5-6')],
    ['user_metadata.a.b:"x y"', is('user_metadata.a.b', 'x y')],
    ['a:1 AND b:2', { and: [is('a', '1'), is('b', '2')] }],
    ['a:1 OR b:2 AND c:3', { or: [is('a', '1'), { and: [is('b', '2'), is('c', '3')] }] }],
    ['(a:1 OR b:2) AND c:3', { and: [{ or: [is('a', '1'), is('b', '2')] }, is('c', '3')] }],
    ['a:1 b:2', { or: [is('a', '1'), is('b', '2')] }],
    ['+a:1 -b:2', { and: [is('a', '1'), { not: is('b', '2') }] }],
    ['a:1 NOT b:2', { and: [is('a', '1'), { not: is('b', '2') }] }],
    ['NOT a:1', { not: is('a', '1') }],
    ['a:1 AND NOT (b:2 OR b:3)', { and: [is('a', '1'), { not: { or: [is('b', '2'), is('b', '3')] } }] }],
    ['a:(1 OR 2)', { or: [is('a', '1'), is('a', '2')] }],
    ['_exists_:blocked', { path: ['blocked'], test: { exists: true } }],
    ['a:ab*', { path: ['a'], test: { startsWith: 'ab' } }],
    ['a:*abc', { path: ['a'], test: { endsWith: 'abc' } }],
    ['a:*abc*', { path: ['a'], test: { contains: 'abc' } }],
    ['a:ab*c', { path: ['a'], test: { startsWith: 'ab', endsWith: 'c' } }],
    ['a:*', { path: ['a'], test: { exists: true } }],
    ['*', { and: [] }],
    ['*:*', { and: [] }],
    ['a:\\*\\:', is('a', '*:')],
    [
      'n:[10 TO 20}',
      { path: ['n'], test: { above: { value: '10', inclusive: true }, below: { value: '20', inclusive: false } } },
    ],
    ['n:{10 TO *]', { path: ['n'], test: { above: { value: '10', inclusive: false } } }],
    ['n:>=5', { path: ['n'], test: { above: { value: '5', inclusive: true } } }],
    [
      'created_at:[2025-12-01 TO 2025-12-31]',
      {
        path: ['created_at'],
        test: {
          above: { value: '2025-12-01T00:00:00.000Z', inclusive: true },
          below: { value: '2025-12-31T23:59:59.999Z', inclusive: true },
        },
      },
    ],
    [
      'ann',
      {
        or: [{ path: ['name'], test: { equals: 'ann' }, ignoreCase: true }, is('email', 'ann')],
      },
    ],
  ];
  for (const [q, expected] of cases) assert.deepEqual(read(q), expected, q);
});

test('refuses what it cannot read or does not offer, and says why', () => {
  const cases: [string, RegExp][] = [
    ['', /unexpected end/],
    ['a:', /unexpected end/],
    ['(a:1', /not closed/],
    ['a:1)', /unexpected "\)" at position 4/],
    ['a:"open', /unexpected "\\"" at position 3/],
    ['AND a:1', /unexpected "AND"/],
    ['a:1 AND', /unexpected end/],
    ['a:b~', /~ at position 4 is not supported/],
    ['a:/x/', /regular expressions/],
    ['a:b?d', /\? at position 4/],
    ['a:*b', /at least 3/],
    ['user_metadata.x:ab*', /wildcards are not supported on user_metadata/],
    ['user_metadata.x:[1 TO 2]', /ranges are not supported on user_metadata/],
    ['created_at:yesterday', /is no time/],
    ['a:(b:c)', /field within a field/],
    ['a..b:1', /is no field/],
    ['[1 TO 2]', /range without a field/],
    [`${'('.repeat(40)}a${')'.repeat(40)}`, /deeper/],
    ['a '.repeat(101), /clauses/],
    [`${'NOT '.repeat(50)}a`, /deeper/],
    ['a'.repeat(5000), /longer/],
  ];
  for (const [q, message] of cases)
    assert.throws(
      () => read(q),
      (error) => error instanceof QueryRefused && message.test(error.message),
      q.slice(0, 60),
    );
});

test('whatever is typed is read or refused', () => {
  const piece = fc.constantFrom(
    ...[
      'a',
      ':',
      '"',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '*',
      '\\',
      '+',
      '-',
      '!',
      'AND',
      'OR',
      'NOT',
      ' TO ',
      ' ',
      '.',
      '_exists_',
      '>',
      '2025',
      '🙂',
      '~',
    ],
  );
  const typed = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(typed, (q) => {
      try {
        read(q);
      } catch (error) {
        assert.ok(error instanceof QueryRefused, String(error));
      }
    }),
    { numRuns: 3000 },
  );
});
