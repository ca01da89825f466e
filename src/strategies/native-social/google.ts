import type { Context } from '../../kernel/index.ts';
import { decodeJwt, JwtRefused, verifyJwt } from '../../platform/crypto/index.ts';
import { federatedCredentials } from '../../resources/connections/index.ts';
import type { FederatedArrival } from '../../resources/users/index.ts';
import { remoteKeys } from '../remote-keys.ts';
import { addressesOf, type NativeArtifact, NativeLoginRefused, requireId, textsOf } from './native-artifact.ts';

const PROFILE = { name: 'name', given_name: 'given_name', family_name: 'family_name', picture: 'picture' };

/**
 * Google's ID token, as its Credential Manager gives it to an Android application: signed by Google, not expired, for the client of the
 * connection or one of its `allowed_audiences`.
 */
export async function proveGoogleIdToken(ctx: Context, artifact: NativeArtifact): Promise<FederatedArrival> {
  const { connection } = artifact;
  const claims = await verify(ctx, artifact);
  const email = typeof claims.email === 'string' ? { email: claims.email.toLowerCase() } : {};
  const verified = 'email' in email ? { email_verified: claims.email_verified === true } : {};
  return { connection, id: requireId(claims.sub), profile: { ...textsOf(claims, PROFILE), ...email, ...verified } };
}

async function verify(ctx: Context, { connection, token }: NativeArtifact) {
  const { issuer, jwks_uri } = addressesOf(connection);
  const { client_id } = federatedCredentials(ctx, connection);
  const also = (connection.options.allowed_audiences ?? []) as readonly string[];
  const audience = [...(client_id === undefined ? [] : [client_id]), ...also];
  if (audience.length === 0) throw new NativeLoginRefused('the connection has no client_id');
  try {
    const { payload } = await verifyJwt(token, {
      keys: await remoteKeys(ctx, jwks_uri ?? '', decodeJwt(token)?.header.kid),
      algorithms: ['RS256'],
      // Google: tokens say the issuer with or without the scheme.
      issuer: [issuer, new URL(issuer).host],
      audience,
      nowMs: ctx.clock.now(),
    });
    if (typeof payload.exp === 'number') return payload;
    throw new NativeLoginRefused('it never expires');
  } catch (error) {
    if (error instanceof JwtRefused) throw new NativeLoginRefused(error.message, { cause: error });
    throw error;
  }
}
