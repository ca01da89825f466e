import type { AuditEvent, Context, LogType } from '../../kernel/index.ts';
import { complianceOf } from '../compliance.ts';
import { planTransfer, type TransferPlan } from '../session-transfer/plan-transfer.ts';
import { ONLINE_ACCESS, TOKEN_TYPE } from '../vocabulary.ts';
import { readyAccessToken } from './access-token.ts';
import type {
  FrontChannelAuthorization,
  FrontChannelTokens,
  GrantedAuthorization,
  TokenResponse,
} from './authorization.ts';
import { readyIdToken } from './id-token.ts';
import { planRefresh, type RefreshPlan } from './refresh.ts';
import { successEvent } from './token-log.ts';

/**
 * The only place where tokens are made, for the token endpoint and (below) for answers over the browser. What can be used only once is
 * taken, the refresh token saved and the row of the log written in one transaction. Keys are read before it, as a tenant without keys must
 * not cost the user their code; signing comes after it, so that nobody signs for those who were too late.
 *
 * @param success the type of the log's row, where `authorization` says no other
 * @throws a GrantRefusal when somebody else was faster with the code or refresh token; then nothing was written
 */
export async function issueTokens(
  ctx: Context,
  authorization: GrantedAuthorization,
  success: LogType,
): Promise<TokenResponse> {
  const { target, user, flow, scope } = authorization;
  // Auth0 never says it back: it asks for a refresh token, and is no right at the API.
  const told = scope.filter((name) => name !== ONLINE_ACCESS);
  const wantsIdToken = user !== undefined && mayHold(authorization, 'id_token') && scope.includes('openid');
  const transfer = target.kind === 'session_transfer' ? planTransfer(ctx, authorization) : undefined;
  const makeAccessToken = transfer
    ? () => transfer.token
    : await readyAccessToken(ctx, { ...authorization, scope: told });
  const makeIdToken = wantsIdToken ? await readyIdToken(ctx, authorization) : undefined;
  const plan = mayHold(authorization, 'refresh_token') ? planRefresh(ctx, authorization) : undefined;
  const said = transfer ? '' : told.join(' ');
  const event = successEvent(success, authorization, said);
  await carryOut(ctx, authorization, { plan, transfer, event });
  const [accessToken, idToken] = await Promise.all([makeAccessToken(), makeIdToken?.()]);
  return {
    access_token: accessToken,
    ...(plan?.token === undefined ? {} : { refresh_token: plan.token }),
    ...(idToken === undefined ? {} : { id_token: idToken }),
    ...(said ? { scope: said } : {}),
    expires_in: target.lifetimeFor(flow),
    token_type: transfer ? 'N_A' : authorization.confirmation?.jkt === undefined ? 'Bearer' : 'DPoP',
    ...(transfer ? { issued_token_type: TOKEN_TYPE.sessionTransfer } : {}),
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
  const { client, target, flow, tokens, code } = authorization;
  const makeAccessToken = tokens.includes('token') ? await readyAccessToken(ctx, authorization) : undefined;
  const makeIdToken = tokens.includes('id_token') ? await readyIdToken(ctx, authorization) : undefined;
  const { consume } = authorization;
  if (consume) await ctx.store.transaction(() => consume({}));
  const access_token = await makeAccessToken?.();
  // FAPI 1.0 Advanced §5.2.2.1: the ID token is a detached signature of the answer.
  const state = complianceOf(client)?.stateHash ? authorization.state : undefined;
  const id_token = await makeIdToken?.({ access_token, code, state });
  return {
    ...(access_token === undefined
      ? {}
      : { access_token, expires_in: target.lifetimeFor(flow), token_type: 'Bearer' as const }),
    ...(id_token === undefined ? {} : { id_token }),
  };
}

interface Issued {
  readonly plan: RefreshPlan | undefined;
  readonly transfer: TransferPlan | undefined;
  readonly event: AuditEvent;
}

async function carryOut(ctx: Context, { consume }: GrantedAuthorization, issued: Issued): Promise<void> {
  const { plan, transfer, event } = issued;
  if (!consume && !plan && !transfer) return ctx.record([event]);
  await ctx.store.transaction(async () => {
    await consume?.(plan ? { family_id: plan.family_id } : {});
    await plan?.save();
    await transfer?.save(plan?.family_id);
    await ctx.record([event]);
  });
}
