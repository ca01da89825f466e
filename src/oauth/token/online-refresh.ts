/** Online refresh tokens (Auth0): they live and die with the browser's session, whatever the application's settings say. */
import { type Confirmation, type Context, oauthError } from '../../kernel/index.ts';
import { isPublic, type StoredClient } from '../../resources/clients/index.ts';
import { type RefreshToken, refreshTokensOf } from '../../resources/refresh-tokens/index.ts';
import { isSessionOver, prolongSession, type Session } from '../../resources/sessions/index.ts';
import type { Target } from '../target.ts';
import { ONLINE_ACCESS } from '../vocabulary.ts';
import { unknownRefreshToken } from './refresh-rules.ts';

/** A new login may put off the session's end: the row outlasts the end that is known by this. What counts is the session. */
const OUTLASTS_MS = 30 * 86_400_000;

interface OnlineRequest {
  readonly client: StoredClient;
  readonly target: Target;
  /** Granted at the login. */
  readonly scope: readonly string[];
  /** The session that the login ended in, if it is still there. */
  readonly session: Session | undefined;
  readonly confirmation: Confirmation | undefined;
}

/**
 * The scopes of a login, without `online_access` where its session has ended or is one that the API does not want it for.
 *
 * @throws WireError 400 invalid_request for a public client that proves no key: the token is as good as the session's cookie
 */
export function settleOnlineAccess(ctx: Context, request: OnlineRequest): readonly string[] {
  const { client, scope, confirmation } = request;
  if (!scope.includes(ONLINE_ACCESS)) return scope;
  if (!maySessionCarry(ctx, request)) return scope.filter((name) => name !== ONLINE_ACCESS);
  if (isPublic(client) && confirmation?.jkt === undefined)
    throw oauthError(400, 'invalid_request', 'Proof-of-Possession is required');
  return scope;
}

function maySessionCarry(ctx: Context, { session, target }: OnlineRequest): boolean {
  if (!session || isSessionOver(session, ctx.clock.now())) return false;
  return session.persistent || target.resourceServer?.allow_online_access_with_ephemeral_sessions === true;
}

/** The members that make a token that begins now an online one. */
export function onlineMembers(ctx: Context, sessionId: string): Pick<RefreshToken, 'online_session_id' | 'expires_at'> {
  return { online_session_id: sessionId, expires_at: ctx.clock.now() + OUTLASTS_MS };
}

/** Notes that an online token was exchanged: its session goes on. Throws a GrantRefusal when one of them went meanwhile. */
export async function prolongOnline(ctx: Context, token: RefreshToken): Promise<void> {
  const session = await prolongSession(ctx, token.online_session_id ?? '');
  const renewed =
    session &&
    (await refreshTokensOf(ctx).update(token.id, (current) => ({
      ...current,
      last_used_at: ctx.clock.now(),
      expires_at: session.expires_at + OUTLASTS_MS,
    })));
  if (!renewed) throw unknownRefreshToken('session or refresh token ended meanwhile', token);
}
