import type { Context } from '../../../kernel/index.ts';
import { renderMfaBeginEnrollOptions } from '../../../pages/index.ts';
import { tenantSettings } from '../../../resources/tenant-settings/index.ts';
import type { AnyTransaction } from '../../../transactions/index.ts';
import { again, goTo, step } from '../../step.ts';
import { BEGIN_PATH, ENROLL_PATHS } from './enrollment.ts';
import { acceptEnrollment, type EnrollChoice, listEnrollChoices, requireSubject } from './subject.ts';

export const beginEnrollOptionsStep = step({
  path: BEGIN_PATH,
  name: 'mfaBeginEnrollOptions',
  summary: 'which second factor to set up?',
  fields: [],
  accept: acceptEnrollment,
  async show(ctx, visit) {
    const choices = await listEnrollChoices(ctx, visit.transaction, await requireSubject(ctx, visit.transaction));
    const [only, ...more] = choices;
    if (only && (more.length === 0 || (await goesOn(ctx, visit.transaction, only))))
      return goTo(visit, ENROLL_PATHS[only.method]);
    return renderMfaBeginEnrollOptions({ ...visit.view, methods: choices.map(({ method }) => method) });
  },
  async submit(ctx, visit, { action }) {
    const choices = await listEnrollChoices(ctx, visit.transaction, await requireSubject(ctx, visit.transaction));
    const chosen = choices.find(({ method }) => method === action);
    if (chosen) return goTo(visit, ENROLL_PATHS[chosen.method]);
    const methods = choices.map(({ method }) => method);
    return again(visit, { form: 'no-method' }, (view) => renderMfaBeginEnrollOptions({ ...view, methods }));
  },
});

/** `mfa_show_factor_list_on_enrollment: false`: the first factor's page, on which another can be asked for; then the list is shown. */
async function goesOn(ctx: Context, { second_factor }: AnyTransaction, { method }: EnrollChoice): Promise<boolean> {
  const { flags } = await tenantSettings(ctx);
  const isOff = flags.mfa_show_factor_list_on_enrollment === false;
  return isOff && second_factor?.enrollment === undefined && (method === 'otp' || method === 'push');
}
