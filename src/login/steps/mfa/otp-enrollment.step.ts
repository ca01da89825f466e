import type { Context } from '../../../kernel/index.ts';
import { verifyOtp } from '../../../mfa/index.ts';
import { type FormView, renderMfaOtpEnrollment } from '../../../pages/index.ts';
import type { User } from '../../../resources/users/index.ts';
import type { PendingFactor } from '../../../transactions/index.ts';
import { drawQrCode } from '../../qr-code.ts';
import { again, goTo, step, type Visit } from '../../step.ts';
import {
  canTryAnother,
  ENROLL_PATHS,
  enrollmentAttempt,
  leaveEnrollment,
  overtaken,
  pendingEnrollment,
  showAppEnrollment,
} from './enrollment.ts';
import { finishEnrollment } from './finish.ts';
import { mistakesOf } from './mistakes.ts';
import { openFor } from './pending.ts';
import { acceptEnrollment, requireSubject } from './subject.ts';

export const otpEnrollmentStep = step({
  path: ENROLL_PATHS.otp,
  name: 'mfaOtpEnrollment',
  summary: 'sets up an authenticator app.',
  fields: ['code'],
  accept: acceptEnrollment,
  show: (ctx, visit) => showAppEnrollment(ctx, visit, 'otp', drawer),
  async submit(ctx, visit, { code = '', action }) {
    const leaving = leaveEnrollment(visit, action);
    if (leaving) return leaving;
    const user = await requireSubject(ctx, visit.transaction);
    const pending = await pendingEnrollment(ctx, visit, user, 'otp');
    // Too late to confirm it: the page begins anew.
    if (!pending) return goTo(visit, ENROLL_PATHS.otp);
    const redraw = await drawer(ctx, visit, user, pending);
    if (code.trim() === '') return again(visit, { code: 'no-code' }, redraw);
    try {
      const attempt = enrollmentAttempt(visit, user);
      const proof = await verifyOtp(ctx, { ...attempt, otp: code, authenticatorId: pending.authenticator_id });
      return await finishEnrollment(ctx, visit, user, proof);
    } catch (error) {
      return overtaken(visit, error) ?? again(visit, mistakesOf(error), redraw);
    }
  },
});

/** Draws the page with the secret that is being set up, however often it is shown. */
async function drawer(
  ctx: Context,
  visit: Visit,
  user: User,
  pending: PendingFactor | undefined,
): Promise<(view: FormView) => string> {
  const uri = openFor(ctx, visit.transaction, 'barcode_uri', pending?.barcode_uri_sealed ?? '');
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  const qr = await drawQrCode(uri);
  const another = await canTryAnother(ctx, visit, user);
  return (view) => renderMfaOtpEnrollment({ ...view, qr, secret, canTryAnother: another });
}
