import { type Context, Failure } from '../../../kernel/index.ts';
import { verifyOob } from '../../../mfa/index.ts';
import { type FormView, renderMfaPushEnrollment } from '../../../pages/index.ts';
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
import { noteSecondFactor, oobCodeOf, openFor } from './pending.ts';
import { acceptEnrollment, requireSubject } from './subject.ts';

const ASK_AGAIN_SECONDS = 5;

export const pushEnrollmentStep = step({
  path: ENROLL_PATHS.push,
  name: 'mfaPushEnrollment',
  summary: 'sets up push notifications.',
  fields: [],
  accept: acceptEnrollment,
  show: (ctx, visit) => showAppEnrollment(ctx, visit, 'push', drawer),
  async submit(ctx, visit, { action }) {
    const leaving = leaveEnrollment(visit, action);
    if (leaving) return leaving;
    const user = await requireSubject(ctx, visit.transaction);
    const pending = await pendingEnrollment(ctx, visit, user, 'push');
    const oob_code = oobCodeOf(ctx, visit.transaction, pending);
    if (!pending || oob_code === undefined) return goTo(visit, ENROLL_PATHS.push);
    try {
      const proof = await verifyOob(ctx, { ...enrollmentAttempt(visit, user), oob_code });
      return await finishEnrollment(ctx, visit, user, proof);
    } catch (error) {
      const code = error instanceof Failure ? error.code : undefined;
      const redraw = await drawer(ctx, visit, user, pending);
      if (code === 'authorization_pending' || code === 'polling_too_fast')
        return again(visit, { form: 'push-not-answered' }, redraw, 200);
      if (code === 'unknown_oob_code') {
        // The drawing is worth five minutes: a new one takes its place.
        await noteSecondFactor(ctx, visit.transaction, (before) => ({ ...before, enrollment: undefined }));
        return goTo(visit, ENROLL_PATHS.push);
      }
      return overtaken(visit, error) ?? again(visit, mistakesOf(error), redraw);
    }
  },
});

async function drawer(
  ctx: Context,
  visit: Visit,
  user: User,
  pending: PendingFactor | undefined,
): Promise<(view: FormView) => string> {
  const qr = await drawQrCode(openFor(ctx, visit.transaction, 'barcode_uri', pending?.barcode_uri_sealed ?? ''));
  const another = await canTryAnother(ctx, visit, user);
  return (view) => renderMfaPushEnrollment({ ...view, qr, canTryAnother: another, askAgainSeconds: ASK_AGAIN_SECONDS });
}
