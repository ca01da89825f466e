import type { Context } from '../kernel/index.ts';
import {
  decodeJwt,
  importPublicKey,
  JwtRefused,
  type VerificationAlgorithm,
  verifyJwt,
} from '../platform/crypto/index.ts';
import { type ClientCredential, clientCredentialsOf, type StoredClient } from '../resources/clients/index.ts';

/** Seconds that a client's clock may differ from ours. */
export const CLIENT_SKEW_S = 10;

/** Which of a client's credentials may have signed. */
export interface SigningKeys {
  readonly credentials: readonly { readonly id: string }[];
  /** Only these algorithms; each key's own unless given. */
  readonly algorithms?: readonly string[] | undefined;
}

/** Is `jwt` signed with one of these living keys of `client`, by that key's own algorithm? `exp` and `nbf` count where they are there. */
export async function isSignedWithKeyOf(
  ctx: Context,
  client: StoredClient,
  jwt: string,
  { credentials, algorithms }: SigningKeys,
): Promise<boolean> {
  const kid = decodeJwt(jwt)?.header.kid;
  for (const credential of await livingCredentials(ctx, client, credentials)) {
    const isMeant = kid === undefined || credential.kid === undefined || kid === credential.kid;
    const isAllowed = algorithms?.includes(algorithmOf(credential)) ?? true;
    if (isMeant && isAllowed && (await isSignedWith(ctx, credential, jwt))) return true;
  }
  return false;
}

/** Those of the `named` credentials that are the client's own and have not expired. */
export async function livingCredentials(
  ctx: Context,
  client: StoredClient,
  named: readonly { readonly id: string }[],
): Promise<ClientCredential[]> {
  const found = await Promise.all(named.map(({ id }) => clientCredentialsOf(ctx).get(id)));
  const now = ctx.clock.now();
  return found.filter(
    (credential): credential is ClientCredential =>
      credential?.client_id === client.client_id &&
      (credential.expires_at === undefined || Date.parse(credential.expires_at) > now),
  );
}

const algorithmOf = ({ alg }: ClientCredential) => alg ?? 'RS256';

async function isSignedWith(ctx: Context, credential: ClientCredential, jwt: string): Promise<boolean> {
  const { pem } = credential;
  if (pem === undefined) return false;
  try {
    await verifyJwt(jwt, {
      keys: () => importPublicKey(pem),
      algorithms: [algorithmOf(credential) as VerificationAlgorithm],
      nowMs: ctx.clock.now(),
      clockToleranceSec: CLIENT_SKEW_S,
    });
    return true;
  } catch (error) {
    if (error instanceof JwtRefused) return false;
    throw error;
  }
}
