import type { Context } from '../../../kernel/index.ts';
import { type PendingMfa, type Proof, spendMfaToken } from '../../../mfa/index.ts';
import type { StoredClient } from '../../../resources/clients/index.ts';
import type { Authorization } from '../authorization.ts';
import { authorizeMfaApi, continueAuthorization } from '../continue.ts';

/**
 * What a second factor, proved with `pending`'s token, entitles to: the tokens of the request that was stopped, or a fresh token for
 * the MFA API. The proof and the token are used up together, when the tokens are saved.
 */
export async function authorizeProof(
  ctx: Context,
  { client, pending, proof }: { client: StoredClient; pending: PendingMfa; proof: Proof },
): Promise<Authorization> {
  const { user } = pending;
  const extra = proof.recovery_code ? { recovery_code: proof.recovery_code } : undefined;
  const consume = async () => {
    await spendMfaToken(ctx, pending);
    await proof.consume();
  };
  if (pending.kind === 'api') {
    const authorization = await authorizeMfaApi(ctx, { client, user, consume });
    return extra ? { ...authorization, extra } : authorization;
  }
  const factor = proof.method === 'totp' ? 'otp' : proof.method;
  return continueAuthorization(ctx, {
    client,
    user,
    pending: pending.request,
    factor,
    consume,
    ...(extra ? { extra } : {}),
  });
}
