import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerMembers, createMembers, updateMembers } from './client.shapes.ts';
import { clientProperties } from './client-properties.rows.ts';

test('every published property has one row that says what it does', () => {
  const published = new Set([
    ...Object.keys(answerMembers),
    ...Object.keys(createMembers),
    ...Object.keys(updateMembers),
  ]);
  const named = clientProperties.map(({ name }) => name);
  assert.deepEqual(named.toSorted(), [...published].toSorted());
});

test('a property that waits for a later release says so', () => {
  for (const { status, where } of clientProperties) {
    assert.equal(/stored and returned; enforced in a later release/.test(where), status === 'stored');
  }
});
