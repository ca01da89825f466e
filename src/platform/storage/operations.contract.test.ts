import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type Collection, collection, isFailure } from '../../kernel/index.ts';
import { newTenant, onEveryEngine } from './engines.contract.ts';
import type { Storage } from './index.ts';

interface Thing {
  id: string;
  name?: string | null;
  group?: string;
  n?: number;
  [other: string]: unknown;
}

const things = collection<Thing>({
  name: 'things',
  key: 'id',
  index: { name: 'text', group: 'text', n: 'number' },
  unique: [['name'], ['group', 'n']],
});
const loose = collection<Thing>({ name: 'loose_things', key: 'id', index: { name: 'text', n: 'number' } });

const ids = (list: readonly Thing[]) => list.map(({ id }) => id).join(' ');
const duplicate = (field: string) => (error: unknown) => {
  assert.ok(isFailure(error, 'duplicate'), String(error));
  assert.deepEqual(error.params.fields, [field]);
  return true;
};

onEveryEngine('operations', (engine) => {
  let storage: Storage;
  let col: (declared?: typeof things) => Collection<Thing>;
  before(async () => {
    storage = await engine.open([things, loose]);
    col = (declared = loose) => newTenant(storage).collection(declared);
  });

  test('what was inserted is read by key and by column', async () => {
    const c = col();
    assert.deepEqual(await c.insert({ id: '1', name: 'a', n: 1, deep: { x: [1, null, 'y'] } }), {
      id: '1',
      name: 'a',
      n: 1,
      deep: { x: [1, null, 'y'] },
    });
    assert.deepEqual(await c.get('1'), { id: '1', name: 'a', n: 1, deep: { x: [1, null, 'y'] } });
    assert.deepEqual(await c.find({ name: 'a' }), await c.get('1'));
    assert.equal(await c.get('2'), undefined);
    assert.equal(await c.find({ name: 'b' }), undefined);
  });

  test('put replaces the whole document and its columns', async () => {
    const c = col();
    await c.put({ id: '1', name: 'a', n: 1, extra: true });
    await c.put({ id: '1', n: 2 });
    assert.deepEqual(await c.get('1'), { id: '1', n: 2 });
    assert.equal(await c.count({ name: 'a' }), 0);
    assert.equal(await c.count({ name: null }), 1);
    assert.equal(await c.count(), 1);
  });

  test('conditions: equality, lists, NULL, ranges, and all of them together', async () => {
    const c = col();
    for (let n = 0; n < 6; n++) await c.insert({ id: `k${n}`, n, ...(n % 2 ? { name: `name ${n}` } : {}) });
    const listed = async (where: Parameters<typeof c.list>[0]) => ids(await c.list(where));
    assert.equal(await listed({ where: { n: 3 } }), 'k3');
    assert.equal(await listed({ where: { n: { in: [5, 1, 9, 1] } } }), 'k1 k5');
    assert.equal(await listed({ where: { id: { in: ['k0', 'k2'] } } }), 'k0 k2');
    assert.equal(await listed({ where: { n: { in: [] } } }), '');
    assert.equal(await listed({ where: { name: null } }), 'k0 k2 k4');
    assert.equal(await listed({ where: { n: { gt: 1, lte: 4 } } }), 'k2 k3 k4');
    assert.equal(await listed({ where: { n: { gte: 4 } } }), 'k4 k5');
    assert.equal(await listed({ where: { n: { lt: 0 } } }), '');
    assert.equal(await listed({ where: { id: { gt: 'k3' } } }), 'k4 k5');
    assert.equal(await listed({ where: { name: { gte: 'name 3' }, n: { lt: 5 } } }), 'k3');
    assert.equal(await listed({ where: {} }), 'k0 k1 k2 k3 k4 k5');
    assert.equal(await c.count({ n: { in: [] } }), 0);
    assert.equal(await c.count({ name: null, n: { gt: 0 } }), 2);
    assert.deepEqual(await c.find({ name: null }), { id: 'k0', n: 0 });
  });

  test('a list of ten thousand values is one condition', async () => {
    const c = col();
    await c.insert({ id: 'k70', name: '"quoted", {braced}' });
    const many = Array.from({ length: 40_000 }, (_, n) => `k${n}`);
    assert.equal(await c.count({ id: { in: many } }), 1);
    assert.equal(await c.count({ name: { in: ['"quoted", {braced}', 'NULL'] } }), 1);
  });

  test('a condition that is none is refused, and nothing is deleted by it', async () => {
    const c = col();
    await c.insert({ id: '1', name: 'a', n: 1 });
    const refused: Record<string, unknown>[] = [
      { name: undefined },
      { name: {} },
      { name: { gt: undefined } },
      { name: { in: [null] } },
      { name: { like: 'a' } },
      { name: 5 },
      { n: '5' },
      { n: Number.NaN },
      { data: 'x' },
      { constructor: 'x' },
      { 'n" or 1=1 --': 1 },
    ];
    for (const where of refused) {
      await assert.rejects(c.find(where as never), TypeError, JSON.stringify(where));
      await assert.rejects(c.list({ where: where as never }), TypeError);
      await assert.rejects(c.count(where as never), TypeError);
      await assert.rejects(c.deleteWhere(where as never), TypeError);
    }
    await assert.rejects(c.list({ orderBy: 'constructor' }), TypeError);
    await assert.rejects(c.list({ orderBy: 'extra' }), TypeError);
    await assert.rejects(c.list({ limit: -1 }), TypeError);
    await assert.rejects(c.list({ offset: Number.NaN }), TypeError);
    await assert.rejects(c.insert({ id: '' }), TypeError);
    await assert.rejects(c.insert({ id: '2', n: 'text' as never }), TypeError);
    assert.equal(await c.count(), 1);
  });

  test('order is total: ties by key, NULL first, bytes not letters', async () => {
    const c = col();
    const rows: [string, string | null, number?][] = [
      ['c', 'b', 1],
      ['a', 'b', 2],
      ['b', 'b', 1],
      ['d', null, 3],
      ['e', 'B', 10],
      ['f', 'é', 9],
      ['g', '\u{1F600}', -1],
      ['h', '\uffee', 0.5],
    ];
    for (const [id, name, n] of rows) await c.insert({ id, name, n: n ?? 0 });
    assert.equal(ids(await c.list()), 'a b c d e f g h');
    assert.equal(ids(await c.list({ orderBy: 'name' })), 'd e a b c f h g');
    assert.equal(ids(await c.list({ orderBy: 'name', descending: true })), 'g h f c b a e d');
    assert.equal(ids(await c.list({ orderBy: 'n' })), 'g h b c a d f e');
    assert.equal(ids(await c.list({ orderBy: 'n', descending: true, limit: 2 })), 'e f');
  });

  test('pages join without gap or overlap', async () => {
    const c = col();
    for (let n = 0; n < 25; n++) await c.insert({ id: `k${String(n).padStart(2, '0')}`, n: n % 3 });
    const whole = ids(await c.list({ orderBy: 'n' }));
    const pages: string[] = [];
    for (let offset = 0; offset < 30; offset += 4) pages.push(ids(await c.list({ orderBy: 'n', offset, limit: 4 })));
    assert.equal(pages.filter(Boolean).join(' '), whole);
    assert.equal(ids(await c.list({ offset: 23 })), 'k23 k24');
    assert.equal(ids(await c.list({ offset: 1e300 })), '');
    assert.equal(ids(await c.list({ limit: 0 })), '');
    assert.equal((await c.list({ limit: 1e300 })).length, 25);
  });

  test('a unique combination that is taken is named, and nothing changes', async () => {
    const c = col(things);
    await c.insert({ id: '1', name: 'a', group: 'g', n: 1 });
    await c.insert({ id: '2', name: 'b', group: 'g', n: 2 });
    await assert.rejects(c.insert({ id: '1', name: 'x' }), duplicate('key'));
    await assert.rejects(c.insert({ id: '3', name: 'a' }), duplicate('name'));
    await assert.rejects(c.insert({ id: '3', group: 'g', n: 1 }), duplicate('group_n'));
    await assert.rejects(c.put({ id: '2', name: 'a' }), duplicate('name'));
    await assert.rejects(
      c.update('2', (thing) => ({ ...thing, n: 1 })),
      duplicate('group_n'),
    );
    assert.deepEqual(await c.get('2'), { id: '2', name: 'b', group: 'g', n: 2 });
    assert.equal(await c.count(), 2);
    // Rows with a NULL member are not compared.
    await c.insert({ id: '3', group: 'g' });
    await c.insert({ id: '4', group: 'g', name: null });
    assert.equal(await c.count({ group: 'g' }), 4);
    // Another tenant has names of its own.
    await col(things).insert({ id: '1', name: 'a', group: 'g', n: 1 });
  });

  test('update answers what is stored; leaving alone, missing rows, throwing and another key', async () => {
    const c = col();
    await c.insert({ id: '1', n: 1 });
    assert.deepEqual(await c.update('1', (thing) => ({ ...thing, n: 2, name: 'x' })), { id: '1', n: 2, name: 'x' });
    assert.equal((await c.find({ name: 'x' }))?.n, 2);
    assert.deepEqual(await c.update('1', () => undefined), { id: '1', n: 2, name: 'x' });
    assert.equal(await c.update('none', () => assert.fail('called for a row that is not there')), undefined);
    const boom = new Error('boom');
    await assert.rejects(
      c.update('1', () => {
        throw boom;
      }),
      boom,
    );
    await assert.rejects(
      c.update('1', (thing) => ({ ...thing, id: '2' })),
      TypeError,
    );
    assert.deepEqual(await c.list(), [{ id: '1', n: 2, name: 'x' }]);
  });

  test('a hundred parallel updates are all counted', async () => {
    const c = col();
    await c.insert({ id: '1', n: 0 });
    const seen = await Promise.all(
      Array.from({ length: 100 }, () => c.update('1', (thing) => ({ ...thing, n: (thing.n ?? 0) + 1 }))),
    );
    assert.equal((await c.get('1'))?.n, 100);
    assert.equal(new Set(seen.map((thing) => thing?.n)).size, 100);
  });

  test('of a hundred parallel takers exactly one gets the document', async () => {
    const c = col();
    await c.insert({ id: '1', n: 7 });
    const taken = await Promise.all(Array.from({ length: 100 }, () => c.take('1')));
    assert.deepEqual(taken.filter(Boolean), [{ id: '1', n: 7 }]);
    assert.equal(await c.get('1'), undefined);
  });

  test('of a hundred parallel inserts of one key exactly one succeeds', async () => {
    const c = col();
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, (_, n) => c.insert({ id: '1', n })));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const outcome of outcomes) if (outcome.status === 'rejected') duplicate('key')(outcome.reason);
  });

  test('delete, and deleteWhere with its count', async () => {
    const c = col();
    for (let n = 0; n < 5; n++) await c.insert({ id: `k${n}`, n });
    assert.equal(await c.delete('k0'), true);
    assert.equal(await c.delete('k0'), false);
    assert.equal(await c.deleteWhere({ n: { gt: 2 } }), 2);
    assert.equal(await c.deleteWhere({ id: { in: [] } }), 0);
    assert.equal(await c.deleteWhere({}), 2);
    assert.equal(await c.count(), 0);
  });

  test('a collection that storage was not opened with is refused', () => {
    const other = collection<Thing>({ name: 'others', key: 'id' });
    assert.throws(() => newTenant(storage).collection(other), /not in the list/);
    assert.throws(() => storage.forTenant({ id: '', name: 'nobody' }), /without an id/);
  });
});
