import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import pg from 'pg';
import { type Collection, collection, isFailure, type Store } from '../../kernel/index.ts';
import { newTenant, onEveryEngine } from './engines.contract.ts';
import { openStorage, type Storage } from './index.ts';

interface Thing {
  id: string;
  name?: string;
  n?: number;
}

const things = collection<Thing>({
  name: 'things',
  key: 'id',
  index: { name: 'text', n: 'number' },
  unique: [['name']],
});
const settings = collection<Thing>({ name: 'settings', key: 'id', cached: true });
const unavailable = (error: unknown) => isFailure(error, 'temporarily_unavailable');

onEveryEngine(
  'a server that goes away',
  (engine) => {
    let storage: Storage;
    let store: Store;
    let c: Collection<Thing>;
    before(async () => {
      storage = await engine.open([things, settings], { transactionLimitMs: 400 });
      store = newTenant(storage);
      c = store.collection(things);
    });

    /** One statement on a connection of its own. */
    async function administer(sql: string, parameters: unknown[] = []): Promise<Thing[]> {
      const client = new pg.Client({ connectionString: engine.url() });
      await client.connect();
      const { rows } = await client.query(sql, parameters);
      await client.end();
      return rows;
    }
    /** Ends all connections to the database, and waits until they are gone and our side was told. */
    async function cutAll(): Promise<void> {
      const cut = await administer(
        'select pid::text as id, pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
      const pids = cut.map(({ id }) => id);
      while ((await administer('select pid from pg_stat_activity where pid::text = any($1)', [pids])).length > 0);
    }

    test('idle connections that were cut are replaced', async () => {
      await Promise.all(Array.from({ length: 10 }, (_, n) => c.put({ id: `k${n}` })));
      await cutAll();
      assert.equal(await c.count(), 10);
      await c.put({ id: 'k0', n: 1 });
      await store.transaction(() => c.put({ id: 'k1', n: 1 }));
    });

    test('a connection cut within a transaction fails it as unavailable, and nothing else', async () => {
      await assert.rejects(
        store.transaction(async () => {
          await c.put({ id: 'half' });
          await cutAll();
          await c.put({ id: 'other half' });
        }),
        unavailable,
      );
      assert.equal(await c.get('half'), undefined);
      await c.put({ id: 'half', n: 1 });
      await storage.ping();
    });

    test('configuration is heard of again after the listening connection was cut', async () => {
      const other = await engine.open([things, settings]);
      const tenant = { id: 'both', name: 'both' };
      const [mine, theirs] = [storage, other].map((one) => one.forTenant(tenant).collection(settings));
      assert.ok(mine && theirs);
      await mine.put({ id: '1', n: 1 });
      assert.equal((await theirs.get('1'))?.n, 1);
      await cutAll();
      await mine.put({ id: '1', n: 2 });
      const deadline = performance.now() + 5000;
      while ((await theirs.get('1'))?.n !== 2) {
        assert.ok(performance.now() < deadline, 'it was not heard of');
        await new Promise((resolve) => setImmediate(resolve));
      }
    });

    test('waiting too long for a lock is unavailability, and the connection is good afterwards', async () => {
      await c.put({ id: 'locked', n: 0 });
      const client = new pg.Client({ connectionString: engine.url() });
      await client.connect();
      await client.query('begin');
      await client.query('select * from things for update');
      await assert.rejects(
        c.update('locked', (thing) => ({ ...thing, n: 1 })),
        /did not end|temporarily_unavailable/,
      );
      await assert.rejects(c.delete('locked'), unavailable);
      await client.query('rollback');
      await client.end();
      assert.equal((await c.update('locked', (thing) => ({ ...thing, n: 1 })))?.n, 1);
    });

    test('of two transactions in a deadlock both succeed: one is run again', async () => {
      await c.put({ id: 'a', n: 0 });
      await c.put({ id: 'b', n: 0 });
      const patient = await engine.open([things, settings]);
      const same = patient.forTenant({ id: 'deadlock', name: 'x' });
      const rows = same.collection(things);
      await rows.put({ id: 'a', n: 0 });
      await rows.put({ id: 'b', n: 0 });
      const increment = (thing: Thing) => ({ ...thing, n: (thing.n ?? 0) + 1 });
      let waiting = 2;
      const { promise: both, resolve: meet } = Promise.withResolvers<void>();
      const crossing = (first: string, second: string) =>
        same.transaction(async () => {
          await rows.update(first, increment);
          waiting -= 1;
          if (waiting <= 0) meet();
          await both;
          await rows.update(second, increment);
        });
      await Promise.all([crossing('a', 'b'), crossing('b', 'a')]);
      assert.deepEqual(
        (await rows.list()).map(({ n }) => n),
        [2, 2],
      );
    });

    test('a failed statement that somebody swallows does not pass for a commit', async () => {
      await assert.rejects(
        store.transaction(async () => {
          await c.insert({ id: 'swallowed' });
          await administer('alter table settings rename to hidden');
          await assert.rejects(store.collection(settings).list());
          await administer('alter table hidden rename to settings');
        }),
        /so nothing of it was written/,
      );
      assert.equal(await c.get('swallowed'), undefined);
    });
  },
  'postgres',
);

test('a server that is not there stops the start with its reason', async () => {
  await assert.rejects(
    openStorage('postgres://nobody:x@127.0.0.1:1/none', []),
    /the database can't be opened: .*ECONNREFUSED/,
  );
  await assert.rejects(openStorage('mysql://x', []), /not a database that is known here: mysql/);
});
