import { type Context, oauthError } from '../../../kernel/index.ts';
import type { StoredClient } from '../../../resources/clients/index.ts';
import type { Connection } from '../../../resources/connections/index.ts';
import { tenantSettings } from '../../../resources/tenant-settings/index.ts';
import { requireDatabaseConnection, requireRealm } from '../../../strategies/index.ts';
import { GRANT } from '../../vocabulary.ts';
import { grant } from '../grant.ts';
import { authorizeWithPassword } from './password-login.ts';

/** RFC 6749 §4.3: users of the tenant's default directory, or of the `realm` that `@auth0/auth0-auth-js` sends along. */
export const password = grant({
  type: GRANT.password,
  summary: "RFC 6749 §4.3: a user's name and password, for tokens.",
  rules: [
    "The tenant's default directory, or `realm`.",
    'Nobody is asked for consent: who types a password into an application trusts it with the account.',
    'Answers `mfa_required` where a second factor is wanted.',
  ],
  tests: ['src/oauth/token/grants/password.http.test.ts'],
  params: { username: 'required', password: 'required', realm: 'optional', organization: 'optional' },
  log: { success: 'sepft', failure: 'fepft' },
  secondFactor: true,
  async handle(ctx, request) {
    const { client, params } = request;
    const connection = params.realm
      ? await requireRealm(ctx, client, params.realm)
      : await requireDefaultDirectory(ctx, client);
    return authorizeWithPassword(ctx, request, connection);
  },
});

async function requireDefaultDirectory(ctx: Context, client: StoredClient): Promise<Connection> {
  const { default_directory: name } = await tenantSettings(ctx);
  // 400 although the code speaks of a server's error: SDKs repeat a 5xx on their own, and nothing would change.
  if (!name) throw oauthError(400, 'server_error', 'Authorization server not configured with default connection.');
  return requireDatabaseConnection(ctx, name, client);
}
