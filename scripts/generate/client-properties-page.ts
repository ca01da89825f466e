import type {
  NamedTest,
  PropertyFamily,
  PropertyRow,
} from '../../src/resources/clients/client-properties/property-row.ts';
import type { ClientPath, Side } from './client-paths.ts';
import { code, page, table } from './markdown.ts';

export interface ClientPropertyTable {
  readonly families: readonly PropertyFamily[];
  /** What Auth0 publishes, and what this server takes and answers. */
  readonly published: readonly ClientPath[];
  readonly own: readonly ClientPath[];
  /** Text of a file by its path from the root of the repository, or undefined when there is none. */
  readonly read: (path: string) => string | undefined;
}

const TITLE = /\btest\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g;

/** Titles of the tests in `text`; what a loop fills in is written `…`. */
function titlesIn(text: string): Set<string> {
  const plain = (title: string) => title.replace(/\\(.)/g, '$1').replace(/\$\{[^}]*\}/g, '…');
  return new Set([...text.matchAll(TITLE)].map(([, , title = '']) => plain(title)));
}

const without = (names: Iterable<string>, others: Iterable<string>): string[] => {
  const known = new Set(others);
  return [...new Set(names)].filter((name) => !known.has(name));
};

function faultsOfNames({ families, published, own }: ClientPropertyTable): string[] {
  const names = families.flatMap(({ rows }) => rows.map(({ name }) => name));
  const paths = [...published, ...own].map(({ path }) => path);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...without(paths, names).map((path) => `${path}: has no row`),
    ...without(names, paths).map((name) => `${name}: no schema has it`),
    ...twice.map((name) => `${name}: has two rows`),
  ];
}

function faultOfTest({ file, title }: NamedTest, read: ClientPropertyTable['read']): string[] {
  const text = read(file);
  if (text === undefined) return [`there is no test ${file}`];
  return titlesIn(text).has(title) ? [] : [`${file} has no test '${title}'`];
}

function faultsOfRow({ name, where, tests }: PropertyRow, read: ClientPropertyTable['read']): string[] {
  const absent = where.filter((path) => read(`src/${path}`) === undefined).map((path) => `there is no src/${path}`);
  const unshown = tests.length === 0 ? ['no test shows it'] : [];
  return [...absent, ...unshown, ...tests.flatMap((one) => faultOfTest(one, read))].map((fault) => `${name}: ${fault}`);
}

const NOTES: readonly (readonly [matches: (published: readonly Side[]) => boolean, note: string])[] = [
  [(sides) => sides.length === 0, 'not published by Auth0'],
  [(sides) => !sides.includes('answer'), 'in writes only'],
  [(sides) => !sides.includes('create') && !sides.includes('update'), 'in answers only'],
  [(sides) => !sides.includes('create'), 'not when it is made'],
  [(sides) => !sides.includes('update'), 'not when it is changed'],
];

const linkTo = (path: string, text: string) => `[${text.replace(/[[\]]/g, '\\$&')}](../../${path})`;

function cellsOf({ name, status, does, where, tests }: PropertyRow, published: readonly ClientPath[]): string[] {
  const sides = published.find(({ path }) => path === name)?.in ?? [];
  const note = NOTES.find(([matches]) => matches(sides))?.[1] ?? '';
  return [
    code(name),
    note,
    status,
    does,
    where.map((path) => linkTo(`src/${path}`, path)).join(' '),
    tests.map(({ file, title }) => linkTo(file, title)).join('; '),
  ];
}

const WRITES = 'test/clients/writes.http.test.ts';
const REFUSALS = 'test/clients/refused-writes.http.test.ts';
const COLUMNS = ['property', 'published', 'status', 'what it does', 'where', 'shown by'];

/** The page of client properties. Throws an Error that names every fault of the table. */
export function clientPropertiesPage(properties: ClientPropertyTable): string {
  const { families, published, read } = properties;
  const rows = families.flatMap((family) => family.rows);
  const faults = [...faultsOfNames(properties), ...rows.flatMap((row) => faultsOfRow(row, read))];
  if (faults.length > 0) throw new Error(`client properties:\n  ${faults.join('\n  ')}`);
  return page(
    '# Client properties',
    'Generated from `src/resources/clients/client-properties`, for every property and sub-property of a client in the Management ' +
      'API that Auth0 publishes (`auth0-client-properties.json`) and in this server’s own. Each names the tests that would fail if ' +
      'the property were ignored.',
    '**enforced**: the server does what it asks for. **shown**: handed on to people or programs, and nothing else. **not offered**: ' +
      'refused when it is written.',
    'Whatever the schemas take, made up at random, is read back as it was written, and changed as Auth0 merges it ' +
      `(${linkTo(WRITES, 'writes.http.test.ts')}); every mistake that one value can have is refused in Auth0’s words, and changes ` +
      `nothing (${linkTo(REFUSALS, 'refused-writes.http.test.ts')}).`,
    summaryOf(rows),
    ...families.map(({ title, rows: own }) => {
      const body = own.map((row) => cellsOf(row, published));
      return `## ${title}\n\n${table(COLUMNS, body)}`;
    }),
  );
}

function summaryOf(rows: readonly PropertyRow[]): string {
  const counts = new Map<string, number>();
  for (const { status } of rows) counts.set(status, (counts.get(status) ?? 0) + 1);
  return `${rows.length} properties: ${[...counts].map(([status, count]) => `${count} ${status}`).join(', ')}.`;
}
