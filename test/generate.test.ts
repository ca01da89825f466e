/** The pages that `npm run generate` writes: what must hold of them whatever the sources say. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { endpointsPage } from '../scripts/generate/endpoints-page.ts';
import { type GrantTable, grantTypesPage } from '../scripts/generate/grant-types-page.ts';
import { table } from '../scripts/generate/markdown.ts';
import { operationsPage } from '../scripts/generate/operations-page.ts';
import { type Endpoint, empty, endpoint } from '../src/kernel/index.ts';

const OPERATIONS = join(import.meta.dirname, '../docs/compat/auth0-operations.json');

function management(method: 'GET' | 'POST', path: string, scopes: string[]): Endpoint {
  const about = { name: 'anything', summary: 'Anything.', tag: 'tests', surface: 'management', replies: {} } as const;
  return endpoint({ ...about, method, path, scopes, handle: async () => empty(204) });
}

const rowOf = (page: string, start: string) => page.split('\n').find((line) => line.startsWith(start)) ?? '';

test('an operation is there when method and path are, whatever its parameters are called', () => {
  const endpoints = [management('GET', '/api/v2/resource-servers/:name', ['read:resource_servers'])];
  const page = operationsPage(endpoints, OPERATIONS);
  assert.match(page, /Of the 406 operations that Auth0 publishes, this version has \*\*1\*\*\./);
  assert.match(rowOf(page, '| GET | `/api/v2/resource-servers/{id}` |'), /\*\*yes\*\* \|$/);
  assert.match(rowOf(page, '| PATCH | `/api/v2/users/{id}` |'), /\| no \|$/);
  assert.doesNotMatch(page, /Only here/);
});

test('scopes that differ are named, and so is an operation that Auth0 does not have', () => {
  const endpoints = [management('GET', '/api/v2/users/:id', ['read:all']), management('POST', '/api/v2/own', [])];
  const page = operationsPage(endpoints, OPERATIONS);
  assert.match(rowOf(page, '| GET | `/api/v2/users/{id}` |'), /scopes here: `read:all`/);
  assert.match(page, /## Only here[\s\S]*\| POST \| `\/api\/v2\/own` \| Anything\. \|/);
});

test('the list of endpoints has every endpoint once, in an order of its own', () => {
  const endpoints = [management('POST', '/api/v2/b', ['a:b']), management('GET', '/api/v2/a', [])];
  const page = endpointsPage(endpoints);
  assert.equal(endpointsPage([...endpoints].reverse()), page);
  assert.ok(page.indexOf('`/api/v2/a`') < page.indexOf('`/api/v2/b`'));
});

test('text can not break a table', () => {
  assert.equal(
    table(['a'], [['one | two\nthree']])
      .split('\n')
      .at(-1),
    '| one \\| two three |',
  );
});

const run = (type: string, tests = ['there.test.ts']) => ({ type, at: '/here', summary: 'Does.', rules: [], tests });
const grantTable = (changes: Partial<GrantTable>): GrantTable => ({
  rules: new Map([
    ['one', {}],
    ['two', { firstPartyOnly: true, flag: 'old' }],
  ]),
  run: [run('one')],
  notOffered: ['two'],
  exists: (path) => path === 'there.test.ts',
  ...changes,
});

test('every grant type has a row, with who may have it', () => {
  const page = grantTypesPage(grantTable({}));
  assert.match(rowOf(page, '| `one` |'), /no strict third-party clients \| `\/here` \| Does\. \|.*there\.test\.ts/);
  assert.match(rowOf(page, '| `two` |'), /first-party clients only; newly only with the flag `old` \| not offered yet/);
});

test('a grant type without a row, a rule or a test that is there ends the generation', () => {
  const faulty: [Partial<GrantTable>, RegExp][] = [
    [{ notOffered: [] }, /two: neither run nor among the grants that are not offered/],
    [{ run: [run('one'), run('three')] }, /three: no rule says which clients may have it/],
    [{ notOffered: ['one', 'two'] }, /one: is run, and yet among the grants that are not offered/],
    [{ run: [run('one', [])] }, /one: no test shows it/],
    [{ run: [run('one', ['gone.test.ts'])] }, /one: there is no test gone\.test\.ts/],
  ];
  for (const [changes, message] of faulty) assert.throws(() => grantTypesPage(grantTable(changes)), message);
});
