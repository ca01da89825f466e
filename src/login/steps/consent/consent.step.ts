import { type Context, hexId, isFailure, type Reply, redirect } from '../../../kernel/index.ts';
import { pageActions, renderConsent } from '../../../pages/index.ts';
import { consentGrantsOf } from '../../../resources/grants/index.ts';
import { findUser } from '../../../resources/users/index.ts';
import {
  type AnyTransaction,
  advanceTransaction,
  type ConsentRequest,
  RESUME,
  type Transaction,
} from '../../../transactions/index.ts';
import { acceptKnownUser } from '../../accept.ts';
import { goTo, proceed, step, type Visit } from '../../step.ts';
import { describeWish } from './describe-wish.ts';

type Asked = Transaction & { readonly consent_request: ConsentRequest; readonly user_id: string };

const PATH = '/u/consent';

export const consentStep = step<Asked>({
  path: PATH,
  name: 'consent',
  summary: 'may the application have what it asks for?',
  fields: [],
  accept: acceptAsked,
  show: draw,
  async submit(ctx, visit, { action }) {
    if (action === pageActions.accept) await allow(ctx, visit.transaction);
    else if (action === pageActions.deny) await deny(ctx, visit.transaction);
    else return goTo(visit, PATH);
    return proceed(visit);
  },
});

async function acceptAsked(ctx: Context, transaction: AnyTransaction): Promise<Asked | Reply> {
  const known = await acceptKnownUser(ctx, transaction);
  if ('status' in known) return known;
  return known.consent_request && known.user_id ? (known as Asked) : redirect(RESUME);
}

async function draw(ctx: Context, { transaction, view }: Visit<Asked>): Promise<string> {
  const { consent_request, user_id, request } = transaction;
  const user = await findUser(ctx, user_id);
  return renderConsent({
    ...view,
    client: view.client ?? { name: request.client_id },
    ...(await describeWish(ctx, consent_request)),
    details: request.authorization_details,
    account: user?.email ?? user?.username ?? user?.name,
  });
}

/** Remembers what the user allowed, together with what they allowed before, so that they are not asked again. */
async function allow(ctx: Context, transaction: Asked): Promise<void> {
  const { consent_request, user_id, request } = transaction;
  const { audience, scope } = consent_request;
  const where = { user_id, clientID: request.client_id, audience };
  const grants = consentGrantsOf(ctx);
  try {
    await ctx.store.transaction(async () => {
      const known = await grants.find(where);
      if (known)
        await grants.update(known.id, (stored) => ({ ...stored, scope: [...new Set([...stored.scope, ...scope])] }));
      else await grants.insert({ id: hexId(ctx.random), ...where, scope });
      await consented(ctx, transaction);
    });
  } catch (error) {
    // The same user said yes in another window at the same moment.
    if (!isFailure(error, 'duplicate')) throw error;
    await consented(ctx, transaction);
  }
}

async function consented(ctx: Context, transaction: Asked): Promise<void> {
  const { scope } = transaction.consent_request;
  await advanceTransaction(ctx, transaction as Transaction, (stored) => ({
    ...stored,
    consented: scope,
    interactive: true,
  }));
}

async function deny(ctx: Context, transaction: Asked): Promise<void> {
  const refusal = { error: 'access_denied', error_description: 'User did not authorize the request' };
  await advanceTransaction(ctx, transaction as Transaction, (stored) => ({ ...stored, refusal, interactive: true }));
}
