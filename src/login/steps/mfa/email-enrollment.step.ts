import type { Context, Reply } from '../../../kernel/index.ts';
import { type FormView, renderMfaEmailEnrollment } from '../../../pages/index.ts';
import { isEmail, type User } from '../../../resources/users/index.ts';
import { again, goTo, step, type Visit } from '../../step.ts';
import { canTryAnother, ENROLL_PATHS, leaveEnrollment, overtaken } from './enrollment.ts';
import { mistakesOf } from './mistakes.ts';
import { sendFirstCode, verifyPath } from './sent-code-enrollment.ts';
import { acceptEnrollment, requireSubject } from './subject.ts';

export const emailEnrollmentStep = step({
  path: ENROLL_PATHS.email,
  name: 'mfaEmailEnrollment',
  summary: 'which e-mail address?',
  fields: ['email'],
  accept: acceptEnrollment,
  async show(ctx, visit) {
    const user = await requireSubject(ctx, visit.transaction);
    const typed = visit.transaction.second_factor?.enrollment;
    return (await drawer(ctx, visit, user, typed?.method === 'email' ? typed.to : user.email))(visit.view);
  },
  async submit(ctx, visit, form) {
    return leaveEnrollment(visit, form.action) ?? begin(ctx, visit, form.email?.trim() ?? '');
  },
});

async function drawer(
  ctx: Context,
  visit: Visit,
  user: User,
  email: string | undefined,
): Promise<(view: FormView) => string> {
  const another = await canTryAnother(ctx, visit, user);
  return (view) => renderMfaEmailEnrollment({ ...view, email, canTryAnother: another });
}

async function begin(ctx: Context, visit: Visit, email: string): Promise<Reply> {
  const user = await requireSubject(ctx, visit.transaction);
  const redraw = await drawer(ctx, visit, user, email);
  if (email === '') return again(visit, { email: 'no-email' }, redraw);
  if (!isEmail(email)) return again(visit, { email: 'invalid-email' }, redraw);
  try {
    await sendFirstCode(ctx, visit, { user, method: 'email', address: { email } });
    return goTo(visit, verifyPath('email'));
  } catch (error) {
    return overtaken(visit, error) ?? again(visit, mistakesOf(error), redraw);
  }
}
