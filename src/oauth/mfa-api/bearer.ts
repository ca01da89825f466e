import { type Context, isFailure, WireError } from '../../kernel/index.ts';
import {
  expiredBearer,
  insufficientScope,
  invalidBearer,
  missingBearer,
  openMfaToken,
  type PendingMfa,
} from '../../mfa/index.ts';

/** What an access token for the MFA API must say to be let in. */
export type MfaScope = 'enroll' | 'read:authenticators' | 'remove:authenticators';

/**
 * Opens the `mfa_token` or MFA API access token of the Authorization header.
 *
 * @throws WireError 401 unauthorized (none), invalid_token, expired_token; 403 insufficient_scope; Failure user_blocked
 */
export async function requireMfaBearer(
  ctx: Context,
  headers: Readonly<Record<string, string | undefined>>,
  scope: MfaScope,
): Promise<PendingMfa> {
  const header = headers.authorization;
  if (!header) throw missingBearer();
  const token = /^bearer +([^\s]+) *$/i.exec(header)?.[1];
  if (!token) throw invalidBearer('not a bearer header');
  const pending = await openBearer(ctx, token);
  if (pending.kind === 'api' && !pending.scopes.has(scope)) throw insufficientScope(scope);
  return pending;
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
