import { type Context, oauthError, type Reply } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import type { AuthorizationRequest, Cookies, Decision } from '../../transactions/index.ts';
import { draftLogin } from '../authorize/entries/draft-login.ts';
import { assessLogin } from '../authorize/login.ts';
import { beginOnPage, type PageStep } from '../authorize/show-step.ts';
import type { DeferredAuthorization } from './deferred.store.ts';

export interface DecisionToBegin {
  readonly client: StoredClient;
  readonly deferred: DeferredAuthorization;
  readonly decision: Decision;
  /** Path of this host where the browser ends. */
  readonly end: string;
  readonly login_hint?: string | undefined;
}

/**
 * Begins the login that decides on `deferred`, in the browser that sent `cookies`: its session serves, where it may and is of the right
 * user. Nothing is decided yet: the first page asks.
 *
 * @throws WireError for the page: a blocked user, or an API that the client may not have any more
 */
export async function beginDecision(ctx: Context, begun: DecisionToBegin, cookies: Cookies): Promise<Reply> {
  const { client, decision } = begun;
  const request = requestOf(ctx, begun);
  const drafted = await draftLogin(ctx, client, request, cookies);
  const { user_id: _user, session_id: _session, ...nobody } = drafted;
  const isOther = decision.kind === 'ciba' && drafted.user_id !== decision.user_id;
  const draft = { ...(isOther ? nobody : drafted), decision, interactive: true };
  const login = await assessLogin(ctx, client, draft, cookies);
  const { refusal } = login.transaction;
  if (refusal)
    throw oauthError(403, refusal.error, refusal.error_description, { extra: { client_id: client.client_id } });
  return beginOnPage(ctx, login, login.step as PageStep, cookies);
}

/** What the login must lead to: neither a code nor tokens go to the browser. */
function requestOf(ctx: Context, { client, deferred, end, login_hint }: DecisionToBegin): AuthorizationRequest {
  const { scope, audience, authorization_details } = deferred;
  return {
    client_id: client.client_id,
    response_type: 'none',
    response_mode: 'query',
    redirect_uri: new URL(end, ctx.issuer).href,
    redirect_uri_given: false,
    scope,
    prompt: [],
    ...(audience === undefined ? {} : { audience }),
    ...(authorization_details ? { authorization_details } : {}),
    ...(login_hint === undefined ? {} : { login_hint }),
  };
}
