import { type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { CollectionDefinition, ColumnType, Where } from '../../kernel/index.ts';
import type { Tables } from './builder.ts';
import { columnFor } from './tables.ts';
import { columnValue } from './values.ts';

const RANGES = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

type Operator = '=' | 'is null' | 'in' | (typeof RANGES)[keyof typeof RANGES];

/** One condition as SQL has it. */
export interface Term {
  readonly column: string;
  readonly operator: Operator;
  readonly value: string | number | null | readonly (string | number | null)[];
}

/** The column of an indexed member or the key. TypeError for any other name, so that none from outside gets into SQL text. */
export function indexedColumn(definition: CollectionDefinition<never>, member: string): string {
  if (member !== definition.key && !Object.hasOwn(definition.index, member))
    throw new TypeError(`${definition.name}: ${member} is not indexed`);
  return columnFor(definition, member);
}

function typeOf(definition: CollectionDefinition<never>, member: string): ColumnType {
  return member === definition.key ? 'text' : ((definition.index as Record<string, ColumnType>)[member] ?? 'text');
}

function rangeTerms(column: string, type: ColumnType, condition: object, name: string): Term[] {
  const bounds = Object.entries(condition);
  if (bounds.length === 0) throw new TypeError(`${name}: an empty condition`);
  return bounds.map(([bound, value]) => {
    if (!Object.hasOwn(RANGES, bound) || value === undefined || value === null)
      throw new TypeError(`${name}: ${bound} is no bound`);
    return { column, operator: RANGES[bound as keyof typeof RANGES], value: columnValue(type, value, name) };
  });
}

function memberTerms(definition: CollectionDefinition<never>, member: string, condition: unknown): Term[] {
  const column = indexedColumn(definition, member);
  const type = typeOf(definition, member);
  const name = `${definition.name}.${member}`;
  // Skipping it would answer or delete everybody's rows where one of somebody's was meant.
  if (condition === undefined) throw new TypeError(`${name}: undefined is no condition; leave the member out`);
  if (condition === null) return [{ column, operator: 'is null', value: null }];
  if (typeof condition !== 'object') return [{ column, operator: '=', value: columnValue(type, condition, name) }];
  if (!('in' in condition)) return rangeTerms(column, type, condition, name);
  const values = condition.in as readonly (string | number)[];
  if (values.some((value) => value === undefined || value === null)) throw new TypeError(`${name}: null in a list`);
  return [{ column, operator: 'in', value: values.map((value) => columnValue(type, value, name)) }];
}

/** The conditions of `where`, checked. TypeError for a member without an index and for a value that is no condition. */
export function termsOf<T>(definition: CollectionDefinition<never>, where: Where<T> = {} as Where<T>): Term[] {
  return Object.entries(where).flatMap(([member, condition]) => memberTerms(definition, member, condition));
}

/** The tenant, and all of `terms`. Each takes one parameter, in order, save `is null`, which takes none. */
export function allOf(
  eb: ExpressionBuilder<Tables, string>,
  terms: readonly Term[],
  dialect: 'sqlite' | 'postgres',
): ReturnType<ExpressionBuilder<Tables, string>['and']> {
  const conditions = terms.map(({ column, operator, value }) => {
    if (operator === 'is null') return eb(column, 'is', null);
    if (operator !== 'in') return eb(column, operator, value);
    // One parameter whatever the length of the list: one statement to compile, and no limit on parameters.
    return dialect === 'sqlite'
      ? sql<SqlBool>`${sql.ref(column)} in (select value from json_each(${value}))`
      : sql<SqlBool>`${sql.ref(column)} = any(${value})`;
  });
  return eb.and([eb('tenant_id', '=', ''), ...conditions]);
}

/** The parameters of `terms`, in the order of `allOf`. */
export function parametersOf(terms: readonly Term[], dialect: 'sqlite' | 'postgres'): unknown[] {
  return terms
    .filter(({ operator }) => operator !== 'is null')
    .map(({ operator, value }) => (operator === 'in' && dialect === 'sqlite' ? JSON.stringify(value) : value));
}
