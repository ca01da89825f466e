import { oauthError } from '../../../kernel/index.ts';
import { tenantSettings } from '../../../resources/tenant-settings/index.ts';
import { resolveAudience } from '../../audience.ts';
import { claimOf } from '../../organization.ts';
import { notAuthorizedFor } from '../../target.ts';
import { GRANT } from '../../vocabulary.ts';
import { grant } from '../grant.ts';
import { underQuota } from '../quota.ts';
import { clientOrganization } from './client-organization.ts';

/** RFC 6749 §4.4: a client acts for itself. */
export const clientCredentials = grant({
  type: GRANT.clientCredentials,
  summary: "RFC 6749 §4.4: a client's own credentials, for an access token that acts for the client.",
  rules: [
    'Never for public clients.',
    "A client grant for the API, unless the API's policy says otherwise; scopes beyond it are refused.",
    'For an `organization` as the client grant has it: `organization_usage`, `allow_any_organization`, associations, the default one.',
    'Within the quotas of the client and of the organization; what is beyond them counts nowhere.',
  ],
  tests: [
    'src/oauth/token/grants/client-credentials.http.test.ts',
    'src/oauth/token/grants/client-organization.http.test.ts',
    'src/oauth/token/quota.http.test.ts',
  ],
  params: { organization: 'optional' },
  log: { success: 'seccft', failure: 'feccft' },
  async handle(ctx, { client, audience, scope, params }) {
    const wanted = audience ?? (await tenantSettings(ctx)).default_audience;
    // Auth0's words for "an audience is missing": without one the token would be for the API that preceded `/api/v2`.
    if (!wanted) throw oauthError(403, 'access_denied', 'Non-global clients are not allowed access to APIv1');
    const target = await resolveAudience(ctx, client, wanted);
    if (!target.resourceServer) throw notAuthorizedFor(client, target.identifier);
    const organization = await clientOrganization(ctx, client, target.identifier, params.organization);
    return {
      client,
      target,
      flow: 'client_credentials',
      requested: scope,
      ...(organization ? { organization: await claimOf(ctx, organization) } : {}),
      ...(await underQuota(ctx, client, organization)),
    };
  },
});
