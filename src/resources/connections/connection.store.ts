import { type Collection, type Context, collection, isThirdPartyClientId } from '../../kernel/index.ts';
import { type Client, clientsOf } from '../clients/index.ts';

/** A source of identities. `options` depends on the strategy. */
export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly strategy: string;
  readonly display_name?: string;
  readonly options: Record<string, unknown>;
  /** Clients that may use it. Changed through `/connections/{id}/clients`. */
  readonly enabled_clients: readonly string[];
  readonly realms: readonly string[];
  readonly is_domain_connection: boolean;
  readonly show_as_button?: boolean;
  readonly metadata?: Record<string, string>;
  readonly authentication?: { readonly active: boolean };
  readonly connected_accounts?: Record<string, unknown>;
  /** Cross App Access: are identity assertions of its provider exchanged for tokens? */
  readonly cross_app_access_resource_app?: { readonly status: 'enabled' | 'disabled' } | null;
  /** The client that set it up in the tenant's stead; nobody is shown it. */
  readonly set_up_by?: string;
  /** The organization that set it up for itself, and vouches for its people to itself alone; nobody is shown it. */
  readonly belongs_to?: string;
  /** What the profile that it was made by allows beside logins; absent: everything. Nobody is shown it. */
  readonly features?: readonly ('scim' | 'universal_logout')[];
  readonly created_at: string;
}

export const connectionsCollection = collection<Connection>({
  name: 'connections',
  key: 'id',
  index: { name: 'text', strategy: 'text', created_at: 'text' },
  unique: [['name']],
  cached: true,
});

export function connectionsOf(ctx: Context): Collection<Connection> {
  return ctx.store.collection(connectionsCollection);
}

/** The connection called `name`, or undefined. From memory. */
export function findConnectionByName(ctx: Context, name: string): Promise<Connection | undefined> {
  return connectionsOf(ctx).find({ name });
}

/**
 * The connections that `clientId` may use without an organization, in order of creation: those enabled for it, and the tenant's domain
 * connections.
 */
export async function listConnectionsForClient(ctx: Context, clientId: string): Promise<Connection[]> {
  const all = await connectionsOf(ctx).list({ orderBy: 'created_at' });
  const enabled = all.filter((connection) => isEnabledFor(connection, clientId));
  if (enabled.every(isOfTenant)) return enabled;
  const client = await clientsOf(ctx).get(clientId);
  return enabled.filter((connection) => standsAlone(connection, client ?? {}));
}

/**
 * May people come by `connection` while nobody knows yet which organization they enter? Not where an organization set it up, or Okta for one,
 * who could have it say anything of anybody, unless every login to the client ends in an organization.
 */
export function standsAlone(connection: Connection, { organization_usage }: Partial<Client>): boolean {
  return isOfTenant(connection) || organization_usage === 'require';
}

/** Did the tenant's administrators set it up themselves? */
const isOfTenant = ({ belongs_to, set_up_by }: Connection) => belongs_to === undefined && set_up_by === undefined;

/** May the provider of a connection end sessions (Universal Logout)? */
export function mayEndSessions({ features }: Connection): boolean {
  return features?.includes('universal_logout') ?? true;
}

/** Strategies whose connections are for logging in, and for nothing else. */
const LOGIN_ONLY: readonly string[] = ['auth0', 'email', 'sms'];

/**
 * May `clientId` use `connection`? Not where `authentication.active` is false and it is good for nothing but that; a provider's may still
 * have accounts connected with it.
 */
export function isEnabledFor(connection: Connection, clientId: string): boolean {
  const isOff = connection.authentication?.active === false && LOGIN_ONLY.includes(connection.strategy);
  return !isOff && isAssignedTo(connection, clientId);
}

/** Is `connection` there for `clientId`, in use or not? Auth0: strict third-party clients have the domain connections alone. */
export function isAssignedTo(connection: Connection, clientId: string): boolean {
  if (connection.is_domain_connection) return true;
  return !isThirdPartyClientId(clientId) && connection.enabled_clients.includes(clientId);
}
