import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collection, isFailure } from '../../kernel/index.ts';
import { openStorage } from './index.ts';

interface Thing {
  id: string;
  name?: string;
  n: number;
  expires_at?: number;
}
const things = collection<Thing>({
  name: 'things',
  key: 'id',
  index: { name: 'text', n: 'number' },
  unique: [['name']],
  expires: 'expires_at',
});
const cachedThings = collection<Thing>({ name: 'cached_things', key: 'id', index: { name: 'text' }, cached: true });
const A = { id: 'a', name: 'a' };
for (const url of [process.env.TEST_POSTGRES_URL, 'sqlite::memory:', 'sqlite:/tmp/smoke-test.db'].filter(
  (u) => u !== undefined,
)) {
  test(url, async () => {
    const storage = await openStorage(url, [things, cachedThings] as never);
    const s = storage.forTenant(A).collection(things);
    await s.deleteWhere({});
    await s.insert({ id: '1', name: 'x', n: 1 });
    await assert.rejects(
      s.insert({ id: '2', name: 'x', n: 1 }),
      (e) => isFailure(e, 'duplicate') && e.params.fields[0] === 'name',
    );
    await assert.rejects(
      s.insert({ id: '1', name: 'y', n: 1 }),
      (e) => isFailure(e, 'duplicate') && e.params.fields[0] === 'key',
    );
    await Promise.all(Array.from({ length: 100 }, () => s.update('1', (d) => ({ ...d, n: d.n + 1 }))));
    assert.equal((await s.get('1'))?.n, 101);
    const taken = (await Promise.all(Array.from({ length: 100 }, () => s.take('1')))).filter(Boolean);
    assert.equal(taken.length, 1);
    const store = storage.forTenant(A);
    await assert.rejects(
      store.transaction(async () => {
        await s.insert({ id: '3', n: 1 });
        throw new Error('no');
      }),
    );
    assert.equal(await s.get('3'), undefined);
    await store.transaction(async () => {
      await s.insert({ id: '3', n: 1 });
      assert.equal((await s.get('3'))?.n, 1);
    });
    await s.put({ id: '3', n: 5 });
    assert.deepEqual(await s.list({ where: { n: { gte: 2 } }, orderBy: 'n', descending: true, limit: 3 }), [
      { id: '3', n: 5 },
    ]);
    assert.equal(await s.count(), 1);
    const c = store.collection(cachedThings);
    await c.put({ id: 'q', n: 1 });
    assert.equal((await c.get('q'))?.n, 1);
    await c.put({ id: 'q', n: 2 });
    assert.equal((await c.get('q'))?.n, 2);
    assert.equal(await storage.forTenant({ id: 'b', name: 'b' }).collection(things).get('3'), undefined);
    const t0 = performance.now();
    await Promise.all(Array.from({ length: 2000 }, (_, i) => s.put({ id: `k${i}`, n: i })));
    console.log('2000 puts', performance.now() - t0);
    const t1 = performance.now();
    for (let i = 0; i < 2000; i++) await s.get(`k${i}`);
    console.log('2000 gets', performance.now() - t1);
    await storage.close();
  });
}
