import type { Context } from '../../kernel/index.ts';
import { importSigner, type Signer, signJwt } from '../../platform/crypto/index.ts';
import { revealClientSecret, type StoredClient } from '../../resources/clients/index.ts';
import { currentSigner } from '../../resources/keys/index.ts';
import { revealSigningSecret } from '../../resources/resource-servers/index.ts';
import { sealAccessToken } from '../opaque-token.ts';
import type { Target } from '../target.ts';
import type { GrantedAuthorization, TokenResponse } from './authorization.ts';
import { accessTokenClaims, idTokenClaims } from './claims.ts';
import { planRefresh, type RefreshPlan } from './refresh.ts';

/**
 * The only place where tokens are made. What can be used only once is taken and the refresh token saved in one transaction; signing
 * comes after it, so that nobody signs for those who were too late.
 *
 * @throws a Refusal when somebody else was faster with the code or refresh token; then nothing was written
 */
export async function issueTokens(ctx: Context, authorization: GrantedAuthorization): Promise<TokenResponse> {
  const { target, user, flow, scope } = authorization;
  // Before anything is taken: a tenant without keys must not cost the user their code.
  const accessSigner = target.kind === 'userinfo' ? undefined : await accessTokenSigner(ctx, target);
  const idSigner =
    user && flow !== 'mfa' && scope.includes('openid') ? await idTokenSigner(ctx, authorization.client) : undefined;
  const plan = flow === 'client_credentials' || flow === 'mfa' ? undefined : planRefresh(ctx, authorization);
  await carryOut(ctx, authorization, plan);
  const [accessToken, idToken] = await Promise.all([
    makeAccessToken(ctx, authorization, accessSigner),
    idSigner && user ? signJwt(idSigner, idTokenClaims(ctx, authorization, user)) : undefined,
  ]);
  return {
    access_token: accessToken,
    ...(plan?.token === undefined ? {} : { refresh_token: plan.token }),
    ...(idToken === undefined ? {} : { id_token: idToken }),
    ...(scope.length > 0 ? { scope: scope.join(' ') } : {}),
    expires_in: target.lifetimeFor(flow),
    token_type: 'Bearer',
    ...authorization.extra,
  };
}

async function carryOut(ctx: Context, { consume }: GrantedAuthorization, plan: RefreshPlan | undefined): Promise<void> {
  if (!consume && !plan) return;
  await ctx.store.transaction(async () => {
    await consume?.(plan ? { family_id: plan.family_id } : {});
    await plan?.save();
  });
}

function makeAccessToken(
  ctx: Context,
  authorization: GrantedAuthorization,
  signer: Signer | undefined,
): string | Promise<string> {
  const claims = accessTokenClaims(ctx, authorization);
  if (!signer) return sealAccessToken(ctx, claims);
  const isStandard = authorization.target.resourceServer?.token_dialect?.startsWith('rfc9068');
  return signJwt(signer, claims, isStandard ? { typ: 'at+jwt' } : {});
}

async function accessTokenSigner(ctx: Context, { resourceServer }: Target): Promise<Signer> {
  if (resourceServer?.signing_alg !== 'HS256') return currentSigner(ctx, resourceServer?.signing_alg);
  const secret = revealSigningSecret(ctx, resourceServer);
  if (secret === undefined) throw new Error(`API ${resourceServer.identifier} signs with HS256 but has no secret`);
  return importSigner(secret, undefined, 'HS256');
}

async function idTokenSigner(ctx: Context, client: StoredClient): Promise<Signer> {
  const alg = client.jwt_configuration?.alg;
  if (alg === 'HS256') return importSigner(revealClientSecret(ctx, client), undefined, 'HS256');
  return currentSigner(ctx, alg === 'PS256' ? 'PS256' : 'RS256');
}
