import { type Context, epochSeconds, fail, oauthError, type WireError } from '../../kernel/index.ts';
import { JwtRefused } from '../../platform/crypto/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import { findUser, predatesPassword, type User } from '../../resources/users/index.ts';
import { verifyIdToken } from '../id-token.ts';

function invalid(detail: string): WireError {
  return oauthError(400, 'invalid_grant', 'invalid id_token', { detail });
}

async function verify(ctx: Context, client: StoredClient, token: string) {
  try {
    return await verifyIdToken(ctx, token, client, ctx.clock.now());
  } catch (error) {
    if (error instanceof JwtRefused) throw invalid(error.message);
    throw error;
  }
}

interface Bearer {
  readonly user: User;
  /** Seconds: when the login was that the token, or the one that it was renewed from, came of. Its successors must say so. */
  readonly auth_time: number;
}

/**
 * The user of a living ID token that `client` was given for itself. One that came of a delegation says `azp`: it cannot be passed on,
 * and neither can one that is older than the user's password, of somebody who acts for the user, or of a login to an organization. Renewed again and again, it ends
 * where a session would that began with its login (docs/decisions/0046).
 *
 * @throws WireError 400 invalid_grant; Failure user_blocked
 */
export async function requireBearer(ctx: Context, client: StoredClient, token: string): Promise<Bearer> {
  const { sub, iat, exp, azp, act, org_id, auth_time = iat } = await verify(ctx, client, token);
  if (typeof sub !== 'string' || typeof iat !== 'number' || exp === undefined) throw invalid('claims are missing');
  if (azp !== undefined && azp !== client.client_id) throw invalid('it came of a delegation');
  if (act !== undefined) throw invalid('somebody else acts for its user');
  // What comes of it would say nothing of the organization, which alone may have vouched for its user.
  if (org_id !== undefined) throw invalid('it is of a login to an organization');
  if (typeof auth_time !== 'number') throw invalid('auth_time is no number');
  const { session_lifetime } = await tenantSettings(ctx);
  if (epochSeconds(ctx.clock) >= auth_time + session_lifetime * 3600) throw invalid('its login is too long ago');
  const user = await findUser(ctx, sub);
  if (!user) throw invalid('the user is gone');
  if (user.blocked) fail('user_blocked', {});
  if (predatesPassword(iat, user)) throw invalid('the password was changed since');
  return { user, auth_time };
}
