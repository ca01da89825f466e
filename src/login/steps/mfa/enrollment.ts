import { type Context, Failure, type Reply } from '../../../kernel/index.ts';
import { type EnrollmentStart, startEnrollment } from '../../../mfa/index.ts';
import { type FormView, pageActions } from '../../../pages/index.ts';
import { listAuthenticators } from '../../../resources/authentication-methods/index.ts';
import type { User } from '../../../resources/users/index.ts';
import type { AnyTransaction, PendingFactor } from '../../../transactions/index.ts';
import { goTo, proceed, type Visit } from '../../step.ts';
import { noteSecondFactor, sealFor } from './pending.ts';
import { clientIdOf, type EnrollMethod, listEnrollChoices, requireSubject } from './subject.ts';

export const BEGIN_PATH = '/u/mfa-begin-enroll-options';

/** The page on which each method is set up. */
export const ENROLL_PATHS: Readonly<Record<EnrollMethod, string>> = {
  otp: '/u/mfa-otp-enrollment',
  push: '/u/mfa-push-enrollment',
  sms: '/u/mfa-sms-enrollment',
  voice: '/u/mfa-voice-enrollment',
  email: '/u/mfa-email-enrollment',
};

/** Begins to set up a factor and notes it in the transaction. Throws what `startEnrollment` throws. */
export async function beginEnrollment<T extends AnyTransaction>(
  ctx: Context,
  visit: Visit<T>,
  start: Omit<EnrollmentStart, 'client_id' | 'recoveryCode'> & { method: EnrollMethod; to?: string },
): Promise<Visit<T>> {
  const { transaction } = visit;
  const { method, to, ...asked } = start;
  // The recovery code is shown on a page of its own once the factor works.
  const started = await startEnrollment(ctx, { ...asked, client_id: clientIdOf(transaction), recoveryCode: 'later' });
  const { oob_code, barcode_uri } = started;
  const enrollment: PendingFactor = {
    authenticator_id: started.authenticator.id,
    method,
    ...(to === undefined ? {} : { to }),
    ...(oob_code === undefined ? {} : { oob_code_sealed: sealFor(ctx, transaction, 'oob_code', oob_code) }),
    ...(barcode_uri === undefined ? {} : { barcode_uri_sealed: sealFor(ctx, transaction, 'barcode_uri', barcode_uri) }),
  };
  return { ...visit, transaction: await noteSecondFactor(ctx, transaction, (before) => ({ ...before, enrollment })) };
}

/** The factor of `method` that is being set up in this transaction and can still be confirmed. */
export async function pendingEnrollment(
  ctx: Context,
  { transaction }: Visit,
  user: User,
  method: EnrollMethod,
): Promise<PendingFactor | undefined> {
  const pending = transaction.second_factor?.enrollment;
  if (pending?.method !== method) return undefined;
  const authenticators = await listAuthenticators(ctx, user.user_id);
  return authenticators.some(({ id, confirmed }) => id === pending.authenticator_id && !confirmed)
    ? pending
    : undefined;
}

/** Draws the page of a factor that is being set up. */
export type EnrollmentDrawer = (
  ctx: Context,
  visit: Visit,
  user: User,
  pending: PendingFactor | undefined,
) => Promise<(view: FormView) => string>;

/** The page of a factor that an app takes over from a drawing: begun when it is first opened, the same however often it is shown. */
export async function showAppEnrollment(
  ctx: Context,
  visit: Visit,
  method: 'otp' | 'push',
  drawer: EnrollmentDrawer,
): Promise<string | Reply> {
  const user = await requireSubject(ctx, visit.transaction);
  try {
    const known = await pendingEnrollment(ctx, visit, user, method);
    const begun = known ? visit : await beginEnrollment(ctx, visit, { user, type: method, method });
    const redraw = await drawer(ctx, begun, user, begun.transaction.second_factor?.enrollment);
    return redraw(visit.view);
  } catch (error) {
    const elsewhere = overtaken(visit, error);
    if (elsewhere) return elsewhere;
    throw error;
  }
}

/** Is there another method than the one that the page is about? */
export async function canTryAnother(ctx: Context, { transaction }: Visit, user: User): Promise<boolean> {
  return (await listEnrollChoices(ctx, transaction, user)).length > 1;
}

/** Who proves the new factor, and that it must be the user's first one: unless a ticket allows more, as a login never does. */
export function enrollmentAttempt({ transaction }: Visit, user: User) {
  const accepts = ['enrollment'] as const;
  const firstOnly = transaction.kind === 'login' || !transaction.ticket.allow_multiple_enrollments;
  return { user, client_id: clientIdOf(transaction), accepts, firstOnly };
}

/** Buttons that lead away from a page of enrolment. */
export function leaveEnrollment(visit: Visit, action: string | undefined): Reply | undefined {
  return action === pageActions.tryAnother ? goTo(visit, BEGIN_PATH) : undefined;
}

/** Where a page leads whose factor cannot be set up any more: somebody else was faster, or the tenant switched it off. */
export function overtaken(visit: Visit, error: unknown): Reply | undefined {
  const codes = ['already_enrolled', 'factor_disabled', 'authenticator_not_found'];
  return error instanceof Failure && codes.includes(error.code) ? proceed(visit) : undefined;
}
