import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passwordlessConnectionOptions } from './passwordless-connection-options.rows.ts';
import { passwordlessOptionNames } from './passwordless-options.schema.ts';

const COMMON = ['brute_force_protection', 'disable_signup', 'non_persistent_attrs'];

test('the table of options misses none and invents none', () => {
  const told = passwordlessConnectionOptions.map(({ name }) => name).sort();
  assert.deepEqual(told, [...passwordlessOptionNames, ...COMMON].sort());
});
