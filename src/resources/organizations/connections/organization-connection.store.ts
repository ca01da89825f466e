import { type Collection, type Context, collection } from '../../../kernel/index.ts';

/** What an organization may do to a connection through the My Organization API: not see it, see it, change its switches, or all of it. */
export type OrganizationAccessLevel = 'none' | 'readonly' | 'limited' | 'full';

/** A connection that users of an organization may log in with. */
export interface OrganizationConnection {
  /** `organizationConnectionKey` of the two. */
  readonly id: string;
  readonly organization_id: string;
  readonly connection_id: string;
  /** What the organization calls it. */
  readonly organization_connection_name?: string;
  /** `none` where it does not say. */
  readonly organization_access_level?: OrganizationAccessLevel;
  /** Users who log in with it become members. */
  readonly assign_membership_on_login?: boolean;
  /** Enterprise connections: the login page shows a button. */
  readonly show_as_button?: boolean;
  /** Databases: people may sign up at the organization. */
  readonly is_signup_enabled?: boolean;
  readonly is_enabled: boolean;
  readonly created_at: string;
}

export const organizationConnectionsCollection = collection<OrganizationConnection>({
  name: 'organization_connections',
  key: 'id',
  index: { organization_id: 'text', connection_id: 'text', created_at: 'text' },
});

export function organizationConnectionsOf(ctx: Context): Collection<OrganizationConnection> {
  return ctx.store.collection(organizationConnectionsCollection);
}

/** IDs of the organizations that a connection is enabled for. */
export async function organizationsOfConnection(ctx: Context, connectionId: string): Promise<string[]> {
  const rows = await organizationConnectionsOf(ctx).list({ where: { connection_id: connectionId } });
  return rows.filter(({ is_enabled }) => is_enabled).map(({ organization_id }) => organization_id);
}

/** What an organization says of a connection, or undefined where it does not have it. */
export function findOrganizationConnection(
  ctx: Context,
  organizationId: string,
  connectionId: string,
): Promise<OrganizationConnection | undefined> {
  return organizationConnectionsOf(ctx).get(organizationConnectionKey(organizationId, connectionId));
}

/** Takes a connection out of an organization. */
export async function removeOrganizationConnection(ctx: Context, { id }: OrganizationConnection): Promise<void> {
  await organizationConnectionsOf(ctx).delete(id);
}

/** Both ids in one key. */
export function organizationConnectionKey(organizationId: string, connectionId: string): string {
  return `${organizationId}|${connectionId}`;
}

/** Takes a connection out of every organization: it is being deleted. */
export async function forgetOrganizationsOfConnection(ctx: Context, { id }: { id: string }): Promise<void> {
  await organizationConnectionsOf(ctx).deleteWhere({ connection_id: id });
}
