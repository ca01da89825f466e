import { renderMfaBeginEnrollOptions } from '../../../pages/index.ts';
import { again, goTo, step } from '../../step.ts';
import { BEGIN_PATH, ENROLL_PATHS } from './enrollment.ts';
import { acceptEnrollment, listEnrollChoices, requireSubject } from './subject.ts';

export const beginEnrollOptionsStep = step({
  path: BEGIN_PATH,
  name: 'mfaBeginEnrollOptions',
  summary: 'which second factor to set up?',
  fields: [],
  accept: acceptEnrollment,
  async show(ctx, visit) {
    const choices = await listEnrollChoices(ctx, visit.transaction, await requireSubject(ctx, visit.transaction));
    const [only, ...more] = choices;
    if (only && more.length === 0) return goTo(visit, ENROLL_PATHS[only.method]);
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
