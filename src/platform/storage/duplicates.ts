import { type CollectionDefinition, Failure } from '../../kernel/index.ts';
import { uniqueIndexName } from './tables.ts';

function brokenOnPostgres(definition: CollectionDefinition<never>, error: object): string | undefined {
  if (!('code' in error) || error.code !== '23505') return undefined;
  const constraint = 'constraint' in error ? String(error.constraint) : '';
  const members = definition.unique.find((members) => uniqueIndexName(definition, members) === constraint);
  return members?.join('_') ?? 'key';
}

/** SQLite names the columns: `UNIQUE constraint failed: users.tenant_id, users.c_email`. */
function brokenOnSqlite(error: Error): string | undefined {
  const columns = /^UNIQUE constraint failed: (.*)$/.exec(error.message)?.[1];
  return columns
    ?.split(', ')
    .map((column) => column.slice(column.indexOf('.') + 1))
    .filter((column) => column !== 'tenant_id')
    .map((column) => column.replace(/^c_/, ''))
    .join('_');
}

/** The Failure `duplicate` that `error` means: `fields` has the broken combination, its members joined by `_`, or `key`. */
export function duplicateFailure(definition: CollectionDefinition<never>, error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const broken = brokenOnPostgres(definition, error) ?? brokenOnSqlite(error);
  return broken === undefined ? undefined : new Failure('duplicate', { collection: definition.name, fields: [broken] });
}
