import { pageActions, renderCallbackConfirmation } from '../../../pages/index.ts';
import { findUser } from '../../../resources/users/index.ts';
import { advanceTransaction, type Transaction } from '../../../transactions/index.ts';
import { acceptKnownUser } from '../../accept.ts';
import { goTo, proceed, step } from '../../step.ts';

const PATH = '/u/callback-confirmation';

export const callbackConfirmationStep = step<Transaction>({
  path: PATH,
  name: 'callbackConfirmation',
  summary: 'go on to a callback that any program on the device could be behind?',
  fields: [],
  accept: acceptKnownUser,
  async show(ctx, { transaction, view }) {
    const user = await findUser(ctx, transaction.user_id ?? '');
    const { client_id, redirect_uri } = transaction.request;
    return renderCallbackConfirmation({
      ...view,
      client: view.client ?? { name: client_id },
      target: redirect_uri.replace(/[?#].*$/, ''),
      account: user?.email ?? user?.username ?? user?.name,
    });
  },
  async submit(ctx, visit, { action }) {
    const refusal = { error: 'access_denied', error_description: 'User did not authorize the request' };
    const change =
      action === pageActions.accept
        ? { callback_confirmed: true }
        : action === pageActions.deny
          ? { refusal }
          : undefined;
    if (!change) return goTo(visit, PATH);
    await advanceTransaction(ctx, visit.transaction, (stored) => ({ ...stored, ...change }));
    return proceed(visit);
  },
});
