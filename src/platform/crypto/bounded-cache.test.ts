import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBoundedCache } from './bounded-cache.ts';

test('a value is made once and then remembered', () => {
  const cache = createBoundedCache<object>(2);
  assert.equal(
    cache.obtain('a', () => ({})),
    cache.obtain('a', () => ({})),
  );
});

test('the oldest value leaves when the cache is full', () => {
  const cache = createBoundedCache<number>(2);
  cache.obtain('a', () => 1);
  cache.obtain('b', () => 2);
  cache.obtain('c', () => 3);
  assert.equal(cache.size, 2);
  assert.equal(
    cache.obtain('c', () => 30),
    3,
  );
  assert.equal(
    cache.obtain('a', () => 10),
    10,
  );
});

test('a failed make leaves nothing behind', () => {
  const cache = createBoundedCache<number>(2);
  assert.throws(() =>
    cache.obtain('a', () => {
      throw new Error('no');
    }),
  );
  assert.equal(cache.size, 0);
});
