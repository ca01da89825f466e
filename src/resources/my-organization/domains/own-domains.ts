import { type Context, problem } from '../../../kernel/index.ts';
import { type DiscoveryDomain, discoveryDomainsOf, type Organization } from '../../organizations/index.ts';

/**
 * `names` in lower case, all of which the organization has proved to be its own: who says which people a provider speaks for must be the one
 * whose people they are. Problem 400.
 */
export async function requireVerifiedDomains(
  ctx: Context,
  { id }: Organization,
  names: readonly string[],
): Promise<string[]> {
  const wanted = [...new Set(names.map((name) => name.toLowerCase()))];
  const own = await discoveryDomainsOf(ctx).list({ where: { organization_id: id } });
  const verified = new Set(own.filter(({ status }) => status === 'verified').map(({ domain }) => domain));
  const foreign = wanted.find((domain) => !verified.has(domain));
  if (foreign !== undefined)
    throw problem('bad_request', `The domain ${foreign} is not a verified domain of the organization.`);
  return wanted;
}

/** The domain `id` of the organization. Problem 404. */
export async function requireOwnDomain(ctx: Context, organization: Organization, id: string): Promise<DiscoveryDomain> {
  const found = await discoveryDomainsOf(ctx).get(id);
  if (found?.organization_id !== organization.id) throw problem('not_found', 'The organization domain does not exist.');
  return found;
}
