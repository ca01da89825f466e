import type { Context } from '../../kernel/index.ts';
import { epochSeconds } from '../../kernel/index.ts';
import { demandSecondFactor, isSecondFactorRequired } from '../../mfa/index.ts';
import type { GrantedAuthorization } from './authorization.ts';

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
  const isRequired = await isSecondFactorRequired(ctx, { user, client, audience: target.identifier, methods });
  if (!isRequired) return;
  await demandSecondFactor(ctx, {
    user,
    client,
    ...(authorization.proveFirstFactor ? { prove: authorization.proveFirstFactor } : {}),
    request: {
      grant,
      flow: authorization.flow,
      methods: authorization.methods ?? [],
      audience: target.identifier,
      scope: authorization.scope,
      auth_time: authorization.auth_time ?? epochSeconds(ctx.clock),
      ...(authorization.connection === undefined ? {} : { connection: authorization.connection }),
      ...(authorization.session_id === undefined ? {} : { session_id: authorization.session_id }),
      ...(token ? { refresh_token_id: token.id } : {}),
      ...(authorization.organization ? { organization: authorization.organization } : {}),
      ...(authorization.authorization_details ? { authorization_details: authorization.authorization_details } : {}),
    },
  });
}
