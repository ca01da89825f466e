import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selectFields } from './paging.ts';

const document = { a: 1, b: { c: 2, d: 3 }, e: [1] };

test('fields choose, with members of members', () => {
  assert.deepEqual(selectFields(document, 'a,b.c'), { a: 1, b: { c: 2 } });
  assert.deepEqual(selectFields(document, 'b.c,b.d,b.x,x'), { b: { c: 2, d: 3 } });
  assert.deepEqual(selectFields(document, 'e', true, ['a']), { a: 1, e: [1] });
});

test('fields leave out', () => {
  assert.deepEqual(selectFields(document, 'a,b.c', false), { b: { d: 3 }, e: [1] });
  assert.deepEqual(selectFields(document, 'x,a.b', false), document);
});

test('without fields a document is whole', () => {
  assert.deepEqual(selectFields(document, undefined), document);
});
