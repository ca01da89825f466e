import type { Context } from '../../kernel/index.ts';
import { forgetRefreshTokensOf, revokeRefreshTokensOfSession } from '../refresh-tokens/index.ts';
import { endSession, endSessionsOf, type SessionEnd } from '../sessions/index.ts';

/** Whose access was revoked, and of which session alone, if of one. */
export interface RevokedAccess {
  readonly user_id: string;
  readonly session_id?: string;
}

type Follower = (ctx: Context, revoked: RevokedAccess) => Promise<unknown>;
const followers = new Set<Follower>();

/**
 * Has `follower` called when access is revoked, in the transaction and before refresh tokens go, for what may yet become tokens: codes,
 * approvals, logins that wait. Registering twice does nothing.
 */
export function onAccessRevoked(follower: Follower): void {
  followers.add(follower);
}

/**
 * Ends the sessions of a user, or one of them, and the refresh tokens that came of them, unless `keep` says that these stay. To be
 * called in a transaction.
 */
export async function revokeAccess(
  ctx: Context,
  revoked: RevokedAccess,
  why: SessionEnd,
  keep: boolean = false,
): Promise<void> {
  const { user_id, session_id } = revoked;
  for (const follower of followers) await follower(ctx, revoked);
  if (session_id === undefined) await endSessionsOf(ctx, user_id, why);
  else await endSession(ctx, session_id, why);
  if (keep) return;
  if (session_id === undefined) await forgetRefreshTokensOf(ctx, user_id);
  else await revokeRefreshTokensOfSession(ctx, session_id);
}
