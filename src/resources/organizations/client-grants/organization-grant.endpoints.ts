import {
  answerListInMemory,
  type Context,
  checkpoint,
  closed,
  type Endpoint,
  empty,
  endpoint,
  isFailure,
  json,
  managementError,
  managementWrite,
  optionalText,
  paging,
  shapes,
  Type,
} from '../../../kernel/index.ts';
import { type ClientGrant, clientGrantsOf, organizationGrantKey, organizationGrantsOf } from '../../clients/index.ts';
import { organizationParam } from '../organization-param.ts';
import { organizationList, requireOrganization } from '../organizations.ts';

const { body, text } = shapes;

const path = '/api/v2/organizations/:id/client-grants';
const about = { tag: 'organizations', surface: 'management' } as const;

const missingGrant = () => managementError(404, 'The grant does not exist.', 'inexistent_client_grant');

async function grantsOf(ctx: Context, organization_id: string): Promise<ClientGrant[]> {
  const associations = await organizationGrantsOf(ctx).list({ where: { organization_id } });
  const found = await Promise.all(associations.map(({ grant_id }) => clientGrantsOf(ctx).get(grant_id)));
  return found.filter((grant) => grant !== undefined);
}

const listGrants = endpoint({
  ...about,
  method: 'GET',
  path,
  name: 'listOrganizationClientGrants',
  summary: 'Get the client grants of an organization',
  scopes: ['read:organization_client_grants'],
  params: Type.Object(organizationParam),
  query: closed({
    ...paging,
    audience: Type.Optional(Type.String({ maxLength: 600, description: 'Optional filter on audience.' })),
    client_id: optionalText('Optional filter on client_id.'),
    grant_ids: Type.Optional(Type.Array(Type.String(), { description: 'Only grants with these ids.' })),
  }),
  replies: { 200: Type.Unknown({ description: 'The list, bare or with totals.' }) },
  async handle(ctx, { params: { id }, query, url }) {
    await requireOrganization(ctx, id);
    const { audience, client_id, grant_ids } = query;
    const grants = (await grantsOf(ctx, id)).filter(
      (grant) =>
        (audience === undefined || grant.audience === audience) &&
        (client_id === undefined || grant.client_id === client_id) &&
        (grant_ids === undefined || grant_ids.includes(grant.id)),
    );
    const list = { key: 'client_grants', idOf: ({ id }: ClientGrant) => id, show: (grant: ClientGrant) => grant };
    return answerListInMemory(grants, list, query, url);
  },
});

/** A client may be given an organization only by a grant that allows organizations. */
function requireOrganizationUse(grant: ClientGrant): void {
  if ((grant.organization_usage ?? 'deny') !== 'deny') return;
  const message = 'The client grant must have organization_usage allow or require to be added to an organization.';
  throw managementError(400, message, 'invalid_body');
}

const addGrant = managementWrite({
  ...about,
  method: 'POST',
  path,
  name: 'addOrganizationClientGrant',
  summary: 'Associate a client grant with an organization',
  scopes: ['create:organization_client_grants'],
  params: Type.Object(organizationParam),
  body: body<{ readonly grant_id: string }>(
    { grant_id: text('ID of the client grant.', { format: 'client-grant-id' }) },
    { required: ['grant_id'] },
  ),
  replies: { 201: Type.Unknown({ description: 'The grant.' }) },
  async handle(ctx, { params: { id: organization_id }, body: { grant_id } }) {
    await requireOrganization(ctx, organization_id);
    const grant = await clientGrantsOf(ctx).get(grant_id);
    if (!grant) throw missingGrant();
    requireOrganizationUse(grant);
    try {
      const id = organizationGrantKey(organization_id, grant_id);
      await organizationGrantsOf(ctx).insert({ id, organization_id, grant_id });
    } catch (error) {
      if (!isFailure(error, 'duplicate')) throw error;
      throw managementError(409, 'The client grant has already been added to this organization.');
    }
    return json(201, { grant_id, ...grant });
  },
});

const removeGrant = managementWrite({
  ...about,
  method: 'DELETE',
  path: `${path}/:grant_id`,
  name: 'removeOrganizationClientGrant',
  summary: 'Remove a client grant from an organization',
  scopes: ['delete:organization_client_grants'],
  params: Type.Object({ ...organizationParam, grant_id: Type.String({ description: 'ID of the client grant.' }) }),
  replies: { 204: 'Removed.' },
  async handle(ctx, { params: { id, grant_id } }) {
    await requireOrganization(ctx, id);
    await organizationGrantsOf(ctx).delete(organizationGrantKey(id, grant_id));
    return empty(204);
  },
});

const listOrganizations = endpoint({
  ...about,
  method: 'GET',
  path: '/api/v2/client-grants/:id/organizations',
  name: 'listClientGrantOrganizations',
  summary: 'Get the organizations of a client grant',
  scopes: ['read:organization_client_grants'],
  params: Type.Object({ id: Type.String({ description: 'ID of the client grant.' }) }),
  query: closed({ ...paging, ...checkpoint }),
  replies: { 200: Type.Unknown({ description: 'The list, bare or with totals or the next checkpoint.' }) },
  async handle(ctx, { params: { id: grant_id }, query, url }) {
    if (!(await clientGrantsOf(ctx).get(grant_id))) throw missingGrant();
    const rows = await organizationGrantsOf(ctx).list({ where: { grant_id } });
    return answerListInMemory(
      rows,
      organizationList(ctx, (row) => row.organization_id),
      query,
      url,
    );
  },
});

/** `/api/v2/organizations/{id}/client-grants` and `/api/v2/client-grants/{id}/organizations`. */
export const organizationGrantEndpoints: Endpoint[] = [listGrants, addGrant, removeGrant, listOrganizations];
