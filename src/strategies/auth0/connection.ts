import { type Context, fail } from '../../kernel/index.ts';
import {
  type Connection,
  connectionsOf,
  findConnectionByName,
  isEnabledFor,
  listConnectionsForClient,
} from '../../resources/connections/index.ts';

/**
 * The database connection called `name` (or that has `name` among its realms), if `client` may use it. From memory.
 * Failures connection_not_found, strategy_unsupported, connection_disabled.
 */
export async function requireDatabaseConnection(
  ctx: Context,
  name: string,
  client: { readonly client_id: string },
): Promise<Connection> {
  const found = (await findConnectionByName(ctx, name)) ?? (await findByRealm(ctx, name));
  if (!found) fail('connection_not_found', {});
  if (found.strategy !== 'auth0') fail('strategy_unsupported', {});
  if (!isEnabledFor(found, client.client_id)) fail('connection_disabled', {});
  return found;
}

/**
 * The database that `realm` names: a connection that the application may use and has it among its realms, else the one of that name.
 * Failures as above.
 */
export async function requireRealm(
  ctx: Context,
  client: { readonly client_id: string },
  realm: string,
): Promise<Connection> {
  const usable = await listConnectionsForClient(ctx, client.client_id);
  const named = usable.find((connection) => connection.name === realm);
  const found = named ?? usable.find((connection) => connection.realms.includes(realm));
  return requireDatabaseConnection(ctx, found?.name ?? realm, client);
}

async function findByRealm(ctx: Context, realm: string): Promise<Connection | undefined> {
  const all = await connectionsOf(ctx).list({ orderBy: 'created_at' });
  return all.find((connection) => connection.realms.includes(realm));
}
