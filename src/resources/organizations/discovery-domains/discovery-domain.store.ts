import { type Collection, type Context, collection } from '../../../kernel/index.ts';
import { findOrganization, type Organization } from '../organization.store.ts';

/** A domain of mail addresses by which people find their organization. */
export interface DiscoveryDomain {
  readonly id: string;
  readonly organization_id: string;
  /** In lower case. */
  readonly domain: string;
  readonly status: 'pending' | 'verified';
  readonly verification_host: string;
  readonly verification_txt: string;
  readonly use_for_organization_discovery: boolean;
}

export const discoveryDomainsCollection = collection<DiscoveryDomain>({
  name: 'organization_discovery_domains',
  key: 'id',
  index: { organization_id: 'text', domain: 'text' },
  unique: [['organization_id', 'domain']],
});

export function discoveryDomainsOf(ctx: Context): Collection<DiscoveryDomain> {
  return ctx.store.collection(discoveryDomainsCollection);
}

/** The organizations whose people have mail addresses like this one. */
export async function discoverOrganizations(ctx: Context, email: string): Promise<Organization[]> {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  const rows = await discoveryDomainsOf(ctx).list({ where: { domain } });
  const usable = rows.filter((row) => row.status === 'verified' && row.use_for_organization_discovery);
  const found = await Promise.all(usable.map((row) => findOrganization(ctx, row.organization_id)));
  return found.filter((organization) => organization !== undefined);
}
