import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { type Collection, collection, isFailure } from '../../kernel/index.ts';
import { newTenant, onEveryEngine } from './engines.contract.ts';
import type { Storage } from './index.ts';

interface Thing {
  id: string;
  name?: string;
  n?: number;
  [other: string]: unknown;
}

const things = collection<Thing>({
  name: 'things',
  key: 'id',
  index: { name: 'text', n: 'number' },
  unique: [['name']],
});

onEveryEngine('documents', (engine) => {
  let storage: Storage;
  let col: () => Collection<Thing>;
  before(async () => {
    storage = await engine.open([things]);
    col = () => newTenant(storage).collection(things);
  });

  test('keys with odd characters are keys like others', async () => {
    const c = col();
    const odd = [
      "'; drop table things; --",
      '%',
      '_',
      '"',
      '\\',
      '\\u0000',
      '$1',
      '?',
      ' ',
      'a b',
      'À',
      'A\u0300',
      '👩‍👩‍👧',
      '\n',
      'auth0|x',
      '__proto__',
      '\u0001',
    ];
    for (const id of odd) await c.insert({ id, name: id });
    for (const id of odd) {
      assert.deepEqual(await c.get(id), { id, name: id });
      assert.equal((await c.find({ name: id }))?.id, id);
    }
    assert.equal(await c.count({ id: { in: odd } }), odd.length);
    assert.equal(await c.get('a'), undefined);
    for (const id of odd) assert.equal(await c.delete(id), true, id);
  });

  test('numbers come back as they went in', async () => {
    const c = col();
    const numbers = [
      0,
      1.5,
      -1,
      1e308,
      -1e308,
      5e-324,
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
      0.1 + 0.2,
      1e21,
    ];
    for (const [index, n] of numbers.entries()) {
      await c.put({ id: String(index), n, nested: { n } });
      assert.deepEqual(await c.get(String(index)), { id: String(index), n, nested: { n } });
      assert.equal((await c.find({ n }))?.id, String(index), String(n));
    }
    const sorted = (await c.list({ orderBy: 'n' })).map(({ n }) => n);
    assert.deepEqual(
      sorted,
      numbers.toSorted((a, b) => a - b),
    );
  });

  test('a document of a megabyte, and one of deep and wide members', async () => {
    const c = col();
    const large = { id: 'large', text: 'é😀"\\\n'.repeat(150_000) };
    await c.insert(large);
    assert.deepEqual(await c.get('large'), large);
    const wide = { id: 'wide', members: Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`m${n}`, [n]])) };
    await c.insert(wide);
    assert.deepEqual(await c.get('wide'), wide);
  });

  test('what no index can hold is still found by its whole value', async () => {
    const c = col();
    // Incompressible, so that an index can't make it small.
    const long = (seed: number) =>
      Array.from({ length: 9000 }, (_, n) => ((n * n * seed + n) % 7919).toString(36)).join('');
    const [first, second] = [long(3), long(5)];
    await c.insert({ id: first, name: first });
    await c.insert({ id: second, name: second });
    assert.equal((await c.get(first))?.id, first);
    assert.equal((await c.find({ name: second }))?.id, second);
    assert.equal(await c.get(first.slice(0, -1)), undefined);
    assert.equal(await c.count({ name: { in: [first, second, 'x'] } }), 2);
    await assert.rejects(c.insert({ id: 'x', name: first }), (error) => isFailure(error, 'duplicate'));
    assert.equal((await c.update(first, (thing) => ({ ...thing, n: 1 })))?.n, 1);
    assert.equal((await c.take(first))?.n, 1);
    assert.equal(await c.delete(second), true);
  });

  test('NUL and half surrogate pairs never break a statement', async () => {
    const c = col();
    await c.insert({ id: 'a\0b', name: '\ud800', text: 'x\0y\udc00z \\u0000 \\\\u0000', 'm\0': 1 });
    const stored = await c.get('a\0b');
    assert.deepEqual(stored, {
      id: 'a\ufffdb',
      name: '\ufffd',
      text: 'x\ufffdy\ufffdz \\u0000 \\\\u0000',
      'm\ufffd': 1,
    });
    assert.equal(await c.get('\0'), undefined);
    assert.equal(await c.count({ name: { in: ['\0\0', '\udfff\udfff'] } }), 0);
    assert.equal(await c.deleteWhere({ name: 'x\0' }), 0);
  });

  test('members keep their order', async () => {
    const c = col();
    const document = { id: '1', zebra: 1, a: { y: 1, x: 2 }, middle: null, b: [] };
    await c.insert(document);
    assert.equal(JSON.stringify(await c.get('1')), JSON.stringify(document));
  });

  test('any JSON document survives', async () => {
    const c = col();
    // Numbers as JSON has them: no negative zero.
    const plain = fc
      .jsonValue({ noUnicodeString: false })
      .map((value) => JSON.parse(JSON.stringify(value).replaceAll(/-0(?![.\d])/g, '0')));
    await fc.assert(
      fc.asyncProperty(plain, async (value) => {
        const clean = JSON.parse(JSON.stringify(value).replaceAll(/\\u0000/g, ''));
        await c.put({ id: '1', value: clean });
        assert.deepEqual((await c.get('1'))?.value, clean);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});
