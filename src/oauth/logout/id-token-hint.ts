import { type Context, oauthError, type WireError } from '../../kernel/index.ts';
import { decodeJwt, JwtRefused, verifyJwt } from '../../platform/crypto/index.ts';
import { findClient, idTokenSecret, type StoredClient } from '../../resources/clients/index.ts';
import { publicKeys } from '../../resources/keys/index.ts';

/** What an ID token that we once issued says about a session. */
export interface IdTokenHint {
  readonly client: StoredClient;
  readonly subject: string;
  readonly sid: string | undefined;
}

/**
 * Reads `id_token_hint`. It may have expired (RP-Initiated Logout §2), but it must be ours: signature, issuer and audience are checked.
 *
 * @throws WireError (page, 400)
 */
export async function readIdTokenHint(ctx: Context, token: string): Promise<IdTokenHint> {
  const decoded = decodeJwt(token);
  const audience = decoded?.payload.aud;
  const client = typeof audience === 'string' ? await findClient(ctx, audience) : undefined;
  if (!decoded || !client) throw refused();
  const claims = await verify(ctx, token, client, decoded);
  if (typeof claims.sub !== 'string') throw refused();
  return { client, subject: claims.sub, sid: typeof claims.sid === 'string' ? claims.sid : undefined };
}

async function verify(
  ctx: Context,
  token: string,
  client: StoredClient,
  { header, payload }: NonNullable<ReturnType<typeof decodeJwt>>,
): Promise<Record<string, unknown>> {
  // Judged at the moment it was issued: only its lifetime is forgiven.
  const issuedAt = typeof payload.iat === 'number' ? payload.iat * 1000 : 0;
  const expected = {
    issuer: [...new Set([ctx.issuer, ctx.canonicalIssuer])],
    audience: client.client_id,
    nowMs: Math.min(issuedAt, ctx.clock.now()),
  };
  const secret = () => idTokenSecret(ctx, client);
  try {
    if (header.alg === 'HS256' && client.jwt_configuration?.alg === 'HS256')
      return (await verifyJwt(token, { ...expected, keys: secret, algorithms: ['HS256'] })).payload;
    return (await verifyJwt(token, { ...expected, keys: await publicKeys(ctx), algorithms: ['RS256', 'PS256'] }))
      .payload;
  } catch (error) {
    if (error instanceof JwtRefused) throw refused(error.message);
    throw error;
  }
}

function refused(detail?: string): WireError {
  return oauthError(400, 'invalid_request', 'Invalid id_token_hint', detail === undefined ? {} : { detail });
}
