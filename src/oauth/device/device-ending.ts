import { redirect } from '../../kernel/index.ts';
import type { Ending } from '../authorize/endings/ending.ts';
import { approveByLogin, denyByLogin } from '../deferred/decide-by-login.ts';
import { DEVICE_SUCCESS, deviceFailurePath } from './result-pages.endpoints.ts';

/** The device gets its tokens when it asks next; the browser, which it has nothing to do with, is told that it may be closed. */
export const deviceEnding: Ending = {
  async complete(ctx, login, cookies) {
    const approved = await approveByLogin(ctx, login);
    return redirect(approved ? DEVICE_SUCCESS : deviceFailurePath('expired'), { cookies });
  },
  async refuse(ctx, { transaction, client, user }, { error_description: description }) {
    await denyByLogin(ctx, transaction, description);
    const type = transaction.decision?.declined ? 'fdecc' : 'fdeac';
    const { client_id, name: client_name } = client;
    ctx.audit({ type, description, client_id, client_name, ...(user ? { user_id: user.user_id } : {}) });
    return redirect(deviceFailurePath('denied'));
  },
};
