import { type Context, fail } from '../kernel/index.ts';
import { matchTotp } from '../platform/crypto/index.ts';
import { type Authenticator, listAuthenticators, openOtpSecret } from '../resources/authentication-methods/index.ts';
import { guardianSettings } from '../resources/guardian/index.ts';
import { auditMfa } from './audit.ts';
import { limits, returnAttempt, spendAttempt } from './limits.ts';
import { isFactorEnabled } from './methods.ts';
import { type Attempt, confirmEnrollment, noteUse, type Proof } from './proof.ts';

interface Match {
  readonly authenticator: Authenticator;
  readonly step: number;
}

/**
 * Checks a one-time password: of the apps that the user has enrolled, or of one that they are setting up. An attempt is counted
 * before anything is compared, so that guesses made at once cost as much as guesses one after the other.
 *
 * @param authenticatorId only this one counts (pages that ask about one in particular)
 * @throws Failure wrong_otp (also when there is nothing to compare with), too_many_failed_codes
 */
export async function verifyOtp(
  ctx: Context,
  attempt: Attempt & { readonly otp: string; readonly authenticatorId?: string },
): Promise<Proof> {
  const { user, client_id } = attempt;
  const candidates = await findCandidates(ctx, attempt);
  if (!(await spendAttempt(ctx, limits.otpFailures, user.user_id))) {
    auditMfa(ctx, 'gd_otp_rate_limit_exceed', { user, client_id, method: 'otp' });
    fail('too_many_failed_codes', {});
  }
  const match = findMatch(ctx, candidates, attempt.otp);
  if (!match) {
    auditMfa(ctx, 'gd_auth_failed', { user, client_id, method: 'otp', description: 'Invalid otp_code.' });
    fail('wrong_otp', {});
  }
  const { authenticator } = match;
  return {
    authenticator,
    method: 'totp',
    purpose: authenticator.confirmed ? 'challenge' : 'enrollment',
    consume: async () => {
      await acceptStep(ctx, match);
      if (!authenticator.confirmed) await confirmEnrollment(ctx, attempt, authenticator.id);
      await returnAttempt(ctx, limits.otpFailures, user.user_id);
      auditMfa(ctx, 'gd_auth_succeed', { user, client_id, authenticator, method: 'otp' });
    },
  };
}

async function findCandidates(
  ctx: Context,
  { user, accepts, authenticatorId }: Attempt & { readonly authenticatorId?: string },
): Promise<Authenticator[]> {
  const settings = await guardianSettings(ctx);
  return (await listAuthenticators(ctx, user.user_id))
    .filter((one) => one.secret_sealed !== undefined && isFactorEnabled(settings, one.type))
    .filter((one) => authenticatorId === undefined || one.id === authenticatorId)
    .filter((one) =>
      one.confirmed ? accepts.includes('challenge') : one.type === 'otp' && accepts.includes('enrollment'),
    );
}

/** All candidates are always compared: the time taken does not tell which one it was. */
function findMatch(ctx: Context, candidates: readonly Authenticator[], code: string): Match | undefined {
  const typed = code.replace(/\s/g, '');
  let found: Match | undefined;
  for (const authenticator of candidates) {
    const secret = openOtpSecret(ctx, authenticator) ?? '';
    const step = matchTotp({ secret, code: typed, nowMs: ctx.clock.now(), lastStep: authenticator.last_step });
    if (step !== undefined) found = { authenticator, step };
  }
  return found;
}

/** RFC 6238 §5.2: no code is accepted twice, not even by two requests at once. */
async function acceptStep(ctx: Context, { authenticator, step }: Match): Promise<void> {
  let accepted = false;
  await noteUse(ctx, authenticator, (stored) => {
    accepted = (stored.last_step ?? -1) < step;
    if (!accepted) fail('wrong_otp', {});
    return { last_step: step };
  });
  if (!accepted) fail('wrong_otp', {});
}
