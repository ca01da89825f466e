import type { Context } from '../../kernel/index.ts';
import { epochSeconds } from '../../kernel/index.ts';
import { demandSecondFactor, isSecondFactorRequired, type PendingRequest } from '../../mfa/index.ts';
import { isTransaction } from '../authorization-details.ts';
import type { GrantedAuthorization } from './authorization.ts';
import { keptOf } from './kept-request.ts';

/**
 * Withholds tokens until a second factor is passed, where the tenant's policy or the audience wants one: throws 403 `mfa_required`,
 * under whose `mfa_token` the request waits as it would have been granted.
 */
export async function requireSecondFactor(
  ctx: Context,
  grant: string,
  authorization: GrantedAuthorization,
): Promise<void> {
  const { client, user, target, refresh_token: token } = authorization;
  if (!user) return;
  // The MFA API sets up and removes factors: what was proved when the family began, perhaps months ago, does not open it.
  const methods = token && target.kind === 'mfa' ? [] : (authorization.methods ?? []);
  const facts = { user, client, audience: target.identifier, methods };
  const transaction = { isTransaction: isTransaction(target, authorization.authorization_details) };
  const isRequired = await isSecondFactorRequired(ctx, { ...facts, ...transaction });
  if (!isRequired) return;
  await demandSecondFactor(ctx, {
    user,
    client,
    ...(authorization.proveFirstFactor ? { prove: authorization.proveFirstFactor } : {}),
    request: pendingRequest(ctx, grant, authorization),
  });
}

function pendingRequest(ctx: Context, grant: string, authorization: GrantedAuthorization): PendingRequest {
  const { flow, methods = [], target, scope, refresh_token: token } = authorization;
  return {
    ...keptOf(authorization),
    grant,
    flow,
    methods,
    audience: target.identifier,
    scope,
    auth_time: authorization.auth_time ?? epochSeconds(ctx.clock),
    ...(token ? { refresh_token_id: token.id } : {}),
  };
}
