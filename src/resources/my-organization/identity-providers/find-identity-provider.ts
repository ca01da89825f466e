import { type Context, problem } from '../../../kernel/index.ts';
import { type Connection, connectionsOf } from '../../connections/index.ts';
import {
  findOrganizationConnection,
  type OrganizationAccessLevel,
  type OrganizationConnection,
  organizationConnectionsOf,
} from '../../organizations/index.ts';
import type { Visit } from '../visit.ts';
import { ORGANIZATION_STRATEGIES } from './provider-options.ts';

/** A connection that an organization may see, with what the organization says of it. */
export interface IdentityProvider {
  readonly connection: Connection;
  readonly settings: OrganizationConnection;
  readonly level: Exclude<OrganizationAccessLevel, 'none'>;
}

function seen(connection: Connection | undefined, settings: OrganizationConnection): IdentityProvider | undefined {
  const level = settings.organization_access_level ?? 'none';
  if (!connection || level === 'none' || !ORGANIZATION_STRATEGIES.has(connection.strategy)) return undefined;
  return { connection, settings, level };
}

/** The identity providers of the organization, in the order in which they were added. */
export async function listIdentityProviders(ctx: Context, { organization }: Visit): Promise<IdentityProvider[]> {
  const where = { organization_id: organization.id };
  const rows = await organizationConnectionsOf(ctx).list({ where, orderBy: 'created_at' });
  const found = await Promise.all(rows.map(async (row) => seen(await connectionsOf(ctx).get(row.connection_id), row)));
  return found.filter((one) => one !== undefined);
}

/** The identity provider `id` of the organization. Problem 404, also where the organization may not know of it. */
export async function requireIdentityProvider(
  ctx: Context,
  { organization }: Visit,
  id: string,
): Promise<IdentityProvider> {
  const row = await findOrganizationConnection(ctx, organization.id, id);
  const found = row && seen(await connectionsOf(ctx).get(id), row);
  if (!found) throw problem('not_found', 'The IdP does not exist.');
  return found;
}

const ORDER = ['readonly', 'limited', 'full'];

/** The organization may change that much of the identity provider. Problem 403. */
export function requireLevel({ level }: IdentityProvider, wanted: 'limited' | 'full'): void {
  if (ORDER.indexOf(level) >= ORDER.indexOf(wanted)) return;
  throw problem('forbidden', `The access level of the identity provider is ${level}; this needs ${wanted}.`);
}

/**
 * What is done to the connection itself must touch nobody else: no other organization has it, and it is not the whole tenant's. Problem 403.
 */
export async function requireSole(ctx: Context, { connection, settings }: IdentityProvider): Promise<void> {
  const rows = await organizationConnectionsOf(ctx).list({ where: { connection_id: connection.id } });
  const isShared = connection.is_domain_connection || rows.some((row) => row.id !== settings.id);
  if (isShared) throw problem('forbidden', 'Others use the identity provider, too; contact the tenant admin.');
}
