import { type Context, isFailure, oauthError, type WireError } from '../../../kernel/index.ts';
import { decodeJwt, hashToken, type JwtMembers } from '../../../platform/crypto/index.ts';
import { CLIENT_SKEW_S as SKEW_S } from '../../client-keys.ts';
import { usedAssertionsCollection } from './used-assertion.store.ts';

const LONGEST_ASSERTION = 2048;
const LONGEST_ID = 64;
const LONGEST_URL = 120;
const LONGEST_ALG = 16;
const LONGEST_LIFETIME_S = 300;

/** What an assertion claims about itself, its form checked but not its signature. */
export interface AssertionClaims {
  readonly client_id: string;
  readonly jti: string;
  /** Seconds */
  readonly exp: number;
  /** One of our names, or a list of them. */
  readonly aud: unknown;
}

/**
 * Reads an assertion and checks all that needs no key: size, `iss` = `sub`, `aud` one of ours, an end at most five minutes ahead, a `jti`.
 * The texts say nothing of whether such a client exists.
 *
 * @throws WireError 401 invalid_client
 */
export function readAssertion(ctx: Context, assertion: string): AssertionClaims {
  if (assertion.length > LONGEST_ASSERTION) throw refused('longer than 2048 bytes');
  const decoded = decodeJwt(assertion);
  if (!decoded) throw refused('not a JWT');
  const { header, payload } = decoded;
  const { iss, sub, jti, exp } = payload;
  if (typeof header.alg !== 'string' || header.alg.length > LONGEST_ALG) throw refused('alg is missing');
  if (!isOwnType(header.typ)) throw refused('typ is that of another kind of JWT');
  if (!isClientId(iss) || iss !== sub) throw refused('iss and sub must both be the client_id');
  if (!isShortText(jti)) throw refused('jti must be a string of at most 64 characters');
  requireTimes(ctx, payload);
  requireAudience(ctx, payload.aud);
  return { client_id: iss, jti, exp: exp as number, aud: payload.aud };
}

/** RFC 9101 §10.8, RFC 8725 §3.11: what was signed as a request, a proof or a token is no assertion. Most clients send no type, or the general one. */
function isOwnType(typ: unknown): boolean {
  return (
    typ === undefined || (typeof typ === 'string' && /^(jwt|(application\/)?client-authentication\+jwt)$/i.test(typ))
  );
}

/** Auth0: at most 64 characters, or the URL of a metadata document. */
function isClientId(value: unknown): value is string {
  if (typeof value === 'string' && value.startsWith('https://')) return value.length <= LONGEST_URL;
  return isShortText(value);
}

function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= LONGEST_ID;
}

function requireTimes(ctx: Context, { exp, iat, nbf }: JwtMembers): void {
  const now = ctx.clock.now() / 1000;
  if (typeof exp !== 'number') throw refused('exp is missing');
  if (exp + SKEW_S <= now) throw refused('it has expired');
  if (exp - now > LONGEST_LIFETIME_S + SKEW_S) throw refused('exp is more than 5 minutes ahead');
  for (const from of [iat, nbf]) {
    if (from !== undefined && (typeof from !== 'number' || from - SKEW_S > now)) throw refused('it is from the future');
  }
}

/** The issuer or the token endpoint, and nobody besides: an assertion made for others too could be replayed here. */
function requireAudience(ctx: Context, aud: unknown): void {
  const ours = [ctx.issuer, ctx.canonicalIssuer].flatMap((issuer) => [issuer, `${issuer}oauth/token`]);
  const named = [aud].flat();
  if (named.length === 0 || !named.every((one) => ours.includes(one as string)))
    throw refused(`aud must be ${ctx.issuer}`);
}

function refused(why: string): WireError {
  return oauthError(401, 'invalid_client', `Invalid client assertion: ${why}`);
}

/** Notes that the assertion was used. Throws WireError 401 invalid_client when it had been before. */
export async function spendAssertion(ctx: Context, { client_id, jti, exp }: AssertionClaims): Promise<void> {
  const used = { id: hashToken(`${client_id}\n${jti}`), expires_at: (exp + SKEW_S + 1) * 1000 };
  try {
    await ctx.store.collection(usedAssertionsCollection).insert(used);
  } catch (error) {
    if (isFailure(error, 'duplicate')) throw refused('jti was used before');
    throw error;
  }
}
