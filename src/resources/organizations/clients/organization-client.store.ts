import { type Collection, type Context, collection } from '../../../kernel/index.ts';
import type { StoredClient } from '../../clients/index.ts';
import type { Organization } from '../organization.store.ts';

/** An application that an organization says something about. */
export interface OrganizationClient {
  /** `organizationClientKey` of the two. */
  readonly id: string;
  readonly organization_id: string;
  readonly client_id: string;
  /** May members log in to it? */
  readonly use_for_member_access: boolean;
}

export const organizationClientsCollection = collection<OrganizationClient>({
  name: 'organization_clients',
  key: 'id',
  index: { organization_id: 'text', client_id: 'text' },
});

export function organizationClientsOf(ctx: Context): Collection<OrganizationClient> {
  return ctx.store.collection(organizationClientsCollection);
}

/** Both ids in one key. */
export function organizationClientKey(organizationId: string, clientId: string): string {
  return `${organizationId}|${clientId}`;
}

/** Takes an application that is being deleted out of every organization. */
export async function forgetOrganizationsOfClient(ctx: Context, clientId: string): Promise<void> {
  await organizationClientsOf(ctx).deleteWhere({ client_id: clientId });
}

/**
 * May members of the organization log in to the application? Auth0: to all of the operator's own unless access is given one by one, and
 * to those of third parties where the organization wants them. What it says about an application by name goes before that.
 */
export async function admitsClient(
  ctx: Context,
  organization: Organization,
  client: Pick<StoredClient, 'client_id' | 'is_first_party'>,
): Promise<boolean> {
  const isOwn = client.is_first_party !== false;
  const policy = isOwn || organization.third_party_client_access === 'allow';
  if (!organization.is_app_entitlement_active) return policy;
  const named = await organizationClientsOf(ctx).get(organizationClientKey(organization.id, client.client_id));
  return named ? named.use_for_member_access : policy && !isOwn;
}
