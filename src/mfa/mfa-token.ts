import { type Confirmation, type Context, fail } from '../kernel/index.ts';
import {
  decodeJwt,
  hashToken,
  type JwtMembers,
  JwtRefused,
  opaqueTicket,
  verifyJwt,
} from '../platform/crypto/index.ts';
import { publicKeys } from '../resources/keys/index.ts';
import { confirmationIn, isHeldBy } from '../resources/proof-of-possession/index.ts';
import { findUser, predatesPassword, type User } from '../resources/users/index.ts';
import { expiredMfaToken, malformedMfaToken } from './errors.ts';
import { mfaAudiences } from './mfa-api.ts';
import { mfaTokensOf, type PendingRequest } from './mfa-token.store.ts';

/** Auth0: neither lifetime can be configured. */
const TTL_MS = 600_000;
const REMEMBERED_MS = 24 * 3_600_000;

/** A login that waits for its second factor: the bearer has proved the first one, no more. */
export interface PendingLogin {
  readonly kind: 'login';
  readonly user: User;
  readonly client_id: string;
  readonly request: PendingRequest;
  /** Key of the stored token. */
  readonly token_id: string;
}

/** An access token for the MFA API: its user has logged in and manages their factors. */
export interface FactorManagement {
  readonly kind: 'api';
  readonly user: User;
  readonly client_id: string;
  readonly scopes: ReadonlySet<string>;
  readonly claims: JwtMembers;
}

/** Who presents a token: the client, and the keys that its request proved to have. */
export interface MfaTokenHolder {
  readonly client_id: string;
  readonly confirmation: Confirmation | undefined;
}

export type PendingMfa = PendingLogin | FactorManagement;

/** Makes the `mfa_token` that stands for `request` for ten minutes. */
export async function createMfaToken(
  ctx: Context,
  owner: { user_id: string; client_id: string; request: PendingRequest },
): Promise<string> {
  const now = ctx.clock.now();
  const token = opaqueTicket(ctx.random, now, TTL_MS);
  await mfaTokensOf(ctx).insert({
    id: hashToken(token),
    ...owner,
    created_at: now,
    expires_at: now + TTL_MS,
    forget_at: now + REMEMBERED_MS,
  });
  return token;
}

/**
 * Opens either form of `mfa_token`: the opaque one of an `mfa_required` answer, or an access token for the MFA API.
 *
 * @param holder who presents it; undefined where the endpoint does not know (`/mfa/associate`), and sees itself to a bound token
 * @throws 403 invalid_grant "Malformed mfa_token" (unknown, spent, another client's, another tenant's, bound to another key),
 *   401 expired_token, Failure user_blocked
 */
export async function openMfaToken(
  ctx: Context,
  token: string,
  holder: MfaTokenHolder | undefined,
): Promise<PendingMfa> {
  const pending = decodeJwt(token) ? await openAccessToken(ctx, token) : await openOpaque(ctx, token);
  if (holder) requireHolder(pending, holder);
  if (pending.user.blocked) fail('user_blocked', {});
  return pending;
}

function requireHolder(pending: PendingMfa, { client_id, confirmation }: MfaTokenHolder): void {
  if (pending.client_id !== client_id) throw malformedMfaToken('mfa_token of another client');
  const bound = pending.kind === 'api' ? confirmationIn(pending.claims) : undefined;
  if (bound && !isHeldBy(bound, confirmation)) throw malformedMfaToken('bound to another key');
}

async function openOpaque(ctx: Context, token: string): Promise<PendingLogin> {
  const stored = await mfaTokensOf(ctx).get(hashToken(token));
  if (!stored) throw malformedMfaToken('unknown or spent');
  if (stored.expires_at <= ctx.clock.now()) throw expiredMfaToken();
  const user = await requireUser(ctx, stored.user_id);
  return { kind: 'login', user, client_id: stored.client_id, request: stored.request, token_id: stored.id };
}

async function openAccessToken(ctx: Context, token: string): Promise<FactorManagement> {
  const claims = await verifyAccessToken(ctx, token);
  const clientId = claims.azp ?? claims.client_id;
  const complete = typeof claims.sub === 'string' && typeof clientId === 'string' && typeof claims.exp === 'number';
  if (!complete) throw malformedMfaToken('a claim is missing');
  const scopes = typeof claims.scope === 'string' ? claims.scope.split(' ') : [];
  const user = await requireUser(ctx, claims.sub as string);
  // Whoever logged in with the old password must not add or remove factors after it was changed.
  if (predatesPassword(claims.iat, user)) throw malformedMfaToken('the password was changed since');
  return { kind: 'api', user, client_id: clientId as string, scopes: new Set(scopes), claims };
}

async function verifyAccessToken(ctx: Context, token: string): Promise<JwtMembers> {
  const issuer = [...new Set([ctx.canonicalIssuer, ctx.issuer])];
  try {
    const { payload } = await verifyJwt(token, {
      keys: await publicKeys(ctx),
      algorithms: ['RS256'],
      issuer,
      audience: mfaAudiences(ctx),
      nowMs: ctx.clock.now(),
    });
    return payload;
  } catch (error) {
    if (!(error instanceof JwtRefused)) throw error;
    throw error.reason === 'expired' ? expiredMfaToken() : malformedMfaToken(error.message);
  }
}

async function requireUser(ctx: Context, userId: string): Promise<User> {
  const user = await findUser(ctx, userId);
  if (!user) throw malformedMfaToken('its user is gone');
  return user;
}

/**
 * Uses up a login's token; call it in the transaction that uses up the proof. An access token is not used up: it may confirm
 * several factors. Throws "Malformed mfa_token" when somebody else was faster.
 */
export async function spendMfaToken(ctx: Context, pending: PendingMfa): Promise<void> {
  if (pending.kind === 'api') return;
  if (!(await mfaTokensOf(ctx).take(pending.token_id))) throw malformedMfaToken('spent meanwhile');
}
