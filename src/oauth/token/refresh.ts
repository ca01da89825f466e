import { type Context, hexId, isoTime } from '../../kernel/index.ts';
import { hashToken, onlineRefreshTokenString, refreshTokenString } from '../../platform/crypto/index.ts';
import { isPublic } from '../../resources/clients/index.ts';
import { insertRefreshToken, type RefreshToken, refreshTokensOf } from '../../resources/refresh-tokens/index.ts';
import { OFFLINE_ACCESS, ONLINE_ACCESS } from '../vocabulary.ts';
import type { GrantedAuthorization } from './authorization.ts';
import { onlineMembers, prolongOnline } from './online-refresh.ts';
import { absoluteExpiry, isReused, isRotating, reusedRefreshToken, unknownRefreshToken } from './refresh-rules.ts';

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
  const begun = begin(ctx, authorization);
  if (!begun) return undefined;
  return { token: begun.token, family_id: begun.row.family_id, save: () => insertRefreshToken(ctx, begun.row) };
}

interface Drafted {
  readonly token: string;
  readonly row: RefreshToken;
}

function begin(ctx: Context, authorization: GrantedAuthorization): Drafted | undefined {
  const { user, scope, session_id } = authorization;
  if (!user) return undefined;
  if (authorization.flow === 'legacy') return beginLegacy(ctx, authorization);
  if (scope.includes(OFFLINE_ACCESS)) return beginFamily(ctx, authorization);
  if (!scope.includes(ONLINE_ACCESS) || session_id === undefined) return undefined;
  const { row } = beginFamily(ctx, authorization);
  const token = onlineRefreshTokenString(ctx.random);
  const members = onlineMembers(ctx, session_id);
  return { token, row: { ...row, ...members, token_hash: hashToken(token), rotating: false } };
}

/** Auth0: those of older logins belong to a device and never rotate. */
function beginLegacy(ctx: Context, authorization: GrantedAuthorization): Drafted | undefined {
  const { scope, device } = authorization;
  if (device === undefined || !scope.includes(OFFLINE_ACCESS)) return undefined;
  const { token, row } = beginFamily(ctx, authorization);
  return { token, row: { ...row, device, rotating: false } };
}

function beginFamily(ctx: Context, authorization: GrantedAuthorization): Drafted {
  const now = ctx.clock.now();
  const { client, user, target, scope, flow, session_id, auth_time, auth_time_requested, connection } = authorization;
  const { organization, proof, authorization_details } = authorization;
  const methods = authorization.methods?.length ? authorization.methods : authorization.session_methods;
  const expiresAt = absoluteExpiry(client, now);
  return draft(ctx, {
    family_id: hexId(ctx.random),
    user_id: user?.user_id ?? '',
    client_id: client.client_id,
    audience: target.identifier,
    scope,
    rotating: isRotating(client),
    ...(flow === 'password' ? { origin_grant: 'password' } : {}),
    ...(session_id === undefined ? {} : { session_id }),
    ...(auth_time === undefined ? {} : { auth_time }),
    ...(auth_time_requested ? { auth_time_requested } : {}),
    ...(methods?.length ? { methods } : {}),
    ...(connection === undefined ? {} : { connection }),
    ...(organization ? { organization } : {}),
    // RFC 9449 §5: others' refresh tokens are bound to the client, which authenticates with every use; its keys may change.
    ...(proof && isPublic(client) ? { confirmation: proof } : {}),
    ...(authorization_details ? { authorization_details } : {}),
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
  });
}

type Inherited = Omit<RefreshToken, 'id' | 'token_hash' | 'created_at' | 'last_used_at'>;

function draft(ctx: Context, inherited: Inherited): Drafted {
  const token = refreshTokenString(ctx.random);
  const now = ctx.clock.now();
  return {
    token,
    row: {
      ...inherited,
      id: hexId(ctx.random),
      token_hash: hashToken(token),
      created_at: isoTime(now),
      last_used_at: now,
    },
  };
}

/** What a successor takes over: everything but what belonged to the one token. */
function inherit(exchanged: RefreshToken, { methods }: GrantedAuthorization, changes: Partial<Inherited>): Inherited {
  const { id: _id, token_hash: _hash, created_at: _at, last_used_at: _used, rotated_at: _rotated, ...kept } = exchanged;
  const { successor_id: _successor, predecessor_id: _predecessor, ...inherited } = kept;
  return { ...inherited, ...(methods?.length ? { methods } : {}), ...changes };
}

function rotate(ctx: Context, authorization: GrantedAuthorization, exchanged: RefreshToken): RefreshPlan {
  const { client } = authorization;
  const now = ctx.clock.now();
  const expiresAt = exchanged.expires_at ?? absoluteExpiry(client, now);
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
  return {
    ...token,
    rotated_at: token.rotated_at ?? now,
    successor_id: successorId,
    expires_at: Math.min(token.expires_at ?? remembered, remembered),
  };
}

/** Auth0: once an application rotates, an exchange ends all the tokens that did not, of the same user and API. */
async function dropNonRotating(ctx: Context, exchanged: RefreshToken): Promise<void> {
  const tokens = refreshTokensOf(ctx);
  const others = await tokens.list({ where: { user_id: exchanged.user_id, client_id: exchanged.client_id } });
  for (const other of others) {
    const isSibling = !other.rotating && other.audience === exchanged.audience && other.id !== exchanged.id;
    if (isSibling) await tokens.delete(other.id);
  }
}

/** The application has stopped rotating: the family ends and a token that stays takes its place. */
function stopRotating(ctx: Context, authorization: GrantedAuthorization, exchanged: RefreshToken): RefreshPlan {
  const familyId = hexId(ctx.random);
  const lasting = draft(ctx, inherit(exchanged, authorization, { rotating: false, family_id: familyId }));
  const save = async () => {
    const taken = await refreshTokensOf(ctx).take(exchanged.id);
    if (!taken) throw unknownRefreshToken('refresh token revoked meanwhile', exchanged);
    await refreshTokensOf(ctx).deleteWhere({ family_id: exchanged.family_id });
    await refreshTokensOf(ctx).insert(lasting.row);
  };
  return { token: lasting.token, family_id: familyId, save };
}

/** A token that does not rotate is only noted as used, which puts off its idle end. */
function renew(ctx: Context, { methods }: GrantedAuthorization, exchanged: RefreshToken): RefreshPlan {
  const now = ctx.clock.now();
  const save = async () => {
    const renewed = await refreshTokensOf(ctx).update(exchanged.id, (current) => ({
      ...current,
      last_used_at: now,
      ...(methods?.length ? { methods } : {}),
    }));
    if (!renewed) throw unknownRefreshToken('refresh token revoked meanwhile', exchanged);
  };
  return { family_id: exchanged.family_id, save };
}

/** Auth0: an online token never rotates; its use puts off the idle end of the session. */
function prolong(ctx: Context, exchanged: RefreshToken): RefreshPlan {
  return { family_id: exchanged.family_id, save: () => prolongOnline(ctx, exchanged) };
}
