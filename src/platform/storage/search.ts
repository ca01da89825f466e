import type {
  CollectionDefinition,
  ColumnType,
  MemberTest,
  Predicate,
  SearchQuery,
  ValueTest,
} from '../../kernel/index.ts';
import type { Statement } from './database.ts';
import { columnFor } from './tables.ts';
import { columnText } from './values.ts';

type Dialect = 'sqlite' | 'postgres';

/** Writes SQL text; whatever comes from outside becomes a parameter. */
interface Writer {
  readonly dialect: Dialect;
  readonly definition: CollectionDefinition<never>;
  /** Adds a parameter and answers its placeholder. */
  bind(value: unknown): string;
}

/** A value inside a query: how its text, its number and its kind are written. */
interface Value {
  readonly text: string;
  readonly number: string;
  readonly isNumber: string;
  readonly exists: string;
}

/** `Abc` → `abc`; beyond A to Z the engines disagree, so nothing else is folded. */
function foldCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

const NUMBER = /^-?\d{1,15}(?:\.\d{1,15})?$/;

function columnType(definition: CollectionDefinition<never>, path: readonly string[]): ColumnType | undefined {
  const [member = ''] = path;
  if (path.length !== 1) return undefined;
  if (member === definition.key) return 'text';
  return Object.hasOwn(definition.index, member) ? (definition.index as Record<string, ColumnType>)[member] : undefined;
}

function jsonPath(path: readonly string[]): string {
  return path.map((segment) => `.${JSON.stringify(segment)}`).join('');
}

/** All values at `path` as rows of a table called `v`, lists opened on the way. */
function sqliteValues(writer: Writer, path: readonly string[]): { from: string; value: Value } {
  const steps = path.map((segment, depth) => {
    const outer = depth === 0 ? 'data' : `v${depth - 1}.value`;
    const at = writer.bind(`$${jsonPath([segment])}`);
    const again = writer.bind(`$${jsonPath([segment])}`);
    const once = writer.bind(`$${jsonPath([segment])}`);
    const opened = `case json_type(${outer}, ${at}) when 'array' then ${outer} -> ${again} else '[' || (${outer} -> ${once}) || ']' end`;
    // A scalar has no members, and its text is no JSON.
    return `json_each(${depth === 0 ? opened : `case v${depth - 1}.type when 'object' then ${opened} end`}) as v${depth}`;
  });
  const last = `v${path.length - 1}`;
  return {
    from: steps.join(', '),
    value: {
      text: `case ${last}.type when 'true' then 'true' when 'false' then 'false' when 'object' then null else cast(${last}.value as text) end`,
      number: `${last}.value`,
      isNumber: `${last}.type in ('integer', 'real')`,
      exists: `${last}.type <> 'null' and not (${last}.type in ('object', 'array') and ${last}.value in ('{}', '[]'))`,
    },
  };
}

function postgresValues(writer: Writer, path: readonly string[]): { from: string; value: Value } {
  // `lax` opens lists on the way, and `[*]` the last one.
  const at = writer.bind(`lax $${jsonPath(path)}[*]`);
  return {
    from: `jsonb_path_query(data::jsonb, ${at}::jsonpath) as v(value)`,
    value: {
      text: `case jsonb_typeof(v.value) when 'object' then null else (v.value #>> '{}') end collate "C"`,
      number: "(v.value #>> '{}')::numeric",
      isNumber: "jsonb_typeof(v.value) = 'number'",
      exists: "v.value not in ('null'::jsonb, '{}'::jsonb, '[]'::jsonb)",
    },
  };
}

/** Characters of `text` as both engines count them. */
const lengthOf = (text: string) => [...text].length;

function patternTest(writer: Writer, text: string, wanted: Extract<ValueTest, { contains?: string }>): string {
  const { bind, dialect } = writer;
  const { startsWith, contains, endsWith } = wanted;
  const parts: string[] = [];
  if (startsWith) parts.push(`substr(${text}, 1, ${lengthOf(startsWith)}) = ${bind(startsWith)}`);
  if (contains) parts.push(`${dialect === 'sqlite' ? 'instr' : 'strpos'}(${text}, ${bind(contains)}) > 0`);
  if (endsWith) {
    const end =
      dialect === 'sqlite' ? `substr(${text}, -${lengthOf(endsWith)})` : `right(${text}, ${lengthOf(endsWith)})`;
    parts.push(`${end} = ${bind(endsWith)}`);
  }
  if (startsWith && endsWith) parts.push(`length(${text}) >= ${lengthOf(startsWith) + lengthOf(endsWith)}`);
  return parts.length > 0 ? parts.join(' and ') : `${text} is not null`;
}

function rangeTest(writer: Writer, value: Value, { above, below }: Extract<ValueTest, { above?: unknown }>): string {
  const bounds = [
    ...(above ? [{ ...above, sign: above.inclusive ? '>=' : '>' }] : []),
    ...(below ? [{ ...below, sign: below.inclusive ? '<=' : '<' }] : []),
  ];
  if (bounds.length === 0) return value.exists;
  const cast = writer.dialect === 'sqlite' ? 'real' : 'numeric';
  const asText = () => bounds.map((bound) => `${value.text} ${bound.sign} ${writer.bind(bound.value)}`).join(' and ');
  if (!bounds.every((bound) => NUMBER.test(bound.value))) return `not (${value.isNumber}) and ${asText()}`;
  const asNumber = () =>
    bounds.map((bound) => `${value.number} ${bound.sign} cast(${writer.bind(bound.value)} as ${cast})`).join(' and ');
  // The kind decides first: a text is never read as a number.
  return `case when ${value.isNumber} then ${asNumber()} else ${asText()} end`;
}

