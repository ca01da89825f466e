/** Runs a suite on every engine there is: the contract of storage is the same on all of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { createDatabase, dropDatabase } from '../../../test/postgres.ts';
import type { CollectionDefinition, Store } from '../../kernel/index.ts';
import { openStorage, type Storage } from './index.ts';
import type { StorageOptions } from './storage.ts';

type AnyCollection = { readonly name: string };

/** One database of an engine, made for a suite. */
export interface Engine {
  readonly name: string;
  readonly dialect: 'sqlite' | 'postgres';
  /** False where what was written is gone when storage is closed. */
  readonly keeps: boolean;
  /** Opens the suite's database once more; closed with the suite. */
  open(collections: readonly AnyCollection[], options?: StorageOptions): Promise<Storage>;
  /** The database of this suite. */
  url(): string;
}

/** A tenant that nobody else in this process uses. */
let tenants = 0;
export function newTenant(storage: Storage): Store {
  tenants += 1;
  return storage.forTenant({ id: `tenant-${tenants}`, name: `tenant ${tenants}` });
}

interface Kind {
  readonly name: string;
  readonly dialect: Engine['dialect'];
  make(): Promise<{ url: string; remove(): Promise<void> }>;
}

const inMemory: Kind = {
  name: 'SQLite in memory',
  dialect: 'sqlite',
  make: async () => ({ url: 'sqlite::memory:', remove: async () => {} }),
};

const inFile: Kind = {
  name: 'SQLite in a file',
  dialect: 'sqlite',
  async make() {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-storage-'));
    return {
      url: `sqlite:${join(folder, 'inner', 'test.db')}`,
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};

function onPostgres(server: string): Kind {
  return {
    name: 'PostgreSQL',
    dialect: 'postgres',
    async make() {
      const url = await createDatabase(server);
      return { url, remove: () => dropDatabase(url) };
    },
  };
}

/** `TEST_DATABASE` names the engine of this pass; without it all that can be reached take part. */
function kinds(): Kind[] {
  const { TEST_DATABASE: wanted, TEST_POSTGRES_URL: server } = process.env;
  const postgres = server && wanted !== 'sqlite' ? [onPostgres(server)] : [];
  return wanted === 'postgres' ? postgres : [inMemory, inFile, ...postgres];
}

/** Declares `suite` once for each engine. */
export function onEveryEngine(title: string, suite: (engine: Engine) => void, only?: Engine['dialect']): void {
  for (const kind of kinds().filter(({ dialect }) => only === undefined || dialect === only)) {
    describe(`${title}: ${kind.name}`, () => {
      let made: Awaited<ReturnType<Kind['make']>> | undefined;
      const opened: Storage[] = [];
      before(async () => {
        made = await kind.make();
      });
      after(async () => {
        for (const storage of opened) await storage.close();
        await made?.remove();
      });
      suite({
        name: kind.name,
        dialect: kind.dialect,
        keeps: kind !== inMemory,
        url: () => made?.url ?? '',
        async open(collections, options) {
          const definitions = collections as readonly CollectionDefinition<never>[];
          const storage = await openStorage(made?.url ?? '', definitions, options);
          opened.push(storage);
          return storage;
        },
      });
    });
  }
}
