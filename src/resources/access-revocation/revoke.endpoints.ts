import {
  type Context,
  type Endpoint,
  empty,
  managementError,
  managementWrite,
  shapes,
  Type,
} from '../../kernel/index.ts';
import { forgetRefreshTokensOf, revokeRefreshTokensOfSession } from '../refresh-tokens/index.ts';
import { endSession, endSessionsOf, requireSession, sessionsOf } from '../sessions/index.ts';
import { findUser } from '../users/index.ts';

const scopes = ['delete:sessions', 'delete:refresh_tokens'];

const revokeSession = managementWrite({
  method: 'POST',
  path: '/api/v2/sessions/:id/revoke',
  name: 'revokeSession',
  summary: 'End a session and revoke the refresh tokens that began in it',
  tag: 'sessions',
  scopes,
  params: Type.Object({ id: Type.String({ maxLength: 50, description: 'ID of the session.' }) }),
  replies: { 202: 'The session is over.' },
  async handle(ctx, { params: { id } }) {
    const { user_id } = await requireSession(ctx, id);
    await ctx.store.transaction(async () => {
      await tellFollowers(ctx, { user_id, session_id: id });
      await endSession(ctx, id, 'session-revoked');
      await revokeRefreshTokensOfSession(ctx, id);
    });
    return empty(202);
  },
});

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

async function tellFollowers(ctx: Context, revoked: RevokedAccess): Promise<void> {
  for (const follower of followers) await follower(ctx, revoked);
}

interface Revocation {
  readonly session_id?: string;
  readonly preserve_refresh_tokens?: boolean;
}

async function revoke(ctx: Context, userId: string, { session_id: id, preserve_refresh_tokens: keep }: Revocation) {
  if (id === undefined) {
    await tellFollowers(ctx, { user_id: userId });
    await endSessionsOf(ctx, userId, 'session-revoked');
    if (!keep) await forgetRefreshTokensOf(ctx, userId);
    return;
  }
  if ((await sessionsOf(ctx).get(id))?.user_id !== userId) return;
  await tellFollowers(ctx, { user_id: userId, session_id: id });
  await endSession(ctx, id, 'session-revoked');
  if (!keep) await revokeRefreshTokensOfSession(ctx, id);
}

const revokeAccess = managementWrite({
  method: 'POST',
  path: '/api/v2/users/:id/revoke-access',
  name: 'revokeAccess',
  summary: 'End the sessions of a user, or one of them, and revoke their refresh tokens',
  tag: 'users',
  scopes,
  params: Type.Object({ id: Type.String({ description: 'ID of the user.' }) }),
  body: shapes.body<Revocation>({
    session_id: shapes.text('ID of the one session to end.', { maxLength: 50 }),
    preserve_refresh_tokens: shapes.flag('Whether refresh tokens stay.'),
  }),
  replies: { 202: 'The access is revoked.' },
  async handle(ctx, { params: { id }, body }) {
    if (!(await findUser(ctx, id))) throw managementError(404, 'The user does not exist.', 'inexistent_user');
    await ctx.store.transaction(() => revoke(ctx, id, body));
    return empty(202);
  },
});

export const accessRevocationEndpoints: readonly Endpoint[] = [revokeSession, revokeAccess];
