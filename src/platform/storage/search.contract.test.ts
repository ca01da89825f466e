import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { type Collection, collection, type Predicate } from '../../kernel/index.ts';
import { newTenant, onEveryEngine } from './engines.contract.ts';

interface Person {
  readonly id: string;
  readonly email?: string;
  readonly logins?: number;
  readonly [member: string]: unknown;
}

const people = collection<Person>({ name: 'people', key: 'id', index: { email: 'text', logins: 'number' } as never });

const ROWS: readonly Person[] = [
  {
    id: 'ann',
    email: 'ann@example.com',
    logins: 3,
    name: 'Ann Smith',
    verified: true,
    identities: [{ connection: 'db' }, { connection: 'google' }],
    meta: { plan: 'gold', tags: ['a', 'b'], depth: { list: [{ x: 'deep' }] }, count: 12 },
  },
  {
    id: 'bob',
    email: 'bob@example.org',
    logins: 20,
    name: 'bob 100%',
    verified: false,
    identities: [{ connection: 'db' }],
    meta: { plan: 'Gold', tags: [], count: 9, odd: 'a_b' },
  },
  { id: 'cee', name: 'Élodie', meta: {}, born: '2025-12-24T10:00:00.000Z', none: null },
];

const is = (path: string, equals: string): Predicate => ({ path: path.split('.'), test: { equals } });

onEveryEngine('search', (engine) => {
  let rows: Collection<Person>;
  before(async () => {
    const storage = await engine.open([people]);
    const other = newTenant(storage).collection(people);
    rows = newTenant(storage).collection(people);
    for (const row of ROWS) {
      await rows.insert(row);
      await other.insert({ ...row, id: `other-${row.id}` });
    }
  });

  const cases: [string, Predicate, string[]][] = [
    ['an indexed member', is('email', 'ann@example.com'), ['ann']],
    ['an indexed number', is('logins', '20'), ['bob']],
    ['a number asked for with a word', is('logins', 'many'), []],
    ['any member', is('name', 'Ann Smith'), ['ann']],
    ['a truth', is('verified', 'false'), ['bob']],
    ['through a list of objects', is('identities.connection', 'google'), ['ann']],
    ['a list of values', is('meta.tags', 'b'), ['ann']],
    ['deep down', is('meta.depth.list.x', 'deep'), ['ann']],
    ['a member of what is no object', is('name.first', 'Ann'), []],
    ['the case of letters', { path: ['meta', 'plan'], test: { equals: 'GOLD' }, ignoreCase: true }, ['ann', 'bob']],
    ['letters beyond A to Z', { path: ['name'], test: { equals: 'Élodie' }, ignoreCase: true }, ['cee']],
    ['a beginning', { path: ['name'], test: { startsWith: 'ann' }, ignoreCase: true }, ['ann']],
    ['a beginning of an indexed member', { path: ['email'], test: { startsWith: 'bob@' } }, ['bob']],
    ['an end', { path: ['email'], test: { endsWith: '.org' } }, ['bob']],
    ['a part with a sign that LIKE would read', { path: ['name'], test: { contains: '0%' } }, ['bob']],
    ['beginning and end that overlap', { path: ['meta', 'odd'], test: { startsWith: 'a_b', endsWith: 'b' } }, []],
    ['a range of numbers', { path: ['meta', 'count'], test: { above: { value: '9', inclusive: false } } }, ['ann']],
    [
      'a range of an indexed number',
      { path: ['logins'], test: { above: { value: '3', inclusive: true }, below: { value: '20', inclusive: false } } },
      ['ann'],
    ],
    ['a range of texts', { path: ['born'], test: { above: { value: '2025-12-01', inclusive: true } } }, ['cee']],
    ['being there', { path: ['meta'], test: { exists: true } }, ['ann', 'bob']],
    ['an empty list', { path: ['meta', 'tags'], test: { exists: true } }, ['ann']],
    ['null', { path: ['none'], test: { exists: true } }, []],
    ['not', { not: is('identities.connection', 'db') }, ['cee']],
    ['and', { and: [is('identities.connection', 'db'), is('verified', 'true')] }, ['ann']],
    ['or', { or: [is('name', 'Élodie'), is('verified', 'true')] }, ['ann', 'cee']],
    ['nothing at all', { or: [] }, []],
    ['quotes', is('name', `'"; drop table people; --`), []],
  ];
  for (const [what, match, ids] of cases) {
    it(`finds by ${what}`, async () => {
      assert.deepEqual(
        (await rows.search({ match })).map((row) => row.id),
        ids,
      );
      assert.equal(await rows.countMatches(match), ids.length);
    });
  }

  it('sorts by any member and cuts', async () => {
    const ids = async (query: Parameters<typeof rows.search>[0]) => (await rows.search(query)).map((row) => row.id);
    assert.deepEqual(await ids({ orderBy: ['logins'], descending: true }), ['bob', 'ann', 'cee']);
    assert.deepEqual(await ids({ orderBy: ['meta', 'plan'] }), ['cee', 'bob', 'ann']);
    assert.deepEqual(await ids({ orderBy: ['name'], offset: 1, limit: 1 }), ['bob']);
  });
});
