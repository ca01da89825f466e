import type { Context, Where } from '../../kernel/index.ts';
import { hashToken } from '../../platform/crypto/index.ts';
import { type RefreshToken, refreshTokensOf } from './refresh-token.store.ts';

/** Auth0: a user has at most this many active refresh tokens per application; the oldest give way. */
const ACTIVE_LIMIT = 200;

/** The row of the presented token, whatever its state, or undefined. */
export function findRefreshToken(ctx: Context, token: string): Promise<RefreshToken | undefined> {
  return refreshTokensOf(ctx).find({ token_hash: hashToken(token) });
}

/** Saves a token that is handed out. The oldest of the same user and application go where there would be more than 200. */
export async function insertRefreshToken(ctx: Context, token: RefreshToken): Promise<void> {
  const tokens = refreshTokensOf(ctx);
  // Those of sessions are counted by themselves: they must not drive out what is to last.
  const online_session_id = token.online_session_id === undefined ? null : { gt: '' };
  const active = { user_id: token.user_id, client_id: token.client_id, rotated_at: null, online_session_id };
  await ctx.store.transaction(async () => {
    const surplus = (await tokens.count(active)) - (ACTIVE_LIMIT - 1);
    if (surplus > 0) {
      const oldest = await tokens.list({ where: active, orderBy: 'created_at', limit: surplus });
      for (const { id } of oldest) await tokens.delete(id);
    }
    await tokens.insert(token);
  });
}

/** Is anything left of the family? */
export async function hasRefreshTokenFamily(ctx: Context, familyId: string): Promise<boolean> {
  return (await refreshTokensOf(ctx).find({ family_id: familyId })) !== undefined;
}

/** A family that was revoked. */
export type RevokedFamily = Pick<RefreshToken, 'family_id' | 'client_id'>;
type Follower = (ctx: Context, family: RevokedFamily) => Promise<unknown>;
const followers = new Set<Follower>();

/** Has `follow` called when a family is revoked, for what came of it. Registering twice does nothing. */
export function onFamilyRevoked(follow: Follower): void {
  followers.add(follow);
}

async function tellFollowers(ctx: Context, families: readonly RevokedFamily[]): Promise<void> {
  const distinct = new Map(families.map((family) => [family.family_id, family]));
  for (const family of distinct.values()) for (const follow of followers) await follow(ctx, family);
}

/** Revokes a token and all that it was or will be exchanged for. Answers whether there was one. */
export async function revokeRefreshTokenFamily(ctx: Context, familyId: string): Promise<boolean> {
  return (await revokeRefreshTokensWhere(ctx, { family_id: familyId })) > 0;
}

/** Revokes every token that meets `where`. Answers how many rows went. */
export async function revokeRefreshTokensWhere(ctx: Context, where: Where<RefreshToken>): Promise<number> {
  const families = followers.size > 0 ? await refreshTokensOf(ctx).list({ where }) : [];
  let revoked = 0;
  // An exchange that was under way adds a successor that the first pass could not see; once its predecessor is gone, no other follows.
  for (let gone = -1; gone !== 0; revoked += gone) {
    gone = await refreshTokensOf(ctx).deleteWhere(where);
  }
  await tellFollowers(ctx, families);
  return revoked;
}

type Owned = Pick<RefreshToken, 'user_id' | 'client_id' | 'audience'>;

/** Revokes all that a user gave to an application for an API. Answers how many rows went. */
export async function revokeRefreshTokensFor(ctx: Context, of: Owned): Promise<number> {
  const { user_id, client_id, audience } = of;
  const given = await refreshTokensOf(ctx).list({ where: { user_id, client_id } });
  const families = new Set(given.filter((token) => token.audience === audience).map(({ family_id }) => family_id));
  let revoked = 0;
  for (const family_id of families) revoked += await revokeRefreshTokensWhere(ctx, { family_id });
  return revoked;
}

/** Revokes all refresh tokens of a user: they were deleted or blocked, or their password changed. Answers how many rows went. */
export function forgetRefreshTokensOf(ctx: Context, userId: string): Promise<number> {
  return revokeRefreshTokensWhere(ctx, { user_id: userId });
}

/** Revokes all refresh tokens of an application that is deleted. Answers how many rows went. */
export function forgetRefreshTokensOfClient(ctx: Context, clientId: string): Promise<number> {
  return revokeRefreshTokensWhere(ctx, { client_id: clientId });
}

/** Revokes all refresh tokens for an API that is deleted (`gone` is `all`): one of the same identifier is another. Answers how many rows went. */
export async function forgetRefreshTokensOfApi(
  ctx: Context,
  { identifier: audience }: { readonly identifier: string },
  gone: readonly string[] | 'all',
): Promise<number> {
  return gone === 'all' ? revokeRefreshTokensWhere(ctx, { audience }) : 0;
}

/** Revokes all refresh tokens that began in a session, and those that live by it. Answers how many rows went. */
export function revokeRefreshTokensOfSession(ctx: Context, sessionId: string): Promise<number> {
  return revokeRefreshTokensWhere(ctx, { session_id: sessionId });
}
