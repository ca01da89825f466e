import { type Context, epochSeconds, oauthError, type WireError } from '../../../../kernel/index.ts';
import type { JwtMembers } from '../../../../platform/crypto/index.ts';
import { isPublic, type StoredClient } from '../../../../resources/clients/index.ts';
import { agentIn } from '../../../acting.ts';
import { resolveAudience } from '../../../audience.ts';
import { scopesOf } from '../../../scopes.ts';
import { notAuthorizedFor, type Target } from '../../../target.ts';
import { GRANT, TOKEN_TYPE } from '../../../vocabulary.ts';
import { grant } from '../../grant.ts';
import { requireText } from '../../token-request.ts';
import { clientOf, requireSubject, verifyOwnAccessToken } from '../own-access-token.ts';

/** Auth0: as many links as the chain of the subject token may have; the exchange adds one. */
const LONGEST_CHAIN = 4;

/** RFC 8693, Auth0's on-behalf-of exchange: an API, for tokens to call another in the name of its caller's user. */
export const onBehalfOf = grant({
  type: GRANT.tokenExchange,
  summary: 'RFC 8693: an access token for an API, for one with which that API calls another for the same user.',
  rules: [],
  tests: [],
  params: {
    subject_token: 'required',
    subject_token_type: 'required',
    requested_token_type: 'required',
  },
  permits: mayActOnBehalfOf,
  log: { success: 'success_on_behalf_of_token_exchange', failure: 'failed_on_behalf_of_token_exchange' },
  async handle(ctx, { client, params, scope, audience }) {
    if (params.requested_token_type !== TOKEN_TYPE.accessToken) throw wrongCombination();
    const target = await resolveAudience(ctx, client, requireText({ audience }, 'audience'));
    if (target.kind !== 'api') throw notAuthorizedFor(client, target.identifier);
    const claims = await verifyOwnAccessToken(ctx, client, params.subject_token);
    const actor = chainOf(client, claims);
    const user = await requireSubject(ctx, claims);
    return {
      client,
      user,
      target: agentIn(claims.act) ? endingWith(ctx, target, claims) : target,
      flow: 'token_exchange',
      requested: scopesOfApi(target, scope),
      actor,
      ...(typeof claims.org_id === 'string' ? { organization: { id: claims.org_id } } : {}),
      withheld: ['refresh_token', 'id_token'],
      extra: { issued_token_type: TOKEN_TYPE.accessToken },
    };
  },
});

/** Auth0: confidential clients that stand for an API and were told so. */
function mayActOnBehalfOf(client: StoredClient): boolean {
  const types = client.token_exchange?.allow_any_profile_of_type ?? [];
  return (
    client.app_type === 'resource_server' &&
    client.resource_server_identifier !== undefined &&
    !isPublic(client) &&
    types.includes('on_behalf_of_token_exchange')
  );
}

/** What somebody gets who acts for the user does not outlive what they had. `target` with tokens that end when the subject token does. */
function endingWith(ctx: Context, target: Target, { exp }: JwtMembers): Target {
  const left = Number(exp) - epochSeconds(ctx.clock);
  return { ...target, lifetimeFor: (flow) => Math.min(target.lifetimeFor(flow), left) };
}

function wrongCombination(): WireError {
  return oauthError(400, 'invalid_request', 'Invalid subject_token_type and requested_token_type combination.');
}

/** RFC 8693 §4.1: who acts now, then who did before. The first link is the client that the user logged in to. */
function chainOf(client: StoredClient, claims: JwtMembers): Readonly<Record<string, unknown>> {
  if (depthOf(claims.act) >= LONGEST_CHAIN) {
    throw oauthError(
      400,
      'invalid_request',
      `Delegation chain (\`act\` claim) depth exceeds the maximum allowed limit of ${LONGEST_CHAIN}`,
    );
  }
  return { sub: client.client_id, act: claims.act ?? { sub: clientOf(claims) } };
}

function depthOf(act: unknown): number {
  if (typeof act !== 'object' || act === null) return 0;
  return 1 + depthOf((act as { act?: unknown }).act);
}

/** The other API's scopes alone, all of them unless some are asked for: `openid` would open `/userinfo` to the one in between. */
function scopesOfApi(target: Target, asked: readonly string[] | undefined): readonly string[] {
  const offered = scopesOf(target);
  return asked === undefined ? offered : asked.filter((scope) => offered.includes(scope));
}
