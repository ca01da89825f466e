import { type Context, isoTime, orderedHexId } from '../../kernel/index.ts';
import { hashToken, onlineRefreshTokenString, refreshTokenString } from '../../platform/crypto/index.ts';
import { isPublic } from '../../resources/clients/index.ts';
import { absoluteExpiry, isRotating, type RefreshToken } from '../../resources/refresh-tokens/index.ts';
import { OFFLINE_ACCESS, ONLINE_ACCESS } from '../vocabulary.ts';
import type { GrantedAuthorization } from './authorization.ts';
import { onlineMembers } from './online-refresh.ts';

/** A token, and the row that is kept of it. */
export interface Drafted {
  readonly token: string;
  readonly row: RefreshToken;
}

/** The refresh token that a login begins with, if it asked for one that it may have. */
export function beginToken(ctx: Context, authorization: GrantedAuthorization): Drafted | undefined {
  const { user, scope, session_id } = authorization;
  if (!user) return undefined;
  if (authorization.flow === 'legacy' || authorization.target.legacy) return beginLegacy(ctx, authorization);
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
    family_id: orderedHexId(ctx.clock, ctx.random),
    user_id: user?.user_id ?? '',
    client_id: client.client_id,
    audience: target.identifier,
    scope,
    rotating: isRotating(client),
    ...(flow === 'password' ? { origin_grant: 'password' } : {}),
    ...(session_id === undefined ? {} : { session_id }),
    ...transferMembers(authorization),
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

/** Auth0: what comes of a login that was handed over ends with that login's session, unless the application has it otherwise. */
function transferMembers({ client, transferred_from }: GrantedAuthorization): Partial<RefreshToken> {
  if (transferred_from === undefined) return {};
  const isBound = client.session_transfer?.enforce_online_refresh_tokens !== false;
  return { transferred_from, ...(isBound ? { session_bound: true } : {}) };
}

/** What the tokens of a family have in common. */
export type Inherited = Omit<RefreshToken, 'id' | 'token_hash' | 'created_at' | 'last_used_at'>;

/** A new token of a family. */
export function draft(ctx: Context, inherited: Inherited): Drafted {
  const token = refreshTokenString(ctx.random);
  const now = ctx.clock.now();
  return {
    token,
    row: {
      ...inherited,
      id: orderedHexId(ctx.clock, ctx.random),
      token_hash: hashToken(token),
      created_at: isoTime(now),
      last_used_at: now,
      used_from: usedFrom(ctx, inherited),
      ...(inherited.family_created_at === undefined ? {} : { last_exchanged_at: isoTime(now) }),
    },
  };
}

/** What a successor takes over: everything but what belonged to the one token. */
export function inherit(
  exchanged: RefreshToken,
  { methods }: GrantedAuthorization,
  changes: Partial<Inherited>,
): Inherited {
  const { id: _id, token_hash: _hash, created_at: _at, last_used_at: _used, rotated_at: _rotated, ...kept } = exchanged;
  const { successor_id: _successor, predecessor_id: _predecessor, expires_at: _end, ...others } = kept;
  const { family_expires_at: _familyEnd, ...inherited } = others;
  const expiresAt = familyEnd(exchanged);
  const family_created_at = exchanged.family_created_at ?? exchanged.created_at;
  return {
    ...inherited,
    family_created_at,
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    ...(methods?.length ? { methods } : {}),
    ...changes,
  };
}

/** When the family of `token` ends, whatever its own row says: one that was rotated is kept for a while only. */
export function familyEnd(token: RefreshToken): number | undefined {
  return token.rotated_at === undefined ? token.expires_at : token.family_expires_at;
}

/** Where a family is used from, now that it is used by the caller. */
export function usedFrom(ctx: Context, before: Pick<RefreshToken, 'used_from'>): RefreshToken['used_from'] {
  const { ip, userAgent } = ctx.caller;
  const first = before.used_from ?? { initial_ip: ip, initial_user_agent: userAgent };
  return { ...first, last_ip: ip, last_user_agent: userAgent };
}
