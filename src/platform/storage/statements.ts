import type { ExpressionBuilder, Kysely } from 'kysely';
import type { CollectionDefinition, ColumnType, Predicate, Query, SearchQuery, Where } from '../../kernel/index.ts';
import type { Tables } from './builder.ts';
import { allOf, indexedColumn, parametersOf, type Term, termsOf } from './conditions.ts';
import type { Statement } from './database.ts';
import { countStatement, searchStatement } from './search.ts';
import { columnFor } from './tables.ts';
import { columnText, columnValue, jsonText } from './values.ts';

type Dialect = 'sqlite' | 'postgres';
type Compilable = { compile(): Statement };

/** Everything that is ever said to the table of one collection. SQL text is compiled once for each shape of question. */
export interface Statements {
  get(tenantId: string, key: string): Statement;
  /** Reads one document to change it: locks its row where the engine locks rows. */
  getForUpdate(tenantId: string, key: string): Statement;
  /** Reads one document and keeps it from being deleted: shares its row where the engine locks rows. */
  hold(tenantId: string, key: string): Statement;
  insert(tenantId: string, document: object): Statement;
  put(tenantId: string, document: object): Statement;
  /** What writes another document in place of `before`: a column that stays as it is costs its indexes nothing. */
  replace(tenantId: string, key: string, before: object): (after: object) => Statement;
  /** Answers the document that is gone. */
  delete(tenantId: string, key: string): Statement;
  list(tenantId: string, query: Query<never>): Statement;
  count(tenantId: string, where: Where<never> | undefined): Statement;
  search(tenantId: string, query: SearchQuery): Statement;
  countMatches(tenantId: string, match: Predicate): Statement;
  deleteWhere(tenantId: string, where: Where<never>): Statement;
  /** What identifies `document`. TypeError when it has no key. */
  keyOf(document: object): string;
}

function keyReader({ name, key: member }: CollectionDefinition<never>): (document: object) => string {
  return (document) => {
    const key = (document as Record<string, unknown>)[member];
    if (typeof key !== 'string' || key === '') throw new TypeError(`${name}: a document without its key ${member}`);
    return key;
  };
}

/** The values of the indexed columns of `document`, in the order of their declaration. */
export function columnsReader(
  definition: CollectionDefinition<never>,
): (document: object) => (string | number | null)[] {
  const columns = Object.entries(definition.index) as [string, ColumnType][];
  return (document) =>
    columns.map(([member, type]) =>
      columnValue(type, (document as Record<string, unknown>)[member], `${definition.name}.${member}`),
    );
}

/** Compiles once for each shape; `''` stands in for parameters. */
function shapeCache(): (shape: string, build: () => Compilable) => string {
  const texts = new Map<string, string>();
  return (shape, build) => {
    let text = texts.get(shape);
    if (text === undefined) {
      text = build().compile().sql;
      texts.set(shape, text);
    }
    return text;
  };
}

const shapeOf = (terms: readonly Term[]) => terms.map(({ column, operator }) => `${column} ${operator}`).join(' and ');

const isOne = (eb: unknown) =>
  (eb as ExpressionBuilder<Tables, string>).and([
    (eb as ExpressionBuilder<Tables, string>)('tenant_id', '=', ''),
    (eb as ExpressionBuilder<Tables, string>)('key', '=', ''),
  ]);

function fixedTexts(builder: Kysely<Tables>, table: string, columns: readonly string[], dialect: Dialect) {
  const select = builder.selectFrom(table).select('data').where(isOne);
  const values = Object.fromEntries(['tenant_id', 'key', ...columns, 'data'].map((column) => [column, '']));
  const changed = [...columns, 'data'];
  const insert = builder.insertInto(table).values(values);
  return {
    get: select.compile().sql,
    getForUpdate: (dialect === 'postgres' ? select.forUpdate() : select).compile().sql,
    hold: (dialect === 'postgres' ? select.forShare() : select).compile().sql,
    insert: insert.compile().sql,
    put: insert
      .onConflict((conflict) =>
        conflict
          .columns(['tenant_id', 'key'])
          .doUpdateSet((eb) => Object.fromEntries(changed.map((name) => [name, eb.ref(`excluded.${name}`)]))),
      )
      .compile().sql,
    delete: builder.deleteFrom(table).where(isOne).returning('data').compile().sql,
  };
}

