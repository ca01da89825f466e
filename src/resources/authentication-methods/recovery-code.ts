import { type Context, isoTime } from '../../kernel/index.ts';
import type { Authenticator } from './authenticator.store.ts';
import { digestRecoveryCode, newAuthenticatorId } from './secrets.ts';

/** Until when (ms) a recovery code waits, and for the confirmation of which authenticator. */
export interface PendingRecoveryCode {
  readonly expires_at: number;
  readonly comes_with: string;
}

/** The stored form of a recovery code of `userId`; with `pending` it is unconfirmed until that factor is confirmed. */
export function makeRecoveryCode(
  ctx: Context,
  userId: string,
  code: string,
  pending?: PendingRecoveryCode,
): Authenticator {
  const created = isoTime(ctx.clock);
  const state = pending ? { confirmed: false, ...pending } : { confirmed: true, enrolled_at: created };
  return {
    id: newAuthenticatorId(ctx),
    user_id: userId,
    type: 'recovery-code',
    created_at: created,
    code_digest: digestRecoveryCode(ctx, userId, code),
    ...state,
  };
}
