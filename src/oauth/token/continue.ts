import type { Context } from '../../kernel/index.ts';
import { MFA_API_SCOPES, mfaAudience, type PendingRequest } from '../../mfa/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { refreshTokensOf } from '../../resources/refresh-tokens/index.ts';
import type { User } from '../../resources/users/index.ts';
import { recordLogin } from '../../strategies/index.ts';
import type { ProvenMethod } from '../../transactions/index.ts';
import { resolveAudience } from '../audience.ts';
import { legacyTarget } from '../legacy-login.ts';
import { sessionTransferTarget } from '../session-transfer/session-transfer-target.ts';
import type { Target } from '../target.ts';
import type { Flow } from '../vocabulary.ts';
import type { Authorization } from './authorization.ts';
import { keptOf } from './kept-request.ts';
import { requireUsable } from './refresh-rules.ts';

export interface Continuation {
  readonly client: StoredClient;
  readonly user: User;
  readonly pending: PendingRequest;
  /** The factor that was just passed: `otp`, `sms`, `recovery-code` … */
  readonly factor: string;
  /** Spends the mfa_token, and the code where its check did not. Runs inside the transaction that saves what is issued. */
  readonly consume: () => Promise<void>;
  /** Further members of the answer. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** The authorization that a stopped request leads to once its second factor is passed. Throws when its refresh token or API is gone. */
export async function continueAuthorization(ctx: Context, continuation: Continuation): Promise<Authorization> {
  const { client, user, pending, factor, extra } = continuation;
  const methods: ProvenMethod[] = [
    ...pending.methods.filter(({ name }) => name !== 'mfa'),
    { name: 'mfa', type: factor, timestamp: new Date(ctx.clock.now()).toISOString() },
  ];
  const shared = {
    client,
    user,
    methods,
    target: await targetOf(ctx, client, pending),
    requested: pending.scope,
    auth_time: pending.auth_time,
    ...keptOf(pending),
    ...(extra ? { extra: { ...pending.extra, ...extra } } : {}),
  };
  if (pending.refresh_token_id === undefined) {
    const consume = async () => {
      await continuation.consume();
      await recordLogin(ctx, user, pending.ip ?? ctx.caller.ip);
    };
    return { ...shared, flow: pending.flow as Flow, consume };
  }
  const found = await refreshTokensOf(ctx).get(pending.refresh_token_id);
  const token = await requireUsable(ctx, client, found);
  return {
    ...shared,
    flow: 'refresh_token',
    refresh_token: token,
    ...(token.auth_time_requested ? { auth_time_requested: true } : {}),
    consume: continuation.consume,
  };
}

async function targetOf(ctx: Context, client: StoredClient, { audience, flow }: PendingRequest): Promise<Target> {
  if (flow === 'legacy') return legacyTarget(ctx, client);
  return sessionTransferTarget(ctx, client, audience) ?? (await resolveAudience(ctx, client, audience));
}

/** What confirming an enrolment with an MFA API access token answers: always all three scopes, no ID token, no refresh token. */
export async function authorizeMfaApi(
  ctx: Context,
  { client, user, consume }: Pick<Continuation, 'client' | 'user' | 'consume'>,
): Promise<Authorization> {
  const target = await resolveAudience(ctx, client, mfaAudience(ctx));
  return { client, user, target, flow: 'mfa', requested: MFA_API_SCOPES, consume };
}
