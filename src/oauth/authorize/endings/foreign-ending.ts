import { type Context, type Reply, type SetCookie, WireError } from '../../../kernel/index.ts';
import { touchSession } from '../../../resources/sessions/index.ts';
import {
  type AuthorizationRequest,
  type ForeignRequest,
  finishTransaction,
  type LoginDraft,
  LostTransaction,
  lostTransaction,
  protocolOf,
  type Refusal,
  type Transaction,
} from '../../../transactions/index.ts';
import { auditLogin, auditRefusal } from '../audit.ts';
import type { Login } from '../login.ts';
import { enterOrganization, sessionUse } from '../login-organization.ts';
import { refusalOf } from '../respond.ts';
import type { Ending, Refused } from './ending.ts';
import { requireVouchedAddress } from './vouched-address.ts';

/** Logins that an application asked for in another protocol end as that says. What is recorded of them is as for every login. */
export function foreignEnding(foreign: ForeignRequest): Ending {
  return {
    complete: (ctx, login, cookies) => completeForeign(ctx, login, foreign, cookies),
    async refuse(ctx, refused, refusal) {
      if (!(await finishTransaction(ctx, refused.transaction))) throw lostTransaction('finished meanwhile');
      return refuseForeign(ctx, { ...refused, transaction: { ...refused.transaction, foreign } }, refusal);
    },
  };
}

/**
 * Answers the application that its user has logged in, or why that cannot be said. `login.session` must be there. Page error when the
 * login was finished meanwhile.
 */
export async function completeForeign(
  ctx: Context,
  login: Login,
  foreign: ForeignRequest,
  cookies: readonly SetCookie[] = [],
): Promise<Reply> {
  const { transaction, session, user, client, organization } = login;
  if (!session || !user) throw new Error('a login was to be completed without a session');
  const { redirect_uri } = transaction.request;
  const consume = async () => {
    if (isStored(transaction) && !(await finishTransaction(ctx, transaction)))
      throw lostTransaction('finished meanwhile');
    await enterOrganization(ctx, organization, user);
    await touchSession(ctx, session, sessionUse(login));
  };
  const subject = { ...subjectOf(login), organization: organization.organization };
  try {
    await requireVouchedAddress(ctx, user, transaction.connection);
    const finished = { client, foreign, redirect_uri, user, session, cookies, consume };
    const reply = await protocolOf(foreign).complete(ctx, finished);
    auditLogin(ctx, subject);
    return reply;
  } catch (error) {
    if (!(error instanceof WireError) || error instanceof LostTransaction) throw error;
    if (isStored(transaction)) await finishTransaction(ctx, transaction);
    const reply = await refuseForeign(
      ctx,
      { client, user, transaction: { ...transaction, foreign } },
      refusalOf(error),
    );
    return { ...reply, cookies: [...(reply.cookies ?? []), ...cookies] };
  }
}

/** A login that comes to nothing, perhaps before there was one: the application hears of it in its own words. */
export async function refuseForeign(
  ctx: Context,
  refused: Pick<Refused, 'client' | 'user'> & { readonly transaction: Attempt },
  refusal: Refusal,
): Promise<Reply> {
  const { client, transaction } = refused;
  const { foreign, request } = transaction;
  if (!foreign) throw new Error('a login in no protocol was to be refused');
  auditRefusal(ctx, subjectOf(refused), refusal.error_description);
  return protocolOf(foreign).refuse(ctx, { client, foreign, redirect_uri: request.redirect_uri, refusal });
}

type Attempt = Pick<LoginDraft, 'foreign' | 'connection'> & {
  readonly request: Pick<AuthorizationRequest, 'redirect_uri' | 'prompt'>;
};

function subjectOf({ client, user, transaction }: Pick<Login, 'client' | 'user'> & { transaction: Attempt }) {
  const { connection, request } = transaction;
  return { client, user, connection, request: { prompt: request.prompt } };
}

function isStored(transaction: LoginDraft | Transaction): transaction is Transaction {
  return 'id' in transaction;
}
