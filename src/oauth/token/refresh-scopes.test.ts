import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ResourceServer } from '../../resources/resource-servers/index.ts';
import type { Target } from '../target.ts';
import { narrowScopes, renewableScopes } from './refresh-scopes.ts';

const HERE = 'https://here.test/';
const THERE = 'https://there.test/';
const LOGIN = ['openid', 'profile', 'email', 'offline_access', 'online_access'];
const OF_APIS = ['read:a', 'write:a', 'read:b', 'admin'];

const api = (identifier: string, changes: Partial<Target> = {}): Target => ({
  kind: 'api',
  identifier,
  resourceServer: { identifier, skip_consent_for_verifiable_first_party_clients: true } as ResourceServer,
  lifetimeFor: () => 1,
  ...changes,
});
const clientWith = (policies: { audience: string; scope: string[] }[], is_first_party = true) => ({
  is_first_party,
  refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', policies } as const,
});

const someScopes = fc.uniqueArray(fc.constantFrom(...LOGIN, ...OF_APIS));
const policies = fc.array(
  fc.record({ audience: fc.constantFrom(HERE, THERE), scope: fc.uniqueArray(fc.constantFrom(...OF_APIS)) }),
);
const scopesOf = (all: { audience: string; scope: string[] }[], audience: string) =>
  new Set(all.filter((policy) => policy.audience === audience).flatMap(({ scope }) => scope));

test('at the API of the token: what was granted and what its policies add, nothing else', () => {
  fc.assert(
    fc.property(someScopes, policies, (scope, all) => {
      const renewable = renewableScopes({ audience: HERE, scope }, api(HERE), clientWith(all)) ?? [];
      assert.deepEqual(new Set(renewable), new Set([...scope, ...scopesOf(all, HERE)]));
      assert.equal(new Set(renewable).size, renewable.length);
    }),
  );
});

test('at another API: its policies and the login’s own scopes; no scope of the first API, whatever it is called', () => {
  fc.assert(
    fc.property(someScopes, policies, (scope, all) => {
      const renewable = renewableScopes({ audience: HERE, scope }, api(THERE), clientWith(all));
      if (!all.some(({ audience }) => audience === THERE)) return assert.equal(renewable, undefined);
      const expected = [...scope.filter((one) => LOGIN.includes(one)), ...scopesOf(all, THERE)];
      assert.deepEqual(new Set(renewable), new Set(expected));
    }),
  );
});

test('asking can only take away, and never changes what the next one may ask', () => {
  fc.assert(
    fc.property(someScopes, fc.option(someScopes, { nil: undefined }), (renewable, asked) => {
      const narrowed = narrowScopes(renewable, asked);
      assert.deepEqual(
        narrowed,
        renewable.filter((scope) => asked === undefined || asked.includes(scope)),
      );
      assert.deepEqual(narrowScopes(narrowed, asked), narrowed);
    }),
  );
});

test('policies do not apply to third-party clients, to APIs that want consent, nor to the Management API', () => {
  const all = [
    { audience: HERE, scope: ['read:b'] },
    { audience: THERE, scope: ['read:b'] },
  ];
  const token = { audience: HERE, scope: ['openid', 'read:a'] };
  const wantsConsent = { resourceServer: { skip_consent_for_verifiable_first_party_clients: false } as ResourceServer };
  for (const [client, changes] of [
    [clientWith(all, false), {}],
    [clientWith(all), wantsConsent],
    [clientWith(all), { kind: 'management' }],
  ] as const) {
    assert.equal(renewableScopes(token, api(THERE, changes), client), undefined);
    assert.deepEqual(renewableScopes(token, api(HERE, changes), client), token.scope);
  }
});
