import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { CompiledQuery } from 'kysely';
import type { Collection, CollectionDefinition, Store, Tenant } from '../../kernel/index.ts';
import { bindCollection, type Channel } from './bound-collection.ts';
import { queryBuilder } from './builder.ts';
import { type Cache, createCache } from './cache.ts';
import type { Connection, Database } from './database.ts';
import { PostgresDatabase } from './postgres.ts';
import { SqliteDatabase } from './sqlite.ts';
import { columnFor, ensureTable } from './tables.ts';
import { domainsCollection, tenantsCollection } from './tenants.ts';

/** A transaction in progress: every store operation inside it finds it here, so that nobody has to hand it along. */
interface Open {
  readonly connection: Connection;
  /** Cached collections written to: read past the cache inside, forgotten by it after the commit. */
  readonly touched: Set<string>;
  finished: boolean;
}

export interface Storage {
  /** The only way to a tenant's data. */
  forTenant(tenant: Tenant): Store;
  /** What belongs to no tenant: the tenants themselves and their domains. */
  readonly system: Store;
  /** Removes what expired before `now` (ms). Answers how many rows. */
  sweep(now: number): Promise<number>;
  /** Rejects while the database cannot be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
  readonly dialect: 'sqlite' | 'postgres';
}

function openDatabase(url: string): Database {
  if (/^postgres(ql)?:\/\//.test(url)) return new PostgresDatabase(url);
  if (!url.startsWith('sqlite:')) throw new TypeError(`not a database that is known here: ${url.split(':')[0]}`);
  const file = url.slice('sqlite:'.length);
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  return new SqliteDatabase(file);
}

/**
 * Opens the database that `url` names (`sqlite:<path>`, `sqlite::memory:`, `postgres://…`) and brings its tables up to what
 * `declared` says.
 */
export async function openStorage(url: string, declared: readonly CollectionDefinition<never>[]): Promise<Storage> {
  const database = openDatabase(url);
  const collections = [tenantsCollection, domainsCollection, ...declared] as readonly CollectionDefinition<never>[];
  await database.migrate(async (connection) => {
    for (const definition of collections) await ensureTable(database, connection, definition);
  });
  const cache = createCache();
  await database.watch((topic) => cache.forget(topic));
  const known = new Set(collections);
  const storeFor = storeFactory(database, cache, known);
  const builder = queryBuilder(database.dialect);
  return {
    dialect: database.dialect,
    forTenant: (tenant) => storeFor(tenant.id),
    system: storeFor(''),
    async sweep(now) {
      let swept = 0;
      for (const definition of collections) {
        if (!definition.expires) continue;
        const expired = builder
          .deleteFrom(definition.name)
          .where(columnFor(definition, definition.expires), '<', now)
          .returning('key')
          .compile();
        swept += (await database.transaction((connection) => connection.rows(expired))).length;
      }
      return swept;
    },
    async ping() {
      await database.read(CompiledQuery.raw('select 1', []));
    },
    close: () => database.close(),
  };
}

function storeFactory(
  database: Database,
  cache: Cache,
  known: ReadonlySet<CollectionDefinition<never>>,
): (tenantId: string) => Store {
  const open = new AsyncLocalStorage<Open>();
  const builder = queryBuilder(database.dialect);

  async function transaction<R>(work: (connection: Connection) => Promise<R>): Promise<R> {
    const current = open.getStore();
    if (current && !current.finished) return work(current.connection);
    const touched = new Set<string>();
    const result = await database.transaction(async (connection) => {
      touched.clear();
      const mine: Open = { connection, touched, finished: false };
      try {
        const value = await open.run(mine, () => work(connection));
        for (const topic of touched) await database.announce(connection, topic);
        return value;
      } finally {
        mine.finished = true;
      }
    });
    for (const topic of touched) cache.forget(topic);
    return result;
  }

  function channelFor(tenantId: string, definition: CollectionDefinition<never>): Channel {
    const topic = `${tenantId}:${definition.name}`;
    const current = () => {
      const found = open.getStore();
      return found && !found.finished ? found : undefined;
    };
    return {
      builder,
      locksRows: database.dialect === 'postgres',
      read: (query) => current()?.connection.rows(query) ?? database.read(query),
      write: (query) =>
        transaction(async (connection) => {
          if (definition.cached) current()?.touched.add(topic);
          return connection.rows(query);
        }),
      atomically: (work) => transaction(work),
      remember: (question, read) =>
        !definition.cached || current()?.touched.has(topic) ? read() : cache.remember(topic, question, read),
    };
  }

  return (tenantId) => {
    const bound = new Map<CollectionDefinition<never>, Collection<never>>();
    return {
      collection<T extends object>(declared: CollectionDefinition<T>): Collection<T> {
        const definition = declared as unknown as CollectionDefinition<never>;
        let found = bound.get(definition);
        if (!found) {
          if (!known.has(definition))
            throw new TypeError(`collection ${definition.name} is not in the list that storage was opened with`);
          found = bindCollection(definition, tenantId, channelFor(tenantId, definition));
          bound.set(definition, found);
        }
        return found as unknown as Collection<T>;
      },
      transaction: (work) => transaction(work),
    };
  };
}
