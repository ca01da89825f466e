import type { Context } from '../../kernel/index.ts';
import { touchSession } from '../../resources/sessions/index.ts';
import { finishTransaction, lostTransaction, type Transaction } from '../../transactions/index.ts';
import { auditLogin } from '../authorize/audit.ts';
import type { Login } from '../authorize/login.ts';
import { enterOrganization, sessionUse } from '../authorize/login-organization.ts';
import { loginTime } from '../authorize/login-time.ts';
import { approveDeferred, denyDeferred } from './deferred.ts';

/**
 * Ends a login with the approval of what it was about, in one database transaction. False when there was nothing left to approve: it
 * has expired, or was decided elsewhere. Page error when the login was finished meanwhile.
 */
export async function approveByLogin(ctx: Context, login: Login<Transaction>): Promise<boolean> {
  const { transaction, session, user, client, scope } = login;
  const { organization } = login.organization;
  const { decision, connection, methods, request } = transaction;
  if (!session || !user || !decision) throw new Error('a login was to decide without a session, or on nothing');
  const approved = await ctx.store.transaction(async () => {
    await finish(ctx, transaction);
    await enterOrganization(ctx, login.organization, user);
    await touchSession(ctx, session, sessionUse(login));
    return approveDeferred(ctx, decision.id, {
      user_id: user.user_id,
      scope,
      session_id: session.id,
      ...(session.transferred_from === undefined ? {} : { transferred_from: session.transferred_from }),
      ...(connection === undefined ? {} : { connection }),
      ...(organization ? { organization_id: organization.id } : {}),
      auth_time: loginTime(request, session).auth_time,
      methods,
      approved_at: ctx.clock.now(),
    });
  });
  auditLogin(ctx, { client, user, connection, request, organization });
  return approved;
}

/** Ends a login with the refusal of what it was about; `denial` is what the client is told. Page error as above. */
export async function denyByLogin(ctx: Context, transaction: Transaction, denial: string): Promise<void> {
  await ctx.store.transaction(async () => {
    await finish(ctx, transaction);
    if (transaction.decision) await denyDeferred(ctx, transaction.decision.id, denial);
  });
}

async function finish(ctx: Context, transaction: Transaction): Promise<void> {
  if (!(await finishTransaction(ctx, transaction))) throw lostTransaction('finished meanwhile');
}
