import {
  answerListInMemory,
  type Context,
  checkpoint,
  checkpointed,
  closed,
  type Endpoint,
  empty,
  endpoint,
  json,
  managementError,
  managementWrite,
  shapes,
  Type,
} from '../../../kernel/index.ts';
import { silenceOwnConnections } from '../connections/silence-own.ts';
import { organizationParam } from '../organization-param.ts';
import { requireOrganization } from '../organizations.ts';
import { type DiscoveryDomain, discoveryDomainsOf } from './discovery-domain.store.ts';
import { addDiscoveryDomain, type NewDiscoveryDomain } from './discovery-domains.ts';

const { answer, body, choice, flag, text } = shapes;

const path = '/api/v2/organizations/:id/discovery-domains';
const about = { tag: 'organizations', surface: 'management' } as const;
const params = Type.Object({
  ...organizationParam,
  discovery_domain_id: Type.String({ description: 'ID of the discovery domain.' }),
});

const settings = {
  status: choice(['pending', 'verified'], 'Whether the domain is known to be the organization’s.'),
  use_for_organization_discovery: flag('Whether people find their organization by it.'),
};

const shape = answer({
  id: text('ID of the discovery domain.'),
  domain: text('The domain.'),
  ...settings,
  verification_host: text('Where the TXT record is to be.'),
  verification_txt: text('What it is to say.'),
});

function present({ organization_id, ...shown }: DiscoveryDomain): Omit<DiscoveryDomain, 'organization_id'> {
  return shown;
}

const missingDomain = () => managementError(404, 'No organization domain found by that id');

async function requireDomain(ctx: Context, organizationId: string, id: string): Promise<DiscoveryDomain> {
  await requireOrganization(ctx, organizationId);
  const row = await discoveryDomainsOf(ctx).get(id);
  if (row?.organization_id !== organizationId) throw missingDomain();
  return row;
}

const listDomains = endpoint({
  ...about,
  method: 'GET',
  path,
  name: 'listOrganizationDiscoveryDomains',
  summary: 'Get the discovery domains of an organization',
  scopes: ['read:organization_discovery_domains'],
  params: Type.Object(organizationParam),
  query: closed(checkpoint),
  replies: { 200: Type.Object({ domains: Type.Array(shape), next: Type.Optional(Type.String()) }) },
  async handle(ctx, { params: { id }, query, url }) {
    await requireOrganization(ctx, id);
    const rows = await discoveryDomainsOf(ctx).list({ where: { organization_id: id } });
    const list = { key: 'domains', idOf: (row: DiscoveryDomain) => row.id, show: present };
    return answerListInMemory(rows, list, checkpointed(query), url);
  },
});

const create = managementWrite({
  ...about,
  method: 'POST',
  path,
  name: 'createOrganizationDiscoveryDomain',
  summary: 'Add a discovery domain to an organization',
  scopes: ['create:organization_discovery_domains'],
  params: Type.Object(organizationParam),
  body: body<NewDiscoveryDomain>(
    { domain: text('The domain.', { minLength: 3, maxLength: 255 }), ...settings },
    { required: ['domain'] },
  ),
  replies: { 201: shape },
  async handle(ctx, { params: { id: organization_id }, body: sent }) {
    await requireOrganization(ctx, organization_id);
    return json(201, present(await addDiscoveryDomain(ctx, organization_id, sent)));
  },
});

const byName = endpoint({
  ...about,
  method: 'GET',
  path: `${path}/name/:discovery_domain`,
  name: 'getOrganizationDiscoveryDomainByName',
  summary: 'Get a discovery domain of an organization by its name',
  scopes: ['read:organization_discovery_domains'],
  params: Type.Object({ ...organizationParam, discovery_domain: Type.String({ description: 'The domain.' }) }),
  replies: { 200: shape, 404: 'The organization has no such domain.' },
  async handle(ctx, { params: { id, discovery_domain } }) {
    await requireOrganization(ctx, id);
    const where = { organization_id: id, domain: discovery_domain.toLowerCase() };
    const row = await discoveryDomainsOf(ctx).find(where);
    if (!row) throw missingDomain();
    return json(200, present(row));
  },
});

const get = endpoint({
  ...about,
  method: 'GET',
  path: `${path}/:discovery_domain_id`,
  name: 'getOrganizationDiscoveryDomain',
  summary: 'Get a discovery domain of an organization',
  scopes: ['read:organization_discovery_domains'],
  params,
  replies: { 200: shape, 404: 'The organization has no such domain.' },
  async handle(ctx, { params: { id, discovery_domain_id } }) {
    return json(200, present(await requireDomain(ctx, id, discovery_domain_id)));
  },
});

const update = managementWrite({
  ...about,
  method: 'PATCH',
  path: `${path}/:discovery_domain_id`,
  name: 'updateOrganizationDiscoveryDomain',
  summary: 'Change a discovery domain of an organization',
  scopes: ['update:organization_discovery_domains'],
  params,
  body: body<Partial<DiscoveryDomain>>(settings),
  replies: { 200: shape, 404: 'The organization has no such domain.' },
  async handle(ctx, { params: { id, discovery_domain_id }, body: sent }) {
    const row = await requireDomain(ctx, id, discovery_domain_id);
    const changed = await discoveryDomainsOf(ctx).update(row.id, (current) => ({ ...current, ...sent }));
    if (!changed) throw missingDomain();
    if (changed.status !== 'verified') await silenceOwnConnections(ctx, id, { domain: changed.domain });
    return json(200, present(changed));
  },
});

const remove = managementWrite({
  ...about,
  method: 'DELETE',
  path: `${path}/:discovery_domain_id`,
  name: 'deleteOrganizationDiscoveryDomain',
  summary: 'Delete a discovery domain of an organization',
  scopes: ['delete:organization_discovery_domains'],
  params,
  replies: { 204: 'Gone.' },
  async handle(ctx, { params: { id, discovery_domain_id } }) {
    const row = await requireDomain(ctx, id, discovery_domain_id);
    await silenceOwnConnections(ctx, id, { domain: row.domain });
    await discoveryDomainsOf(ctx).delete(row.id);
    return empty(204);
  },
});

/** `/api/v2/organizations/{id}/discovery-domains`. */
export const discoveryDomainEndpoints: Endpoint[] = [listDomains, create, byName, get, update, remove];
