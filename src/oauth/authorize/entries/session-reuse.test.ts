import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredClient } from '../../../resources/clients/index.ts';
import type { Session } from '../../../resources/sessions/index.ts';
import type { User } from '../../../resources/users/index.ts';
import { maySessionServe } from './session-reuse.ts';

const NOW = Date.parse('2026-01-15T10:00:00.000Z');
const session = { authenticated_at: new Date(NOW - 60_000).toISOString() } as Session;
const user = { identities: [{ connection: 'db' }] } as unknown as User;
const serve = (request: object, client: object = {}, usable: readonly string[] = ['db', 'google']) =>
  maySessionServe({ prompt: [], ...request }, { session, user, client: client as StoredClient, usable, now: NOW });

test('a session serves until something asks for a login', () => {
  assert.ok(serve({}));
  assert.ok(serve({ prompt: ['consent'] }));
  assert.ok(serve({ prompt: ['none'] }));
  assert.ok(!serve({ prompt: ['login'] }));
  assert.ok(!serve({ prompt: ['consent', 'select_account'] }));
  assert.ok(!serve({}, { sso_disabled: true }));
});

test('sso means something for SSO integrations alone: whether the session here counts', () => {
  for (const app_type of [undefined, 'spa', 'native', 'regular_web', 'non_interactive'])
    assert.ok(serve({}, { app_type, sso: false }), String(app_type));
  assert.ok(!serve({}, { app_type: 'salesforce', sso: false }));
  assert.ok(serve({}, { app_type: 'salesforce', sso: true }));
  assert.ok(serve({}, { app_type: 'salesforce' }));
  assert.ok(!serve({}, { app_type: 'salesforce', sso: true, sso_disabled: true }));
});

test('max_age counts from the login, and 0 always asks', () => {
  assert.ok(serve({ max_age: 60 }));
  assert.ok(!serve({ max_age: 59 }));
  assert.ok(!serve({ max_age: 0 }));
});

test('a session of another connection does not serve', () => {
  assert.ok(serve({ connection: 'db' }));
  assert.ok(!serve({ connection: 'google' }));
});

test('a session of a connection that the client may not use does not serve', () => {
  assert.ok(!serve({}, {}, ['google']));
  assert.ok(!serve({ connection: 'db' }, {}, ['google']));
  assert.ok(!serve({}, {}, []));
});
