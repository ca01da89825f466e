import { type Context, type OrganizationClaim, oauthError } from '../../../kernel/index.ts';
import type { StoredClient } from '../../../resources/clients/index.ts';
import type { Connection } from '../../../resources/connections/index.ts';
import { findOrganization, isMember, organizationsOfConnection } from '../../../resources/organizations/index.ts';
import { findFederatedUser, type User } from '../../../resources/users/index.ts';
import { resolveAudience } from '../../audience.ts';
import { claimOf, organizationRequired } from '../../organization.ts';
import { scopesOf } from '../../scopes.ts';
import { notAuthorizedFor, type Target } from '../../target.ts';
import { GRANT, splitScope } from '../../vocabulary.ts';
import { grant } from '../grant.ts';
import { userIsBlocked } from '../grant-refusal.ts';
import { type IdentityAssertion, verifyIdentityAssertion } from './jwt-bearer/identity-assertion.ts';

/** RFC 7523 §2.1 with an identity assertion (ID-JAG): Auth0's Cross App Access, as the resource application. */
export const jwtBearer = grant({
  type: GRANT.jwtBearer,
  summary: 'RFC 7523 §2.1: an identity assertion (ID-JAG) of the provider of an enterprise, for an access token.',
  rules: [
    'The issuer must be the provider of an `oidc` or `okta` connection of the client with `cross_app_access_resource_app` enabled.',
    'The assertion names the client and this server, and counts until it expires.',
    'The user must have logged in with that connection before. Never a refresh token, never an ID token.',
    'For clients with `identity_assertion_authorization_grant`: `grant_types` has no say.',
  ],
  tests: ['src/oauth/token/grants/jwt-bearer/jwt-bearer.http.test.ts'],
  params: { assertion: 'required', resource: 'optional' },
  permits: ({ identity_assertion_authorization_grant: settings }) => settings?.active === true,
  log: { success: 'idjag_exchange_succeeded', failure: 'idjag_exchange_failed' },
  async handle(ctx, { client, params, scope }) {
    const assertion = await verifyIdentityAssertion(ctx, client, params.assertion);
    const target = await resolveAudience(ctx, client, assertion.resource ?? params.resource);
    if (target.kind !== 'api') throw notAuthorizedFor(client, target.identifier);
    const user = await requireUser(ctx, assertion);
    return {
      client,
      user,
      target,
      flow: 'jwt_bearer',
      requested: settleScopes(target, assertion, scope),
      connection: assertion.connection.name,
      ...(await organizationOf(ctx, client, assertion.connection, user)),
      withheld: ['refresh_token', 'id_token'],
    };
  },
});

/** Auth0: nobody is made known by an assertion. */
async function requireUser(ctx: Context, { connection, subject }: IdentityAssertion): Promise<User> {
  const user = await findFederatedUser(ctx, connection, subject);
  if (!user) throw oauthError(400, 'invalid_grant', 'User not found');
  if (user.blocked) throw userIsBlocked(user.user_id);
  return user;
}

/** The API's own scopes among those that the provider allowed and the client asks for, where either of them says. */
function settleScopes(target: Target, { scope }: IdentityAssertion, asked: readonly string[] | undefined): string[] {
  const allowed = scope === undefined ? undefined : splitScope(scope);
  const wanted = asked ?? allowed ?? [];
  return scopesOf(target).filter((one) => wanted.includes(one) && (allowed?.includes(one) ?? true));
}

/** Auth0: where the connection is an organization's, its members' tokens are for that, as far as the client may use any. */
async function organizationOf(
  ctx: Context,
  { organization_usage: usage = 'deny' }: StoredClient,
  connection: Connection,
  user: User,
): Promise<{ organization?: OrganizationClaim }> {
  const [id, ...others] = usage === 'deny' ? [] : await organizationsOfConnection(ctx, connection.id);
  const isOne = id !== undefined && others.length === 0 && (await isMember(ctx, id, user.user_id));
  const organization = isOne ? await findOrganization(ctx, id) : undefined;
  if (organization) return { organization: await claimOf(ctx, organization) };
  if (usage === 'require') throw organizationRequired(403);
  return {};
}
