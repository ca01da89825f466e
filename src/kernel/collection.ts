import type { Predicate, SearchQuery } from './search.ts';

/**
 * How a kind of document is stored: a table `(tenant_id, key, one column per indexed value, data)`.
 * Columns exist only for what is looked up; all else is in `data`. Wire names are kept as they are.
 */
export type ColumnType = 'text' | 'number';

export interface CollectionDefinition<T extends object> {
  /** Table name, snake_case. */
  readonly name: string;
  /** The member of the document that identifies it within its tenant. Its value must be a string. */
  readonly key: keyof T & string;
  /** Members that are looked up, sorted or counted by. `undefined` and `null` are stored as NULL. */
  readonly index: Partial<Record<keyof T & string, ColumnType>>;
  /** Those of them that have a column and no index of their own: every index is paid for by every write. */
  readonly unindexed: readonly (keyof T & string)[];
  /** Those of them whose index has no row without the member: for what few documents have, and nothing is sorted by. */
  readonly sparse: readonly (keyof T & string)[];
  /** Combinations that must be unique within a tenant. Rows with a NULL member are not compared. */
  readonly unique: readonly (readonly (keyof T & string)[])[];
  /** Configuration: small, read on every request, kept in memory until somebody writes to it. Documents come back frozen. */
  readonly cached: boolean;
  /** A number member (ms since the epoch) after which the row is worthless and is swept away. Readers still check it themselves. */
  readonly expires?: keyof T & string;
}

/**
 * Declares a collection. `const clients = collection<Client>({name: 'clients', key: 'client_id'})`.
 *
 * @param definition `beside`: members that only narrow or sort what an indexed one finds; `sparse`: like `index`, for members that
 *   few documents have
 */
export function collection<T extends object>(definition: {
  name: string;
  key: keyof T & string;
  index?: Partial<Record<keyof T & string, ColumnType>>;
  sparse?: Partial<Record<keyof T & string, ColumnType>>;
  beside?: Partial<Record<keyof T & string, ColumnType>>;
  unique?: readonly (readonly (keyof T & string)[])[];
  cached?: boolean;
  expires?: keyof T & string;
}): CollectionDefinition<T> {
  const { index: full, sparse, beside, expires, ...rest } = definition;
  const indexed: Partial<Record<keyof T & string, ColumnType>> = { ...full, ...sparse };
  // The sweeper finds what has expired by an index over all tenants.
  const swept = expires ? ({ [expires]: 'number' } as Partial<Record<keyof T & string, ColumnType>>) : {};
  const index: Partial<Record<keyof T & string, ColumnType>> = { ...swept, ...beside, ...indexed };
  const unindexed = (Object.keys(index) as (keyof T & string)[]).filter((member) => !(member in indexed));
  const sparseMembers = Object.keys(sparse ?? {}) as (keyof T & string)[];
  return {
    unique: [],
    cached: false,
    ...rest,
    ...(expires ? { expires } : {}),
    index,
    unindexed,
    sparse: sparseMembers,
  };
}

/** One condition on a column: equality, membership, or a range. */
export type Condition =
  | string
  | number
  | null
  | { in: readonly (string | number)[] }
  | { gt?: string | number; gte?: string | number; lt?: string | number; lte?: string | number };

/** Conditions on indexed columns (and the key), all of which must hold. A member that is `undefined` is a TypeError: leave it out. */
export type Where<T> = { readonly [K in keyof T & string]?: Condition };

export interface Query<T> {
  where?: Where<T>;
  /** Indexed column or key; the order is total (ties are broken by key). Default: the key. */
  orderBy?: keyof T & string;
  descending?: boolean;
  offset?: number;
  limit?: number;
}

/** The documents of one kind that belong to one tenant. */
export interface Collection<T extends object> {
  get(key: string): Promise<T | undefined>;
  /** The one document that meets `where`, or the first of them by key. */
  find(where: Where<T>): Promise<T | undefined>;
  list(query?: Query<T>): Promise<T[]>;
  count(where?: Where<T>): Promise<number>;
  /** Documents found by any of their members. May read all of the tenant's: for people who search, not for the way of a login. */
  search(query: SearchQuery): Promise<T[]>;
  /** How many documents match. */
  countMatches(match: Predicate): Promise<number>;
  /** Failure `duplicate` when the key or a unique combination is taken. */
  insert(document: T): Promise<T>;
  /** Inserts or replaces by key. Failure `duplicate` as for insert on other unique combinations. */
  put(document: T): Promise<T>;
  /**
   * Reads, changes and writes one document while nobody else can: the lost-update guard for counters and single use.
   * `change` returns the new document, or undefined to leave it as it is. Answers what is stored afterwards, or undefined when there is none.
   */
  update(key: string, change: (document: T) => T | undefined): Promise<T | undefined>;
  /**
   * The document itself, never from memory, which nobody deletes or updates until the current transaction ends: for writing what is
   * worth nothing without it.
   */
  hold(key: string): Promise<T | undefined>;
  /** True when there was something to delete. */
  delete(key: string): Promise<boolean>;
  /** Removes and returns: of a hundred callers at once, exactly one gets the document. */
  take(key: string): Promise<T | undefined>;
  deleteWhere(where: Where<T>): Promise<number>;
}

/** All data of one tenant. There is no method that takes a tenant: the store is bound to it when it is made. */
export interface Store {
  collection<T extends object>(definition: CollectionDefinition<T>): Collection<T>;
  /**
   * All reads and writes that `work` makes through any store happen together or not at all; a transaction inside a transaction is a part
   * of it, which is undone by itself when it rejects. A Failure `duplicate` that is caught leaves it usable. On PostgreSQL two
   * transactions may interleave (READ COMMITTED) and `work` may be run again after a deadlock: guard decisions with `update`, `take`
   * and unique combinations, not with a read before a write. Keep anything slow (hashing, signing, sending) outside: other writers
   * wait, and after ten seconds it is rolled back.
   */
  transaction<R>(work: () => Promise<R>): Promise<R>;
  /**
   * As `transaction`, while no other such work of the tenant runs on any node, and what it reads is what those before it wrote: for
   * decisions that rest on reading (does it exist, is the name free, how many are there). Those who write by `transaction` alone may
   * still interleave.
   */
  serially<R>(work: () => Promise<R>): Promise<R>;
}
