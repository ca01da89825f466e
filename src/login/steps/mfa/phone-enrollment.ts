import type { Context, Endpoint, Reply } from '../../../kernel/index.ts';
import { type FormView, renderMfaSmsEnrollment } from '../../../pages/index.ts';
import { parsePhoneNumber } from '../../../platform/messages/index.ts';
import type { User } from '../../../resources/users/index.ts';
import { again, type Form, goTo, step, type Visit } from '../../step.ts';
import { canTryAnother, ENROLL_PATHS, leaveEnrollment, overtaken } from './enrollment.ts';
import { mistakesOf } from './mistakes.ts';
import { sendFirstCode, verifyPath } from './sent-code-enrollment.ts';
import { acceptEnrollment, listEnrollChoices, requireSubject } from './subject.ts';

type Channel = 'sms' | 'voice';

/** The page that asks for a phone number; with both channels on, one page serves them. */
export function phoneEnrollment(method: Channel, name: string): readonly Endpoint[] {
  return step({
    path: ENROLL_PATHS[method],
    name,
    summary: 'which phone?',
    fields: ['phone', 'channel'],
    accept: acceptEnrollment,
    async show(ctx, visit) {
      const user = await requireSubject(ctx, visit.transaction);
      const typed = visit.transaction.second_factor?.enrollment;
      const phone = typed?.method === 'sms' || typed?.method === 'voice' ? typed.to : user.phone_number;
      return (await drawer(ctx, visit, user, { phone: phone ?? '', channel: method }))(visit.view);
    },
    async submit(ctx, visit, form) {
      const leaving = leaveEnrollment(visit, form.action);
      if (leaving) return leaving;
      return begin(ctx, visit, form);
    },
  });
}

async function channelsOf(ctx: Context, { transaction }: Visit, user: User): Promise<readonly Channel[]> {
  const choices = await listEnrollChoices(ctx, transaction, user);
  return choices.find(({ method }) => method === 'sms' || method === 'voice')?.channels ?? [];
}

async function drawer(
  ctx: Context,
  visit: Visit,
  user: User,
  { phone = '', channel }: Form,
): Promise<(view: FormView) => string> {
  const channels = await channelsOf(ctx, visit, user);
  const another = await canTryAnother(ctx, visit, user);
  const chosen = channels.find((one) => one === channel);
  return (view) => renderMfaSmsEnrollment({ ...view, phone, channels, channel: chosen, canTryAnother: another });
}

async function begin(ctx: Context, visit: Visit, form: Form): Promise<Reply> {
  const user = await requireSubject(ctx, visit.transaction);
  const redraw = await drawer(ctx, visit, user, form);
  if (!form.phone?.trim()) return again(visit, { phone: 'no-phone' }, redraw);
  const phone_number = parsePhoneNumber(form.phone);
  if (phone_number === undefined) return again(visit, { phone: 'invalid-phone' }, redraw);
  const channels = await channelsOf(ctx, visit, user);
  const method = channels.find((one) => one === form.channel) ?? channels[0] ?? 'sms';
  try {
    await sendFirstCode(ctx, visit, { user, method, address: { phone_number } });
    return goTo(visit, verifyPath(method));
  } catch (error) {
    return overtaken(visit, error) ?? again(visit, mistakesOf(error), redraw);
  }
}
