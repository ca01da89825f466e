import type { Context } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import {
  isExpired,
  leewayOf,
  type RefreshToken,
  refreshTokensOf,
  revokeRefreshTokenFamily,
} from '../../resources/refresh-tokens/index.ts';
import { isSessionOver, sessionsOf } from '../../resources/sessions/index.ts';
import { findUser, type User } from '../../resources/users/index.ts';
import { type GrantRefusal, invalidGrant, userIsBlocked } from './grant-refusal.ts';

/** SDKs look for this text: unknown, expired, revoked, reused and other clients' tokens cannot be told apart. */
const UNKNOWN = 'Unknown or invalid refresh token.';

/** Was the token exchanged before, and is it too late to forgive that? */
export function isReused(token: RefreshToken, client: StoredClient, now: number): boolean {
  if (token.rotated_at === undefined) return false;
  const leeway = leewayOf(client);
  // Of two callers at once the slower may hold the earlier time: without leeway the time has no say.
  return leeway <= 0 || token.rotated_at + leeway <= now;
}

/** The refusal of a token that cannot be exchanged. */
export function unknownRefreshToken(detail: string, token?: RefreshToken): GrantRefusal {
  return invalidGrant(UNKNOWN, { detail, ...(token ? { log: { user_id: token.user_id } } : {}) });
}

/** The refusal of a token that somebody exchanged before: all tokens of its family go, as one of the two callers stole it. */
export function reusedRefreshToken(ctx: Context, token: RefreshToken): GrantRefusal {
  return invalidGrant(UNKNOWN, {
    detail: 'refresh token reused',
    log: { type: 'ferrt', user_id: token.user_id, details: { familyId: token.family_id } },
    consequence: () => revokeRefreshTokenFamily(ctx, token.family_id),
  });
}

/** Refuses a token that lives by a session, where that session is over, or somebody else's. */
async function requireLivingSession(ctx: Context, token: RefreshToken): Promise<void> {
  const id = token.online_session_id ?? token.session_id;
  const session = id === undefined ? undefined : await sessionsOf(ctx).get(id);
  const isAlive = session && session.user_id === token.user_id && !isSessionOver(session, ctx.clock.now());
  if (!isAlive) throw unknownRefreshToken('the session is over', token);
}

/** The token, if `client` may exchange it now. Throws the refusal, which revokes the family when the token was used before. */
export async function requireUsable(
  ctx: Context,
  client: StoredClient,
  token: RefreshToken | undefined,
): Promise<RefreshToken> {
  if (!token) throw unknownRefreshToken('no such refresh token');
  if (token.client_id !== client.client_id) throw unknownRefreshToken('the refresh token is of another client');
  if (token.online_session_id !== undefined) {
    await requireLivingSession(ctx, token);
    return token;
  }
  if (token.session_bound) await requireLivingSession(ctx, token);
  const now = ctx.clock.now();
  if (isExpired(token, client, now)) throw unknownRefreshToken('refresh token expired', token);
  if (isReused(token, client, now)) throw reusedRefreshToken(ctx, token);
  if (token.rotated_at !== undefined && !(await isNextToLast(ctx, token))) throw reusedRefreshToken(ctx, token);
  return token;
}

/** Within the leeway only the token right before the newest may come again: none of its successors was exchanged yet. */
async function isNextToLast(ctx: Context, token: RefreshToken): Promise<boolean> {
  const family = await refreshTokensOf(ctx).list({ where: { family_id: token.family_id } });
  return !family.some((other) => other.predecessor_id === token.id && other.rotated_at !== undefined);
}

/** The user whose token it is. Throws the refusal when they are gone or blocked. */
export async function requireUserOf(ctx: Context, token: RefreshToken): Promise<User> {
  const user = await findUser(ctx, token.user_id);
  if (!user) {
    const log = { user_id: token.user_id };
    throw invalidGrant("The refresh_token was generated for a user who doesn't exist anymore.", { log });
  }
  if (user.blocked) throw userIsBlocked(user.user_id);
  return user;
}
