import { oauthError, redirect } from '../../kernel/index.ts';
import { finishTransaction, lostTransaction } from '../../transactions/index.ts';
import type { Ending } from '../authorize/endings/ending.ts';
import { approveByLogin, denyByLogin } from '../deferred/decide-by-login.ts';
import { backchannelResultPath } from './result-page.endpoint.ts';

/** The application learns the answer when it asks next; the browser is told that it may be closed. */
export const backchannelEnding: Ending = {
  async complete(ctx, login, cookies) {
    const approved = await approveByLogin(ctx, login);
    return redirect(backchannelResultPath(approved ? 'approved' : 'expired'), { cookies });
  },
  /** Only the user who was asked can say no: anybody else's login ends here, and the request stays open. */
  async refuse(ctx, { transaction, client }, { error, error_description }) {
    if (transaction.decision?.declined) {
      await denyByLogin(ctx, transaction, error_description);
      return redirect(backchannelResultPath('denied'));
    }
    if (!(await finishTransaction(ctx, transaction))) throw lostTransaction('finished meanwhile');
    throw oauthError(403, error, error_description, { extra: { client_id: client.client_id } });
  },
};
