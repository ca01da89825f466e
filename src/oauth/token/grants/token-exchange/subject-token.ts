import { type Context, isFailure, oauthError, type WireError } from '../../../../kernel/index.ts';
import {
  decodeJwt,
  hashToken,
  importPublicKey,
  type JwtMembers,
  JwtRefused,
  type VerificationAlgorithm,
  verifyJwt,
} from '../../../../platform/crypto/index.ts';
import type { TokenExchangeProfile } from '../../../../resources/token-exchange-profiles/index.ts';
import { remoteKeys } from '../../../../strategies/index.ts';
import { usedAssertionsCollection } from '../../client-authentication/used-assertion.store.ts';
import { countWrongToken } from '../../wrong-tokens.ts';

const SKEW_S = 10;
/** How far ahead the end of a token may lie that is good once: so long its `jti` is remembered. */
const LONGEST_SINGLE_USE_S = 86_400;

/** A token that is what its profile asks for. */
export interface CheckedToken {
  readonly claims: JwtMembers;
  /** What the profile has the user known by. */
  readonly id: string;
  /** Notes that the token was used, where it is good once. Throws WireError 400 when somebody was faster. */
  readonly consume: () => Promise<void>;
}

/**
 * Checks a subject or actor token by the verifier of `profile`: signature by a key and an algorithm of the profile, `iss`, `aud`, times;
 * an end and an id must be there. Counts what is wrong against `ip`.
 *
 * @throws WireError 400 invalid_request, 429 too_many_attempts; Failure temporarily_unavailable when the issuer's keys cannot be had
 */
export async function checkForeignToken(
  ctx: Context,
  profile: TokenExchangeProfile,
  token: string,
  { ip, name }: { readonly ip: string; readonly name: 'subject_token' | 'actor_token' },
): Promise<CheckedToken> {
  try {
    return await check(ctx, profile, token, name);
  } catch (error) {
    if (!(error instanceof JwtRefused)) throw error;
    await countWrongToken(ctx, 'pre-custom-token-exchange', ip);
    throw invalidToken(name, error.message);
  }
}

export function invalidToken(name: string, detail: string): WireError {
  return oauthError(400, 'invalid_request', `Invalid ${name}`, { detail });
}

async function check(ctx: Context, profile: TokenExchangeProfile, token: string, name: string): Promise<CheckedToken> {
  const { subject_token_verifier: verifier } = profile;
  const { payload } = await verifyJwt(token, {
    keys: await keysOf(ctx, profile, token),
    algorithms: verifier.algorithms as readonly VerificationAlgorithm[],
    issuer: verifier.issuer,
    audience: verifier.audience,
    nowMs: ctx.clock.now(),
    clockToleranceSec: SKEW_S,
  });
  const id = payload[verifier.user_id_claim];
  if (typeof payload.exp !== 'number') throw new JwtRefused('malformed', 'it never expires');
  if (typeof id !== 'string' || id === '') throw new JwtRefused('malformed', `no ${verifier.user_id_claim}`);
  const consume = verifier.single_use ? singleUse(ctx, profile, payload, name) : async () => {};
  return { claims: payload, id, consume };
}

async function keysOf(ctx: Context, { subject_token_verifier: verifier }: TokenExchangeProfile, token: string) {
  const { jwks_uri, public_key } = verifier;
  if (jwks_uri === undefined) return () => importPublicKey(public_key ?? '');
  return remoteKeys(ctx, jwks_uri, decodeJwt(token)?.header.kid);
}

function singleUse(ctx: Context, profile: TokenExchangeProfile, claims: JwtMembers, name: string) {
  const { jti, exp } = claims as { jti?: unknown; exp: number };
  if (typeof jti !== 'string' || jti === '') throw new JwtRefused('malformed', 'no jti');
  if (exp * 1000 > ctx.clock.now() + LONGEST_SINGLE_USE_S * 1000)
    throw new JwtRefused('malformed', 'it lives for more than a day');
  return async () => {
    const used = { id: hashToken(JSON.stringify([profile.id, jti])), expires_at: (exp + SKEW_S + 1) * 1000 };
    try {
      await ctx.store.collection(usedAssertionsCollection).insert(used);
    } catch (error) {
      if (isFailure(error, 'duplicate')) throw invalidToken(name, 'jti was used before');
      throw error;
    }
  };
}
