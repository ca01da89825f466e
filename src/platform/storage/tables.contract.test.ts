import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { collection, type Store } from '../../kernel/index.ts';
import { newTenant, onEveryEngine } from './engines.contract.ts';
import type { Storage } from './index.ts';

interface Thing {
  id: string;
  name?: string;
  n?: number;
  until?: number;
}

onEveryEngine('tables', (engine) => {
  test('an index that is declared later covers what was there before', { skip: !engine.keeps }, async () => {
    const name = 'later_things';
    const first = collection<Thing>({ name, key: 'id' });
    const before = await engine.open([first]);
    const [one, other] = [
      { id: 'one', name: 'one' },
      { id: 'other', name: 'other' },
    ];
    const tenants = [before.forTenant(one), before.forTenant(other)];
    const count = 1203;
    for (const tenant of tenants) {
      await tenant.transaction(async () => {
        for (let n = 0; n < count; n++)
          await tenant.collection(first).insert({ id: `k${n}`, ...(n % 2 ? { name: `name ${n}`, n } : {}) });
      });
    }
    await before.close();

    const second = collection<Thing>({ name, key: 'id', index: { name: 'text', n: 'number' }, unique: [['name']] });
    const after = await engine.open([second]);
    const things = after.forTenant(one).collection(second);
    assert.equal(await things.count({ name: null }), 602);
    assert.equal(await things.count({ n: { gte: 601 } }), 301);
    assert.equal((await things.find({ name: 'name 1201' }))?.n, 1201);
    await assert.rejects(things.insert({ id: 'x', name: 'name 1201' }), { code: 'duplicate' });
    // Once more, with nothing left to do.
    await after.close();
    const again = await engine.open([second]);
    assert.equal(await again.forTenant(other).collection(second).count(), count);
  });

  test('what can not be indexed stops the start, and changes nothing', { skip: !engine.keeps }, async () => {
    const name = 'odd_things';
    const first = collection<Thing>({ name, key: 'id' });
    const before = await engine.open([first]);
    await newTenant(before)
      .collection(first)
      .insert({ id: '1', n: 'not a number' as never });
    await before.close();
    const second = collection<Thing>({ name, key: 'id', index: { name: 'text', n: 'number' } });
    await assert.rejects(engine.open([second]), /odd_things\.n: string is not a number/);
    const still = await engine.open([first]);
    assert.equal(await newTenant(still).collection(first).count(), 0);
  });

  test('several processes may start on one empty database', { skip: !engine.keeps }, async () => {
    const shared = collection<Thing>({ name: 'shared_things', key: 'id', index: { name: 'text' } });
    const opened = await Promise.all(Array.from({ length: 3 }, () => engine.open([shared])));
    await opened[0]?.forTenant({ id: 'same', name: 'same' }).collection(shared).insert({ id: '1' });
    assert.equal((await opened[2]?.forTenant({ id: 'same', name: 'same' }).collection(shared).get('1'))?.id, '1');
  });

  test('what few documents have is found, and is counted where it is missing', async () => {
    const definition = {
      name: 'sparse_things',
      key: 'id',
      index: { until: 'number' },
      sparse: { name: 'text' },
    } as const;
    const sparse = collection<Thing>(definition);
    const c = newTenant(await engine.open([sparse])).collection(sparse);
    for (const id of ['1', '2', '3']) await c.insert({ id, ...(id === '2' ? { name: 'two' } : {}) });
    assert.equal((await c.find({ name: 'two' }))?.id, '2');
    assert.equal(await c.count({ name: null }), 2);
    await c.update('3', (thing) => ({ ...thing, name: 'three' }));
    await c.update('2', ({ id }) => ({ id }));
    assert.deepEqual(
      (await c.list({ orderBy: 'name', descending: true })).map(({ id }) => id),
      ['3', '2', '1'],
    );
    assert.equal(await c.find({ name: 'two' }), undefined);
  });

  test('long names of columns stay apart', async () => {
    type Long = Record<string, string>;
    const [a, b] = [`${'very_'.repeat(12)}long_a`, `${'very_'.repeat(12)}long_b`];
    const long = collection<Long>({
      name: 'long_things',
      key: 'id',
      index: { [a]: 'text', x: 'text' },
      unique: [[a], ['x']],
    });
    assert.ok(b);
    const c = newTenant(await engine.open([long])).collection(long);
    await c.insert({ id: '1', [a]: '1', x: '1' });
    await assert.rejects(c.insert({ id: '2', [a]: '1', x: '2' }), { code: 'duplicate' });
    assert.equal((await c.find({ [a]: '1' }))?.id, '1');
  });
});

onEveryEngine('sweeping', (engine) => {
  const mortal = collection<Thing>({ name: 'mortal_things', key: 'id', expires: 'until' });
  const immortal = collection<Thing>({ name: 'immortal_things', key: 'id', index: { until: 'number' } });
  let storage: Storage;
  let tenants: Store[];
  before(async () => {
    storage = await engine.open([mortal, immortal]);
    tenants = [newTenant(storage), newTenant(storage)];
  });

  test('removes what expired, of all tenants, and nothing else', async () => {
    for (const tenant of tenants) {
      await tenant.collection(mortal).insert({ id: 'old', until: 999 });
      await tenant.collection(mortal).insert({ id: 'now', until: 1000 });
      await tenant.collection(mortal).insert({ id: 'never' });
      await tenant.collection(immortal).insert({ id: 'old', until: 1 });
    }
    assert.equal(await storage.sweep(1000), 2);
    for (const tenant of tenants) {
      assert.deepEqual(
        (await tenant.collection(mortal).list()).map(({ id }) => id),
        ['never', 'now'],
      );
      assert.equal(await tenant.collection(immortal).count(), 1);
    }
    assert.equal(await storage.sweep(1000), 0);
  });

  test('goes on until nothing is left', async () => {
    const [tenant] = tenants;
    assert.ok(tenant);
    await tenant.transaction(async () => {
      for (let n = 0; n < 2500; n++) await tenant.collection(mortal).insert({ id: `k${n}`, until: n });
    });
    assert.equal(await storage.sweep(2400), 2402);
    assert.equal(await tenant.collection(mortal).count({ until: { gte: 0 } }), 100);
  });
});
