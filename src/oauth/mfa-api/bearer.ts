import { type Context, isFailure, oauthError, WireError } from '../../kernel/index.ts';
import {
  expiredBearer,
  insufficientScope,
  invalidBearer,
  missingBearer,
  openMfaToken,
  type PendingMfa,
} from '../../mfa/index.ts';
import {
  PossessionRefused,
  type PresentedToken,
  possessionChallenge,
  readAuthorization,
  requirePossession,
} from '../../resources/proof-of-possession/index.ts';

/** What an access token for the MFA API must say to be let in. */
export type MfaScope = 'enroll' | 'read:authenticators' | 'remove:authenticators';

/**
 * Opens the `mfa_token` or MFA API access token of the Authorization header; one that is bound to a key only for its holder.
 *
 * @throws WireError 401 unauthorized (none), invalid_token, expired_token, invalid_dpop_proof; 403 insufficient_scope;
 *   Failure user_blocked
 */
export async function requireMfaBearer(
  ctx: Context,
  headers: Readonly<Record<string, string | undefined>>,
  scope: MfaScope,
): Promise<PendingMfa> {
  if (!headers.authorization) throw missingBearer();
  const presented = readAuthorization(headers);
  if (!presented) throw invalidBearer('not a bearer header');
  const pending = await openBearer(ctx, presented.token);
  await requireHolder(ctx, pending, presented);
  if (pending.kind === 'api' && !pending.scopes.has(scope)) throw insufficientScope(scope);
  return pending;
}

async function requireHolder(ctx: Context, pending: PendingMfa, presented: PresentedToken): Promise<void> {
  try {
    await requirePossession(ctx, pending.kind === 'api' ? pending.claims : {}, presented);
  } catch (error) {
    if (!(error instanceof PossessionRefused)) throw error;
    const headers = { 'www-authenticate': possessionChallenge(error) };
    throw oauthError(401, error.error, error.message, { headers });
  }
}

/** As `openMfaToken`, in the words of RFC 6750. */
async function openBearer(ctx: Context, token: string): Promise<PendingMfa> {
  try {
    return await openMfaToken(ctx, token, undefined);
  } catch (error) {
    if (isFailure(error, 'user_blocked') || !(error instanceof WireError)) throw error;
    throw error.body.error === 'expired_token' ? expiredBearer() : invalidBearer(error.detail);
  }
}
