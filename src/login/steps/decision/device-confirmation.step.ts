import { type Context, type Reply, redirect } from '../../../kernel/index.ts';
import { pageActions, renderDeviceConfirmation } from '../../../pages/index.ts';
import { findUser } from '../../../resources/users/index.ts';
import {
  type AnyTransaction,
  type ConsentRequest,
  type DeviceDecision,
  openUserCode,
  RESUME,
  type Transaction,
} from '../../../transactions/index.ts';
import { acceptLogin } from '../../accept.ts';
import { goTo, proceed, step } from '../../step.ts';
import { describeWish } from '../consent/describe-wish.ts';
import { noteAnswer } from './note-answer.ts';

type Asked = Transaction & { readonly decision: DeviceDecision; readonly consent_request: ConsentRequest };

const PATH = '/u/device-confirmation';
/** Auth0: what the device is told. */
const CANCELLED = 'User cancelled the confirmation prompt.';

export const deviceConfirmationStep = step<Asked>({
  path: PATH,
  name: 'deviceConfirmation',
  summary: 'is this the code that your device shows?',
  fields: [],
  accept: acceptUnconfirmed,
  async show(ctx, { transaction, view }) {
    const { decision, consent_request, request, user_id } = transaction;
    const user = user_id === undefined ? undefined : await findUser(ctx, user_id);
    return renderDeviceConfirmation({
      ...view,
      client: view.client ?? { name: request.client_id },
      userCode: openUserCode(ctx, decision),
      ...(await describeWish(ctx, consent_request)),
      details: request.authorization_details,
      account: user?.email ?? user?.username ?? user?.name,
    });
  },
  async submit(ctx, visit, { action }) {
    if (action === pageActions.accept) await noteAnswer(ctx, visit.transaction, 'confirmed');
    else if (action === pageActions.deny) await noteAnswer(ctx, visit.transaction, 'declined', CANCELLED);
    else return goTo(visit, PATH);
    return proceed(visit);
  },
});

function acceptUnconfirmed(_ctx: Context, transaction: AnyTransaction): Asked | Reply {
  const login = acceptLogin(transaction);
  const { decision, consent_request, refusal } = login;
  const isAsked = decision?.kind === 'device' && consent_request && !decision.confirmed && !refusal;
  return isAsked ? (login as Asked) : redirect(RESUME);
}
