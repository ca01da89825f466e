import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCache } from './cache.ts';

/** A source that counts how often it is read. */
function source<V>(value: V): { read: () => Promise<V>; readonly reads: number } {
  let reads = 0;
  return {
    read: async () => {
      reads += 1;
      return value;
    },
    get reads() {
      return reads;
    },
  };
}

test('those who ask at once share one reading', async () => {
  const cache = createCache();
  const { promise, resolve } = Promise.withResolvers<{ n: number }>();
  let reads = 0;
  const read = () => {
    reads += 1;
    return promise;
  };
  const asked = [cache.remember('t', 'q', read), cache.remember('t', 'q', read)];
  resolve({ n: 1 });
  const [one, other] = await Promise.all(asked);
  assert.equal(one, other);
  assert.ok(Object.isFrozen(one));
  assert.equal(reads, 1);
});

test('what was being read while a write came is answered to those who asked before, and not kept', async () => {
  const cache = createCache();
  const { promise, resolve } = Promise.withResolvers<string>();
  const early = cache.remember('t', 'q', () => promise);
  cache.forget('t');
  const late = cache.remember('t', 'q', async () => 'new');
  resolve('old');
  assert.equal(await early, 'old');
  assert.equal(await late, 'new');
  assert.equal(await cache.remember('t', 'q', () => assert.fail('read again')), 'new');
});

test('a failed reading is not kept', async () => {
  const cache = createCache();
  await assert.rejects(
    cache.remember('t', 'q', () => Promise.reject(new Error('gone'))),
    /gone/,
  );
  assert.equal(await cache.remember('t', 'q', async () => 'back'), 'back');
});

test('forgetting one topic leaves the others', async () => {
  const cache = createCache();
  const [mine, theirs] = [source('a'), source('b')];
  for (let i = 0; i < 2; i++) {
    await cache.remember('mine', 'q', mine.read);
    await cache.remember('theirs', 'q', theirs.read);
    cache.forget('mine');
  }
  assert.deepEqual([mine.reads, theirs.reads], [2, 1]);
  cache.forget(undefined);
  await cache.remember('theirs', 'q', theirs.read);
  assert.equal(theirs.reads, 2);
});

test('asking for a million things that do not exist neither fills memory nor drives out what does', async () => {
  const cache = createCache({ found: 100, missing: 50 });
  const hot = source({ id: 'hot' });
  await cache.remember('clients', 'get hot', hot.read);
  const absent = source(undefined);
  for (let n = 0; n < 5000; n++) await cache.remember('clients', `get random-${n}`, absent.read);
  await cache.remember('clients', 'get hot', hot.read);
  assert.equal(hot.reads, 1);
  assert.equal(absent.reads, 5000);
  // The last ones are remembered, the first ones are not.
  await cache.remember('clients', 'get random-4999', absent.read);
  assert.equal(absent.reads, 5000);
  await cache.remember('clients', 'get random-0', absent.read);
  assert.equal(absent.reads, 5001);
});

test('empty lists and zeros count as nothing; long questions are not kept at all', async () => {
  const cache = createCache({ found: 100, missing: 2 });
  const empty = source([]);
  for (let n = 0; n < 3; n++) await cache.remember('t', `list ${n}`, empty.read);
  await cache.remember('t', 'list 0', empty.read);
  assert.equal(empty.reads, 4);
  const long = source({ id: '1' });
  for (let i = 0; i < 2; i++) await cache.remember('t', `get ${'x'.repeat(5000)}`, long.read);
  assert.equal(long.reads, 2);
});

test('of what exists, what was used last stays', async () => {
  const cache = createCache({ found: 10, missing: 10 });
  const hot = source({ id: 'hot' });
  for (let n = 0; n < 100; n++) {
    await cache.remember('t', 'hot', hot.read);
    await cache.remember('t', `cold ${n}`, async () => ({ n }));
  }
  assert.equal(hot.reads, 1);
});

test('inside a transaction: takes what is known, keeps nothing', async () => {
  const cache = createCache();
  const value = source({ id: '1' });
  await cache.recall('t', 'q', value.read);
  await cache.recall('t', 'q', value.read);
  assert.equal(value.reads, 2);
  await cache.remember('t', 'q', value.read);
  await cache.recall('t', 'q', value.read);
  assert.equal(value.reads, 3);
});
