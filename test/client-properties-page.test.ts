/** The table of client properties: what ends its generation, and that it is whole. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { clientPaths } from '../scripts/generate/client-paths.ts';
import { readClientProperties } from '../scripts/generate/client-properties.ts';
import { type ClientPropertyTable, clientPropertiesPage } from '../scripts/generate/client-properties-page.ts';
import { type Schema, schemaPaths } from '../scripts/generate/schema-paths.ts';
import { enforced, rowsOf, testsIn } from '../src/resources/clients/client-properties/property-row.ts';

const FILES: Readonly<Record<string, string>> = {
  'src/one.ts': '',
  'a.test.ts': `test('it\\'s so', () => {});\ntest(\n  \`of \${kind}\`, () => {});`,
};
const title = testsIn('a.test.ts');
const rows = (facts: Parameters<typeof rowsOf>[1]) => [{ title: 'All', rows: rowsOf('', facts) }];
const good = enforced('does it', 'one.ts', title("it's so"), title('of …'));

function tableOf(changes: Partial<ClientPropertyTable>): ClientPropertyTable {
  return {
    families: rows({ 'a b': good, 'c.d[].e': good }),
    published: [
      { path: 'a', in: ['answer'] },
      { path: 'b', in: ['create', 'update'] },
    ],
    own: [{ path: 'c.d[].e', in: ['answer', 'create', 'update'] }],
    read: (path) => FILES[path],
    ...changes,
  };
}

test('a row says what a property does, where, by which tests, and where Auth0 has it', () => {
  const page = clientPropertiesPage(tableOf({}));
  const shown = "[one.ts](../../src/one.ts) | [it's so](../../a.test.ts); [of …](../../a.test.ts) |";
  for (const start of [
    '| `a` | in answers only | ',
    '| `b` | in writes only | ',
    '| `c.d[].e` | not published by Auth0 | ',
  ])
    assert.ok(page.includes(`\n${start}enforced | does it | ${shown}`), page);
  assert.match(page, /3 properties: 3 enforced\./);
});

test('every fault of the table ends its generation', () => {
  const faulty: [Partial<ClientPropertyTable>, RegExp][] = [
    [{ families: rows({ 'a c.d[].e': good }) }, /b: has no row/],
    [{ published: [{ path: 'a', in: ['answer'] }] }, /b: no schema has it/],
    [{ families: rows({ 'a a b c.d[].e': good }) }, /a: has two rows/],
    [{ families: rows({ 'a b': good, 'c.d[].e': enforced('', 'one.ts') }) }, /c\.d\[\]\.e: no test shows it/],
    [{ families: rows({ 'a b c.d[].e': enforced('', 'two.ts', title("it's so")) }) }, /a: there is no src\/two\.ts/],
    [{ families: rows({ 'a b c.d[].e': enforced('', [], title('of one')) }) }, /a: a\.test\.ts has no test 'of one'/],
    [{ families: rows({ 'a b c.d[].e': enforced('', [], testsIn('b.ts')('x')) }) }, /a: there is no test b\.ts/],
  ];
  for (const [changes, message] of faulty) assert.throws(() => clientPropertiesPage(tableOf(changes)), message);
});

test('the table of this server has no fault', () => {
  assert.doesNotThrow(() => clientPropertiesPage(readClientProperties(resolve(import.meta.dirname, '..'))));
});

test('paths of a schema: members of members, of items, of variants and of references, each once', () => {
  const open = { additionalProperties: { properties: { d: {} } } };
  const members = { type: { properties: { a: {} } }, list: { items: { $ref: '#/of' } }, any: { $ref: '#/of' }, open };
  const of: Schema = { anyOf: [{ properties: { b: {} } }, { properties: { b: {}, c: { $ref: '#/of' } } }] };
  const found = schemaPaths({ properties: members }, () => of);
  assert.equal(found.join(' '), 'type type.a list list[].b list[].c any any.b any.c open open.*.d');
});

test('paths of a published client are those of its three schemas, and a schema that is missing is named', () => {
  const only = (name: string) => ({ properties: { [name]: {} } });
  const GetClientResponseContent = { properties: { id: {}, ...only('name').properties } };
  const requests = { CreateClientRequestContent: only('name'), UpdateClientRequestContent: only('new') };
  assert.deepEqual(clientPaths({ GetClientResponseContent, ...requests }), [
    { path: 'id', in: ['answer'] },
    { path: 'name', in: ['answer', 'create'] },
    { path: 'new', in: ['update'] },
  ]);
  assert.throws(() => clientPaths(requests), /there is no GetClientResponseContent/);
});
