import type { Context } from '../../kernel/index.ts';
import { encryptJwt, importEncryptionKey, importSigner, type Signer, signJwt } from '../../platform/crypto/index.ts';
import { currentSigner } from '../../resources/keys/index.ts';
import { revealSigningSecret } from '../../resources/resource-servers/index.ts';
import { sealAccessToken } from '../opaque-token.ts';
import { permissionsOfUser } from '../scopes.ts';
import type { Target } from '../target.ts';
import type { GrantedAuthorization } from './authorization.ts';
import { accessTokenClaims } from './claims.ts';

/** Makes the access token. Whatever it needs was read before. */
export type MakeAccessToken = () => string | Promise<string>;

/**
 * Gets an access token ready: opaque for `/userinfo` alone, else a JWT that the API's own algorithm signs, encrypted where the API has a key
 * for that. Throws when the tenant or the API lacks a usable key.
 */
export async function readyAccessToken(ctx: Context, authorization: GrantedAuthorization): Promise<MakeAccessToken> {
  const { target } = authorization;
  if (target.kind === 'userinfo') return () => sealAccessToken(ctx, accessTokenClaims(ctx, authorization));
  const signer = await accessTokenSigner(ctx, target);
  const { token_dialect: dialect, token_encryption: encryption } = target.resourceServer ?? {};
  const options = dialect?.startsWith('rfc9068') ? { typ: 'at+jwt' } : {};
  const permissions = await permissionsClaim(ctx, authorization);
  const sign = () => signJwt(signer, accessTokenClaims(ctx, authorization, permissions), options);
  if (!encryption) return sign;
  importEncryptionKey(encryption.encryption_key.pem);
  return async () => encryptJwt(await sign(), encryption.encryption_key);
}

/** A client's permissions are the scopes that it was granted; a user's are all that they have, whatever was asked for. */
async function permissionsClaim(
  ctx: Context,
  authorization: GrantedAuthorization,
): Promise<readonly string[] | undefined> {
  const { target, user, scope } = authorization;
  const { enforce_policies, token_dialect: dialect } = target.resourceServer ?? {};
  if (!enforce_policies || !dialect?.endsWith('_authz')) return undefined;
  return user ? permissionsOfUser(ctx, authorization) : scope;
}

async function accessTokenSigner(ctx: Context, { resourceServer }: Target): Promise<Signer> {
  if (resourceServer?.signing_alg !== 'HS256') return currentSigner(ctx, resourceServer?.signing_alg);
  const secret = revealSigningSecret(ctx, resourceServer);
  if (secret === undefined) throw new Error(`API ${resourceServer.identifier} signs with HS256 but has no secret`);
  return importSigner(secret, undefined, 'HS256');
}
