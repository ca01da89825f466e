import { type Context, isFailure, isoTime, managementError, prefixedId } from '../../kernel/index.ts';
import { clientsOf, isStrictThirdParty, type StoredClient } from '../clients/index.ts';
import { tenantSettings } from '../tenant-settings/index.ts';
import type { ConnectionBody, ConnectionChange } from './connection.schema.ts';
import { type Connection, connectionsOf } from './connection.store.ts';
import {
  initialOptions,
  replacementOptions,
  requireConsistentOptions,
  revealOptions,
  sealOptions,
} from './connection-options.ts';
import { isFederatedStrategy } from './federated-options.ts';
import { type FederatedStrategy, federatedStrategies } from './federated-strategies.rows.ts';

/** Strategies that this server can prove identities with, now or as soon as their grants exist. */
const SUPPORTED = new Set(['auth0', 'email', 'sms', ...federatedStrategies.map(({ name }) => name)]);

export const missingConnection = () => managementError(404, 'The connection does not exist', 'inexistent_connection');

function requireSupported(strategy: string): void {
  if (SUPPORTED.has(strategy)) return;
  const text = `The strategy ${strategy} is not supported by this server. Supported strategies: ${[...SUPPORTED].join(', ')}.`;
  throw managementError(400, text, 'operation_not_supported');
}

/**
 * Only an OpenID provider of an enterprise issues assertions that its own keys sign, and none are asked of a provider for accounts that are
 * connected. WireError 400.
 */
function requireCrossAppAccess(
  strategy: string,
  body: Pick<ConnectionBody, 'cross_app_access_resource_app' | 'connected_accounts'>,
): void {
  const { cross_app_access_resource_app: access, connected_accounts } = body;
  if (connected_accounts?.cross_app_access === true)
    throw managementError(400, 'connected_accounts.cross_app_access is not supported.', 'operation_not_supported');
  if (access?.status !== 'enabled' || strategy === 'oidc' || strategy === 'okta') return;
  const text = `cross_app_access_resource_app is not supported for the strategy ${strategy}.`;
  throw managementError(400, text, 'operation_not_supported');
}

/** WireErrors: 404 when one of `ids` is no client of this tenant, 400 for a strict third-party one where the connection is not the domain's. */
export async function requireClients(
  ctx: Context,
  ids: readonly string[],
  { is_domain_connection: isOfDomain = false }: { readonly is_domain_connection?: boolean | undefined },
): Promise<void> {
  for (const id of ids) {
    const client = await clientsOf(ctx).get(id);
    if (!client) throw managementError(404, 'The client does not exist', 'inexistent_client');
    if (isOfDomain || !isStrictThirdParty(client)) continue;
    const text = `Strict third-party clients have domain connections alone: ${id}`;
    throw managementError(400, text, 'operation_not_supported');
  }
}

/** Who made a connection in the tenant's stead, for whom, and what its profile allows. */
export type Origin = Pick<Connection, 'set_up_by' | 'belongs_to' | 'features'>;

/**
 * Makes a connection, with the defaults of its strategy. WireErrors: 400 for a strategy that can't be served or options that contradict
 * each other, 409 when the name is taken.
 *
 * @param origin who makes it, where that is not the tenant's administrator
 */
export async function createConnection(ctx: Context, body: ConnectionBody, origin: Origin = {}): Promise<Connection> {
  requireSupported(body.strategy);
  const { options = {}, enabled_clients = [], realms = [], ...rest } = body;
  await requireClients(ctx, enabled_clients, body);
  requireConsistentOptions(body.strategy, options);
  requireCrossAppAccess(body.strategy, body);
  const id = prefixedId(ctx.random, 'con_');
  const connection = {
    is_domain_connection: false,
    authentication: { active: true },
    connected_accounts: { active: false },
    ...enterpriseDefaults(body),
    ...rest,
    ...origin,
    id,
    options: sealOptions(ctx, id, initialOptions(body.strategy, options)),
    enabled_clients: [...new Set(enabled_clients)],
    realms: realms.length > 0 ? realms : [body.name],
    created_at: isoTime(ctx.clock),
  } as Connection;
  try {
    return await connectionsOf(ctx).insert(connection);
  } catch (error) {
    if (!isFailure(error, 'duplicate')) throw error;
    throw managementError(409, 'A connection with the same name already exists');
  }
}

