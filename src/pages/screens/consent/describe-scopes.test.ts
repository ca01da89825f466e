import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeScopes } from './describe-scopes.ts';

test('descriptions stand as they are, known scopes are put in words, the rest is grouped by resource', () => {
  const scopes = [
    { value: 'email' },
    { value: 'read:trips' },
    { value: 'pay:bills', description: 'Pay your bills' },
    { value: 'write:trips' },
    { value: 'everything' },
  ];
  assert.deepEqual(describeScopes('en', scopes), [
    'See your email address',
    'Pay your bills',
    'everything',
    'trips: read, write',
  ]);
});

test('a scope named like something of the language is only a scope', () => {
  assert.deepEqual(describeScopes('en', [{ value: 'constructor' }, { value: '__proto__' }]), [
    'constructor',
    '__proto__',
  ]);
});
