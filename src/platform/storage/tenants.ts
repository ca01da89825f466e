import { collection, type Store, type Tenant } from '../../kernel/index.ts';

/** A host name that leads to a tenant. The first registered one is the tenant's own; others are custom domains or aliases. */
export interface Domain {
  /** `login.example.com`, `localhost:3000`: as the Host header has it, lower-case. */
  readonly host: string;
  /** Public URL without trailing slash: `https://login.example.com`. */
  readonly url: string;
  readonly tenant_id: string;
  readonly canonical: boolean;
}

export const tenantsCollection = collection<Tenant>({
  name: 'tenants',
  key: 'id',
  index: { name: 'text' },
  unique: [['name']],
  cached: true,
});
export const domainsCollection = collection<Domain>({
  name: 'domains',
  key: 'host',
  index: { tenant_id: 'text' },
  cached: true,
});

export interface Resolved {
  readonly tenant: Tenant;
  readonly domain: Domain;
  readonly canonical: Domain;
}

/** Auth0: in front of a domain, where its clients with certificates go. It is no domain of its own, and never an issuer. */
export const MTLS_ALIAS = 'mtls.';

/** The tenant that `host` (Host header) leads to, or undefined. Answered from memory. */
export async function resolveHost(system: Store, host: string): Promise<Resolved | undefined> {
  const domains = system.collection(domainsCollection);
  const name = host.toLowerCase();
  const aliased = name.startsWith(MTLS_ALIAS) ? name.slice(MTLS_ALIAS.length) : undefined;
  const domain = (await domains.get(name)) ?? (aliased && (await domains.get(aliased)));
  if (!domain) return undefined;
  const tenant = await system.collection(tenantsCollection).get(domain.tenant_id);
  const all = await domains.list({ where: { tenant_id: domain.tenant_id } });
  return tenant && { tenant, domain, canonical: all.find((candidate) => candidate.canonical) ?? domain };
}
