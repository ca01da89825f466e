import type { TenantSettings } from '../tenant-settings/index.ts';
import type { Session } from './session.store.ts';

const HOUR = 3_600_000;
/** A session that is in use is written this often at most: the precision of its idle time. */
const TOUCH_INTERVAL = 60_000;

/** When a session that begins at `now` ends: at the latest, and when it is left alone. All in ms. */
export function sessionExpiry(
  settings: Pick<TenantSettings, 'session_lifetime' | 'idle_session_lifetime'>,
  now: number,
): Pick<Session, 'expires_at' | 'idle_expires_at'> {
  const expires_at = now + Math.round(settings.session_lifetime * HOUR);
  return { expires_at, idle_expires_at: idleExpiry(settings, now, expires_at) };
}

/** When a session used at `now` ends if it is then left alone: never after its end. */
export function idleExpiry(
  settings: Pick<TenantSettings, 'idle_session_lifetime'>,
  now: number,
  expiresAt: number,
): number {
  return Math.min(expiresAt, now + Math.round(settings.idle_session_lifetime * HOUR));
}

/** Is `session` over at `now`? */
export function isOver(session: Session, now: number): boolean {
  return session.expires_at <= now || session.idle_expires_at <= now;
}

/** Is it worth a write that `clientId` used `session` at `now`? */
export function needsTouch(session: Session, clientId: string | undefined, now: number): boolean {
  if (clientId !== undefined && !session.clients.some((client) => client.client_id === clientId)) return true;
  return now - Date.parse(session.last_interacted_at) >= TOUCH_INTERVAL;
}
