import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idleExpiry, isOver, needsTouch, sessionExpiry } from './session.rules.ts';
import type { Session } from './session.store.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-01-15T10:00:00.000Z');
const settings = { session_lifetime: 168, idle_session_lifetime: 72 };

test('a session ends after its lifetime, or earlier when it is left alone; hours may be fractions', () => {
  assert.deepEqual(sessionExpiry(settings, NOW, true), {
    expires_at: NOW + 168 * HOUR,
    idle_expires_at: NOW + 72 * HOUR,
  });
  const short = { session_lifetime: 0.5, idle_session_lifetime: 72 };
  assert.deepEqual(sessionExpiry(short, NOW, true), { expires_at: NOW + HOUR / 2, idle_expires_at: NOW + HOUR / 2 });
  assert.equal(idleExpiry(settings, NOW, { expires_at: NOW + HOUR, persistent: true }), NOW + HOUR);
  const both = { ...settings, ephemeral_session_lifetime: 2, idle_ephemeral_session_lifetime: 1 };
  assert.deepEqual(sessionExpiry(both, NOW, false), { expires_at: NOW + 2 * HOUR, idle_expires_at: NOW + HOUR });
  assert.deepEqual(sessionExpiry(both, NOW, true), sessionExpiry(settings, NOW, true));
  assert.deepEqual(sessionExpiry(settings, NOW, false), sessionExpiry(settings, NOW, true));
});

test('it is over at the moment it ends', () => {
  const session = { expires_at: NOW + 2, idle_expires_at: NOW + 1 } as Session;
  assert.ok(!isOver(session, NOW));
  assert.ok(isOver(session, NOW + 1));
  assert.ok(isOver({ ...session, idle_expires_at: NOW + 9 }, NOW + 2));
});

test('use is written once a minute, and at once for a client that is new to the session', () => {
  const session = {
    clients: [{ client_id: 'a' }],
    last_interacted_at: new Date(NOW).toISOString(),
  } as unknown as Session;
  assert.ok(!needsTouch(session, { clientId: 'a' }, NOW + 59_999));
  assert.ok(needsTouch(session, { clientId: 'a' }, NOW + 60_000));
  assert.ok(needsTouch(session, { clientId: 'b' }, NOW));
  assert.ok(!needsTouch(session, {}, NOW));
  assert.ok(needsTouch(session, { clientId: 'a', organizationId: 'org_1' }, NOW));
  assert.ok(!needsTouch({ ...session, organizations: ['org_1'] }, { clientId: 'a', organizationId: 'org_1' }, NOW));
});
