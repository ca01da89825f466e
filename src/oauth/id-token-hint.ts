import { type Context, oauthError, type WireError } from '../kernel/index.ts';
import { decodeJwt, type JwtMembers, JwtRefused } from '../platform/crypto/index.ts';
import { findClient, type StoredClient } from '../resources/clients/index.ts';
import { verifyIdToken } from './id-token.ts';

/** What an ID token that we once issued says about a session. */
export interface IdTokenHint {
  readonly client: StoredClient;
  readonly subject: string;
  readonly sid: string | undefined;
  /** Id of the organization that it is for. */
  readonly organization: string | undefined;
}

/**
 * Reads `id_token_hint`. It may have expired (RP-Initiated Logout §2, OpenID Connect Core §3.1.2.1), but it must be ours: signature, issuer and audience are checked.
 *
 * @throws WireError 400 invalid_request
 */
export async function readIdTokenHint(ctx: Context, token: string): Promise<IdTokenHint> {
  const decoded = decodeJwt(token);
  const audience = decoded?.payload.aud;
  const client = typeof audience === 'string' ? await findClient(ctx, audience) : undefined;
  if (!decoded || !client) throw refused();
  const claims = await verify(ctx, token, client, decoded);
  if (typeof claims.sub !== 'string') throw refused();
  const text = (claim: unknown) => (typeof claim === 'string' ? claim : undefined);
  return { client, subject: claims.sub, sid: text(claims.sid), organization: text(claims.org_id) };
}

async function verify(
  ctx: Context,
  token: string,
  client: StoredClient,
  { payload }: NonNullable<ReturnType<typeof decodeJwt>>,
): Promise<JwtMembers> {
  // Judged at the moment it was issued: only its lifetime is forgiven.
  const issuedAt = typeof payload.iat === 'number' ? payload.iat * 1000 : 0;
  try {
    return await verifyIdToken(ctx, token, client, Math.min(issuedAt, ctx.clock.now()));
  } catch (error) {
    if (error instanceof JwtRefused) throw refused(error.message);
    throw error;
  }
}

function refused(detail?: string): WireError {
  return oauthError(400, 'invalid_request', 'Invalid id_token_hint', detail === undefined ? {} : { detail });
}
