import type { CompiledQuery, ExpressionBuilder, Kysely } from 'kysely';
import { type Collection, type CollectionDefinition, Failure, type Query, type Where } from '../../kernel/index.ts';
import type { Tables } from './builder.ts';
import type { Row } from './database.ts';
import { columnFor } from './tables.ts';

/** How a collection talks to the database: what it reads may come from a cache, what it writes belongs to the current transaction. */
export interface Channel {
  readonly builder: Kysely<Tables>;
  read(query: CompiledQuery): Promise<Row[]>;
  write(query: CompiledQuery): Promise<Row[]>;
  /** Runs `work` in the current transaction, or in one of its own. */
  atomically<R>(work: () => Promise<R>): Promise<R>;
  /** Answers from memory where the collection is cached. */
  remember<R>(question: string, read: () => Promise<R>): Promise<R>;
  readonly locksRows: boolean;
}

type Values = Record<string, unknown>;
type Expressions = ExpressionBuilder<Tables, string>;

const RANGE = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function documentOf<T>(row: Row | undefined): T | undefined {
  if (!row) return undefined;
  return (typeof row.data === 'string' ? JSON.parse(row.data) : row.data) as T;
}

function documentsOf<T>(rows: Row[]): T[] {
  return rows.map((row) => documentOf<T>(row) as T);
}

/** The collection of `definition` bound to one tenant, speaking through `channel`. */
export function bindCollection<T extends object>(
  declared: CollectionDefinition<T>,
  tenantId: string,
  channel: Channel,
): Collection<T> {
  const definition = declared as unknown as CollectionDefinition<never>;
  const { builder } = channel;
  const table = definition.name;
  const indexed = Object.keys(definition.index);

  function columnsOf(document: T): Values {
    const values: Values = { data: JSON.stringify(document) };
    for (const member of indexed) values[columnFor(definition, member)] = (document as Values)[member] ?? null;
    return values;
  }

  function keyOf(document: T): string {
    const key = (document as Values)[definition.key];
    if (typeof key !== 'string' || key === '')
      throw new TypeError(`${table}: a document without its key ${definition.key}`);
    return key;
  }

  function columnOf(member: string): string {
    if (member !== definition.key && !(member in definition.index))
      throw new TypeError(`${table}: ${member} is not indexed`);
    return columnFor(definition, member);
  }

  function conditions(eb: Expressions, where: Where<T> = {}) {
    const all = [eb('tenant_id', '=', tenantId)];
    for (const [member, condition] of Object.entries(where) as [string, Where<T>[keyof T & string]][]) {
      const column = columnOf(member);
      if (condition === undefined) continue;
      if (condition === null) all.push(eb(column, 'is', null));
      else if (typeof condition !== 'object') all.push(eb(column, '=', condition));
      else if ('in' in condition)
        all.push(condition.in.length > 0 ? eb(column, 'in', condition.in) : (eb.lit(false) as never));
      else
        for (const [name, value] of Object.entries(condition))
          all.push(eb(column, RANGE[name as keyof typeof RANGE], value));
    }
    return eb.and(all);
  }

  function selection(query: Query<T>): CompiledQuery {
    const direction = query.descending ? 'desc' : 'asc';
    const order = columnOf(query.orderBy ?? definition.key);
    let select = builder
      .selectFrom(table)
      .select('data')
      .where((eb) => conditions(eb as Expressions, query.where))
      .orderBy(order, direction);
    if (order !== 'key') select = select.orderBy('key', direction);
    if (query.limit !== undefined || query.offset) select = select.limit(query.limit ?? 1_000_000);
    if (query.offset) select = select.offset(query.offset);
    return select.compile();
  }

  const byKey = (key: string) => (eb: unknown) =>
    (eb as Expressions).and([(eb as Expressions)('tenant_id', '=', tenantId), (eb as Expressions)('key', '=', key)]);

  async function written(query: CompiledQuery): Promise<Row[]> {
    try {
      return await channel.write(query);
    } catch (error) {
      throw duplicateOf(table, error) ?? error;
    }
  }

  return {
    get: (key) =>
      channel.remember(`get ${key}`, async () =>
        documentOf<T>((await channel.read(builder.selectFrom(table).select('data').where(byKey(key)).compile()))[0]),
      ),
    find: (where) =>
      channel.remember(`find ${JSON.stringify(where)}`, async () =>
        documentOf<T>((await channel.read(selection({ where, limit: 1 })))[0]),
      ),
    list: (query = {}) =>
      channel.remember(`list ${JSON.stringify(query)}`, async () =>
        documentsOf<T>(await channel.read(selection(query))),
      ),
    count: (where) =>
      channel.remember(`count ${JSON.stringify(where)}`, async () => {
        const counting = builder
          .selectFrom(table)
          .select((eb) => eb.fn.countAll().as('n'))
          .where((eb) => conditions(eb as Expressions, where));
        return Number((await channel.read(counting.compile()))[0]?.n);
      }),
    async insert(document) {
      await written(
        builder
          .insertInto(table)
          .values({ tenant_id: tenantId, key: keyOf(document), ...columnsOf(document) })
          .compile(),
      );
      return document;
    },
    async put(document) {
      const columns = columnsOf(document);
      const insertion = builder.insertInto(table).values({ tenant_id: tenantId, key: keyOf(document), ...columns });
      await written(
        insertion.onConflict((conflict) => conflict.columns(['tenant_id', 'key']).doUpdateSet(columns)).compile(),
      );
      return document;
    },
    update: (key, change) =>
      channel.atomically(async () => {
        const select = builder.selectFrom(table).select('data').where(byKey(key));
        const before = documentOf<T>(
          (await channel.write((channel.locksRows ? select.forUpdate() : select).compile()))[0],
        );
        const after = before && change(before);
        if (after) {
          if (keyOf(after) !== key) throw new TypeError(`${table}: an update may not change the key`);
          await written(builder.updateTable(table).set(columnsOf(after)).where(byKey(key)).compile());
        }
        return after ?? before;
      }),
    delete: async (key) =>
      (await channel.write(builder.deleteFrom(table).where(byKey(key)).returning('key').compile())).length > 0,
    take: async (key) =>
      documentOf<T>((await channel.write(builder.deleteFrom(table).where(byKey(key)).returning('data').compile()))[0]),
    deleteWhere: async (where) => {
      const deletion = builder
        .deleteFrom(table)
        .where((eb) => conditions(eb as unknown as Expressions, where))
        .returning('key');
      return (await channel.write(deletion.compile())).length;
    },
  };
}

/** A broken unique index, as the domain says it. Both engines name either the columns or the index. */
function duplicateOf(table: string, error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  if (code === '23505') {
    const constraint = 'constraint' in error ? String(error.constraint) : '';
    const members = constraint.startsWith(`${table}_unique_`) ? constraint.slice(`${table}_unique_`.length) : 'key';
    return new Failure('duplicate', { collection: table, fields: [members] });
  }
  const sqlite = /^UNIQUE constraint failed: (.*)$/.exec(error.message);
  if (!sqlite) return undefined;
  const columns = (sqlite[1] ?? '')
    .split(', ')
    .map((column) => column.slice(column.indexOf('.') + 1))
    .filter((column) => column !== 'tenant_id');
  return new Failure('duplicate', {
    collection: table,
    fields: [columns.map((column) => column.replace(/^c_/, '')).join('_')],
  });
}
