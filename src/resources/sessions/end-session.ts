import type { Context, Where } from '../../kernel/index.ts';
import { isOver } from './session.rules.ts';
import { type Session, sessionsOf } from './session.store.ts';

/** Why a session ends, in the words of Auth0's back-channel logout initiators. `idp-logout`: its identity provider says so. */
export const SESSION_ENDS = [
  'rp-logout',
  'idp-logout',
  'password-changed',
  'session-expired',
  'session-revoked',
  'account-deleted',
  'email-identifier-changed',
  'mfa-phone-unenrolled',
  'account-deactivated',
] as const;
export type SessionEnd = (typeof SESSION_ENDS)[number];

type Follower = (ctx: Context, session: Session, why: SessionEnd) => Promise<void>;

const followers = new Set<Follower>();

/** Has `follower` called for every session that ends, inside the transaction that ends it. The same function twice does nothing. */
export function onSessionEnded(follower: Follower): void {
  followers.add(follower);
}

/** Ends a session. True when there was one: of several callers at once, one gets it. */
export function endSession(ctx: Context, id: string, why: SessionEnd): Promise<boolean> {
  return ctx.store.transaction(async () => {
    const ended = await sessionsOf(ctx).take(id);
    if (ended) for (const follower of followers) await follower(ctx, ended, why);
    return ended !== undefined;
  });
}

/** Ends all sessions that meet `where`. Answers how many there were. */
export function endSessionsWhere(ctx: Context, where: Where<Session>, why: SessionEnd): Promise<number> {
  return ctx.store.transaction(async () => {
    let ended = 0;
    for (const { id } of await sessionsOf(ctx).list({ where })) if (await endSession(ctx, id, why)) ended += 1;
    return ended;
  });
}

/** Ends all sessions of a user. Answers how many there were. */
export function endSessionsOf(ctx: Context, userId: string, why: SessionEnd): Promise<number> {
  return endSessionsWhere(ctx, { user_id: userId }, why);
}

/** Sessions ended in one go, so that nobody waits long for a transaction. */
const BATCH = 100;

/** Ends the sessions whose time is over. What was ended with this clock stays ended; any number of processes may do it at once. */
export async function endExpiredSessions(ctx: Context): Promise<void> {
  for (;;) {
    const where = { idle_expires_at: { lte: ctx.clock.now() } };
    const over = await sessionsOf(ctx).list({ where, orderBy: 'idle_expires_at', limit: BATCH });
    for (const { id } of over) await endExpired(ctx, id);
    if (over.length < BATCH) return;
  }
}

/** Somebody may just have used it, whose request began before its end. */
function endExpired(ctx: Context, id: string): Promise<void> {
  return ctx.store.transaction(async () => {
    const found = await sessionsOf(ctx).take(id);
    if (!found) return;
    if (!isOver(found, ctx.clock.now())) await sessionsOf(ctx).put(found);
    else for (const follower of followers) await follower(ctx, found, 'session-expired');
  });
}
