import { type Kysely, sql } from 'kysely';
import type { CollectionDefinition, ColumnType } from '../../kernel/index.ts';
import type { Tables } from './builder.ts';
import type { Connection, Database, Row, Statement } from './database.ts';
import { columnValue, parseDocument } from './values.ts';

const BACKFILL_ROWS = 500;
/** PostgreSQL cuts longer names off. */
const LONGEST_NAME = 63;

/** The column in which an indexed member is kept. Prefixed, so that no member collides with our own columns. */
export function columnFor(definition: CollectionDefinition<never>, member: string): string {
  return member === definition.key ? 'key' : `c_${member}`;
}

/** The name of the index that keeps a combination of members unique; a broken one is recognised by it. */
export function uniqueIndexName({ name }: CollectionDefinition<never>, members: readonly string[]): string {
  return shortened(`${name}_unique_${members.join('_')}`);
}

const shortened = (name: string) => name.slice(0, LONGEST_NAME);

const raw = (text: string): Statement => ({ sql: text, parameters: [] });

function typeOf(database: Database, type: ColumnType): string {
  if (database.dialect === 'sqlite') return type === 'text' ? 'TEXT' : 'REAL';
  // Byte order, as in SQLite, so that both engines sort and page alike.
  return type === 'text' ? 'TEXT COLLATE "C"' : 'DOUBLE PRECISION';
}

/** Makes the table of `definition`, or brings it up to its declaration: new columns are added and filled from the documents. */
export async function ensureTable(
  database: Database,
  builder: Kysely<Tables>,
  connection: Connection,
  definition: CollectionDefinition<never>,
): Promise<void> {
  const { name } = definition;
  const columns = Object.entries(definition.index) as [string, ColumnType][];
  const existing = await database.columns(connection, name);
  if (existing.size === 0) {
    await connection.rows(raw(creation(database, definition)));
  } else {
    const added = columns.filter(([member]) => !existing.has(columnFor(definition, member)));
    for (const [member, type] of added) {
      const column = columnFor(definition, member);
      await connection.rows(raw(`alter table "${name}" add column "${column}" ${typeOf(database, type)}`));
    }
    if (added.length > 0) await backfill(builder, connection, definition, added);
  }
  await ensureIndexes(database, connection, definition);
}

function creation(database: Database, definition: CollectionDefinition<never>): string {
  const text = typeOf(database, 'text');
  const columns = Object.entries(definition.index).map(
    ([member, type]) => `"${columnFor(definition, member)}" ${typeOf(database, type as ColumnType)}, `,
  );
  // Not JSONB: the members of an answer stay in the order in which they were written, on both engines.
  const json = database.dialect === 'sqlite' ? 'TEXT' : 'JSON';
  return `create table "${definition.name}" (tenant_id ${text} not null, key ${text} not null, ${columns.join('')}data ${json} not null, primary key (tenant_id, key))`;
}

/** Here and not in SQL, so that a column filled later holds exactly what one filled by a write would. */
async function backfill(
  builder: Kysely<Tables>,
  connection: Connection,
  definition: CollectionDefinition<never>,
  added: readonly [string, ColumnType][],
): Promise<void> {
  const table = sql.table(definition.name);
  let rows: Row[] = [];
  do {
    const last = rows.at(-1) ?? { tenant_id: '', key: '' };
    rows = await connection.rows(
      sql`select tenant_id, key, data from ${table} where (tenant_id, key) > (${last.tenant_id}, ${last.key})
        order by tenant_id, key limit ${BACKFILL_ROWS}`.compile(builder),
    );
    for (const row of rows) {
      const document = parseDocument<Record<string, unknown>>(row.data);
      const values = added.map(([member, type]) => [
        columnFor(definition, member),
        columnValue(type, document[member], `${definition.name}.${member}`),
      ]);
      const update = builder.updateTable(definition.name).set(Object.fromEntries(values));
      const one = update.where('tenant_id', '=', row.tenant_id).where('key', '=', row.key);
      await connection.rows(one.compile());
    }
  } while (rows.length === BACKFILL_ROWS);
}

async function ensureIndexes(
  database: Database,
  connection: Connection,
  definition: CollectionDefinition<never>,
): Promise<void> {
  const { name } = definition;
  const create = (kind: string, index: string, columns: string, which = '') =>
    connection.rows(raw(`create ${kind} if not exists "${shortened(index)}" on "${name}" (${columns})${which}`));
  const drop = (index: string) => connection.rows(raw(`drop index if exists "${shortened(index)}"`));
  // As lists are sorted: NULL first, which is how SQLite has it anyway.
  const nulls = database.dialect === 'postgres' ? ' nulls first' : '';
  for (const member of Object.keys(definition.index)) {
    const column = columnFor(definition, member);
    const kind = indexKind(definition, member);
    if (kind === 'full') await create('index', `${name}_${column}`, `tenant_id, "${column}"${nulls}, key`);
    else await drop(`${name}_${column}`);
    if (kind === 'sparse')
      await create('index', `${name}_has_${column}`, `tenant_id, "${column}", key`, ` where "${column}" is not null`);
  }
  if (definition.expires) await create('index', `${name}_expiry`, `"${columnFor(definition, definition.expires)}"`);
  for (const members of definition.unique) {
    const columns = members.map((member) => `"${columnFor(definition, member)}"`).join(', ');
    await create('unique index', uniqueIndexName(definition, members), `tenant_id, ${columns}`);
  }
}

/** A member that is unique by itself is found by the index that keeps it so. */
function indexKind(definition: CollectionDefinition<never>, member: string): 'full' | 'sparse' | 'none' {
  const holds = (members: readonly string[]) => members.includes(member);
  const isUnique = definition.unique.some((members) => members.length === 1 && holds(members));
  if (isUnique || holds(definition.unindexed)) return 'none';
  return holds(definition.sparse) ? 'sparse' : 'full';
}