/** Replaces one document. The text depends on which columns change: SQLite rewrites the indexes of all that are named. */
function replacing(builder: Kysely<Tables>, definition: CollectionDefinition<never>): Statements['replace'] {
  const columns = Object.keys(definition.index).map((member) => columnFor(definition, member));
  const columnsOf = columnsReader(definition);
  const compiled = shapeCache();
  return (tenantId, key, before) => {
    const old = columnsOf(before);
    return (after) => {
      const values = columnsOf(after);
      const changed = values.flatMap((value, at) => (value === old[at] ? [] : [at]));
      const names = [...changed.map((at) => columns[at] as string), 'data'];
      const sql = compiled(names.join(), () =>
        builder
          .updateTable(definition.name)
          .set(Object.fromEntries(names.map((name) => [name, ''])))
          .where(isOne),
      );
      const parameters = [...changed.map((at) => values[at] ?? null), jsonText(after), tenantId, columnText(key)];
      return { sql, parameters };
    };
  };
}

/** The statements on whole sets of rows: their text depends on which conditions are asked for. */
function selectiveStatements(builder: Kysely<Tables>, definition: CollectionDefinition<never>, dialect: Dialect) {
  const { name: table } = definition;
  const compiled = shapeCache();
  const having = (terms: readonly Term[]) => (eb: unknown) =>
    allOf(eb as ExpressionBuilder<Tables, string>, terms, dialect);

  function listText(terms: readonly Term[], order: string, descending: boolean): string {
    return compiled(`list ${shapeOf(terms)} by ${order} ${descending}`, () => {
      const direction = descending ? 'desc' : 'asc';
      const select = builder.selectFrom(table).select('data').where(having(terms));
      const byKey = select.orderBy('key', direction).limit(0).offset(0);
      if (order === 'key') return byKey;
      // NULL before everything, as SQLite has it.
      const sorted = select.orderBy(order, (column) =>
        descending ? column.desc().nullsLast() : column.asc().nullsFirst(),
      );
      return sorted.orderBy('key', direction).limit(0).offset(0);
    });
  }

  return {
    list(tenantId: string, { where, orderBy = definition.key, descending = false, limit, offset = 0 }: Query<never>) {
      const terms = termsOf(definition, where);
      const sql = listText(terms, indexedColumn(definition, orderBy), descending);
      return { sql, parameters: [tenantId, ...parametersOf(terms, dialect), rowCount(limit), rowCount(offset)] };
    },
    count(tenantId: string, where: Where<never> | undefined) {
      const terms = termsOf(definition, where);
      const sql = compiled(`count ${shapeOf(terms)}`, () =>
        builder
          .selectFrom(table)
          .select((eb) => eb.fn.countAll().as('n'))
          .where(having(terms)),
      );
      return { sql, parameters: [tenantId, ...parametersOf(terms, dialect)] };
    },
    deleteWhere(tenantId: string, where: Where<never>) {
      const terms = termsOf(definition, where);
      const sql = compiled(`delete ${shapeOf(terms)}`, () =>
        builder.deleteFrom(table).where(having(terms)).returning('key'),
      );
      return { sql, parameters: [tenantId, ...parametersOf(terms, dialect)] };
    },
  };
}

/** A LIMIT or OFFSET that both engines take. TypeError for what is no count. */
function rowCount(count: number = Number.MAX_SAFE_INTEGER): number {
  if (!(count >= 0)) throw new TypeError(`${count} is no number of rows`);
  return Math.min(Math.trunc(count), Number.MAX_SAFE_INTEGER);
}

/** Compiles what is said to the table of `definition`. */
export function compileStatements(
  builder: Kysely<Tables>,
  definition: CollectionDefinition<never>,
  dialect: Dialect,
): Statements {
  const columns = Object.keys(definition.index).map((member) => columnFor(definition, member));
  const texts = fixedTexts(builder, definition.name, columns, dialect);
  const columnsOf = columnsReader(definition);
  const keyOf = keyReader(definition);
  const one = (sql: string) => (tenantId: string, key: string) => ({ sql, parameters: [tenantId, columnText(key)] });
  const whole = (sql: string) => (tenantId: string, document: object) => ({
    sql,
    parameters: [tenantId, columnText(keyOf(document)), ...columnsOf(document), jsonText(document)],
  });
  return {
    ...selectiveStatements(builder, definition, dialect),
    keyOf,
    search: (tenantId, query) => searchStatement(dialect, definition, tenantId, query),
    countMatches: (tenantId, match) => countStatement(dialect, definition, tenantId, match),
    get: one(texts.get),
    getForUpdate: one(texts.getForUpdate),
    hold: one(texts.hold),
    delete: one(texts.delete),
    insert: whole(texts.insert),
    put: whole(texts.put),
    replace: replacing(builder, definition),
  };
}
