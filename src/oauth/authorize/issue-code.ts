import type { Context, Reply, SetCookie } from '../../kernel/index.ts';
import { hashToken, randomToken } from '../../platform/crypto/index.ts';
import { type Session, touchSession } from '../../resources/sessions/index.ts';
import { finishTransaction, type LoginDraft, lostTransaction, type Transaction } from '../../transactions/index.ts';
import { type AuthorizationCode, authorizationCodesOf } from '../authorization-code.store.ts';
import { auditLogin } from './audit.ts';
import type { Login } from './login.ts';
import { answerWithCode } from './respond.ts';

/** RFC 6749 §4.1.2 allows ten minutes at most. */
const LIFETIME = 600_000;

/**
 * Ends the login with a code: one, however often and however fast this is called for the same transaction. `login.session` must be
 * there. Page error when the transaction was finished meanwhile.
 */
export async function issueCode(ctx: Context, login: Login, cookies: readonly SetCookie[] = []): Promise<Reply> {
  const { transaction, session } = login;
  if (!session) throw new Error('a code was to be issued without a session');
  const code = randomToken(ctx.random);
  await ctx.store.transaction(async () => {
    if (isStored(transaction) && !(await finishTransaction(ctx, transaction)))
      throw lostTransaction('finished meanwhile');
    await touchSession(ctx, session, login.client.client_id);
    await authorizationCodesOf(ctx).insert(buildCode(ctx, login, session, code));
  });
  const { request, connection } = transaction;
  auditLogin(ctx, { client: login.client, user: login.user, connection, request });
  return answerWithCode(ctx, request, code, cookies);
}

/** Was this login carried over several requests? */
function isStored(transaction: LoginDraft | Transaction): transaction is Transaction {
  return 'id' in transaction;
}

function buildCode(ctx: Context, login: Login, session: Session, code: string): AuthorizationCode {
  const { transaction, scope } = login;
  const { request } = transaction;
  const { audience, nonce, code_challenge, code_challenge_method } = request;
  const created_at = ctx.clock.now();
  return {
    id: hashToken(code),
    client_id: request.client_id,
    redirect_uri: request.redirect_uri,
    redirect_uri_given: request.redirect_uri_given,
    user_id: session.user_id,
    scope,
    requested_scope: request.scope,
    ...(audience === undefined ? {} : { audience }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(code_challenge === undefined ? {} : { code_challenge }),
    ...(code_challenge_method === undefined ? {} : { code_challenge_method }),
    session_id: session.id,
    auth_time: Math.floor(Date.parse(session.authenticated_at) / 1000),
    auth_time_requested: request.max_age !== undefined || request.prompt.includes('login'),
    methods: transaction.methods,
    created_at,
    expires_at: created_at + LIFETIME,
  };
}
