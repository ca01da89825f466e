import { type Context, oauthError, type WireError } from '../../kernel/index.ts';
import { decodeJwt, JwtRefused, type VerificationAlgorithm, verifyJwt } from '../../platform/crypto/index.ts';
import { UpstreamTrouble } from '../../platform/upstream/index.ts';
import type { Connection } from '../../resources/connections/index.ts';
import { providerOf, remoteKeys } from '../../strategies/index.ts';

/** What tells such a request from the provider's other tokens. */
export const REVOCATION_TYP = 'global-token-revocation+jwt';
/** Providers that sign with keys that they publish. */
const STRATEGIES: ReadonlySet<string> = new Set(['oidc', 'okta']);
const SKEW_S = 10;
/** Seconds: a token that lived longer could be sent again for too long. */
const LONGEST_LIFE = 3600;

export function unauthorized(detail: string): WireError {
  return oauthError(401, 'invalid_token', 'The request could not be authenticated', {
    detail,
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  });
}

/**
 * Checks that `token` is a request of the provider of `connection` to this endpoint (at `audience`): signed by a key that it publishes,
 * alive, and made for nothing else. Answers the provider's issuer.
 *
 * @throws WireError 401; Failure temporarily_unavailable when the provider's keys cannot be had
 */
export async function requireProvider(
  ctx: Context,
  connection: Connection,
  token: string,
  audience: readonly string[],
): Promise<string> {
  const { issuer, jwks_uri, algorithms } = await resolve(ctx, connection);
  if (jwks_uri === undefined || issuer === undefined) throw unauthorized('the provider publishes no keys');
  try {
    const { payload } = await verifyJwt(token, {
      keys: await remoteKeys(ctx, jwks_uri, decodeJwt(token)?.header.kid),
      algorithms: algorithms as readonly VerificationAlgorithm[],
      issuer,
      audience,
      typ: REVOCATION_TYP,
      nowMs: ctx.clock.now(),
      clockToleranceSec: SKEW_S,
    });
    const { iat, exp } = payload;
    if (typeof iat !== 'number' || typeof exp !== 'number' || exp - iat > LONGEST_LIFE)
      throw unauthorized('it says no times, or lives too long');
    return issuer;
  } catch (error) {
    if (error instanceof JwtRefused) throw unauthorized(error.message);
    throw error;
  }
}

async function resolve(ctx: Context, connection: Connection) {
  if (!STRATEGIES.has(connection.strategy)) throw unauthorized('the connection has no provider that signs');
  try {
    return await providerOf(ctx, connection);
  } catch (error) {
    if (error instanceof UpstreamTrouble) throw unauthorized(error.message);
    throw error;
  }
}
