import { type Context, fail, isoTime } from '../kernel/index.ts';
import {
  type Authenticator,
  authenticatorsOf,
  listAuthenticators,
  newAuthenticatorId,
} from '../resources/authentication-methods/index.ts';
import { guardianSettings } from '../resources/guardian/index.ts';
import { lockUser, type User } from '../resources/users/index.ts';
import { auditMfa } from './audit.ts';
import { challengesOf, type OobChannel } from './challenge.store.ts';
import {
  type ChallengeRequest,
  type DraftChallenge,
  deliverChallenge,
  draftChallenge,
  requireAllowance,
} from './challenge.ts';
import { channelOf, factorOf, type SetUp } from './factors/index.ts';
import { newPushTransaction } from './factors/push/push.factor.ts';
import { pushBarcode } from './factors/push/push-barcode.ts';
import { type EnrollableFactor, isFactorEnabled } from './methods.ts';
import { type DraftRecoveryCode, draftFirstRecoveryCode } from './recovery.ts';

/** As long as an `mfa_token` lives: what is not confirmed by then never will be. */
const PENDING_MS = 600_000;
const MOST_AUTHENTICATORS = 20;

export interface EnrollmentStart {
  readonly user: User;
  readonly client_id: string;
  readonly type: EnrollableFactor['type'];
  /** phone: `sms` (default) or `voice`. */
  readonly channel?: 'sms' | 'voice';
  readonly phone_number?: string;
  readonly email?: string;
  /** `later`: the caller shows the code after the factor is confirmed, and gets it from `issueRecoveryCode`. Default `now`. */
  readonly recoveryCode?: 'now' | 'later';
}

export interface StartedEnrollment extends SetUp {
  /** Unconfirmed; expires in ten minutes. */
  readonly authenticator: Authenticator;
  /** Shown once; only with the user's first factor. */
  readonly recovery_code?: string;
  /** phone, email, push: what to redeem. */
  readonly oob_code?: string;
  readonly channel?: OobChannel;
}

/**
 * Begins to set up a factor: makes the unconfirmed authenticator and sends the code that will confirm it.
 *
 * @throws Failure factor_disabled, too_many_authenticators, invalid_phone_number, invalid_email, too_many_messages,
 *   message_not_sent; whatever it throws, nothing is left behind
 */
export async function startEnrollment(ctx: Context, start: EnrollmentStart): Promise<StartedEnrollment> {
  await requireRoom(ctx, start);
  const { document: authenticator, told } = await draftAuthenticator(ctx, start);
  const request = challengeRequestOf(start, authenticator);
  // The app fetches its part of a push enrolment with what the QR code says; everything else is sent to the user.
  const transaction = start.type === 'push' ? newPushTransaction(ctx) : undefined;
  if (request && !transaction) await requireAllowance(ctx, start.user, channelOf(start.type, request.channel));
  const challenge = request && draftChallenge(ctx, request, transaction);
  const recovery = await storeDrafts(ctx, start, authenticator, challenge);
  const { user, client_id } = start;
  auditMfa(ctx, 'gd_start_enroll', { user, client_id, authenticator, method: request?.channel });
  if (request && challenge && !transaction) {
    await deliverOrUndo(ctx, request, challenge, recovery);
  }
  return {
    authenticator,
    ...told,
    ...(transaction ? { barcode_uri: await pushBarcode(ctx, user, transaction) } : {}),
    ...(recovery ? { recovery_code: recovery.code } : {}),
    ...(request && challenge ? { oob_code: challenge.oobCode, channel: request.channel } : {}),
  };
}

async function requireRoom(ctx: Context, { user, client_id, type }: EnrollmentStart): Promise<void> {
  if (!isFactorEnabled(await guardianSettings(ctx), type)) fail('factor_disabled', { factor: type });
  const existing = await listAuthenticators(ctx, user.user_id);
  const counted = existing.filter((one) => one.confirmed || one.type !== 'recovery-code');
  if (counted.length < MOST_AUTHENTICATORS) return;
  auditMfa(ctx, 'too_many_records', { user, client_id });
  fail('too_many_authenticators', {});
}

async function draftAuthenticator(
  ctx: Context,
  start: EnrollmentStart,
): Promise<{ document: Authenticator; told: SetUp }> {
  const id = newAuthenticatorId(ctx);
  const now = ctx.clock.now();
  const prepared = await factorOf(start.type).prepare?.(ctx, start, id);
  if (!prepared) throw new TypeError(`nobody enrols in ${start.type}`);
  const document: Authenticator = {
    id,
    user_id: start.user.user_id,
    type: start.type,
    confirmed: false,
    created_at: isoTime(now),
    expires_at: now + PENDING_MS,
    ...prepared.members,
  };
  return { document, told: prepared.told };
}

/** What confirms the factor out of band; nothing for one-time passwords, whose first code does. */
function challengeRequestOf(start: EnrollmentStart, authenticator: Authenticator): ChallengeRequest | undefined {
  const channels = { otp: undefined, phone: start.channel ?? 'sms', email: 'email', push: 'push' } as const;
  const channel = channels[start.type];
  if (!channel) return undefined;
  return { user: start.user, client_id: start.client_id, authenticator, channel, purpose: 'enrollment' };
}

async function storeDrafts(
  ctx: Context,
  start: EnrollmentStart,
  authenticator: Authenticator,
  challenge: DraftChallenge | undefined,
): Promise<DraftRecoveryCode | undefined> {
  const authenticators = authenticatorsOf(ctx);
  const pending = { expires_at: ctx.clock.now() + PENDING_MS, comes_with: authenticator.id };
  return ctx.store.transaction(async () => {
    await lockUser(ctx, authenticator.user_id);
    const recovery =
      start.recoveryCode === 'later' ? undefined : await draftFirstRecoveryCode(ctx, start.user, pending);
    await authenticators.insert(authenticator);
    if (challenge) await challengesOf(ctx).insert(challenge.challenge);
    if (recovery) await authenticators.insert(recovery.authenticator);
    return recovery;
  });
}

async function deliverOrUndo(
  ctx: Context,
  request: ChallengeRequest,
  draft: DraftChallenge,
  recovery: DraftRecoveryCode | undefined,
): Promise<void> {
  try {
    await deliverChallenge(ctx, request, draft);
  } catch (error) {
    await ctx.store.transaction(async () => {
      await challengesOf(ctx).delete(draft.challenge.id);
      await authenticatorsOf(ctx).delete(request.authenticator.id);
      if (recovery) await authenticatorsOf(ctx).delete(recovery.authenticator.id);
    });
    const { user, client_id, authenticator, channel } = request;
    auditMfa(ctx, 'gd_start_enroll_failed', { user, client_id, authenticator, method: channel });
    throw error;
  }
}
