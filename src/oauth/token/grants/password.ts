import { type Context, oauthError } from '../../../kernel/index.ts';
import type { Connection } from '../../../resources/connections/index.ts';
import { tenantSettings } from '../../../resources/tenant-settings/index.ts';
import { requireDatabaseConnection } from '../../../strategies/index.ts';
import { GRANT } from '../../vocabulary.ts';
import { type GrantRequest, grant } from '../grant.ts';
import { authorizeWithPassword } from './password-login.ts';

/** RFC 6749 §4.3: users of the tenant's default directory. */
export const password = grant({
  type: GRANT.password,
  params: { username: 'required', password: 'required' },
  client: 'as-registered',
  log: { success: 'sepft', failure: 'fepft' },
  secondFactor: true,
  handle: async (ctx, request) => authorizeWithPassword(ctx, request, await requireDefaultDirectory(ctx, request)),
});

async function requireDefaultDirectory(
  ctx: Context,
  { client }: Pick<GrantRequest<never>, 'client'>,
): Promise<Connection> {
  const { default_directory: name } = await tenantSettings(ctx);
  // 400 although the code speaks of a server's error: SDKs repeat a 5xx on their own, and nothing would change.
  if (!name) throw oauthError(400, 'server_error', 'Authorization server not configured with default connection.');
  return requireDatabaseConnection(ctx, name, client);
}
