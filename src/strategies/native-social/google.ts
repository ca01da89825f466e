import type { Context } from '../../kernel/index.ts';
import { decodeJwt, type JwtMembers, JwtRefused, safeEqual, verifyJwt } from '../../platform/crypto/index.ts';
import { type Connection, federatedCredentials } from '../../resources/connections/index.ts';
import type { FederatedArrival } from '../../resources/users/index.ts';
import { remoteKeys } from '../remote-keys.ts';
import { addressesOf, type NativeArtifact, NativeLoginRefused, requireId, textsOf } from './native-artifact.ts';

const PROFILE = { name: 'name', given_name: 'given_name', family_name: 'family_name', picture: 'picture' };

/**
 * Google's ID token, as its Credential Manager gives it to an Android application: signed by Google, not expired, for the client of the
 * connection or one of its `allowed_audiences`.
 */
export async function proveGoogleIdToken(ctx: Context, artifact: NativeArtifact): Promise<FederatedArrival> {
  const { connection, token } = artifact;
  const { client_id } = federatedCredentials(ctx, connection);
  const also = (connection.options.allowed_audiences ?? []) as readonly string[];
  const audience = [...(client_id === undefined ? [] : [client_id]), ...also];
  return arrivalOf(connection, await verify(ctx, { connection, token, audience }));
}

/**
 * The ID token that a browser brings from Google's One Tap: for the client of the connection and nobody else, and for the page that
 * asked, by its `nonce`. Throws as above.
 */
export async function proveOneTapToken(
  ctx: Context,
  connection: Connection,
  { token, nonce }: { readonly token: string; readonly nonce: string },
): Promise<FederatedArrival> {
  const { client_id } = federatedCredentials(ctx, connection);
  const claims = await verify(ctx, { connection, token, audience: client_id === undefined ? [] : [client_id] });
  if (typeof claims.nonce !== 'string' || !safeEqual(claims.nonce, nonce))
    throw new NativeLoginRefused('it is for another page');
  return arrivalOf(connection, claims);
}

function arrivalOf(connection: Connection, claims: JwtMembers): FederatedArrival {
  const email = typeof claims.email === 'string' ? { email: claims.email.toLowerCase() } : {};
  const verified = 'email' in email ? { email_verified: claims.email_verified === true } : {};
  return { connection, id: requireId(claims.sub), profile: { ...textsOf(claims, PROFILE), ...email, ...verified } };
}

interface Presented {
  readonly connection: Connection;
  readonly token: string;
  readonly audience: readonly string[];
}

async function verify(ctx: Context, { connection, token, audience }: Presented): Promise<JwtMembers> {
  const { issuer, jwks_uri } = addressesOf(connection);
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
