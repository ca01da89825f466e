import type { Context } from '../../kernel/index.ts';
import { halfHash, importSecretSigner, importSigner, type Signer, signJwt } from '../../platform/crypto/index.ts';
import { idTokenSecret, type StoredClient } from '../../resources/clients/index.ts';
import { currentSigner } from '../../resources/keys/index.ts';
import { revealSigningSecret } from '../../resources/resource-servers/index.ts';
import { sealAccessToken } from '../opaque-token.ts';
import type { Target } from '../target.ts';
import type {
  FrontChannelAuthorization,
  FrontChannelTokens,
  GrantedAuthorization,
  TokenResponse,
} from './authorization.ts';
import { accessTokenClaims, idTokenClaims } from './claims.ts';
import { planRefresh, type RefreshPlan } from './refresh.ts';

/**
 * The only place where tokens are made, for the token endpoint and (below) for answers over the browser. What can be used only once is
 * taken and the refresh token saved in one transaction; signing comes after it, so that nobody signs for those who were too late.
 *
 * @throws a GrantRefusal when somebody else was faster with the code or refresh token; then nothing was written
 */
export async function issueTokens(ctx: Context, authorization: GrantedAuthorization): Promise<TokenResponse> {
  const { target, user, flow, scope } = authorization;
  const wantsIdToken = user !== undefined && mayHold(authorization, 'id_token') && scope.includes('openid');
  const signers = await readySigners(ctx, authorization, { access: true, id: wantsIdToken });
  const plan = mayHold(authorization, 'refresh_token') ? planRefresh(ctx, authorization) : undefined;
  await carryOut(ctx, authorization, plan);
  const [accessToken, idToken] = await Promise.all([
    makeAccessToken(ctx, authorization, signers),
    makeIdToken(ctx, authorization, signers),
  ]);
  return {
    access_token: accessToken,
    ...(plan?.token === undefined ? {} : { refresh_token: plan.token }),
    ...(idToken === undefined ? {} : { id_token: idToken }),
    ...(scope.length > 0 ? { scope: scope.join(' ') } : {}),
    expires_in: target.lifetimeFor(flow),
    token_type: authorization.confirmation?.jkt === undefined ? 'Bearer' : 'DPoP',
    ...detailsOf(authorization),
    ...authorization.extra,
  };
}

/** Auth0: of an access token that the client cannot read, it learns the types of the details alone. */
function detailsOf({ authorization_details: details, target }: GrantedAuthorization) {
  if (!details) return {};
  const isSecret = target.resourceServer?.token_encryption;
  return { authorization_details: isSecret ? details.map(({ type }) => ({ type })) : details };
}

/** A client for itself gets an access token alone, and so does whoever sets up factors. */
function mayHold({ flow, withheld }: GrantedAuthorization, part: 'refresh_token' | 'id_token'): boolean {
  return flow !== 'client_credentials' && flow !== 'mfa' && !withheld?.includes(part);
}

/**
 * The tokens that a login ends in at once (RFC 6749 §4.2, OpenID Connect Core §3.2 and §3.3): those that `tokens` names, perhaps none
 * beside the code. `consume` runs first, in its transaction, as above; its errors come through.
 */
export async function issueOverBrowser(
  ctx: Context,
  authorization: FrontChannelAuthorization,
): Promise<FrontChannelTokens> {
  const { target, flow, tokens, code } = authorization;
  const wanted = { access: tokens.includes('token'), id: tokens.includes('id_token') };
  const signers = await readySigners(ctx, authorization, wanted);
  await carryOut(ctx, authorization, undefined);
  const access_token = wanted.access ? await makeAccessToken(ctx, authorization, signers) : undefined;
  const id_token = await makeIdToken(ctx, authorization, signers, { access_token, code });
  return {
    ...(access_token === undefined
      ? {}
      : { access_token, expires_in: target.lifetimeFor(flow), token_type: 'Bearer' as const }),
    ...(id_token === undefined ? {} : { id_token }),
  };
}

/** Keys for what will be signed. */
interface Signers {
  readonly access: Signer | undefined;
  readonly id: Signer | undefined;
}

/** Read before anything is taken: a tenant without keys must not cost the user their code. */
async function readySigners(
  ctx: Context,
  { client, target }: GrantedAuthorization,
  wanted: { readonly access: boolean; readonly id: boolean },
): Promise<Signers> {
  const isSigned = wanted.access && target.kind !== 'userinfo';
  return {
    access: isSigned ? await accessTokenSigner(ctx, target) : undefined,
    id: wanted.id ? await idTokenSigner(ctx, client) : undefined,
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
  { access: signer }: Signers,
): string | Promise<string> {
  const claims = accessTokenClaims(ctx, authorization);
  if (!signer) return sealAccessToken(ctx, claims);
  const isStandard = authorization.target.resourceServer?.token_dialect?.startsWith('rfc9068');
  return signJwt(signer, claims, isStandard ? { typ: 'at+jwt' } : {});
}

async function makeIdToken(
  ctx: Context,
  authorization: GrantedAuthorization,
  { id: signer }: Signers,
  along: { readonly access_token?: string | undefined; readonly code?: string | undefined } = {},
): Promise<string | undefined> {
  if (!signer || !authorization.user) return undefined;
  const { access_token, code } = along;
  const hashes = {
    ...(access_token === undefined ? {} : { at_hash: halfHash(signer.alg, access_token) }),
    ...(code === undefined ? {} : { c_hash: halfHash(signer.alg, code) }),
  };
  return signJwt(signer, idTokenClaims(ctx, authorization, authorization.user, hashes));
}

async function accessTokenSigner(ctx: Context, { resourceServer }: Target): Promise<Signer> {
  if (resourceServer?.signing_alg !== 'HS256') return currentSigner(ctx, resourceServer?.signing_alg);
  const secret = revealSigningSecret(ctx, resourceServer);
  if (secret === undefined) throw new Error(`API ${resourceServer.identifier} signs with HS256 but has no secret`);
  return importSigner(secret, undefined, 'HS256');
}

async function idTokenSigner(ctx: Context, client: StoredClient): Promise<Signer> {
  const alg = client.jwt_configuration?.alg;
  if (alg === 'HS256') return importSecretSigner(idTokenSecret(ctx, client));
  return currentSigner(ctx, alg === 'PS256' ? 'PS256' : 'RS256');
}
