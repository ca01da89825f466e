import { type Context, oauthError } from '../../../kernel/index.ts';
import { MFA_API_SCOPES } from '../../../mfa/index.ts';
import type { StoredClient } from '../../../resources/clients/index.ts';
import { findRefreshToken, type RefreshToken } from '../../../resources/refresh-tokens/index.ts';
import { resolveAudience } from '../../audience.ts';
import { namedOrganization } from '../../organization.ts';
import { sessionTransferTarget } from '../../session-transfer/session-transfer-target.ts';
import { notAuthorizedFor, type Target } from '../../target.ts';
import { GRANT } from '../../vocabulary.ts';
import { endUserAddress } from '../end-user-address.ts';
import { grant } from '../grant.ts';
import { requireUsable, requireUserOf, unknownRefreshToken } from '../refresh-rules.ts';
import { narrowScopes, renewableScopes } from '../refresh-scopes.ts';

/** RFC 6749 §6: new access and ID tokens for what was granted before, or less. */
export const refreshToken = grant({
  type: GRANT.refreshToken,
  summary: 'RFC 6749 §6: a refresh token, for new access and ID tokens.',
  rules: [
    'Rotating tokens work once, or again within the leeway; reuse ends the family.',
    "Scopes can be narrowed. Wider ones, and other APIs, only as the client's `refresh_token.policies` have it.",
    'An online token ends with the session, which its use prolongs; a public client needs DPoP for it.',
    "A public client's token that began with a DPoP proof needs one of the same key.",
    'For the organization of the login, as long as the user belongs to it.',
    'Answers `mfa_required` where a second factor is wanted.',
    'With `audience=urn:<domain>:session_transfer`: a token that hands the login over to a browser, for clients that may.',
  ],
  tests: [
    'src/oauth/token/grants/refresh-token.http.test.ts',
    'src/oauth/token/multi-resource.http.test.ts',
    'src/oauth/token/online-refresh.http.test.ts',
    'test/e2e/refresh.test.ts',
    'src/oauth/session-transfer/session-transfer.http.test.ts',
  ],
  params: { refresh_token: 'required', organization: 'optional' },
  log: { success: 'sertft', failure: 'fertft' },
  secondFactor: true,
  async handle(ctx, request) {
    const { client, params, audience } = request;
    const token = await requireUsable(ctx, client, await findRefreshToken(ctx, params.refresh_token));
    // Auth0: the refresh token of an older login cannot be used here.
    if (token.device !== undefined) throw unknownRefreshToken('the refresh token is for /delegation', token);
    await requireSameOrganization(ctx, token, params.organization);
    const user = await requireUserOf(ctx, token);
    const target =
      sessionTransferTarget(ctx, client, audience) ?? (await resolveAudience(ctx, client, audience ?? token.audience));
    return {
      client,
      user,
      target,
      flow: 'refresh_token',
      requested: narrowScopes(requireRenewable(token, target, client), request.scope),
      refresh_token: token,
      ...carriedOver(token, target),
      ip: endUserAddress(ctx, client, request.headers),
    };
  },
});

/** What the first login proved goes for every token that descends from it. */
function carriedOver(token: RefreshToken, target: Target) {
  const { session_id, auth_time, auth_time_requested, methods, connection } = token;
  const { organization, authorization_details } = token;
  return {
    ...(session_id === undefined ? {} : { session_id }),
    ...(auth_time === undefined ? {} : { auth_time }),
    ...(auth_time_requested === undefined ? {} : { auth_time_requested }),
    ...(methods === undefined ? {} : { methods }),
    ...(connection === undefined ? {} : { connection }),
    ...(organization ? { organization } : {}),
    // RFC 9396: what was allowed at one API says nothing to another.
    ...(authorization_details && target.identifier === token.audience ? { authorization_details } : {}),
  };
}

/**
 * The scopes that a refresh token is good for at an API: the one that it was issued for, those that the client's policies name, and the
 * MFA API, whose scopes are the user's own and need not have been asked for before. Any other is refused.
 */
function requireRenewable(token: RefreshToken, target: Target, client: StoredClient): readonly string[] {
  if (target.kind === 'mfa') return [...new Set([...token.scope, ...MFA_API_SCOPES])];
  if (target.kind === 'session_transfer') return requireTransferable(token, target, client);
  const renewable = renewableScopes(token, target, client);
  if (renewable) return renewable;
  throw oauthError(403, 'access_denied', `The refresh token was not issued for the audience: ${target.identifier}`);
}

/** A refresh token stays with the organization that its login was for. */
async function requireSameOrganization(ctx: Context, token: RefreshToken, sent: string | undefined): Promise<void> {
  if (sent === undefined) return;
  const organization = await namedOrganization(ctx, sent, 403);
  if (organization && organization.id === token.organization?.id) return;
  throw oauthError(403, 'access_denied', `The refresh token was not issued for the organization: ${sent}`);
}

/** Auth0: a login that was itself handed over is not handed on. What matters of its scopes is whether there is an ID token. */
function requireTransferable(token: RefreshToken, target: Target, client: StoredClient): readonly string[] {
  if (token.transferred_from !== undefined) throw notAuthorizedFor(client, target.identifier);
  return token.scope;
}
