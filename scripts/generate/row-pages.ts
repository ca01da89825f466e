import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { code, compareTexts, page, table } from './markdown.ts';

type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A table of rows may be a list of `{name, …}` or an object with a row per name. */
function readRows(exported: unknown): Row[] | undefined {
  if (Array.isArray(exported)) return exported.every(isRow) ? exported : undefined;
  if (!isRow(exported) || !Object.values(exported).every(isRow)) return undefined;
  return Object.entries(exported).map(([name, row]) => ({ name, ...(row as Row) }));
}

/** A schema in few words: its type, or its values. */
function describeSchema(schema: Row): string {
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => code(String(value))).join(' ');
  if (Array.isArray(schema.anyOf)) return schema.anyOf.filter(isRow).map(describeSchema).join(' or ');
  if (schema.type === 'array') return `list of ${isRow(schema.items) ? describeSchema(schema.items) : 'anything'}`;
  return schema.type === undefined ? 'anything' : [schema.type].flat().join(' or ');
}

const isSchema = (value: unknown): value is Row =>
  isRow(value) && ['type', 'enum', 'anyOf', 'properties', '~kind'].some((member) => member in value);

function show(column: string, value: unknown): unknown {
  if (column === 'name') return code(String(value));
  if (isSchema(value)) return describeSchema(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.map(code).join(' ');
  return value;
}

function section(title: string | undefined, rows: readonly Row[]): string {
  const named = (column: string) => rows.some((row) => row[column] !== undefined && typeof row[column] !== 'function');
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter(named);
  const body = rows.map((row) => columns.map((column) => show(column, row[column])));
  return (title ? `## ${title}\n\n` : '') + table(columns, body);
}

const LEGEND = {
  enforced: 'the server does what it asks for',
  shown: 'information only',
  stored: 'checked, stored and returned, but what it asks for is not done yet',
};

/** What the words of a `status` column mean, where there is one. */
function legendOf(rows: readonly Row[]): string[] {
  const used = Object.entries(LEGEND).filter(([status]) => rows.some((row) => row.status === status));
  return used.length > 0 ? [used.map(([status, meaning]) => `**${status}**: ${meaning}.`).join(' ')] : [];
}

const words = (name: string) => name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
const slug = (path: string) => basename(path, '.rows.ts');
const title = (path: string) =>
  slug(path)
    .replace(/^./, (letter) => letter.toUpperCase())
    .replaceAll('-', ' ');

/** Folders whose rows make one page together, which is another's. */
const ELSEWHERE = ['src/resources/clients/client-properties/**'];

/** A page for each `*.rows.ts` under `root`: the tables that it exports, by path under `docs/compat`. */
export async function rowPages(root: string): Promise<Record<string, string>> {
  const pages: Record<string, string> = {};
  for (const path of globSync('src/**/*.rows.ts', { cwd: root, exclude: ELSEWHERE }).sort(compareTexts)) {
    const exported = (await import(pathToFileURL(join(root, path)).href)) as Row;
    const tables = Object.entries(exported).flatMap(([name, value]) => {
      const rows = readRows(value);
      return rows && rows.length > 0 ? [{ name, rows }] : [];
    });
    if (tables.length === 0) continue;
    const sections = tables.map(({ name, rows }) => section(tables.length > 1 ? words(name) : undefined, rows));
    const legend = legendOf(tables.flatMap(({ rows }) => rows));
    const target = `docs/compat/${slug(path)}.md`;
    if (pages[target]) throw new Error(`two files of rows are called ${slug(path)}`);
    const source = `Generated from \`${path.replaceAll('\\', '/')}\`.`;
    pages[target] = page(`# ${title(path)}`, source, ...legend, ...sections);
  }
  return pages;
}
