import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Collection, collection } from '../../kernel/index.ts';
import { newTenant, onEveryEngine } from './engines.contract.ts';

interface Thing {
  id: string;
  name?: string;
}

const plain = collection<Thing>({ name: 'plain_things', key: 'id', index: { name: 'text' }, unique: [['name']] });
const cached = collection<Thing>({
  name: 'cached_things',
  key: 'id',
  index: { name: 'text' },
  unique: [['name']],
  cached: true,
});

onEveryEngine('isolation of tenants', (engine) => {
  for (const declared of [plain, cached]) {
    test(`no operation on ${declared.name} of one tenant reaches another's`, async () => {
      const storage = await engine.open([plain, cached]);
      const [mine, theirs] = [newTenant(storage), newTenant(storage)];
      await mine.collection(declared).insert({ id: '1', name: 'a' });
      const c = theirs.collection(declared);
      await seesNothing(c);
      await theirs.transaction(() => seesNothing(c));
      assert.equal(await c.delete('1'), false);
      assert.equal(await c.take('1'), undefined);
      assert.equal(await c.update('1', () => assert.fail('reached')), undefined);
      assert.equal(await c.deleteWhere({ name: 'a' }), 0);
      assert.equal(await c.deleteWhere({}), 0);
      // The same key and the same unique value are free, and leave the other's as it is.
      await c.insert({ id: '1', name: 'a' });
      await c.put({ id: '1', name: 'b' });
      await c.update('1', (thing) => ({ ...thing, name: 'c' }));
      assert.deepEqual(await mine.collection(declared).list(), [{ id: '1', name: 'a' }]);
      assert.equal(await c.deleteWhere({}), 1);
      assert.deepEqual(await mine.collection(declared).get('1'), { id: '1', name: 'a' });
    });
  }

  async function seesNothing(c: Collection<Thing>): Promise<void> {
    assert.equal(await c.get('1'), undefined);
    assert.equal(await c.find({ name: 'a' }), undefined);
    assert.deepEqual(await c.list(), []);
    assert.deepEqual(await c.list({ where: { id: { in: ['1'] }, name: { gte: '' } }, orderBy: 'name' }), []);
    assert.equal(await c.count(), 0);
  }

  test('ids that look alike are different tenants', async () => {
    const storage = await engine.open([plain, cached]);
    const idsAlike = ['x', 'X', 'x ', 'x:cached_things', 'x%', 'x_'];
    const stores = idsAlike.map((id) => storage.forTenant({ id, name: 'same name' }).collection(cached));
    for (const [index, store] of stores.entries()) await store.insert({ id: '1', name: String(index) });
    for (const [index, store] of stores.entries()) assert.equal((await store.get('1'))?.name, String(index));
  });
});
