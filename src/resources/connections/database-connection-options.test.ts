import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databaseOptionNames } from './connection-options.schema.ts';
import { databaseConnectionOptions } from './database-connection-options.rows.ts';

test('the table of options misses none and invents none', () => {
  const told = databaseConnectionOptions.map(({ name }) => name).sort();
  assert.deepEqual(told, [...databaseOptionNames].sort());
});
