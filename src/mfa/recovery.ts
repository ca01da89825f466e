import type { Context } from '../kernel/index.ts';
import { recoveryCode } from '../platform/crypto/index.ts';
import {
  type Authenticator,
  authenticatorsOf,
  listAuthenticators,
  makeRecoveryCode,
  type PendingRecoveryCode,
} from '../resources/authentication-methods/index.ts';
import { guardianSettings } from '../resources/guardian/index.ts';
import type { User } from '../resources/users/index.ts';

/** A recovery code that is about to be stored, in clear for the only time. */
export interface DraftRecoveryCode {
  readonly authenticator: Authenticator;
  readonly code: string;
}

/** Makes a recovery code for `userId`; stores nothing. `pending`: unconfirmed until that factor is confirmed. */
export function draftRecoveryCode(ctx: Context, userId: string, pending?: PendingRecoveryCode): DraftRecoveryCode {
  const code = recoveryCode(ctx.random);
  return { authenticator: makeRecoveryCode(ctx, userId, code, pending), code };
}

/**
 * The code that comes with the first factor: none where the tenant has them off, or where the user has a factor or a code. Each
 * enrolment brings its own: whoever began another one, knowing only the password, must not know the code that counts in the end.
 */
export async function draftFirstRecoveryCode(
  ctx: Context,
  user: User,
  pending: PendingRecoveryCode,
): Promise<DraftRecoveryCode | undefined> {
  if (!(await guardianSettings(ctx)).factors['recovery-code']) return undefined;
  const existing = await listAuthenticators(ctx, user.user_id);
  return existing.some((one) => one.confirmed) ? undefined : draftRecoveryCode(ctx, user.user_id, pending);
}

/**
 * For pages, which show the code after the factor was confirmed: gives a user who has none their recovery code, to be shown once.
 * Undefined where the tenant has recovery codes off or the user has one.
 */
export async function issueRecoveryCode(ctx: Context, user: User): Promise<string | undefined> {
  if (!(await guardianSettings(ctx)).factors['recovery-code']) return undefined;
  const existing = await listAuthenticators(ctx, user.user_id);
  if (existing.some((one) => one.type === 'recovery-code' && one.confirmed)) return undefined;
  const draft = draftRecoveryCode(ctx, user.user_id);
  await ctx.store.transaction(async () => {
    await authenticatorsOf(ctx).deleteWhere({ user_id: user.user_id, type: 'recovery-code' });
    await authenticatorsOf(ctx).insert(draft.authenticator);
  });
  return draft.code;
}
