import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CEILING_MS, etagOf, FLOOR_MS, freshFor } from './freshness.ts';

const MINUTE = 60_000;

const CASES: [Record<string, string>, number][] = [
  [{}, 60 * MINUTE],
  [{ 'cache-control': 'public' }, 60 * MINUTE],
  [{ 'cache-control': 'max-age=1800' }, 30 * MINUTE],
  [{ 'cache-control': 'Public, Max-Age="1800"' }, 30 * MINUTE],
  [{ 'cache-control': 'max-age=1800', age: '600' }, 20 * MINUTE],
  [{ 'cache-control': 'max-age=1800, s-maxage=600' }, 10 * MINUTE],
  [{ 'cache-control': 'max-age=0' }, FLOOR_MS],
  [{ 'cache-control': 'max-age=600', age: '900' }, FLOOR_MS],
  [{ 'cache-control': 'no-cache, max-age=9999' }, FLOOR_MS],
  [{ 'cache-control': 'no-store' }, FLOOR_MS],
  [{ 'cache-control': 'max-age=9999999999' }, CEILING_MS],
  [{ 'cache-control': 'max-age=-5' }, 60 * MINUTE],
  [{ 'cache-control': 'max-age=99999999999999999999' }, 60 * MINUTE],
];

for (const [headers, expected] of CASES)
  test(`fresh for ${expected / MINUTE} minutes: ${JSON.stringify(headers)}`, () => {
    assert.equal(freshFor(headers), expected);
  });

test('a validator is sent back only if it is one', () => {
  for (const etag of ['"a"', 'W/"a-1"', '""']) assert.equal(etagOf({ etag }), etag);
  for (const etag of ['a', '"a', '"a\r\nx: y"', `"${'a'.repeat(201)}"`]) assert.equal(etagOf({ etag }), undefined);
  assert.equal(etagOf({}), undefined);
});
