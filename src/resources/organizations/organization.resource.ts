import {
  type Asked,
  type Context,
  type Endpoint,
  endpoint,
  json,
  managementError,
  optionalText,
  resource,
  Type,
} from '../../kernel/index.ts';
import { setupRulesOf } from '../connections/index.ts';
import { organizationClientKey, organizationClientsOf } from './clients/organization-client.store.ts';
import {
  createBody,
  type OrganizationBody,
  type OrganizationChange,
  organizationShape,
  updateBody,
} from './organization.schema.ts';
import { findOrganizationByName, type Organization, organizationsCollection } from './organization.store.ts';
import {
  createOrganization,
  deleteOrganization,
  MISSING_ORGANIZATION,
  presentOrganization,
  updateOrganization,
} from './organizations.ts';

/** As one organization, and what it says about the client that the caller names. */
async function presentListed(ctx: Context, organization: Organization, { query }: Asked): Promise<object> {
  const client = query.include_client_association_for;
  const named =
    typeof client === 'string'
      ? await organizationClientsOf(ctx).get(organizationClientKey(organization.id, client))
      : undefined;
  const shown = presentOrganization(ctx, organization);
  return named ? { ...shown, client: { use_for_member_access: named.use_for_member_access } } : shown;
}

/** Who sets up connections in the tenant's stead makes no organizations, and enabling connections needs a scope of its own. WireError 403. */
async function create(ctx: Context, body: OrganizationBody, { principal }: Asked): Promise<Organization> {
  if (body.enabled_connections?.length && !principal?.scopes.has(ENABLING))
    throw managementError(403, `Insufficient scope, expected any of: ${ENABLING}`, 'insufficient_scope');
  if (await setupRulesOf(ctx, principal))
    throw managementError(403, 'This client may not make organizations.', 'operation_not_supported');
  return createOrganization(ctx, body);
}

const ENABLING = 'create:organization_connections';
const READ = ['read:organizations', 'read:organizations_summary'];

const base = resource<Organization, OrganizationBody, OrganizationChange>({
  path: '/api/v2/organizations',
  param: 'id',
  tag: 'organizations',
  noun: 'organization',
  collection: organizationsCollection,
  shape: organizationShape,
  missing: MISSING_ORGANIZATION,
  present: presentOrganization,
  list: {
    summary: 'Get organizations',
    scopes: READ,
    key: 'organizations',
    checkpoint: true,
    orderBy: 'created_at',
    descending: true,
    sortable: ['name', 'display_name', 'created_at'],
    filters: {
      include_client_association_for: optionalText(
        'Say of each organization whether its members may log in to this client.',
      ),
    },
    present: presentListed,
  },
  get: { summary: 'Get an organization', scopes: READ },
  create: {
    summary: 'Create an organization',
    scopes: ['create:organizations'],
    body: createBody,
    run: create,
  },
  update: {
    summary: 'Modify an organization',
    scopes: ['update:organizations'],
    body: updateBody,
    run: updateOrganization,
  },
  delete: {
    summary: 'Delete an organization',
    scopes: ['delete:organizations'],
    run: deleteOrganization,
    again: 'missing',
  },
});

const byName = endpoint({
  method: 'GET',
  path: '/api/v2/organizations/name/:name',
  surface: 'management',
  name: 'getOrganizationByName',
  summary: 'Get an organization by name',
  tag: 'organizations',
  scopes: ['read:organizations'],
  params: Type.Object({ name: Type.String({ minLength: 1, maxLength: 50, description: 'Name of the organization.' }) }),
  replies: { 200: organizationShape, 404: 'There is no such organization.' },
  async handle(ctx, { params: { name } }) {
    const organization = await findOrganizationByName(ctx, name.toLowerCase());
    if (!organization) throw managementError(404, MISSING_ORGANIZATION.message);
    return json(200, presentOrganization(ctx, organization));
  },
});

/** `/api/v2/organizations`. */
export const organizationResource: Endpoint[] = [...base, byName];
