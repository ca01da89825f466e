import { type Context, type Reply, redirect } from '../../../kernel/index.ts';
import { pageActions, renderRequestApproval } from '../../../pages/index.ts';
import { findUser } from '../../../resources/users/index.ts';
import {
  type AnyTransaction,
  type BackchannelDecision,
  type ConsentRequest,
  RESUME,
  type Transaction,
} from '../../../transactions/index.ts';
import { acceptKnownUser } from '../../accept.ts';
import { goTo, proceed, step, type Visit } from '../../step.ts';
import { describeWish } from '../consent/describe-wish.ts';
import { noteAnswer } from './note-answer.ts';

type Asked = Transaction & {
  readonly decision: BackchannelDecision;
  readonly consent_request: ConsentRequest;
  readonly user_id: string;
};

const PATH = '/u/request-approval';

export const requestApprovalStep = step<Asked>({
  path: PATH,
  name: 'requestApproval',
  summary: 'may the application have what it asks for, there and now?',
  fields: [],
  accept: acceptAsked,
  show: draw,
  async submit(ctx, visit, { action }) {
    if (action === pageActions.accept) await noteAnswer(ctx, visit.transaction, 'confirmed');
    else if (action === pageActions.deny)
      await noteAnswer(ctx, visit.transaction, 'declined', 'User did not authorize the request');
    else return goTo(visit, PATH);
    return proceed(visit);
  },
});

/** Only the user who was asked sees what is asked for. */
async function acceptAsked(ctx: Context, transaction: AnyTransaction): Promise<Asked | Reply> {
  const known = await acceptKnownUser(ctx, transaction);
  if ('status' in known) return known;
  const { decision, consent_request, user_id, refusal } = known;
  const isAsked =
    decision?.kind === 'ciba' && decision.user_id === user_id && consent_request && !decision.confirmed && !refusal;
  return isAsked ? (known as Asked) : redirect(RESUME);
}

async function draw(ctx: Context, { transaction, view }: Visit<Asked>): Promise<string> {
  const { decision, consent_request, request, user_id } = transaction;
  const user = await findUser(ctx, user_id);
  return renderRequestApproval({
    ...view,
    client: view.client ?? { name: request.client_id },
    message: decision.binding_message,
    ...(await describeWish(ctx, consent_request)),
    details: request.authorization_details,
    account: user?.email ?? user?.username ?? user?.name,
  });
}
