import type { Context } from '../../kernel/index.ts';
import { findClient } from '../clients/index.ts';
import { type Connection, isEnabledFor, listConnectionsForClient } from '../connections/index.ts';
import type { User } from '../users/index.ts';
import { admitsClient } from './clients/organization-client.store.ts';
import type { OrganizationConnection } from './connections/organization-connection.store.ts';
import { listLoginConnections } from './connections/organization-connections.ts';
import { isMember, membersOf } from './members/member.store.ts';
import { findOrganization, type Organization } from './organization.store.ts';

/** A connection that people may log in to a client with. */
export interface UsableConnection {
  readonly connection: Connection;
  /** At an organization: what it says about it. */
  readonly settings?: OrganizationConnection;
}

/**
 * The connections that people may log in to a client with; at an organization those of the client's that are the organization's too, in
 * the organization's order.
 */
export async function listUsableConnections(
  ctx: Context,
  clientId: string,
  organizationId?: string,
): Promise<UsableConnection[]> {
  if (organizationId === undefined)
    return (await listConnectionsForClient(ctx, clientId)).map((connection) => ({ connection }));
  const offered = await listLoginConnections(ctx, organizationId);
  return offered.filter(({ connection }) => isEnabledFor(connection, clientId));
}

/** Somebody who has logged in to a client and is to enter an organization. */
export interface Visitor {
  readonly user: User;
  readonly clientId: string;
  /** Name of the connection that they came by; undefined: their session served, and any of theirs counts. */
  readonly connection: string | undefined;
}

/** May somebody enter? `assign`: by becoming a member now, as the connection has it. */
export type Entry = 'member' | 'assign' | 'no_member' | 'other_connection';

/** How `visitor` may enter the organization, as things are now. */
export async function entryOf(ctx: Context, organizationId: string, visitor: Visitor): Promise<Entry> {
  const { user, clientId, connection } = visitor;
  const names = connection === undefined ? user.identities.map((identity) => identity.connection) : [connection];
  const usable = await listUsableConnections(ctx, clientId, organizationId);
  const used = usable.filter((one) => names.includes(one.connection.name));
  if (used.length === 0) return 'other_connection';
  if (await isMember(ctx, organizationId, user.user_id)) return 'member';
  return used.some(({ settings }) => settings?.assign_membership_on_login) ? 'assign' : 'no_member';
}

/** The organizations that `visitor` belongs to and may enter the way they came, by name. */
export async function listEnterable(ctx: Context, visitor: Visitor): Promise<Organization[]> {
  const client = await findClient(ctx, visitor.clientId);
  const rows = await membersOf(ctx).list({ where: { user_id: visitor.user.user_id } });
  const found = await Promise.all(
    rows.map(async ({ organization_id: id }) => {
      const organization = await findOrganization(ctx, id);
      if (!organization || !client || !(await admitsClient(ctx, organization, client))) return undefined;
      return (await entryOf(ctx, id, visitor)) === 'member' ? organization : undefined;
    }),
  );
  const present = found.filter((organization) => organization !== undefined);
  return present.sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

/** What people call an organization. */
export function nameOf({ display_name, name }: Organization): string {
  return display_name ?? name;
}
