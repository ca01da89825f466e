import { type Context, fail } from '../kernel/index.ts';
import { hashToken, safeEqual } from '../platform/crypto/index.ts';
import type { Authenticator } from '../resources/authentication-methods/index.ts';
import type { User } from '../resources/users/index.ts';
import { auditMfa } from './audit.ts';
import { type Challenge, challengesOf } from './challenge.store.ts';
import { digestBindingCode } from './challenge.ts';
import { invalidRequest } from './errors.ts';
import { limits, returnAttempt, spendAttempt } from './limits.ts';
import { listMethods } from './methods.ts';
import { type Attempt, confirmEnrollment, noteUse, type Proof } from './proof.ts';

/** Besides the user's allowance: how many guesses one code survives. */
const MOST_GUESSES = 10;

/**
 * Checks the answer to an out-of-band challenge: the code that was sent, or the app's approval.
 *
 * @throws Failure unknown_oob_code (also expired, redeemed, another user's, not accepted here), wrong_binding_code,
 *   too_many_failed_codes, authorization_pending, polling_too_fast, authorization_rejected;
 *   400 invalid_request when the code is missing
 */
export async function verifyOob(
  ctx: Context,
  attempt: Attempt & { readonly oob_code: string; readonly binding_code?: string | undefined },
): Promise<Proof> {
  const challenge = await requireChallenge(ctx, attempt);
  const authenticator = await requireAuthenticator(ctx, attempt.user, challenge);
  const { user, client_id } = attempt;
  if (challenge.code_digest === undefined) await requireApproval(ctx, attempt, challenge, authenticator);
  else await requireCode(ctx, attempt, challenge, authenticator);
  return {
    authenticator,
    method: challenge.channel,
    purpose: challenge.purpose,
    consume: async () => {
      if (!(await challengesOf(ctx).take(challenge.id))) fail('unknown_oob_code', {});
      if (challenge.purpose === 'enrollment') await confirmEnrollment(ctx, attempt, authenticator.id);
      else await noteUse(ctx, authenticator);
      if (challenge.code_digest !== undefined) await returnAttempt(ctx, limits.bindingCodeFailures, user.user_id);
      auditMfa(ctx, 'gd_auth_succeed', { user, client_id, authenticator, method: challenge.channel });
    },
  };
}

async function requireChallenge(ctx: Context, attempt: Attempt & { readonly oob_code: string }): Promise<Challenge> {
  const challenge = await challengesOf(ctx).get(hashToken(attempt.oob_code));
  const isTheirs =
    challenge !== undefined &&
    challenge.user_id === attempt.user.user_id &&
    challenge.client_id === attempt.client_id &&
    attempt.accepts.includes(challenge.purpose);
  if (!isTheirs || challenge.expires_at <= ctx.clock.now()) fail('unknown_oob_code', {});
  return challenge;
}

/** Among what the user has now: an authenticator that was removed meanwhile proves nothing. */
async function requireAuthenticator(ctx: Context, user: User, challenge: Challenge): Promise<Authenticator> {
  const methods = await listMethods(ctx, user);
  const found = methods.find(({ authenticator }) => authenticator.id === challenge.authenticator_id);
  return found?.authenticator ?? fail('unknown_oob_code', {});
}

async function requireCode(
  ctx: Context,
  attempt: Attempt & { readonly binding_code?: string | undefined },
  challenge: Challenge,
  authenticator: Authenticator,
): Promise<void> {
  const { user, client_id, binding_code } = attempt;
  if (!binding_code) throw invalidRequest('Missing required parameter: binding_code');
  const event = { user, client_id, authenticator, method: challenge.channel };
  const mayGuess =
    (await spendAttempt(ctx, limits.bindingCodeFailures, user.user_id)) && (await countGuess(ctx, challenge.id));
  if (!mayGuess) {
    auditMfa(ctx, 'gd_otp_rate_limit_exceed', event);
    fail('too_many_failed_codes', {});
  }
  const given = digestBindingCode(ctx, challenge.id, binding_code.replace(/[\s-]/g, ''));
  if (safeEqual(given, challenge.code_digest ?? '')) return;
  auditMfa(ctx, 'gd_auth_failed', { ...event, description: 'Invalid binding_code.' });
  fail('wrong_binding_code', {});
}

/** Counts a guess at one code before it is compared; false when the code has had enough of them. */
async function countGuess(ctx: Context, id: string): Promise<boolean> {
  let counted = false;
  await challengesOf(ctx).update(id, (stored) => {
    counted = stored.attempts < MOST_GUESSES;
    return counted ? { ...stored, attempts: stored.attempts + 1 } : undefined;
  });
  return counted;
}

async function requireApproval(
  ctx: Context,
  { user, client_id }: Attempt,
  challenge: Challenge,
  authenticator: Authenticator,
): Promise<void> {
  if (challenge.answer === 'accepted') return;
  if (!(await spendAttempt(ctx, limits.polls, challenge.id))) fail('polling_too_fast', {});
  if (challenge.answer === undefined) fail('authorization_pending', {});
  if (!(await challengesOf(ctx).take(challenge.id))) fail('unknown_oob_code', {});
  auditMfa(ctx, 'gd_auth_rejected', { user, client_id, authenticator, method: 'push' });
  fail('authorization_rejected', {});
}
