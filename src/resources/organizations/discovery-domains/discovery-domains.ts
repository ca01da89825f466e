import { type Context, isFailure, managementError, prefixedId } from '../../../kernel/index.ts';
import { type DiscoveryDomain, discoveryDomainsOf } from './discovery-domain.store.ts';

export interface NewDiscoveryDomain {
  readonly domain: string;
  readonly status?: DiscoveryDomain['status'];
  readonly use_for_organization_discovery?: boolean;
}

const DOMAIN = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/** Notes a domain of an organization, pending unless told otherwise. WireErrors: 400 for what is no domain, 409 where it has it already. */
export async function addDiscoveryDomain(
  ctx: Context,
  organization_id: string,
  sent: NewDiscoveryDomain,
): Promise<DiscoveryDomain> {
  const domain = sent.domain.toLowerCase();
  if (!DOMAIN.test(domain)) {
    const text = `Payload validation error: 'Invalid domain: ${domain}' on property domain.`;
    throw managementError(400, text, 'invalid_body');
  }
  return insertDomain(ctx, {
    id: prefixedId(ctx.random, 'ord_', 22),
    organization_id,
    domain,
    status: sent.status ?? 'pending',
    verification_host: `_ss-verification.${organization_id}.${domain}`,
    verification_txt: ctx.random.bytes(16).toString('hex'),
    use_for_organization_discovery: sent.use_for_organization_discovery ?? true,
  });
}

async function insertDomain(ctx: Context, row: DiscoveryDomain): Promise<DiscoveryDomain> {
  try {
    return await discoveryDomainsOf(ctx).insert(row);
  } catch (error) {
    if (!isFailure(error, 'duplicate')) throw error;
    const message = 'An organization discovery domain with this domain is already registered to this organization.';
    throw managementError(409, message);
  }
}
