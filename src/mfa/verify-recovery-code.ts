import { type Context, fail } from '../kernel/index.ts';
import { safeEqual } from '../platform/crypto/index.ts';
import {
  type Authenticator,
  digestRecoveryCode,
  listAuthenticators,
} from '../resources/authentication-methods/index.ts';
import { guardianSettings } from '../resources/guardian/index.ts';
import type { User } from '../resources/users/index.ts';
import { auditMfa } from './audit.ts';
import { limits, returnAttempt, spendAttempt } from './limits.ts';
import { isFactorEnabled } from './methods.ts';
import { type Attempt, noteUse, type Proof } from './proof.ts';
import { draftRecoveryCode } from './recovery.ts';

/**
 * Checks a recovery code. It is good for one login; the proof carries its successor, which counts from when the proof is consumed.
 *
 * @throws Failure wrong_recovery_code (also when the user has none), too_many_failed_codes
 */
export async function verifyRecoveryCode(
  ctx: Context,
  attempt: Pick<Attempt, 'user' | 'client_id'> & { readonly code: string },
): Promise<Proof & { readonly recovery_code: string }> {
  const { user, client_id } = attempt;
  const codes = await findCodes(ctx, user);
  if (!(await spendAttempt(ctx, limits.recoveryCodeFailures, user.user_id))) {
    auditMfa(ctx, 'gd_recovery_rate_limit_exceed', { user, client_id, method: 'recovery-code' });
    fail('too_many_failed_codes', {});
  }
  const digest = digestRecoveryCode(ctx, user.user_id, attempt.code);
  const authenticator = codes.find((one) => safeEqual(one.code_digest ?? '', digest));
  if (!authenticator) {
    auditMfa(ctx, 'gd_recovery_failed', { user, client_id, method: 'recovery-code' });
    fail('wrong_recovery_code', {});
  }
  const next = draftRecoveryCode(ctx, user.user_id);
  return {
    authenticator,
    method: 'recovery-code',
    purpose: 'challenge',
    recovery_code: next.code,
    consume: async () => {
      await replaceCode(ctx, authenticator, digest, next.authenticator.code_digest ?? '');
      await returnAttempt(ctx, limits.recoveryCodeFailures, user.user_id);
      auditMfa(ctx, 'gd_recovery_succeed', { user, client_id, authenticator });
    },
  };
}

async function findCodes(ctx: Context, user: User): Promise<Authenticator[]> {
  if (!isFactorEnabled(await guardianSettings(ctx), 'recovery-code')) return [];
  const all = await listAuthenticators(ctx, user.user_id);
  return all.filter((one) => one.type === 'recovery-code' && one.confirmed);
}

async function replaceCode(ctx: Context, authenticator: Authenticator, used: string, next: string): Promise<void> {
  let replaced = false;
  await noteUse(ctx, authenticator, (stored) => {
    replaced = stored.code_digest === used;
    if (!replaced) fail('wrong_recovery_code', {});
    return { code_digest: next };
  });
  if (!replaced) fail('wrong_recovery_code', {});
}
