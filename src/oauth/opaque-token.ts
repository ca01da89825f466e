import { type Context, epochSeconds } from '../kernel/index.ts';
import { decryptOpaque, encryptOpaque, type JwtMembers } from '../platform/crypto/index.ts';

/** The tenant's key for access tokens that only `/userinfo` reads. */
function opaqueKey(ctx: Context): Uint8Array {
  return ctx.sealer.deriveKey(`opaque-access-token/${ctx.tenant.id}`);
}

/** The access token for `/userinfo` alone: nobody else can read it. */
export function sealAccessToken(ctx: Context, claims: JwtMembers): string {
  return encryptOpaque(claims, opaqueKey(ctx), ctx.issuer);
}

/** The claims of a living token of this tenant that `sealAccessToken` made, or undefined. */
export function openAccessToken(ctx: Context, token: string): JwtMembers | undefined {
  const opened = decryptOpaque(token, opaqueKey(ctx));
  if (!opened) return undefined;
  const { exp } = opened.claims;
  return typeof exp === 'number' && exp > epochSeconds(ctx.clock) ? opened.claims : undefined;
}
