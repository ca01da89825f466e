import type { Context } from '../../kernel/index.ts';
import { halfHash, importSecretSigner, type Signer, signJwt } from '../../platform/crypto/index.ts';
import { idTokenSecret, isPublic, type StoredClient } from '../../resources/clients/index.ts';
import { currentSigner } from '../../resources/keys/index.ts';
import type { GrantedAuthorization } from './authorization.ts';
import { idTokenClaims } from './claims.ts';

/** What comes with an ID token over the browser, and is tied to it by hashes. */
export interface Companions {
  readonly access_token?: string | undefined;
  readonly code?: string | undefined;
  readonly state?: string | undefined;
}

/** Makes the ID token. Whatever it needs was read before. */
export type MakeIdToken = (along?: Companions) => Promise<string>;

/**
 * Gets an ID token ready; `code` is what goes along with it over the browser, if anything does. Undefined where no user is there whom it
 * could be about. Throws when the tenant has no key for it.
 */
export async function readyIdToken(
  ctx: Context,
  authorization: GrantedAuthorization & { readonly code?: string },
): Promise<MakeIdToken | undefined> {
  const { user, client, id_token_for, flow, code } = authorization;
  if (!user) return undefined;
  const isImplicit = flow === 'implicit' && code === undefined;
  const signer = await idTokenSigner(ctx, id_token_for ?? client, isImplicit);
  return (along = {}) => signJwt(signer, idTokenClaims(ctx, authorization, user, hashesOf(signer, along)));
}

function hashesOf({ alg }: Signer, { access_token, code, state }: Companions) {
  return {
    ...(access_token === undefined ? {} : { at_hash: halfHash(alg, access_token) }),
    ...(code === undefined ? {} : { c_hash: halfHash(alg, code) }),
    ...(state === undefined ? {} : { s_hash: halfHash(alg, state) }),
  };
}

async function idTokenSigner(ctx: Context, client: StoredClient, isImplicit: boolean): Promise<Signer> {
  const alg = client.jwt_configuration?.alg;
  if (alg === 'HS256' && !needsPublicKey(client, isImplicit)) return importSecretSigner(idTokenSecret(ctx, client));
  return currentSigner(ctx, alg === 'PS256' || alg === 'RS512' ? alg : 'RS256');
}

/**
 * Auth0: whoever keeps no secret cannot check what one signed, and neither can who gets the ID token in a browser alone. Clients that are
 * older than OpenID Connect are used to it.
 */
function needsPublicKey(client: StoredClient, isImplicit: boolean): boolean {
  return client.oidc_conformant && (isImplicit || isPublic(client));
}
