import { type Context, type Endpoint, isoTime, managementError } from '../../kernel/index.ts';
import { heldEndpoints } from '../users/index.ts';
import { endSession, endSessionsOf } from './end-session.ts';
import { isOver } from './session.rules.ts';
import { type Session, sessionsOf } from './session.store.ts';

/** A session as the Management API shows it. */
export function presentSession(session: Session): Readonly<Record<string, unknown>> {
  const { id, user_id, created_at, updated_at, authenticated_at, last_interacted_at, device, clients } = session;
  return {
    id,
    user_id,
    created_at,
    updated_at,
    authenticated_at,
    idle_expires_at: isoTime(session.idle_expires_at),
    expires_at: isoTime(session.expires_at),
    last_interacted_at,
    device,
    clients,
    authentication: { methods: session.methods },
    cookie: { mode: session.persistent ? 'persistent' : 'non-persistent' },
    ...(session.metadata ? { session_metadata: session.metadata } : {}),
  };
}

/** The living session `id`. WireError 404. */
export async function requireSession(ctx: Context, id: string): Promise<Session> {
  const session = await sessionsOf(ctx).get(id);
  if (session && !isOver(session, ctx.clock.now())) return session;
  throw managementError(404, 'The session does not exist.', 'inexistent_session');
}

async function livingSessions(ctx: Context, user_id: string): Promise<Session[]> {
  const all = await sessionsOf(ctx).list({ where: { user_id } });
  return all.filter((session) => !isOver(session, ctx.clock.now()));
}

/** `/api/v2/sessions` and `/api/v2/users/{id}/sessions`. */
export const sessionEndpoints: readonly Endpoint[] = heldEndpoints<Session>({
  tag: 'sessions',
  noun: 'Session',
  words: 'session',
  scope: 'sessions',
  key: 'sessions',
  notes: 'session_metadata',
  ended: { one: 'The session is over.', all: 'Every session of the user is over.' },
  idOf: ({ id }) => id,
  present: presentSession,
  listOf: livingSessions,
  require: requireSession,
  note: (ctx, id, notes) =>
    sessionsOf(ctx).update(id, ({ metadata: _before, ...kept }) => (notes ? { ...kept, metadata: notes } : kept)),
  end: (ctx, id) => endSession(ctx, id, 'session-revoked'),
  endAllOf: (ctx, userId) => endSessionsOf(ctx, userId, 'session-revoked'),
});
