import type { Context, Reply, SetCookie } from '../../../kernel/index.ts';
import { type Session, touchSession } from '../../../resources/sessions/index.ts';
import {
  type AuthorizationRequest,
  finishTransaction,
  type LoginDraft,
  lostTransaction,
  type Transaction,
} from '../../../transactions/index.ts';
import { authorizationCodesOf } from '../../authorization-code.store.ts';
import { spendPushedRequest } from '../../pushed-request.store.ts';
import { type FrontChannelToken, issueOverBrowser } from '../../token/index.ts';
import { OFFLINE_ACCESS, ONLINE_ACCESS } from '../../vocabulary.ts';
import { auditLogin } from '../audit.ts';
import type { Login } from '../login.ts';
import { enterOrganization, organizationClaimOf, sessionUse, standingOf } from '../login-organization.ts';
import { loginTime } from '../login-time.ts';
import { asksForCode, tokensOverBrowser } from '../request/response-types.ts';
import { answerApplication } from '../respond.ts';
import type { Answer } from '../response-modes.ts';
import { draftCode } from './draft-code.ts';

/**
 * Ends the login with what its `response_type` asks for: once, however often and however fast this is called for the same
 * transaction. `login.session` must be there. Page error when the transaction was finished meanwhile.
 */
export async function completeLogin(ctx: Context, login: Login, cookies: readonly SetCookie[] = []): Promise<Reply> {
  const { transaction, session, user, client, target } = login;
  if (!session || !user) throw new Error('a login was to be completed without a session');
  const { request, connection, methods } = transaction;
  const drafted = asksForCode(request) ? draftCode(ctx, login, session) : undefined;
  // The code may lead to a refresh token; what the browser sees cannot.
  const scope = login.scope.filter((name) => name !== OFFLINE_ACCESS && name !== ONLINE_ACCESS);
  const tokens = await issueOverBrowser(ctx, {
    client,
    target,
    user,
    flow: 'implicit',
    requested: request.scope,
    scope,
    tokens: tokensOf(login),
    methods,
    ...sessionTerms(request, session),
    ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
    ...(request.acr === undefined ? {} : { acr: request.acr }),
    ...(request.authorization_details ? { authorization_details: request.authorization_details } : {}),
    ...(await standingOf(ctx, login.organization)),
    ...(await organizationClaimOf(ctx, login.organization)),
    ...(drafted ? { code: drafted.code } : {}),
    ...(request.state === undefined ? {} : { state: request.state }),
    consume: async () => {
      if (isStored(transaction) && !(await finishTransaction(ctx, transaction)))
        throw lostTransaction('finished meanwhile');
      await enterOrganization(ctx, login.organization, user);
      await touchSession(ctx, session, sessionUse(login));
      if (drafted) await authorizationCodesOf(ctx).insert(drafted.row);
      if (request.pushed_request) await spendPushedRequest(ctx, client.client_id, request.pushed_request);
    },
  });
  const { organization } = login.organization;
  auditLogin(ctx, { client, user, actor: session.actor, connection, request, organization });
  const answer: Answer = {
    ...(drafted ? { code: drafted.code } : {}),
    ...tokens,
    ...(tokens.access_token === undefined ? {} : scopeNotice(request, scope)),
  };
  return answerApplication(ctx, { client, to: request, cookies }, answer);
}

/** Auth0: before OpenID Connect the ID token came along with the access token, without being asked for as such. */
function tokensOf({ transaction: { request }, target, scope }: Login): readonly FrontChannelToken[] {
  const asked = tokensOverBrowser(request);
  const isImplied = target.legacy && asked.includes('token') && scope.includes('openid');
  return isImplied ? ['token', 'id_token'] : asked;
}

/** What the tokens say of the session. */
function sessionTerms(request: AuthorizationRequest, session: Session) {
  const { id, actor } = session;
  return { session_id: id, ...(actor ? { actor } : {}), ...loginTime(request, session) };
}

/** Was this login carried over several requests? */
function isStored(transaction: LoginDraft | Transaction): transaction is Transaction {
  return 'id' in transaction;
}

/** RFC 6749 §4.2.2: the scope is said where it is not what was asked for. What is granted is always part of that. */
function scopeNotice(asked: AuthorizationRequest, granted: readonly string[]): Answer {
  return granted.length === asked.scope.length ? {} : { scope: granted.join(' ') };
}
