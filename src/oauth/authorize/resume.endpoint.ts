import { type Context, type Endpoint, endpoint, type Reply, Type, WireError } from '../../kernel/index.ts';
import { findClient } from '../../resources/clients/index.ts';
import {
  type Cookies,
  lostTransaction,
  RESUME,
  type Refusal,
  requireTransaction,
  type Transaction,
} from '../../transactions/index.ts';
import { endingOf } from './endings/endings.ts';
import { assessLogin, type Login } from './login.ts';
import { settleSession } from './login-session.ts';
import { refusalOf } from './respond.ts';
import { continueOnPage } from './show-step.ts';

/** Where every page hands on to: decides what the login needs next, and goes there or ends it. */
export async function resume(ctx: Context, state: string, cookies: Cookies): Promise<Reply> {
  const transaction = await requireTransaction(ctx, state, cookies);
  const client = await findClient(ctx, transaction.request.client_id);
  if (!client) throw lostTransaction('its client is gone');
  const ending = endingOf(transaction);
  let assessed: Login<Transaction>;
  try {
    assessed = await assessLogin(ctx, client, transaction, cookies);
  } catch (error) {
    // The API, or the client's right to it, went away while the user was logging in.
    if (!(error instanceof WireError)) throw error;
    return ending.refuse(ctx, { transaction, client, user: undefined }, refusalOf(error));
  }
  const { login, cookies: session } = await settleSession(ctx, assessed, cookies);
  if (login.step === 'issue') return ending.complete(ctx, login, session);
  if (login.step === 'refuse') return ending.refuse(ctx, login, login.transaction.refusal as Refusal);
  return continueOnPage(ctx, login, login.step, { state, cookies: session });
}

export const resumeEndpoint: Endpoint = endpoint({
  method: 'GET',
  path: RESUME,
  name: 'resumeAuthorize',
  summary: 'Goes on with a login after one of its pages.',
  tag: 'authentication',
  surface: 'page',
  query: Type.Object({ state: Type.Optional(Type.String()) }),
  replies: { 302: 'To the next page, or to the application.' },
  handle: (ctx, { query, cookies }) => resume(ctx, query.state ?? '', cookies),
});