function valueTest(writer: Writer, value: Value, { test, ignoreCase = false }: MemberTest): string {
  if ('exists' in test) return value.exists;
  if ('above' in test || 'below' in test) return rangeTest(writer, value, test);
  const text = ignoreCase ? `lower(${value.text})` : value.text;
  const wanted = Object.entries(test).map(([name, part]) => [name, ignoreCase ? foldCase(part) : part]);
  const folded = Object.fromEntries(wanted) as Extract<ValueTest, { equals: string } | { contains?: string }>;
  return 'equals' in folded ? `${text} = ${writer.bind(folded.equals)}` : patternTest(writer, text, folded);
}

/** An indexed member is asked by its column, where equality finds it at once. */
function columnTest(writer: Writer, member: MemberTest, type: ColumnType): string {
  const column = `"${columnFor(writer.definition, member.path[0] ?? '')}"`;
  const { test } = member;
  if ('equals' in test && type === 'number') {
    const cast = writer.dialect === 'sqlite' ? 'real' : 'double precision';
    return NUMBER.test(test.equals) ? `${column} = cast(${writer.bind(test.equals)} as ${cast})` : 'false';
  }
  if ('equals' in test && !member.ignoreCase) return `${column} = ${writer.bind(columnText(test.equals))}`;
  if ('exists' in test) return `${column} is not null`;
  return documentTest(writer, member);
}

function documentTest(writer: Writer, member: MemberTest): string {
  const { from, value } =
    writer.dialect === 'sqlite' ? sqliteValues(writer, member.path) : postgresValues(writer, member.path);
  return `exists (select 1 from ${from} where ${valueTest(writer, value, member)})`;
}

function write(writer: Writer, predicate: Predicate): string {
  if ('and' in predicate) return joined(writer, predicate.and, ' and ', 'true');
  if ('or' in predicate) return joined(writer, predicate.or, ' or ', 'false');
  // What is unknown is not so: a missing member fails the test, and passes its negation.
  if ('not' in predicate) return `not coalesce(${write(writer, predicate.not)}, false)`;
  const type = columnType(writer.definition, predicate.path);
  return type ? columnTest(writer, predicate, type) : documentTest(writer, predicate);
}

function joined(writer: Writer, parts: readonly Predicate[], by: string, none: string): string {
  return parts.length === 0 ? none : `(${parts.map((part) => write(writer, part)).join(by)})`;
}

function orderText(writer: Writer, path: readonly string[], descending: boolean): string {
  const direction = descending ? 'desc nulls last' : 'asc nulls first';
  const key = `key ${descending ? 'desc' : 'asc'}`;
  if (path.length === 1 && path[0] === writer.definition.key) return key;
  if (columnType(writer.definition, path))
    return `"${columnFor(writer.definition, path[0] ?? '')}" ${direction}, ${key}`;
  const value =
    writer.dialect === 'sqlite'
      ? `(data ->> ${writer.bind(`$${jsonPath(path)}`)})`
      : `(jsonb_path_query_first(data::jsonb, ${writer.bind(`lax $${jsonPath(path)}`)}::jsonpath) #>> '{}') collate "C"`;
  return `${value} ${direction}, ${key}`;
}

function start(dialect: Dialect, definition: CollectionDefinition<never>, tenantId: string) {
  const parameters: unknown[] = [];
  const writer: Writer = {
    dialect,
    definition,
    bind(value) {
      parameters.push(value);
      return dialect === 'sqlite' ? '?' : `$${parameters.length}`;
    },
  };
  return { writer, parameters, from: `from "${definition.name}" where tenant_id = ${writer.bind(tenantId)}` };
}

/** The documents of one tenant that match, sorted and cut as `query` says. */
export function searchStatement(
  dialect: Dialect,
  definition: CollectionDefinition<never>,
  tenantId: string,
  query: SearchQuery,
): Statement {
  const { writer, parameters, from } = start(dialect, definition, tenantId);
  const { match = { and: [] }, orderBy = [definition.key], descending = false, offset = 0, limit = 1_000_000 } = query;
  const where = write(writer, match);
  const order = orderText(writer, orderBy, descending);
  const sql = `select data ${from} and ${where} order by ${order} limit ${writer.bind(limit)} offset ${writer.bind(offset)}`;
  return { sql, parameters };
}

/** How many documents of one tenant match, as `n`. */
export function countStatement(
  dialect: Dialect,
  definition: CollectionDefinition<never>,
  tenantId: string,
  match: Predicate,
): Statement {
  const { writer, parameters, from } = start(dialect, definition, tenantId);
  return { sql: `select count(*) as n ${from} and ${write(writer, match)}`, parameters };
}
