import { type Context, fail } from '../../kernel/index.ts';
import { type Connection, databaseRules, listConnectionsForClient } from '../../resources/connections/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import { requireDatabaseConnection } from '../auth0/index.ts';

/**
 * The database in which somebody logs in with a passkey: the one that `realm` names, else the tenant's default directory, else the first
 * of the client's that has passkeys. Undefined when passkeys are off. Failures as requireDatabaseConnection.
 */
export async function requirePasskeyConnection(
  ctx: Context,
  client: { readonly client_id: string },
  realm: string | undefined,
): Promise<Connection | undefined> {
  const name = realm ?? (await tenantSettings(ctx)).default_directory;
  if (name) {
    const named = await requireDatabaseConnection(ctx, name, client);
    return databaseRules(named).passkeyEnabled ? named : undefined;
  }
  const databases = (await listConnectionsForClient(ctx, client.client_id)).filter(
    ({ strategy }) => strategy === 'auth0',
  );
  if (databases.length === 0) fail('connection_not_found', {});
  return databases.find((connection) => databaseRules(connection).passkeyEnabled);
}
