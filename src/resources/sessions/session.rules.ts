import type { TenantSettings } from '../tenant-settings/index.ts';
import type { Session } from './session.store.ts';

const HOUR = 3_600_000;
/** A session that is in use is written this often at most: the precision of its idle time. */
const TOUCH_INTERVAL = 60_000;

type Lifetimes = Pick<TenantSettings, 'session_lifetime' | 'idle_session_lifetime'> & {
  readonly ephemeral_session_lifetime?: number | undefined;
  readonly idle_ephemeral_session_lifetime?: number | undefined;
};

/**
 * When a session that begins at `now` ends: at the latest, and when it is left alone. All in ms. One that ends with the browser has
 * lifetimes of its own, where the tenant has set them.
 */
export function sessionExpiry(
  settings: Lifetimes,
  now: number,
  persistent: boolean,
): Pick<Session, 'expires_at' | 'idle_expires_at'> {
  const { session_lifetime, ephemeral_session_lifetime = session_lifetime } = settings;
  const hours = persistent ? session_lifetime : ephemeral_session_lifetime;
  const expires_at = now + Math.round(hours * HOUR);
  return { expires_at, idle_expires_at: idleExpiry(settings, now, { expires_at, persistent }) };
}

/** When `session`, used at `now`, ends if it is then left alone: never after its end. */
export function idleExpiry(
  settings: Lifetimes,
  now: number,
  { expires_at, persistent }: Pick<Session, 'expires_at' | 'persistent'>,
): number {
  const { idle_session_lifetime, idle_ephemeral_session_lifetime = idle_session_lifetime } = settings;
  const hours = persistent ? idle_session_lifetime : idle_ephemeral_session_lifetime;
  return Math.min(expires_at, now + Math.round(hours * HOUR));
}

/** Is `session` over at `now`? */
export function isOver(session: Session, now: number): boolean {
  return session.expires_at <= now || session.idle_expires_at <= now;
}

/** Who used a session: a client, perhaps for an organization. */
export interface SessionUse {
  readonly clientId?: string | undefined;
  readonly organizationId?: string | undefined;
}

/** Is it worth a write that `session` was used so at `now`? */
export function needsTouch(session: Session, { clientId, organizationId }: SessionUse, now: number): boolean {
  if (organizationId !== undefined && !session.organizations?.includes(organizationId)) return true;
  if (clientId !== undefined && !session.clients.some((client) => client.client_id === clientId)) return true;
  return now - Date.parse(session.last_interacted_at) >= TOUCH_INTERVAL;
}
