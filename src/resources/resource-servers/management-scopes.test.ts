import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpoints } from '../../endpoints.ts';
import type { Context, Surface } from '../../kernel/index.ts';
import { managementScopes } from './management-scopes.ts';
import { systemApiFor } from './system-apis.ts';

const wantedOn = (wanted: Surface) =>
  new Set(endpoints.filter(({ surface }) => surface === wanted).flatMap((endpoint) => endpoint.scopes ?? []));

test('every scope that an endpoint asks for can be granted on the Management API', () => {
  const known = new Set(managementScopes.map(({ value }) => value));
  const wanted = wantedOn('management');
  assert.deepEqual([...wanted.difference(known)], []);
  assert.ok(wanted.size > 0);
});

test('every scope that My Organization asks for can be granted on its API, and no other', () => {
  const found = systemApiFor({ canonicalIssuer: 'https://t.test/' } as Context, 'https://t.test/my-org/');
  const scopes = (found?.scopes ?? []) as readonly { readonly value: string }[];
  const known = new Set(scopes.map(({ value }) => value));
  assert.deepEqual([...wantedOn('my_organization').symmetricDifference(known)], []);
});

test('a Management endpoint without a scope would be open to every token', () => {
  const open = endpoints.filter(
    ({ surface, scopes }) => (surface === 'management' || surface === 'my_organization') && !scopes?.length,
  );
  assert.deepEqual(
    open.map(({ name }) => name),
    [],
  );
});

test('scopes are described as people read them', () => {
  const found = managementScopes.find(({ value }) => value === 'read:client_grants');
  assert.deepEqual(found, { value: 'read:client_grants', description: 'Read Client Grants' });
});
