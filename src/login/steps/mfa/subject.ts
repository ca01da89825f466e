import { type Context, type Reply, redirect } from '../../../kernel/index.ts';
import { type EnrollableFactor, enrollableFactors, isMfaApi, mfaRequirements } from '../../../mfa/index.ts';
import { findUser, type User } from '../../../resources/users/index.ts';
import {
  type AnyTransaction,
  type EnrollmentTransaction,
  lostTransaction,
  RESUME,
  stillStands,
  type Transaction,
} from '../../../transactions/index.ts';
import { nextPath } from '../../step.ts';

/** The user of a transaction that has one. Page error when they are gone. */
export async function requireSubject(ctx: Context, transaction: AnyTransaction): Promise<User> {
  const user = transaction.user_id === undefined ? undefined : await findUser(ctx, transaction.user_id);
  if (!user) throw lostTransaction('its user is gone');
  return user;
}

/** Whom a proof is for: nobody's application where somebody came with a ticket. */
export function clientIdOf(transaction: AnyTransaction): string {
  return transaction.kind === 'login' ? transaction.request.client_id : '';
}

/** For challenge pages: a login that was sent here to prove a second factor, in time. Others go to what they need. */
export async function acceptChallenge(ctx: Context, transaction: AnyTransaction): Promise<Transaction | Reply> {
  if (transaction.kind !== 'login') return redirect(nextPath(transaction));
  return (await isDue(ctx, transaction)) ? transaction : redirect(RESUME);
}

/** For enrolment pages: a login whose user has no factor yet and needs one, or a ticket that is not used up. */
export async function acceptEnrollment(
  ctx: Context,
  transaction: AnyTransaction,
): Promise<Transaction | EnrollmentTransaction | Reply> {
  if (transaction.kind === 'enrollment')
    return transaction.enrolled === undefined ? transaction : redirect(nextPath(transaction));
  if (!(await isDue(ctx, transaction))) return redirect(RESUME);
  // Whoever knows only the password must not add a factor beside the one that they cannot prove.
  const mayEnroll = 'enroll' in (await mfaRequirements(ctx, await requireSubject(ctx, transaction)));
  return mayEnroll ? transaction : redirect(RESUME);
}

async function isDue(ctx: Context, transaction: Transaction): Promise<boolean> {
  const { user_id, mfa_expires_at, methods } = transaction;
  if (user_id === undefined || mfa_expires_at === undefined || methods.some(({ name }) => name === 'mfa')) return false;
  return mfa_expires_at > ctx.clock.now() && stillStands(ctx, transaction);
}

export type EnrollMethod = 'otp' | 'push' | 'sms' | 'voice' | 'email';

export interface EnrollChoice {
  readonly method: EnrollMethod;
  readonly channels: readonly ('sms' | 'voice')[];
}

/**
 * What a user may set up, the one to offer first first. A ticket may name the factor. E-mail only where there is nothing else: it
 * proves the least.
 */
export async function listEnrollChoices(
  ctx: Context,
  transaction: AnyTransaction,
  user: User,
): Promise<EnrollChoice[]> {
  const factors = (await enrollableFactors(ctx, user)).filter(({ type }) => isWanted(transaction, type));
  const offered = factors.some(({ type }) => type !== 'email')
    ? factors.filter(({ type }) => type !== 'email')
    : factors;
  return offered.map(({ type, channels }) => ({
    method: type === 'phone' ? (channels.includes('sms') ? 'sms' : 'voice') : type,
    channels,
  }));
}

function isWanted(transaction: AnyTransaction, type: EnrollableFactor['type']): boolean {
  const wanted = transaction.kind === 'enrollment' ? transaction.ticket.factor : undefined;
  return wanted === undefined || wanted === (type === 'push' ? 'push-notification' : type);
}

/** May this login trust the browser next time? Not one for the MFA API, which always wants the factor (Auth0). */
export function mayRemember(ctx: Context, { request }: Transaction): boolean {
  return request.audience === undefined || !isMfaApi(ctx, request.audience);
}
