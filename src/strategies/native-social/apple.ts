import { type Context, epochSeconds } from '../../kernel/index.ts';
import {
  decodeJwt,
  importSigner,
  type JwtMembers,
  JwtRefused,
  signJwt,
  verifyJwt,
} from '../../platform/crypto/index.ts';
import { federatedCredentials } from '../../resources/connections/index.ts';
import type { FederatedArrival, User } from '../../resources/users/index.ts';
import { remoteKeys } from '../remote-keys.ts';
import { askProvider } from './ask-provider.ts';
import { addressesOf, type NativeArtifact, NativeLoginRefused, requireId, textsOf } from './native-artifact.ts';

const SECRET_LIFETIME_S = 300;

/**
 * Apple's authorization code, as Sign in with Apple gives it to an application on the device: exchanged at Apple in the name of that
 * application, and the ID token that comes back checked. The name is what the application says: Apple tells it once, and to the device.
 */
export async function proveAppleCode(ctx: Context, artifact: NativeArtifact): Promise<FederatedArrival> {
  const { client, connection } = artifact;
  const { client_id: services } = federatedCredentials(ctx, connection);
  const clientId = client.mobile?.ios?.app_bundle_identifier ?? services;
  if (clientId === undefined) throw new NativeLoginRefused('neither the client nor the connection has an App ID');
  const { id_token } = await redeem(ctx, artifact, clientId);
  if (typeof id_token !== 'string') throw new NativeLoginRefused('Apple gave no ID token');
  const claims = await verify(ctx, artifact, clientId, id_token);
  return { connection, id: requireId(claims.sub), profile: { ...emailOf(claims), ...nameOf(artifact.profile) } };
}

async function redeem(ctx: Context, artifact: NativeArtifact, clientId: string) {
  const { token_endpoint } = addressesOf(artifact.connection);
  const form = {
    grant_type: 'authorization_code',
    code: artifact.token,
    client_id: clientId,
    client_secret: await clientSecret(ctx, artifact, clientId),
  };
  return askProvider(ctx, {
    url: token_endpoint,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams(form).toString(),
  });
}

/** Apple: a JWT that the team's key signs stands for a secret. */
function clientSecret(ctx: Context, { connection }: NativeArtifact, clientId: string): Promise<string> {
  const { team_id, kid } = connection.options as { team_id?: string; kid?: string };
  const { app_secret } = federatedCredentials(ctx, connection);
  if (!team_id || !kid || !app_secret) throw new NativeLoginRefused('the connection lacks team_id, kid or app_secret');
  const now = epochSeconds(ctx.clock);
  const { issuer } = addressesOf(connection);
  const claims = { iss: team_id, iat: now, exp: now + SECRET_LIFETIME_S, aud: issuer, sub: clientId };
  return signJwt(importSigner(app_secret, kid, 'ES256'), claims);
}

async function verify(
  ctx: Context,
  { connection }: NativeArtifact,
  audience: string,
  token: string,
): Promise<JwtMembers> {
  const { issuer, jwks_uri } = addressesOf(connection);
  const keys = await remoteKeys(ctx, jwks_uri ?? '', decodeJwt(token)?.header.kid);
  try {
    return (await verifyJwt(token, { keys, algorithms: ['RS256'], issuer, audience, nowMs: ctx.clock.now() })).payload;
  } catch (error) {
    if (error instanceof JwtRefused) throw new NativeLoginRefused(error.message, { cause: error });
    throw error;
  }
}

/** Apple writes truth as a text, too. */
function emailOf({ email, email_verified }: JwtMembers): Partial<User> {
  if (typeof email !== 'string') return {};
  return { email: email.toLowerCase(), email_verified: email_verified === true || email_verified === 'true' };
}

function nameOf({ name }: NativeArtifact['profile']): Partial<User> {
  if (typeof name !== 'object' || name === null) return {};
  const parts = textsOf(name as Record<string, unknown>, { given_name: 'firstName', family_name: 'lastName' });
  const whole = [parts.given_name, parts.family_name].filter(Boolean).join(' ');
  return whole === '' ? {} : { ...parts, name: whole };
}
