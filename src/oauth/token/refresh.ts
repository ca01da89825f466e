import { type Context, isoTime } from '../../kernel/index.ts';
import {
  absoluteExpiry,
  insertRefreshToken,
  isRotating,
  type RefreshToken,
  refreshTokensOf,
  revokeRefreshTokenFamily,
} from '../../resources/refresh-tokens/index.ts';
import type { GrantedAuthorization } from './authorization.ts';
import { prolongOnline } from './online-refresh.ts';
import { beginToken, draft, familyEnd, inherit, usedFrom } from './refresh-draft.ts';
import { isReused, reusedRefreshToken, unknownRefreshToken } from './refresh-rules.ts';

/** What a token request does to refresh tokens. Prepared before the transaction, carried out inside it. */
export interface RefreshPlan {
  /** The token that goes out with the answer. */
  readonly token?: string;
  readonly family_id: string;
  /** Writes it. Throws a GrantRefusal when somebody else was faster with the token that is exchanged. */
  readonly save: () => Promise<void>;
}

/** A rotated token that comes back within this time gives its family away; afterwards it is forgotten. */
const REUSE_REMEMBERED_MS = 90 * 86_400_000;

/** Begins, rotates or renews a refresh token, as `authorization` has it; undefined where none is involved. */
export function planRefresh(ctx: Context, authorization: GrantedAuthorization): RefreshPlan | undefined {
  const { client, refresh_token: exchanged } = authorization;
  if (exchanged) {
    if (authorization.flow === 'legacy') return renew(ctx, authorization, exchanged);
    if (exchanged.online_session_id !== undefined) return prolong(ctx, exchanged);
    if (isRotating(client)) return rotate(ctx, authorization, exchanged);
    return exchanged.rotating ? stopRotating(ctx, authorization, exchanged) : renew(ctx, authorization, exchanged);
  }
  const begun = beginToken(ctx, authorization);
  if (!begun) return undefined;
  return { token: begun.token, family_id: begun.row.family_id, save: () => insertRefreshToken(ctx, begun.row) };
}

function rotate(ctx: Context, authorization: GrantedAuthorization, exchanged: RefreshToken): RefreshPlan {
  const { client } = authorization;
  const now = ctx.clock.now();
  const expiresAt = familyEnd(exchanged) ?? absoluteExpiry(client, now);
  const successor = draft(
    ctx,
    inherit(exchanged, authorization, {
      rotating: true,
      predecessor_id: exchanged.id,
      ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    }),
  );
  const save = async () => {
    const marked = await refreshTokensOf(ctx).update(exchanged.id, (current) => {
      if (isReused(current, client, now)) throw reusedRefreshToken(ctx, current);
      return markRotated(current, successor.row.id, now);
    });
    if (!marked) throw unknownRefreshToken('refresh token revoked meanwhile', exchanged);
    if (!exchanged.rotating) await dropNonRotating(ctx, exchanged);
    if (exchanged.rotated_at === undefined) await refreshTokensOf(ctx).insert(successor.row);
    else await insertRefreshToken(ctx, successor.row);
  };
  return { token: successor.token, family_id: exchanged.family_id, save };
}

function markRotated(token: RefreshToken, successorId: string, now: number): RefreshToken {
  const remembered = now + REUSE_REMEMBERED_MS;
  const familyExpiresAt = familyEnd(token);
  return {
    ...token,
    rotated_at: token.rotated_at ?? now,
    successor_id: successorId,
    expires_at: Math.min(token.expires_at ?? remembered, remembered),
    ...(familyExpiresAt === undefined ? {} : { family_expires_at: familyExpiresAt }),
  };
}

/**
 * Auth0: once an application rotates, an exchange ends all the tokens that did not, of the same user and API; and with them, what was
 * handed over from them.
 */
async function dropNonRotating(ctx: Context, exchanged: RefreshToken): Promise<void> {
  const others = await refreshTokensOf(ctx).list({
    where: { user_id: exchanged.user_id, client_id: exchanged.client_id },
  });
  for (const other of others) {
    const isSibling = other.audience === exchanged.audience && other.family_id !== exchanged.family_id;
    // Those of sessions and of older logins never rotate.
    const mayRotate = other.online_session_id === undefined && other.device === undefined;
    if (isSibling && mayRotate && !other.rotating) await revokeRefreshTokenFamily(ctx, other.family_id);
  }
}

/** The application has stopped rotating: a token that stays takes the place of the family's others. What came of them goes with it. */
function stopRotating(ctx: Context, authorization: GrantedAuthorization, exchanged: RefreshToken): RefreshPlan {
  const { family_id } = exchanged;
  const lasting = draft(ctx, inherit(exchanged, authorization, { rotating: false }));
  const save = async () => {
    const taken = await refreshTokensOf(ctx).take(exchanged.id);
    if (!taken) throw unknownRefreshToken('refresh token revoked meanwhile', exchanged);
    await refreshTokensOf(ctx).deleteWhere({ family_id });
    await refreshTokensOf(ctx).insert(lasting.row);
  };
  return { token: lasting.token, family_id, save };
}

/** A token that does not rotate is only noted as used, which puts off its idle end. */
function renew(ctx: Context, { methods }: GrantedAuthorization, exchanged: RefreshToken): RefreshPlan {
  return { family_id: exchanged.family_id, save: () => noteUse(ctx, exchanged, methods) };
}

/** Notes that `exchanged` was used now, and `methods` where something was proved. Throws a GrantRefusal when it was revoked meanwhile. */
export async function noteUse(
  ctx: Context,
  exchanged: RefreshToken,
  methods: GrantedAuthorization['methods'] = [],
): Promise<void> {
  const now = ctx.clock.now();
  const renewed = await refreshTokensOf(ctx).update(exchanged.id, (current) => ({
    ...current,
    last_used_at: now,
    last_exchanged_at: isoTime(now),
    used_from: usedFrom(ctx, current),
    ...(methods.length > 0 ? { methods } : {}),
  }));
  if (!renewed) throw unknownRefreshToken('refresh token revoked meanwhile', exchanged);
}

/** Auth0: an online token never rotates; its use puts off the idle end of the session. */
function prolong(ctx: Context, exchanged: RefreshToken): RefreshPlan {
  return { family_id: exchanged.family_id, save: () => prolongOnline(ctx, exchanged) };
}
