import { CompiledQuery } from 'kysely';
import type { CollectionDefinition } from '../../kernel/index.ts';
import type { Connection, Database } from './database.ts';

/** The column in which an indexed member is kept. Prefixed, so that no member collides with our own columns. */
export function columnFor(definition: CollectionDefinition<never>, member: string): string {
  return member === definition.key ? 'key' : `c_${member}`;
}

const raw = (sql: string) => CompiledQuery.raw(sql, []);

function typeOf(database: Database, type: 'text' | 'number'): string {
  if (database.dialect === 'sqlite') return type === 'text' ? 'TEXT' : 'REAL';
  // Byte order, as in SQLite, so that both engines sort and page alike.
  return type === 'text' ? 'TEXT COLLATE "C"' : 'DOUBLE PRECISION';
}

/** Makes the table of `definition`, or brings it up to its declaration: new columns are added and filled from the documents. */
export async function ensureTable(
  database: Database,
  connection: Connection,
  definition: CollectionDefinition<never>,
): Promise<void> {
  const { name } = definition;
  const text = typeOf(database, 'text');
  const json = database.dialect === 'sqlite' ? 'TEXT' : 'JSONB';
  const columns = Object.entries(definition.index).map(([member, type]) => ({
    member,
    name: columnFor(definition, member),
    type: type as 'text' | 'number',
  }));
  const existing = await database.columns(connection, name);
  if (existing.size === 0) {
    const declared = columns.map((column) => `"${column.name}" ${typeOf(database, column.type)}, `).join('');
    await connection.rows(
      raw(
        `create table "${name}" (tenant_id ${text} not null, key ${text} not null, ${declared}data ${json} not null, primary key (tenant_id, key))`,
      ),
    );
  } else {
    for (const column of columns) {
      if (existing.has(column.name)) continue;
      await connection.rows(raw(`alter table "${name}" add column "${column.name}" ${typeOf(database, column.type)}`));
      await connection.rows(
        raw(`update "${name}" set "${column.name}" = ${memberOf(database, column.member, column.type)}`),
      );
    }
  }
  await ensureIndexes(connection, definition);
}

function memberOf(database: Database, member: string, type: 'text' | 'number'): string {
  if (database.dialect === 'sqlite') return `json_extract(data, '$.${member}')`;
  return type === 'text' ? `data->>'${member}'` : `(data->>'${member}')::double precision`;
}

async function ensureIndexes(connection: Connection, definition: CollectionDefinition<never>): Promise<void> {
  const { name } = definition;
  for (const member of Object.keys(definition.index)) {
    const column = columnFor(definition, member);
    await connection.rows(
      raw(`create index if not exists "${name}_${column}" on "${name}" (tenant_id, "${column}", key)`),
    );
  }
  if (definition.expires) {
    await connection.rows(
      raw(`create index if not exists "${name}_expiry" on "${name}" ("${columnFor(definition, definition.expires)}")`),
    );
  }
  for (const members of definition.unique) {
    const columns = members.map((member) => `"${columnFor(definition, member)}"`).join(', ');
    await connection.rows(
      raw(
        `create unique index if not exists "${name}_unique_${members.join('_')}" on "${name}" (tenant_id, ${columns})`,
      ),
    );
  }
}
