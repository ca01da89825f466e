import { oauthError } from '../../../kernel/index.ts';
import { tenantSettings } from '../../../resources/tenant-settings/index.ts';
import { resolveAudience } from '../../audience.ts';
import { notAuthorizedFor } from '../../target.ts';
import { GRANT } from '../../vocabulary.ts';
import { grant } from '../grant.ts';

/** RFC 6749 §4.4: a client acts for itself. */
export const clientCredentials = grant({
  type: GRANT.clientCredentials,
  summary: "RFC 6749 §4.4: a client's own credentials, for an access token that acts for the client.",
  rules: [
    'Never for public clients.',
    "A client grant for the API, unless the API's policy says otherwise; scopes beyond it are refused.",
  ],
  tests: ['src/oauth/token/grants/client-credentials.http.test.ts'],
  params: {},
  log: { success: 'seccft', failure: 'feccft' },
  async handle(ctx, { client, audience, scope }) {
    const wanted = audience ?? (await tenantSettings(ctx)).default_audience;
    // Auth0's words for "an audience is missing": without one the token would be for the API that preceded `/api/v2`.
    if (!wanted) throw oauthError(403, 'access_denied', 'Non-global clients are not allowed access to APIv1');
    const target = await resolveAudience(ctx, client, wanted);
    if (!target.resourceServer) throw notAuthorizedFor(client, target.identifier);
    return { client, target, flow: 'client_credentials', requested: scope };
  },
});
