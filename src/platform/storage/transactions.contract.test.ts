import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { before, test } from 'node:test';
import { type Collection, collection, isFailure, type Store } from '../../kernel/index.ts';
import { newTenant, onEveryEngine } from './engines.contract.ts';
import type { Storage } from './index.ts';

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

const boom = new Error('boom');
const isDuplicate = (error: unknown) => isFailure(error, 'duplicate');

/** Something that is settled by hand. */
function latch(): { promise: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, open: resolve };
}

onEveryEngine('transactions', (engine) => {
  let storage: Storage;
  let store: Store;
  let c: Collection<Thing>;
  const ids = async () => (await c.list()).map(({ id }) => id).join(' ');
  before(async () => {
    storage = await engine.open([things]);
  });
  const fresh = (name: string, run: () => Promise<void>) =>
    test(name, async () => {
      store = newTenant(storage);
      c = store.collection(things);
      await run();
    });

  fresh('all or nothing', async () => {
    await store.transaction(async () => {
      await c.insert({ id: '1' });
      await c.put({ id: '2', n: 2 });
      assert.equal((await c.get('1'))?.id, '1');
      assert.equal(await c.count(), 2);
    });
    assert.equal(await ids(), '1 2');
    await assert.rejects(
      store.transaction(async () => {
        await c.insert({ id: '3' });
        await c.update('1', (thing) => ({ ...thing, n: 9 }));
        await c.delete('2');
        await c.deleteWhere({});
        assert.equal(await c.count(), 0);
        throw boom;
      }),
      boom,
    );
    assert.deepEqual(await c.list(), [{ id: '1' }, { id: '2', n: 2 }]);
  });

  fresh('it spans the stores of several tenants', async () => {
    const other = newTenant(storage).collection(things);
    await assert.rejects(
      store.transaction(async () => {
        await c.insert({ id: '1' });
        await other.insert({ id: '1' });
        throw boom;
      }),
      boom,
    );
    assert.deepEqual([await c.count(), await other.count()], [0, 0]);
  });

  fresh('a duplicate that is caught leaves it usable, and the connection after it', async () => {
    await c.insert({ id: 'taken', name: 'taken' });
    await store.transaction(async () => {
      await c.insert({ id: '1' });
      await assert.rejects(c.insert({ id: '1' }), isDuplicate);
      await assert.rejects(c.put({ id: '2', name: 'taken' }), isDuplicate);
      await assert.rejects(
        c.update('1', (thing) => ({ ...thing, name: 'taken' })),
        isDuplicate,
      );
      await c.insert({ id: '3' });
    });
    assert.equal(await ids(), '1 3 taken');
    for (let i = 0; i < 25; i++) {
      await assert.rejects(
        store.transaction(() => c.insert({ id: '1' })),
        isDuplicate,
      );
      await assert.rejects(c.insert({ id: '1' }), isDuplicate);
    }
    await c.insert({ id: '4' });
    assert.equal(await c.count(), 4);
  });

  fresh('one inside another is undone by itself, or with the outer one', async () => {
    await store.transaction(async () => {
      await c.insert({ id: '1' });
      await assert.rejects(
        store.transaction(async () => {
          await c.insert({ id: '2' });
          await store.transaction(() => c.insert({ id: '3' }));
          throw boom;
        }),
        boom,
      );
      await store.transaction(() => c.insert({ id: '4' }));
      assert.equal(await ids(), '1 4');
    });
    assert.equal(await ids(), '1 4');
    await assert.rejects(
      store.transaction(async () => {
        await store.transaction(() => c.insert({ id: '5' }));
        throw boom;
      }),
      boom,
    );
    assert.equal(await ids(), '1 4');
  });

  fresh('parallel work inside one', async () => {
    await c.insert({ id: 'n', n: 0 });
    await store.transaction(async () => {
      await Promise.all([
        ...Array.from({ length: 20 }, () => c.update('n', (thing) => ({ ...thing, n: (thing.n ?? 0) + 1 }))),
        ...Array.from({ length: 20 }, (_, n) => c.insert({ id: `k${n}` })),
        ...Array.from({ length: 5 }, (_, n) => store.transaction(() => c.insert({ id: `t${n}` }))),
        assert.rejects(
          store.transaction(async () => {
            await c.insert({ id: 'gone' });
            throw boom;
          }),
          boom,
        ),
        c.count(),
      ]);
    });
    assert.equal((await c.get('n'))?.n, 20);
    assert.equal(await c.count(), 26);
    assert.equal(await c.get('gone'), undefined);
  });

  fresh('nobody else sees what is not committed', async () => {
    const written = latch();
    const go = latch();
    const writing = store.transaction(async () => {
      await c.insert({ id: '1' });
      written.open();
      await go.promise;
    });
    await written.promise;
    // In memory the reader has to wait; elsewhere it is answered at once.
    const reading = c.get('1');
    if (engine.keeps) assert.equal(await reading, undefined);
    go.open();
    await writing;
    assert.equal((await c.get('1'))?.id, '1');
  });

  fresh('parallel transactions: each is whole, those that fail leave nothing', async () => {
    await c.insert({ id: 'sum', n: 0 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 120 }, (_, n) =>
        store.transaction(async () => {
          await c.insert({ id: `a${n}` });
          await c.update('sum', (thing) => ({ ...thing, n: (thing.n ?? 0) + 1 }));
          if (n % 3 === 0) throw boom;
          await c.insert({ id: `b${n}` });
        }),
      ),
    );
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 80);
    assert.equal((await c.get('sum'))?.n, 80);
    assert.equal(await c.count({ id: { gte: 'a', lt: 'b' } }), 80);
    assert.equal(await c.count({ id: { gte: 'b', lt: 'c' } }), 80);
  });

  fresh('work that goes on after a commit stands on its own; after a rollback it is refused', async () => {
    const ended = latch();
    let background: Promise<unknown> = Promise.resolve();
    await store.transaction(async () => {
      await c.insert({ id: '1' });
      background = ended.promise.then(() => c.insert({ id: '2' }));
    });
    ended.open();
    await background;
    assert.equal(await ids(), '1 2');

    const failed = latch();
    let late: Promise<unknown> = Promise.resolve();
    await assert.rejects(
      store.transaction(async () => {
        late = failed.promise.then(() => c.insert({ id: '3' }));
        late.catch(() => {});
        throw boom;
      }),
      boom,
    );
    failed.open();
    await assert.rejects(late, /has ended/);
    await c.insert({ id: '4' });
    assert.equal(await ids(), '1 2 4');
  });

  fresh('serially: what was read is so until it is over', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, n) =>
        store.serially(async () => {
          if ((await c.count()) >= 3) throw boom;
          await c.insert({ id: `k${n}` });
          if (n === 0) throw boom;
        }),
      ),
    );
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 3);
    assert.equal(await c.count(), 3);
  });

  fresh('serially: inside a transaction it waits for the others as well, and is a part of it', async () => {
    const once = async (id: string) => {
      if ((await c.count()) > 0) return;
      await c.insert({ id });
    };
    const inside = (id: string) => store.transaction(() => store.serially(() => once(id)));
    await Promise.all(
      Array.from({ length: 8 }, (_, n) => [inside(`i${n}`), store.serially(() => once(`o${n}`))]).flat(),
    );
    assert.equal(await c.count(), 1);
    await assert.rejects(
      store.transaction(async () => {
        await store.serially(() => c.insert({ id: 'undone' }));
        throw boom;
      }),
      boom,
    );
    assert.equal(await c.get('undone'), undefined);
  });

  fresh('serially: those of other tenants, and all other work, go on meanwhile', async () => {
    if (engine.dialect === 'sqlite') return;
    const go = latch();
    const begun = latch();
    const first = store.serially(async () => {
      begun.open();
      await go.promise;
    });
    await begun.promise;
    const waiting = Array.from({ length: 30 }, (_, n) => store.serially(() => c.insert({ id: `w${n}` })));
    await newTenant(storage).serially(async () => {});
    await c.insert({ id: 'meanwhile' });
    assert.equal(await ids(), 'meanwhile');
    go.open();
    await Promise.all([first, ...waiting]);
    assert.equal(await c.count(), 31);
  });

  fresh('hold: what is held is not deleted before the transaction ends, and what is gone is not held', async () => {
    await c.insert({ id: '1' });
    const held = latch();
    const go = latch();
    const holding = store.transaction(async () => {
      assert.equal((await c.hold('1'))?.id, '1');
      held.open();
      await go.promise;
      await c.insert({ id: 'of 1' });
    });
    await held.promise;
    const deleting = store.transaction(async () => {
      await c.delete('1');
      await c.deleteWhere({ id: { gt: 'of' } });
    });
    go.open();
    await Promise.all([holding, deleting]);
    assert.equal(await ids(), '');
    assert.equal(await store.transaction(() => c.hold('1')), undefined);
  });

  fresh('each runs in the async context of its caller', async () => {
    const request = new AsyncLocalStorage<number>();
    const seen = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        request.run(n, () =>
          store.transaction(async () => {
            await c.count();
            return request.getStore();
          }),
        ),
      ),
    );
    assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  fresh('one that never ends is rolled back, and the others go on', async () => {
    const impatient = await engine.open([things], { transactionLimitMs: 60 });
    const tenant = newTenant(impatient);
    const mine = tenant.collection(things);
    const resumed = latch();
    let late: Promise<unknown> = Promise.resolve();
    const stuck = tenant.transaction(async () => {
      await mine.insert({ id: '1' });
      late = resumed.promise.then(() => mine.insert({ id: '2' }));
      late.catch(() => {});
      await late;
    });
    const others = Array.from({ length: 5 }, (_, n) => mine.insert({ id: `k${n}` }));
    await assert.rejects(stuck, /did not end within 60 ms/);
    await Promise.all(others);
    resumed.open();
    await assert.rejects(late, /has ended/);
    assert.equal((await mine.list()).map(({ id }) => id).join(' '), 'k0 k1 k2 k3 k4');
  });

  fresh('closing waits for what is in progress and refuses what comes later', async () => {
    const closing = await engine.open([things]);
    const tenant = newTenant(closing);
    const mine = tenant.collection(things);
    const go = latch();
    const begun = latch();
    const writing = tenant.transaction(async () => {
      await mine.insert({ id: '1' });
      begun.open();
      await go.promise;
      await mine.insert({ id: '2' });
    });
    await begun.promise;
    const closed = closing.close();
    go.open();
    await writing;
    await closed;
    const unavailable = (error: unknown) => isFailure(error, 'temporarily_unavailable');
    await assert.rejects(mine.insert({ id: '3' }), unavailable);
    await assert.rejects(mine.get('1'), unavailable);
    await assert.rejects(
      tenant.transaction(() => mine.get('1')),
      unavailable,
    );
    await assert.rejects(closing.ping(), unavailable);
  });
});
