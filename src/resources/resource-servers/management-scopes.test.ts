import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpoints } from '../../endpoints.ts';
import { managementScopes } from './management-scopes.ts';

test('every scope that an endpoint asks for can be granted on the Management API', () => {
  const known = new Set(managementScopes.map(({ value }) => value));
  const wanted = new Set(endpoints.flatMap((endpoint) => endpoint.scopes ?? []));
  assert.deepEqual([...wanted.difference(known)], []);
  assert.ok(wanted.size > 0);
});

test('a Management endpoint without a scope would be open to every token', () => {
  const open = endpoints.filter(({ surface, scopes }) => surface === 'management' && !scopes?.length);
  assert.deepEqual(
    open.map(({ name }) => name),
    [],
  );
});

test('scopes are described as people read them', () => {
  const found = managementScopes.find(({ value }) => value === 'read:client_grants');
  assert.deepEqual(found, { value: 'read:client_grants', description: 'Read Client Grants' });
});
