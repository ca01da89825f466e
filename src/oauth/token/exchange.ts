import { type Context, json, oauthError, type Reply } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { requireGrant, requireProperty } from '../allowed-grant.ts';
import { grantScopes } from '../scopes.ts';
import { standardError } from '../standard-error.ts';
import type { Authorization, ForeignAnswer, TokenResponse } from './authorization.ts';
import { authenticateClient } from './client-authentication.ts';
import type { Grant } from './grant.ts';
import { grantDetails } from './granted-details.ts';
import { issueTokens } from './issue.ts';
import { requireSecondFactor } from './second-factor.ts';
import { bindSender, proveSender, requireSender, senderHeaders } from './sender-constraint.ts';
import { settleOrganization } from './settle-organization.ts';
import { failureEvent, foreignEvent, type Progress, settleRefusal } from './token-log.ts';
import { readGrantRequest, type TokenRequest } from './token-request.ts';

/** What is exchanged: the grant's name as it was sent, and the grant if there is one of that name. */
export interface Wanted {
  readonly type: string;
  readonly grant: Grant | undefined;
  /** Who the client is, where it need not prove it as it is registered; default: `authenticateClient`. */
  readonly identify?: (ctx: Context, request: TokenRequest) => Promise<StoredClient>;
  /** How the tokens are worded; default: as they are. Answers whose tokens are not made here keep their own words. */
  readonly present?: (response: TokenResponse) => object;
}

/**
 * Everything that grants have in common, in this order; a refusal at any step has consumed nothing.
 *
 * @throws WireError of the OAuth dialect, recorded as the grant's failure
 */
export async function exchange(ctx: Context, wanted: Wanted, request: TokenRequest): Promise<Reply> {
  const { type, identify = authenticateClient } = wanted;
  const grant = wanted.grant?.choose?.(request.body) ?? wanted.grant;
  const progress: Progress = {};
  try {
    const client = await identify(ctx, request);
    progress.client = client;
    if (!grant) throw oauthError(403, 'unsupported_grant_type', `Unsupported grant type: ${type}`);
    // Before anything is consumed: a client without the grant must not be able to use up what it got hold of.
    if (grant.permits) requireProperty(client, grant.type, grant.permits);
    else requireGrant(client, grant.type);
    const confirmation = await proveSender(ctx, client, request.headers);
    requireSender(client, confirmation);
    const proved = { ...request, confirmation };
    const handled = await grant.handle(ctx, readGrantRequest(grant, client, proved));
    progress.authorization = handled;
    return await ('body' in handled
      ? answerForeign(ctx, grant, handled)
      : answer(ctx, { ...wanted, grant }, handled, proved));
  } catch (error) {
    const code = grant?.log.failure;
    const event = code && failureEvent(code, progress, request.body.client_id, error);
    await settleRefusal(ctx, event, error);
    throw await standardError(ctx, error, { client: progress.client, claimed: request.body.client_id });
  }
}

async function answer(
  ctx: Context,
  { grant, present = (response) => response }: Wanted & { readonly grant: Grant },
  handled: Authorization,
  { confirmation, body }: TokenRequest,
): Promise<Reply> {
  const settled = await settleOrganization(ctx, handled);
  const { authorization_details: _allowed, ...authorization } = bindSender(settled, confirmation);
  const scope = await grantScopes(ctx, authorization);
  const details = await grantDetails(ctx, handled, body);
  const granted = { ...authorization, scope, ...(details ? { authorization_details: details } : {}) };
  if (grant.secondFactor) await requireSecondFactor(ctx, grant.type, granted);
  const response = await issueTokens(ctx, granted, grant.log.success);
  return json(200, present(response), { ...senderHeaders(ctx, granted.client, confirmation), ...granted.headers?.() });
}

async function answerForeign(ctx: Context, grant: Grant, handled: ForeignAnswer): Promise<Reply> {
  const { consume } = handled;
  if (consume) await ctx.store.transaction(consume);
  ctx.audit(foreignEvent(grant.log.success, handled));
  return json(200, handled.body, handled.headers);
}
