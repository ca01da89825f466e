import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type Collection, collection, type Store } from '../../kernel/index.ts';
import { newTenant, onEveryEngine } from './engines.contract.ts';
import type { Storage } from './index.ts';

interface Setting {
  id: string;
  name?: string;
  list?: string[];
}

const settings = collection<Setting>({
  name: 'settings',
  key: 'id',
  index: { name: 'text' },
  unique: [['name']],
  cached: true,
});
const boom = new Error('boom');

onEveryEngine('cached collections', (engine) => {
  let storage: Storage;
  let store: Store;
  let c: Collection<Setting>;
  before(async () => {
    storage = await engine.open([settings]);
  });
  const fresh = (name: string, run: () => Promise<void>) =>
    test(name, async () => {
      store = newTenant(storage);
      c = store.collection(settings);
      await run();
    });

  fresh('answers from memory, frozen, until the next write of any kind', async () => {
    await c.insert({ id: '1', name: 'a', list: ['x'] });
    const first = await c.get('1');
    assert.equal(await c.get('1'), first);
    assert.equal(await c.find({ name: 'a' }), await c.find({ name: 'a' }));
    assert.equal(await c.list(), await c.list());
    assert.throws(() => first?.list?.push('y'), TypeError);
    const writes: [() => Promise<unknown>, string | undefined][] = [
      [() => c.put({ id: '1', name: 'b' }), 'b'],
      [() => c.update('1', (setting) => ({ ...setting, name: 'c' })), 'c'],
      [() => c.delete('1'), undefined],
      [() => c.insert({ id: '1', name: 'd' }), 'd'],
      [() => c.take('1'), undefined],
      [() => c.insert({ id: '1', name: 'e' }), 'e'],
      [() => c.deleteWhere({ name: 'e' }), undefined],
    ];
    for (const [write, name] of writes) {
      await c.get('1');
      await c.list();
      await c.count({ name: name ?? 'none' });
      await write();
      assert.equal((await c.get('1'))?.name, name);
      assert.deepEqual(
        (await c.list()).map((setting) => setting.name),
        name ? [name] : [],
      );
      assert.equal(await c.count({ name: name ?? 'none' }), name ? 1 : 0);
    }
  });

  fresh('a transaction sees what it wrote; others only what was committed', async () => {
    await c.insert({ id: '1', name: 'a' });
    await c.get('1');
    await assert.rejects(
      store.transaction(async () => {
        assert.equal((await c.get('1'))?.name, 'a');
        await c.put({ id: '1', name: 'b' });
        assert.equal((await c.get('1'))?.name, 'b');
        assert.equal((await c.find({ name: 'b' }))?.id, '1');
        throw boom;
      }),
      boom,
    );
    assert.equal((await c.get('1'))?.name, 'a');
    await store.transaction(() => c.put({ id: '1', name: 'c' }));
    assert.equal((await c.get('1'))?.name, 'c');
  });

  fresh('what a transaction reads before its commit is not kept for others', async () => {
    await store.transaction(async () => {
      await c.insert({ id: '1', name: 'a' });
      assert.equal(await c.get('2'), undefined);
      assert.equal((await c.get('1'))?.name, 'a');
    });
    await assert.rejects(
      store.transaction(async () => {
        await c.insert({ id: '2' });
        assert.equal((await c.list()).length, 2);
        throw boom;
      }),
    );
    assert.equal(await c.get('2'), undefined);
    assert.equal((await c.list()).length, 1);
  });

  fresh('a transaction never waits for what another is reading', async () => {
    await c.insert({ id: '1', name: 'a' });
    // In memory the reads outside wait for the transaction: it would wait for itself.
    await store.transaction(async () => {
      await c.count();
      const outside = Array.from({ length: 3 }, () => c.get('1'));
      assert.equal((await c.get('1'))?.name, 'a');
      await Promise.all(outside);
    });
  });

  fresh('readers and writers at once: afterwards everybody reads the last write', async () => {
    await c.insert({ id: '1', name: '0' });
    for (let round = 1; round <= 20; round++) {
      const reads = Array.from({ length: 5 }, () => c.get('1'));
      const write = c.put({ id: '1', name: String(round) });
      const during = Array.from({ length: 5 }, () => c.get('1'));
      await write;
      assert.equal((await c.get('1'))?.name, String(round));
      for (const read of await Promise.all([...reads, ...during]))
        assert.ok(Number(read?.name) === round || Number(read?.name) === round - 1);
    }
  });
});

onEveryEngine(
  'caches of several nodes',
  (engine) => {
    test('one hears of what the other wrote', async () => {
      const [first, second] = [await engine.open([settings]), await engine.open([settings])];
      const tenant = { id: 'both', name: 'both' };
      const [mine, theirs] = [first, second].map((storage) => storage.forTenant(tenant).collection(settings));
      assert.ok(mine && theirs);
      const until = async (name: string | undefined) => {
        const deadline = performance.now() + 900;
        while ((await theirs.get('1'))?.name !== name) {
          assert.ok(performance.now() < deadline, `${name} was not heard of`);
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      assert.equal(await theirs.get('1'), undefined);
      await mine.insert({ id: '1', name: 'a' });
      await until('a');
      await first.forTenant(tenant).transaction(async () => {
        await mine.put({ id: '1', name: 'b' });
        await mine.put({ id: '2', name: 'c' });
      });
      await until('b');
      await mine.delete('1');
      await until(undefined);
    });
  },
  'postgres',
);

onEveryEngine('caches and what runs serially', (engine) => {
  test('it reads what another node wrote before, heard of or not', async () => {
    if (!engine.keeps) return;
    const [first, second] = [await engine.open([settings]), await engine.open([settings])];
    const tenant = { id: 'serial', name: 'serial' };
    const [mine, theirs] = [first, second].map((storage) => storage.forTenant(tenant));
    assert.ok(mine && theirs);
    const [here, there] = [mine.collection(settings), theirs.collection(settings)];
    await here.insert({ id: 'n', list: [] });
    assert.equal((await there.get('n'))?.id, 'n');
    for (let round = 0; round < 20; round++) {
      await mine.serially(async () => here.put({ id: 'n', list: [...((await here.get('n'))?.list ?? []), 'x'] }));
      await theirs.serially(async () => there.put({ id: 'n', list: [...((await there.get('n'))?.list ?? []), 'y'] }));
    }
    assert.equal((await mine.serially(() => here.get('n')))?.list?.length, 40);
  });
});
