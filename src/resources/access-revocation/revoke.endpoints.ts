import { type Context, type Endpoint, empty, managementWrite, shapes, Type } from '../../kernel/index.ts';
import { requireSession, sessionsOf } from '../sessions/index.ts';
import { requireUser } from '../users/index.ts';
import { revokeAccess } from './revoke-access.ts';

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
    await ctx.store.transaction(() => revokeAccess(ctx, { user_id, session_id: id }, 'session-revoked'));
    return empty(202);
  },
});

interface Revocation {
  readonly session_id?: string;
  readonly preserve_refresh_tokens?: boolean;
}

async function revoke(ctx: Context, user_id: string, { session_id, preserve_refresh_tokens: keep }: Revocation) {
  if (session_id !== undefined && (await sessionsOf(ctx).get(session_id))?.user_id !== user_id) return;
  await revokeAccess(ctx, { user_id, ...(session_id === undefined ? {} : { session_id }) }, 'session-revoked', keep);
}

const revokeAccessOfUser = managementWrite({
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
    await requireUser(ctx, id);
    await ctx.store.transaction(() => revoke(ctx, id, body));
    return empty(202);
  },
});

export const accessRevocationEndpoints: readonly Endpoint[] = [revokeSession, revokeAccessOfUser];
