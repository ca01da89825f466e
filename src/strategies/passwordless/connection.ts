import { type Context, fail } from '../../kernel/index.ts';
import {
  type Connection,
  findConnectionByName,
  isEnabledFor,
  isPasswordless,
  listConnectionsForClient,
} from '../../resources/connections/index.ts';
import { listUsableConnections } from '../../resources/organizations/index.ts';

/**
 * The passwordless connection called `name`, or the one that `client` may use with it among its realms. Failures
 * connection_not_found, strategy_unsupported, connection_disabled.
 */
export async function requirePasswordlessConnection(
  ctx: Context,
  name: string,
  client: { readonly client_id: string },
): Promise<Connection> {
  const found = (await findConnectionByName(ctx, name)) ?? (await findByRealm(ctx, name, client));
  if (!found) fail('connection_not_found', {});
  if (!isPasswordless(found)) fail('strategy_unsupported', {});
  if (!isEnabledFor(found, client.client_id)) fail('connection_disabled', {});
  return found;
}

/**
 * The passwordless connections that people log in with on our pages: the one that the request names, or all of the client's (at an
 * organization of the organization's too) where there are no others. Empty: people log in otherwise.
 */
export async function passwordlessWays(
  ctx: Context,
  request: { readonly client_id: string; readonly connection?: string; readonly organization?: string },
): Promise<readonly Connection[]> {
  const found = await listUsableConnections(ctx, request.client_id, request.organization);
  const usable = found.map(({ connection }) => connection);
  if (request.connection === undefined) return usable.every(isPasswordless) ? usable : [];
  return usable.filter((connection) => connection.name === request.connection && isPasswordless(connection));
}

async function findByRealm(ctx: Context, realm: string, { client_id }: { client_id: string }) {
  const usable = await listConnectionsForClient(ctx, client_id);
  return usable.find((connection) => isPasswordless(connection) && connection.realms.includes(realm));
}
