import { answerListInMemory, checkpointed, closed, empty, json, problem, Type } from '../../../kernel/index.ts';
import {
  addDiscoveryDomain,
  type DiscoveryDomain,
  discoveryDomainsOf,
  silenceOwnConnections,
} from '../../organizations/index.ts';
import { dropDomain } from '../identity-providers/domain-aliases.ts';
import { listIdentityProviders } from '../identity-providers/find-identity-provider.ts';
import { requireScope } from '../my-organization-guard.ts';
import { organizationCall } from '../organization-call.ts';
import { requireOwnDomain } from './own-domains.ts';
import { verifyDomain } from './verify-domain.ts';

const MOST_TAKEN = 100;
/** Auth0's limit. */
const MOST = 100;

const shape = Type.Object(
  { id: Type.String(), org_id: Type.String(), domain: Type.String(), status: Type.String() },
  { additionalProperties: true },
);
const params = Type.Object({ domain_id: Type.String({ description: 'Organization domain identifier.' }) });

function present({
  id,
  organization_id,
  domain,
  status,
  verification_txt,
  verification_host,
}: DiscoveryDomain): object {
  return { id, org_id: organization_id, domain, status, verification_txt, verification_host };
}

const list = organizationCall({
  about: 'domain',
  method: 'GET',
  path: '/domains',
  name: 'listMyOrganizationDomains',
  summary: 'Get the domains of the organization',
  scopes: ['read:my_org:domains'],
  query: closed({
    from: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'Cursor to start after.' })),
    take: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_TAKEN, description: 'Number of results per page.' })),
  }),
  replies: { 200: Type.Object({ organization_domains: Type.Array(shape), next: Type.Optional(Type.String()) }) },
  async handle(ctx, { organization }, { query, url }) {
    const rows = await discoveryDomainsOf(ctx).list({ where: { organization_id: organization.id } });
    const list = { key: 'organization_domains', idOf: ({ id }: DiscoveryDomain) => id, show: present };
    return answerListInMemory(rows, list, checkpointed(query), url);
  },
});

const create = organizationCall({
  about: 'domain',
  method: 'POST',
  path: '/domains',
  name: 'createMyOrganizationDomain',
  summary: 'Add a domain to the organization',
  scopes: ['create:my_org:domains'],
  body: closed({ domain: Type.String({ minLength: 3, maxLength: 255, description: 'Domain name.' }) }),
  replies: { 201: shape },
  async handle(ctx, { organization }, { body: { domain } }) {
    const count = await discoveryDomainsOf(ctx).count({ organization_id: organization.id });
    if (count >= MOST) throw problem('bad_request', `The organization has ${MOST} domains, the most there may be.`);
    return json(201, present(await addDiscoveryDomain(ctx, organization.id, { domain })));
  },
});

const get = organizationCall({
  about: 'domain',
  method: 'GET',
  path: '/domains/:domain_id',
  name: 'getMyOrganizationDomain',
  summary: 'Get a domain of the organization',
  scopes: ['read:my_org:domains'],
  params,
  replies: { 200: shape },
  async handle(ctx, { organization }, { params: { domain_id } }) {
    return json(200, present(await requireOwnDomain(ctx, organization, domain_id)));
  },
});

const verify = organizationCall({
  about: 'domain',
  method: 'POST',
  path: '/domains/:domain_id/verify',
  name: 'verifyMyOrganizationDomain',
  summary: 'Look whether the domain is the organization’s',
  scopes: ['update:my_org:domains'],
  params,
  apart: true,
  replies: { 202: shape },
  async handle(ctx, { organization }, { params: { domain_id } }) {
    const domain = await requireOwnDomain(ctx, organization, domain_id);
    return json(202, present(await verifyDomain(ctx, domain)));
  },
});

const remove = organizationCall({
  about: 'domain',
  method: 'DELETE',
  path: '/domains/:domain_id',
  name: 'deleteMyOrganizationDomain',
  summary: 'Delete a domain of the organization',
  scopes: ['delete:my_org:domains'],
  params,
  replies: { 204: 'Gone; no identity provider of the organization speaks for it any more.' },
  async handle(ctx, visit, { params: { domain_id } }) {
    const { id, domain } = await requireOwnDomain(ctx, visit.organization, domain_id);
    await ctx.store.transaction(async () => {
      await dropDomain(ctx, visit, domain);
      await silenceOwnConnections(ctx, visit.organization.id, { domain });
      await discoveryDomainsOf(ctx).delete(id);
    });
    return empty(204);
  },
});

const identityProviders = organizationCall({
  about: 'domain',
  method: 'GET',
  path: '/domains/:domain_id/identity-providers',
  name: 'listMyOrganizationDomainIdentityProviders',
  summary: 'Get the identity providers that speak for a domain',
  scopes: ['read:my_org:domains'],
  params,
  replies: { 200: Type.Object({ identity_providers: Type.Array(Type.Unknown()) }) },
  async handle(ctx, visit, { params: { domain_id } }) {
    requireScope(visit.principal, 'read:my_org:identity_providers');
    const { domain } = await requireOwnDomain(ctx, visit.organization, domain_id);
    const all = await listIdentityProviders(ctx, visit);
    const speaking = all.filter(({ connection }) =>
      ((connection.options.domain_aliases ?? []) as readonly string[]).includes(domain),
    );
    const shown = speaking.map(({ connection, settings }) => ({
      id: connection.id,
      name: settings.organization_connection_name ?? connection.name,
      display_name: connection.display_name ?? connection.name,
    }));
    return json(200, { identity_providers: shown });
  },
});

/** `/my-org/domains` */
export const domainEndpoints = [...list, ...create, ...get, ...verify, ...remove, ...identityProviders];
