import { type Context, isoTime } from '../../kernel/index.ts';
import type { Authenticator } from './authenticator.store.ts';
import { digestRecoveryCode, newAuthenticatorId } from './secrets.ts';

/** The stored form of a recovery code of `userId`; with `expiresAt` (ms) it is unconfirmed until a factor is confirmed. */
export function makeRecoveryCode(ctx: Context, userId: string, code: string, expiresAt?: number): Authenticator {
  const created = isoTime(ctx.clock);
  const state =
    expiresAt === undefined ? { confirmed: true, enrolled_at: created } : { confirmed: false, expires_at: expiresAt };
  return {
    id: newAuthenticatorId(ctx),
    user_id: userId,
    type: 'recovery-code',
    created_at: created,
    code_digest: digestRecoveryCode(ctx, userId, code),
    ...state,
  };
}
