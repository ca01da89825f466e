import type { Context } from '../kernel/index.ts';
import { decodeJwt, type JwtMembers, verifyJwt } from '../platform/crypto/index.ts';
import { idTokenSecret, publishedClientId, type StoredClient } from '../resources/clients/index.ts';
import { publicKeys } from '../resources/keys/index.ts';

/** What the tenant's key signs ID tokens with: `jwt_configuration.alg`. */
const RSA = ['RS256', 'RS512', 'PS256'] as const;

/**
 * The claims of an ID token that this tenant issued to `client`, as things stood at `nowMs`: signature (by the algorithm that the client
 * has today, where it is a secret), issuer, audience and lifetime are checked.
 *
 * @throws JwtRefused
 */
export async function verifyIdToken(
  ctx: Context,
  token: string,
  client: StoredClient,
  nowMs: number,
): Promise<JwtMembers> {
  const issuer = [...new Set([ctx.issuer, ctx.canonicalIssuer])];
  // A logout token has the same issuer, audience and key; only its type tells them apart (Back-Channel Logout §2.4).
  const expected = { issuer, audience: publishedClientId(client), typ: 'JWT', nowMs };
  const isSymmetric = decodeJwt(token)?.header.alg === 'HS256' && client.jwt_configuration?.alg === 'HS256';
  const verified = isSymmetric
    ? await verifyJwt(token, { ...expected, keys: () => idTokenSecret(ctx, client), algorithms: ['HS256'] })
    : await verifyJwt(token, { ...expected, keys: await publicKeys(ctx), algorithms: RSA });
  return verified.payload;
}
