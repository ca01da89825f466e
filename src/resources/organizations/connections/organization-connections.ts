import { type Context, isFailure, isoTime, managementError } from '../../../kernel/index.ts';
import { type Connection, connectionsOf } from '../../connections/index.ts';
import type { EnabledConnectionBody } from '../organization.schema.ts';
import {
  type OrganizationAccessLevel,
  type OrganizationConnection,
  organizationConnectionKey,
  organizationConnectionsOf,
} from './organization-connection.store.ts';

/** What may be said of an organization's connection; `null` takes a member away. */
export type OrganizationConnectionChange = Partial<Omit<EnabledConnectionBody, 'connection_id'>> & {
  readonly organization_connection_name?: string | null;
  readonly organization_access_level?: OrganizationAccessLevel | null;
  readonly is_enabled?: boolean | null;
};

export const missingConnection = () => managementError(404, 'No connection found by that id');

/** The connection `id` of the tenant. WireError 404. */
export async function requireConnection(ctx: Context, id: string): Promise<Connection> {
  const connection = await connectionsOf(ctx).get(id);
  if (!connection) throw missingConnection();
  return connection;
}

/** The row that lets users of an organization log in with `connection`. WireError 400 when members contradict each other. */
export function newOrganizationConnection(
  ctx: Context,
  organization_id: string,
  connection: Connection,
  given: OrganizationConnectionChange,
): OrganizationConnection {
  const row = {
    id: organizationConnectionKey(organization_id, connection.id),
    organization_id,
    connection_id: connection.id,
    assign_membership_on_login: false,
    show_as_button: true,
    is_enabled: true,
    created_at: isoTime(ctx.clock),
  };
  return withChange(row, connection, given);
}

/** `row` as `change` makes it. WireError 400 as above. */
function withChange(
  row: OrganizationConnection,
  { strategy }: Connection,
  { connection_id: _id, ...change }: OrganizationConnectionChange & { connection_id?: string },
): OrganizationConnection {
  const members = Object.entries({ ...row, ...change, is_enabled: change.is_enabled ?? row.is_enabled });
  const changed = Object.fromEntries(
    members.filter(([, value]) => value !== null),
  ) as unknown as OrganizationConnection;
  if (changed.is_signup_enabled && !(strategy === 'auth0' && changed.assign_membership_on_login)) {
    const text = 'Only database connections with assign_membership_on_login = true support is_signup_enabled = true.';
    throw managementError(400, text, 'invalid_body');
  }
  // Auth0: organizations see the name that they know it by.
  const level = changed.organization_access_level ?? 'none';
  if (level !== 'none' && changed.organization_connection_name === undefined) {
    const text = `organization_connection_name must be set for the organization_access_level ${level}.`;
    throw managementError(400, text, 'invalid_body');
  }
  return changed;
}

/** Lets users of an organization log in with a connection. WireErrors 404, 400, 409 when they can already. */
export async function addOrganizationConnection(
  ctx: Context,
  organizationId: string,
  body: EnabledConnectionBody & OrganizationConnectionChange,
): Promise<OrganizationConnection> {
  const connection = await requireConnection(ctx, body.connection_id);
  try {
    return await organizationConnectionsOf(ctx).insert(
      newOrganizationConnection(ctx, organizationId, connection, body),
    );
  } catch (error) {
    if (!isFailure(error, 'duplicate')) throw error;
    throw managementError(409, 'The organization connection already exists.');
  }
}

/** Changes how users of an organization log in with a connection. WireErrors 404, 400. */
export async function changeOrganizationConnection(
  ctx: Context,
  organizationId: string,
  connectionId: string,
  change: OrganizationConnectionChange,
): Promise<OrganizationConnection> {
  const connection = await requireConnection(ctx, connectionId);
  const key = organizationConnectionKey(organizationId, connectionId);
  const changed = await organizationConnectionsOf(ctx).update(key, (row) => withChange(row, connection, change));
  if (!changed) throw missingConnection();
  return changed;
}

/** A connection of an organization, with the organization's settings for it. */
export interface LoginConnection {
  readonly connection: Connection;
  readonly settings: OrganizationConnection;
}

/** The connections that users of an organization may log in with, in the order in which they were added. */
export async function listLoginConnections(ctx: Context, organization_id: string): Promise<LoginConnection[]> {
  const rows = await organizationConnectionsOf(ctx).list({ where: { organization_id }, orderBy: 'created_at' });
  const enabled = rows.filter(({ is_enabled }) => is_enabled);
  const found = await Promise.all(
    enabled.map(async (settings) => ({ settings, connection: await connectionsOf(ctx).get(settings.connection_id) })),
  );
  return found.filter((one): one is LoginConnection => one.connection !== undefined);
}
