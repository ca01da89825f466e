import type { Context, Endpoint, Reply } from '../../../kernel/index.ts';
import { verifyOob } from '../../../mfa/index.ts';
import { type FormView, type MfaSmsEnrollmentVerifyView, pageActions } from '../../../pages/index.ts';
import type { User } from '../../../resources/users/index.ts';
import type { AnyTransaction, PendingFactor } from '../../../transactions/index.ts';
import { again, type Form, goTo, page, step, type Visit } from '../../step.ts';
import {
  beginEnrollment,
  canTryAnother,
  ENROLL_PATHS,
  enrollmentAttempt,
  leaveEnrollment,
  overtaken,
  pendingEnrollment,
} from './enrollment.ts';
import { finishEnrollment } from './finish.ts';
import { mistakesOf } from './mistakes.ts';
import { oobCodeOf } from './pending.ts';
import { acceptEnrollment, type EnrollMethod, requireSubject } from './subject.ts';

type SentMethod = Extract<EnrollMethod, 'sms' | 'voice' | 'email'>;

export interface SentCodeVerification {
  readonly method: SentMethod;
  readonly name: string;
  readonly summary: string;
  readonly render: (view: MfaSmsEnrollmentVerifyView) => string;
}

export const verifyPath = (method: SentMethod) => `${ENROLL_PATHS[method]}-verify`;

/** What the user typed: the address that codes are to be sent to. */
export type Address = { readonly phone_number: string } | { readonly email: string };

/** Sends the first code to an address and goes to the page that asks for it. Throws what `startEnrollment` throws. */
export async function sendFirstCode(
  ctx: Context,
  visit: Visit,
  { user, method, address }: { user: User; method: SentMethod; address: Address },
): Promise<Visit> {
  const type = method === 'email' ? 'email' : 'phone';
  const channel = method === 'email' ? {} : { channel: method };
  const to = 'email' in address ? address.email : address.phone_number;
  return beginEnrollment(ctx, visit, { user, type, ...channel, ...address, method, to });
}

/** The page that asks for the code which confirms a phone or e-mail address. */
export function sentCodeVerification(declaration: SentCodeVerification): readonly Endpoint[] {
  const { method, name, summary } = declaration;
  return step({
    path: verifyPath(method),
    name,
    summary,
    fields: ['code'],
    accept: acceptEnrollment,
    async show(ctx, visit) {
      const user = await requireSubject(ctx, visit.transaction);
      const pending = await pendingEnrollment(ctx, visit, user, method);
      if (!pending) return goTo(visit, ENROLL_PATHS[method]);
      return (await drawer(ctx, declaration, visit, user, pending))(visit.view);
    },
    async submit(ctx, visit, form) {
      const leaving = leaveEnrollment(visit, form.action);
      if (leaving) return leaving;
      const user = await requireSubject(ctx, visit.transaction);
      const pending = await pendingEnrollment(ctx, visit, user, method);
      if (!pending || form.action === pageActions.back) return goTo(visit, ENROLL_PATHS[method]);
      return form.action === pageActions.resend
        ? resend(ctx, declaration, visit, user, pending)
        : confirm(ctx, declaration, visit, user, { pending, form });
    },
  });
}

async function drawer(
  ctx: Context,
  { render }: SentCodeVerification,
  visit: Visit,
  user: User,
  pending: PendingFactor,
  isResent = false,
): Promise<(view: FormView) => string> {
  const another = await canTryAnother(ctx, visit, user);
  return (view) => render({ ...view, to: pending.to ?? '', isResent, canTryAnother: another });
}

/** Begins again with the same address: the code before this one is worth nothing then. */
async function resend(
  ctx: Context,
  declaration: SentCodeVerification,
  visit: Visit,
  user: User,
  pending: PendingFactor,
): Promise<Reply> {
  const { method } = declaration;
  const to = pending.to ?? '';
  const address = method === 'email' ? { email: to } : { phone_number: to };
  try {
    await sendFirstCode(ctx, visit, { user, method, address });
    return page(visit, 200, (await drawer(ctx, declaration, visit, user, pending, true))(visit.view));
  } catch (error) {
    return (
      overtaken(visit, error) ?? again(visit, mistakesOf(error), await drawer(ctx, declaration, visit, user, pending))
    );
  }
}

async function confirm(
  ctx: Context,
  declaration: SentCodeVerification,
  visit: Visit<AnyTransaction>,
  user: User,
  { pending, form }: { pending: PendingFactor; form: Form },
): Promise<Reply> {
  const redraw = await drawer(ctx, declaration, visit, user, pending);
  const oob_code = oobCodeOf(ctx, visit.transaction, pending);
  if (!form.code?.trim()) return again(visit, { code: 'no-code' }, redraw);
  if (oob_code === undefined) return again(visit, { code: 'expired-code' }, redraw);
  try {
    const proof = await verifyOob(ctx, { ...enrollmentAttempt(visit, user), oob_code, binding_code: form.code });
    return await finishEnrollment(ctx, visit, user, proof);
  } catch (error) {
    return overtaken(visit, error) ?? again(visit, mistakesOf(error), redraw);
  }
}
