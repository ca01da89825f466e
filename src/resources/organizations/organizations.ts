import {
  type Context,
  isFailure,
  isoTime,
  type ListInMemory,
  managementError,
  prefixedId,
} from '../../kernel/index.ts';
import { type Client, clientsOf, organizationGrantsOf } from '../clients/index.ts';
import { forgetRolesOfOrganization } from '../roles/index.ts';
import { organizationClientsOf } from './clients/organization-client.store.ts';
import { organizationConnectionsOf } from './connections/organization-connection.store.ts';
import { newOrganizationConnection, requireConnection } from './connections/organization-connections.ts';
import { silenceOwnConnections } from './connections/silence-own.ts';
import { discoveryDomainsOf } from './discovery-domains/discovery-domain.store.ts';
import { invitationsOf } from './invitations/invitation.store.ts';
import { membersOf } from './members/member.store.ts';
import type { OrganizationBody, OrganizationChange } from './organization.schema.ts';
import { findOrganization, type Organization, organizationsOf } from './organization.store.ts';

export const MISSING_ORGANIZATION = { message: 'No organization found by that id or name' } as const;

/** The organization `id`. WireError 404. */
export async function requireOrganization(ctx: Context, id: string): Promise<Organization> {
  const organization = await findOrganization(ctx, id);
  if (!organization) throw managementError(404, MISSING_ORGANIZATION.message);
  return organization;
}

/** Makes an organization. WireErrors: 409 when the name is taken, 404 when one of its connections does not exist. */
export async function createOrganization(ctx: Context, body: OrganizationBody): Promise<Organization> {
  const { enabled_connections = [], ...given } = body;
  const organization = withoutEmpty({
    id: prefixedId(ctx.random, 'org_'),
    ...given,
    created_at: isoTime(ctx.clock),
  });
  const connections = await Promise.all(
    enabled_connections.map(async (one) => {
      const connection = await requireConnection(ctx, one.connection_id);
      return newOrganizationConnection(ctx, organization.id, connection, one);
    }),
  );
  return ctx.store.transaction(async () => {
    const made = await sayingTaken(organizationsOf(ctx).insert(organization));
    for (const row of connections) await organizationConnectionsOf(ctx).put(row);
    return made;
  });
}

/** Changes an organization: members sent replace what was there, `null` and empty metadata remove. WireError 409 as above. */
export async function updateOrganization(
  ctx: Context,
  { id }: Organization,
  change: OrganizationChange,
): Promise<Organization> {
  const work = organizationsOf(ctx).update(id, (current) =>
    withoutEmpty({ ...current, ...change } as OrganizationBody & Organization),
  );
  return (await sayingTaken(work)) ?? requireOrganization(ctx, id);
}

/** Without what was sent as null; metadata without the names that have no value, and not at all without any. */
function withoutEmpty(given: Omit<Organization, 'metadata'> & Pick<OrganizationBody, 'metadata'>): Organization {
  const { metadata, ...rest } = given;
  const texts = Object.entries(metadata ?? {}).filter(([, value]) => value !== null);
  const present = Object.entries(rest).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries([
    ...present,
    ...(texts.length > 0 ? [['metadata', Object.fromEntries(texts)]] : []),
  ]) as unknown as Organization;
}

async function sayingTaken<R>(work: Promise<R>): Promise<R> {
  try {
    return await work;
  } catch (error) {
    if (!isFailure(error, 'duplicate')) throw error;
    throw managementError(409, 'An organization with this name already exists.');
  }
}

/** Deletes an organization with all that is its own; clients lose it as their default. */
export async function deleteOrganization(ctx: Context, { id: organization_id }: Organization): Promise<void> {
  const parts = [membersOf, organizationConnectionsOf, organizationClientsOf, organizationGrantsOf, invitationsOf];
  for (const part of [...parts, discoveryDomainsOf]) await part(ctx).deleteWhere({ organization_id });
  await silenceOwnConnections(ctx, organization_id);
  await forgetRolesOfOrganization(ctx, organization_id);
  for (const { client_id, default_organization } of await clientsOf(ctx).list()) {
    if (default_organization?.organization_id !== organization_id) continue;
    await clientsOf(ctx).update(client_id, ({ default_organization: _gone, ...client }) => client as typeof client);
  }
  await organizationsOf(ctx).delete(organization_id);
}

/** An organization as the wire shows it. */
export function presentOrganization(_ctx: Context, organization: Organization): Omit<Organization, 'created_at'> {
  const { created_at, third_party_client_access = 'block', is_app_entitlement_active = false, ...shown } = organization;
  return { ...shown, third_party_client_access, is_app_entitlement_active };
}

/** A client's default organization must be there. WireError 400. */
export async function requireDefaultOrganization(
  ctx: Context,
  { default_organization: preset }: Partial<Client>,
): Promise<void> {
  if (!preset || (await findOrganization(ctx, preset.organization_id))) return;
  const reason = `default_organization: no organization found by the id ${preset.organization_id}`;
  throw managementError(400, `Payload validation error: '${reason}'.`, 'invalid_body');
}

/** How rows that stand for organizations are listed as these; those of organizations that are gone are left out. */
export function organizationList<R extends { readonly organization_id: string }>(
  ctx: Context,
  idOf: (row: R) => string,
): ListInMemory<R> {
  const show = async ({ organization_id }: R) => {
    const organization = await findOrganization(ctx, organization_id);
    return organization && presentOrganization(ctx, organization);
  };
  return { key: 'organizations', idOf, show };
}
