import { type Context, redirect } from '../../../kernel/index.ts';
import { challengeableMethods, type Method, maskedName } from '../../../mfa/index.ts';
import { type MethodOption, pageActions, renderMfaLoginOptions } from '../../../pages/index.ts';
import { stepPath, type Transaction } from '../../../transactions/index.ts';
import { again, proceed, step, type Visit } from '../../step.ts';
import { OPTIONS_PATH } from './challenge.ts';
import { noteSecondFactor } from './pending.ts';
import { acceptChallenge, requireSubject } from './subject.ts';

export const loginOptionsStep = step<Transaction>({
  path: OPTIONS_PATH,
  name: 'mfaLoginOptions',
  summary: 'which second factor?',
  fields: [],
  accept: acceptChallenge,
  async show(ctx, visit) {
    const options = (await listOptions(ctx, visit)).map(({ option }) => option);
    return renderMfaLoginOptions({ ...visit.view, options, canGoBack: true });
  },
  async submit(ctx, visit, { action }) {
    if (action === pageActions.back) return proceed(visit);
    const options = await listOptions(ctx, visit);
    const chosen = options.find(({ option }) => option.value === action);
    if (!chosen) {
      const list = options.map(({ option }) => option);
      return again(visit, { form: 'no-method' }, (view) =>
        renderMfaLoginOptions({ ...view, options: list, canGoBack: true }),
      );
    }
    await choose(ctx, visit.transaction, chosen.method);
    return redirect(stepPath('mfa_challenge', visit.state, { method: chosen.method.kind }));
  },
});

/** The user's methods, numbered within their kind. One app or three: any of their codes will do, so they are one choice. */
async function listOptions(
  ctx: Context,
  visit: Visit<Transaction>,
): Promise<{ option: MethodOption; method: Method }[]> {
  const methods = await challengeableMethods(ctx, await requireSubject(ctx, visit.transaction));
  const seen = new Map<string, number>();
  return methods.flatMap((method) => {
    const number = seen.get(method.kind) ?? 0;
    seen.set(method.kind, number + 1);
    if (method.kind === 'totp' && number > 0) return [];
    const name = maskedName(method);
    const shown = method.kind === 'totp' ? 'otp' : method.kind;
    return [{ method, option: { method: shown, value: `${shown}::${number}`, ...(name ? { name } : {}) } }];
  });
}

/** Another address or device than before gets a message of its own; the same one keeps what was sent. */
async function choose(ctx: Context, transaction: Transaction, { authenticator, kind }: Method): Promise<void> {
  await noteSecondFactor(ctx, transaction, (before) => {
    const known = before.challenge;
    const isSame = known?.authenticator_id === authenticator.id && known.method === kind;
    return { ...before, challenge: isSame ? known : { authenticator_id: authenticator.id, method: kind } };
  });
}
