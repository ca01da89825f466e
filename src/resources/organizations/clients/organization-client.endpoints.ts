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
import { findClient, requireClient } from '../../clients/index.ts';
import { organizationParam } from '../organization-param.ts';
import { requireOrganization } from '../organizations.ts';
import { type OrganizationClient, organizationClientKey, organizationClientsOf } from './organization-client.store.ts';

const { body, flag, list, record, text } = shapes;

const path = '/api/v2/organizations/:id/clients';
const about = { tag: 'organizations', surface: 'management' } as const;
const inOrganization = { ...about, path, params: Type.Object(organizationParam) };
const ofOne = {
  ...about,
  path: `${path}/:client_id`,
  params: Type.Object({ ...organizationParam, client_id: Type.String({ description: 'ID of the client.' }) }),
};
/** What is told of an application, where it says it. */
const SHOWN = ['name', 'app_type', 'logo_uri', 'is_first_party', 'grant_types', 'organization_usage'] as const;
/** Auth0: an organization names no more applications than these. */
const MOST = 100;

const access = flag('Whether members may log in to it.');
const clientId = text('ID of the client.', { format: 'client-id' });
const shown = Type.Unknown({ description: 'The application and whether members may log in to it.' });

async function present(ctx: Context, { client_id, use_for_member_access }: OrganizationClient) {
  const found = await findClient(ctx, client_id);
  const client = found && Object.fromEntries(SHOWN.map((name) => [name, found[name]]));
  return { client_id, use_for_member_access, ...(client ? { client } : {}) };
}

async function requireRow(ctx: Context, organizationId: string, id: string): Promise<OrganizationClient> {
  await requireOrganization(ctx, organizationId);
  const row = await organizationClientsOf(ctx).get(organizationClientKey(organizationId, id));
  if (!row) throw managementError(404, 'No client found by that id');
  return row;
}

const listClients = endpoint({
  ...inOrganization,
  method: 'GET',
  name: 'listOrganizationClients',
  summary: 'Get the applications that an organization names',
  scopes: ['read:organization_clients'],
  query: closed(checkpoint),
  replies: { 200: Type.Object({ clients: Type.Array(shown), next: Type.Optional(Type.String()) }) },
  async handle(ctx, { params: { id }, query, url }) {
    await requireOrganization(ctx, id);
    const rows = await organizationClientsOf(ctx).list({ where: { organization_id: id } });
    const list = {
      key: 'clients',
      idOf: (row: OrganizationClient) => row.client_id,
      show: (row: OrganizationClient) => present(ctx, row),
    };
    return answerListInMemory(rows, list, checkpointed(query), url);
  },
});

type Named = { readonly client_id: string; readonly use_for_member_access?: boolean };

const addClients = managementWrite({
  ...inOrganization,
  method: 'POST',
  name: 'addOrganizationClients',
  summary: 'Name applications for an organization',
  scopes: ['create:organization_clients'],
  body: body<{ readonly clients: readonly Named[] }>(
    {
      clients: list(
        record({ client_id: clientId, use_for_member_access: access }, 'An application.', { required: ['client_id'] }),
        'Applications.',
        { minItems: 1 },
      ),
    },
    { required: ['clients'] },
  ),
  replies: { 201: Type.Array(shown) },
  async handle(ctx, { params: { id: organization_id }, body: { clients } }) {
    await requireOrganization(ctx, organization_id);
    for (const { client_id } of clients) await requireClient(ctx, client_id);
    const rows = clients.map(({ client_id, use_for_member_access = false }) => {
      const id = organizationClientKey(organization_id, client_id);
      return { id, organization_id, client_id, use_for_member_access };
    });
    await ctx.store.transaction(async () => {
      for (const row of rows) await organizationClientsOf(ctx).put(row);
      if ((await organizationClientsOf(ctx).count({ organization_id })) > MOST)
        throw managementError(400, `An organization can have at most ${MOST} clients.`, 'too_many_records');
    });
    return json(201, await Promise.all(rows.map((row) => present(ctx, row))));
  },
});

const removeClients = managementWrite({
  ...inOrganization,
  method: 'DELETE',
  name: 'removeOrganizationClients',
  summary: 'Name applications no more for an organization',
  scopes: ['delete:organization_clients'],
  body: body<{ readonly clients: readonly string[] }>(
    { clients: list(clientId, 'IDs of clients.', { minItems: 1 }) },
    { required: ['clients'] },
  ),
  replies: { 204: 'They are not named.' },
  async handle(ctx, { params: { id }, body: { clients } }) {
    await requireOrganization(ctx, id);
    await ctx.store.transaction(async () => {
      for (const client of clients) await organizationClientsOf(ctx).delete(organizationClientKey(id, client));
    });
    return empty(204);
  },
});

const getClient = endpoint({
  ...ofOne,
  method: 'GET',
  name: 'getOrganizationClient',
  summary: 'Get an application that an organization names',
  scopes: ['read:organization_clients'],
  replies: { 200: shown, 404: 'The organization does not name it.' },
  async handle(ctx, { params: { id, client_id } }) {
    return json(200, await present(ctx, await requireRow(ctx, id, client_id)));
  },
});

const updateClient = managementWrite({
  ...ofOne,
  method: 'PATCH',
  name: 'updateOrganizationClient',
  summary: 'Change what an organization says about an application',
  scopes: ['update:organization_clients'],
  body: body<Pick<Named, 'use_for_member_access'>>({ use_for_member_access: access }),
  replies: { 200: shown, 404: 'The organization does not name it.' },
  async handle(ctx, { params: { id, client_id }, body: sent }) {
    const row = await requireRow(ctx, id, client_id);
    const changed = await organizationClientsOf(ctx).update(row.id, (current) => ({ ...current, ...sent }));
    return json(200, await present(ctx, changed ?? row));
  },
});

/** `/api/v2/organizations/{id}/clients`. */
export const organizationClientEndpoints: Endpoint[] = [
  listClients,
  addClients,
  removeClients,
  getClient,
  updateClient,
];
