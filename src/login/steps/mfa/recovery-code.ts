import { type Context, type Endpoint, type Reply, redirect } from '../../../kernel/index.ts';
import {
  type FormView,
  type MfaRecoveryCodeNewView,
  renderMfaRecoveryCodeEnrollment,
  renderMfaRecoveryCodeNew,
} from '../../../pages/index.ts';
import type { AnyTransaction } from '../../../transactions/index.ts';
import { again, nextPath, proceed, step, type Visit } from '../../step.ts';
import { noteSecondFactor, openFor } from './pending.ts';

/** Where a new recovery code waits to be shown. */
function acceptWaitingCode(_ctx: Context, transaction: AnyTransaction): AnyTransaction | Reply {
  return transaction.second_factor?.recovery_code_sealed ? transaction : redirect(nextPath(transaction));
}

/** A page that shows a new recovery code until the person says that it is saved. Then it is forgotten. */
function recoveryCodePage(
  about: { path: string; name: string; summary: string },
  render: (view: MfaRecoveryCodeNewView) => string,
): readonly Endpoint[] {
  const drawer = (ctx: Context, { transaction }: Visit) => {
    const sealed = transaction.second_factor?.recovery_code_sealed ?? '';
    const recoveryCode = openFor(ctx, transaction, 'recovery_code', sealed);
    return (view: FormView) => render({ ...view, recoveryCode });
  };
  return step({
    ...about,
    fields: ['isCodeCopied'],
    accept: acceptWaitingCode,
    show: async (ctx, visit) => drawer(ctx, visit)(visit.view),
    async submit(ctx, visit, form) {
      if (form.isCodeCopied !== 'true') return again(visit, { isCodeCopied: 'not-confirmed' }, drawer(ctx, visit));
      await noteSecondFactor(ctx, visit.transaction, () => ({}));
      return proceed(visit);
    },
  });
}

export const recoveryCodePages: readonly Endpoint[] = [
  ...recoveryCodePage(
    { path: '/u/mfa-recovery-code-enrollment', name: 'mfaRecoveryCodeEnrollment', summary: 'the recovery code, once.' },
    renderMfaRecoveryCodeEnrollment,
  ),
  ...recoveryCodePage(
    {
      path: '/u/mfa-recovery-code-challenge-new-code',
      name: 'mfaRecoveryCodeNew',
      summary: 'the recovery code that replaces the one just used, once.',
    },
    renderMfaRecoveryCodeNew,
  ),
];
