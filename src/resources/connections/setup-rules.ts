import { type Context, managementError, type Principal, type WireError } from '../../kernel/index.ts';
import type { ConnectionBody, ConnectionChange } from './connection.schema.ts';
import type { Connection } from './connection.store.ts';

/** How an organization may offer a connection. */
export interface OfferSettings {
  readonly assign_membership_on_login: boolean;
  readonly show_as_button: boolean;
  readonly is_enabled: boolean;
}

/** What callers of the Management API keep to who set up connections in somebody's stead, whatever their scopes are. */
export interface SetupRules {
  /** What a new connection is made of. WireError where there may be no such connection. */
  readonly shape: (body: ConnectionBody) => ConnectionBody;
  /** What their connections may be used for beside logins. */
  readonly features: NonNullable<Connection['features']>;
  /** The clients that their connections may be enabled for. */
  readonly clients: readonly string[];
  /** How organizations offer their connections. */
  readonly offer: OfferSettings;
}

type Finder = (ctx: Context, clientId: string) => Promise<SetupRules | undefined>;
const finders = new Set<Finder>();

/** Has `finder` asked which rules a client keeps to; undefined: it is not one of those. Registering twice does nothing. */
export function addSetupRules(finder: Finder): void {
  finders.add(finder);
}

/** The rules that the caller keeps to; undefined for administrators. */
export async function setupRulesOf(ctx: Context, principal: Principal | undefined): Promise<SetupRules | undefined> {
  if (!principal) return undefined;
  for (const find of finders) {
    const rules = await find(ctx, principal.clientId);
    if (rules) return rules;
  }
  return undefined;
}

const refuse = (text: string): WireError => managementError(403, text, 'operation_not_supported');

/** Whoever keeps to rules changes only connections that it set up. WireError 403. */
export function requireSetUpBy({ set_up_by }: Connection, principal: Principal | undefined): void {
  if (set_up_by === undefined || set_up_by !== principal?.clientId)
    throw refuse('This client may only change connections that it set up.');
}

/**
 * A change as the caller may make it: what is opened to everybody is the administrators', and the attributes of a connection stay unless
 * the change names others. WireErrors 403.
 */
export async function settleChange(
  ctx: Context,
  connection: Connection,
  change: ConnectionChange,
  principal: Principal | undefined,
): Promise<ConnectionChange> {
  if (!(await setupRulesOf(ctx, principal))) return change;
  requireSetUpBy(connection, principal);
  if (change.is_domain_connection) throw refuse('This client may not make connections available to all applications.');
  if (!change.options) return change;
  return { ...change, options: { attribute_map: connection.options.attribute_map, ...change.options } };
}

/** Clients that a connection is enabled for: only those of the caller's rules. WireErrors 403. */
export async function requireOwnClients(
  ctx: Context,
  connection: Connection,
  ids: readonly string[],
  principal: Principal | undefined,
): Promise<void> {
  const rules = await setupRulesOf(ctx, principal);
  if (!rules) return;
  requireSetUpBy(connection, principal);
  if (ids.some((id) => !rules.clients.includes(id)))
    throw refuse('This client may not enable the connection for these applications.');
}

/** May the caller see the options? Those of others' connections hold secrets. */
export async function maySeeOptions(
  ctx: Context,
  connection: Connection,
  principal: Principal | undefined,
): Promise<boolean> {
  return !(await setupRulesOf(ctx, principal)) || connection.set_up_by === principal?.clientId;
}
