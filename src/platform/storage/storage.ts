import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { type Collection, type CollectionDefinition, isFailure, type Store, type Tenant } from '../../kernel/index.ts';
import { BoundCollection, type Channel } from './bound-collection.ts';
import { queryBuilder, type Tables } from './builder.ts';
import { type Cache, createCache } from './cache.ts';
import type { Database } from './database.ts';
import { SqliteDatabase } from './sqlite.ts';
import { compileStatements, type Statements } from './statements.ts';
import { columnFor, ensureTable } from './tables.ts';
import { domainsCollection, tenantsCollection } from './tenants.ts';
import { Transactions } from './transactions.ts';

type Definition = CollectionDefinition<never>;

export interface Storage {
  /** The only way to a tenant's data. */
  forTenant(tenant: Tenant): Store;
  /** What belongs to no tenant: the tenants themselves and their domains. */
  readonly system: Store;
  /**
   * Runs `work` as a transaction without a limit, while no other node does the same, and lets it see what those before it wrote: for
   * what must be made once, however many nodes start at once. Inside a transaction it is a part of that one, and no more.
   */
  exclusively<R>(work: () => Promise<R>): Promise<R>;
  /** Removes what expired before `now` (ms). Answers how many rows. */
  sweep(now: number): Promise<number>;
  /** Rejects while the database cannot be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
  readonly dialect: 'sqlite' | 'postgres';
}

export interface StorageOptions {
  /** How long a transaction may take before it is rolled back. Default 10 s. */
  readonly transactionLimitMs?: number;
}

/** Rows swept in one transaction, so that nobody waits long for it. */
const SWEEP_ROWS = 1000;

async function openDatabase(url: string, { transactionLimitMs }: StorageOptions): Promise<Database> {
  if (/^postgres(ql)?:\/\//.test(url)) {
    // Its driver takes memory that a server on SQLite has no use for.
    const { PostgresDatabase } = await import('./postgres.ts');
    return new PostgresDatabase(url, transactionLimitMs);
  }
  if (!url.startsWith('sqlite:')) throw new TypeError(`not a database that is known here: ${url.split(':')[0]}`);
  const file = url.slice('sqlite:'.length);
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  return new SqliteDatabase(file, transactionLimitMs);
}

/**
 * Opens the database that `url` names (`sqlite:<path>`, `sqlite::memory:`, `postgres://…`) and brings its tables up to what
 * `declared` says. Rejects with a plain error that says why when it can't be opened.
 */
export async function openStorage(
  url: string,
  declared: readonly CollectionDefinition<never>[],
  options: StorageOptions = {},
): Promise<Storage> {
  const database = await openDatabase(url, options);
  const definitions: readonly Definition[] = [
    tenantsCollection as unknown as Definition,
    domainsCollection as unknown as Definition,
    ...declared,
  ];
  const cache = createCache();
  const builder = queryBuilder(database.dialect);
  try {
    await database.migrate(async (connection) => {
      for (const definition of definitions) await ensureTable(database, builder, connection, definition);
    });
    await database.watch((topic) => cache.forget(topic));
  } catch (error) {
    await database.close().catch(() => {});
    throw isFailure(error, 'temporarily_unavailable')
      ? new Error(`the database can't be opened: ${error.detail}`)
      : error;
  }
  return new OpenStorage(database, builder, definitions, cache);
}

class OpenStorage implements Storage {
  readonly dialect: 'sqlite' | 'postgres';
  readonly system: Store;
  private readonly database: Database;
  private readonly builder: Kysely<Tables>;
  private readonly definitions: readonly Definition[];
  private readonly cache: Cache;
  private readonly transactions: Transactions;
  private readonly statements: ReadonlyMap<Definition, Statements>;
  private readonly stores = new Map<string, Store>();
  private closing: Promise<void> | undefined;

  constructor(database: Database, builder: Kysely<Tables>, definitions: readonly Definition[], cache: Cache) {
    this.database = database;
    this.builder = builder;
    this.definitions = definitions;
    this.cache = cache;
    this.dialect = database.dialect;
    this.transactions = new Transactions(database, (topic) => cache.forget(topic));
    this.statements = new Map(
      definitions.map((definition) => [definition, compileStatements(builder, definition, database.dialect)]),
    );
    this.system = this.storeFor('');
  }

  forTenant({ id }: Tenant): Store {
    if (id === '') throw new TypeError('a tenant without an id');
    return this.storeFor(id);
  }

  exclusively<R>(work: () => Promise<R>): Promise<R> {
    // What others wrote while this one waited may not have been heard of yet.
    return this.transactions.runExclusively(work, () => this.cache.forget(undefined));
  }

  async sweep(now: number): Promise<number> {
    let swept = 0;
    for (const definition of this.definitions) {
      if (definition.expires) swept += await this.sweepCollection(definition, definition.expires, now);
    }
    return swept;
  }

  async ping(): Promise<void> {
    await this.database.read({ sql: `select 1 from "${tenantsCollection.name}" limit 1`, parameters: [] });
  }

  close(): Promise<void> {
    this.closing ??= this.database.close();
    return this.closing;
  }

  private async sweepCollection(definition: Definition, expires: string, now: number): Promise<number> {
    const table = sql.table(definition.name);
    const expired = sql`delete from ${table} where (tenant_id, key) in (select tenant_id, key from ${table}
      where ${sql.ref(columnFor(definition, expires))} < ${now} limit ${SWEEP_ROWS}) returning key`.compile(
      this.builder,
    );
    for (let swept = 0; ; ) {
      const { length } = await this.transactions.write(undefined, expired);
      swept += length;
      if (length < SWEEP_ROWS) return swept;
    }
  }

  private storeFor(tenantId: string): Store {
    const known = this.stores.get(tenantId);
    if (known) return known;
    const bound = new Map<Definition, Collection<never>>();
    const store: Store = {
      collection: <T extends object>(declared: CollectionDefinition<T>): Collection<T> => {
        const definition = declared as unknown as Definition;
        let found = bound.get(definition);
        if (!found) {
          found = this.bind(definition, tenantId);
          bound.set(definition, found);
        }
        return found as unknown as Collection<T>;
      },
      transaction: (work) => this.transactions.run(work),
      serially: (work) => this.transactions.runSerially(tenantId, work),
    };
    this.stores.set(tenantId, store);
    return store;
  }

  private bind(definition: Definition, tenantId: string): Collection<never> {
    const statements = this.statements.get(definition);
    if (!statements)
      throw new TypeError(`collection ${definition.name} is not in the list that storage was opened with`);
    return new BoundCollection<never>(definition, tenantId, statements, this.channelFor(definition, tenantId));
  }

  private channelFor(definition: Definition, tenantId: string): Channel {
    const { transactions, cache } = this;
    const topic = definition.cached ? `${tenantId}:${definition.name}` : undefined;
    return {
      read: (statement) => transactions.read(statement),
      write: (statement) => transactions.write(topic, statement),
      attempt: (statement) => transactions.attempt(topic, statement),
      atomically: (work) => transactions.atomically(topic, work),
      async remember(question, read) {
        if (topic === undefined) return read();
        const past = transactions.readsPastCache(topic);
        if (past === undefined) return cache.remember(topic, question, read);
        return past ? read() : cache.recall(topic, question, read);
      },
    };
  }
}