/** Recorded: what connections to an enterprise's own provider are given besides. */
function enterpriseDefaults({ name, strategy }: ConnectionBody): Partial<Connection> {
  const all: readonly FederatedStrategy[] = federatedStrategies;
  const isEnterprise = all.some((one) => one.name === strategy && one.kind === 'enterprise');
  return isEnterprise ? { show_as_button: false, display_name: name } : {};
}

/** Changes a connection: members that are given replace what was there, `options` whole. WireError 400 as for creation. */
export async function updateConnection(
  ctx: Context,
  connection: Connection,
  change: ConnectionChange,
): Promise<Connection> {
  const { options, ...rest } = change;
  if (options || (options === null && isFederatedStrategy(connection.strategy)))
    requireConsistentOptions(connection.strategy, options ?? {}, connection.options);
  requireCrossAppAccess(connection.strategy, change);
  const updated = await connectionsOf(ctx).update(connection.id, (current) => ({
    ...current,
    ...(rest as Partial<Connection>),
    ...(options === undefined ? {} : { options: replaced(ctx, current, options ?? {}) }),
  }));
  if (!updated) throw missingConnection();
  return updated;
}

function replaced(ctx: Context, { id, strategy, options }: Connection, given: Record<string, unknown>) {
  return sealOptions(ctx, id, replacementOptions(strategy, given, options), options) as Record<string, unknown>;
}

/** A connection as `/api/v2/connections` shows it. */
export function presentConnection(ctx: Context, connection: Connection): Record<string, unknown> {
  const { created_at, set_up_by, belongs_to, features, options, ...shown } = connection;
  return { ...shown, options: revealOptions(ctx, connection.id, options) };
}

type Cleanup = (ctx: Context, connection: Connection) => Promise<unknown>;
const cleanups = new Set<Cleanup>();

/** Has `cleanup` called before a connection is deleted, for what hangs on it: its users. Registering twice does nothing. */
export function onConnectionDeleted(cleanup: Cleanup): void {
  cleanups.add(cleanup);
}

/**
 * Enables every connection that there is for a new client, where the tenant wants that (flag `enable_client_connections`). Auth0: strict
 * third-party clients have the domain connections alone.
 */
export async function enableForNewClient(ctx: Context, client: StoredClient): Promise<void> {
  if (isStrictThirdParty(client)) return;
  const { client_id } = client;
  const { flags } = await tenantSettings(ctx);
  if (!flags.enable_client_connections) return;
  for (const { id } of await connectionsOf(ctx).list()) {
    await connectionsOf(ctx).update(id, (current) => ({
      ...current,
      enabled_clients: [...new Set([...current.enabled_clients, client_id])],
    }));
  }
}

/**
 * In a transaction: nobody deletes the connection before it ends, so that what is written for its users goes with it. WireError 404
 * when it is gone already.
 */
export async function holdConnection(ctx: Context, { id }: Pick<Connection, 'id'>): Promise<void> {
  if (!(await connectionsOf(ctx).hold(id))) throw missingConnection();
}

/**
 * Deletes a connection after everything that hangs on it: interrupted, it can be deleted again, and nothing is left that a new
 * connection of the same name would inherit.
 */
export async function deleteConnection(ctx: Context, connection: Connection): Promise<void> {
  await forgetAllOf(ctx, connection);
  await ctx.store.serially(async () => {
    // Whoever is making a user of it is waited for, and that one goes too.
    await connectionsOf(ctx).update(connection.id, () => undefined);
    await forgetAllOf(ctx, connection);
    await connectionsOf(ctx).delete(connection.id);
  });
}

async function forgetAllOf(ctx: Context, connection: Connection): Promise<void> {
  for (const cleanup of cleanups) await cleanup(ctx, connection);
}
