import { type Context, managementError, optionalText, Type } from '../../kernel/index.ts';
import { APP_TYPES } from './client.shapes.ts';
import type { StoredClient } from './client.store.ts';
import { clientGrantsOf } from './client-grant.store.ts';
import { organizationGrantsOf } from './organization-grant.store.ts';

const anyType = `(${APP_TYPES.join('|')})`;

/** Query parameters that narrow the list of clients. */
export const clientFilters = {
  is_global: Type.Optional(Type.Boolean({ description: 'Optional filter on the global client parameter.' })),
  is_first_party: Type.Optional(Type.Boolean({ description: 'Optional filter on first-party clients.' })),
  app_type: Type.Optional(
    Type.String({
      pattern: `^${anyType}(,${anyType})*$`,
      'x-values': APP_TYPES,
      description: 'Optional filter by a comma-separated list of application types.',
    }),
  ),
  external_client_id: Type.Optional(
    Type.String({ minLength: 1, maxLength: 120, description: 'Optional filter by Client ID Metadata Document URI.' }),
  ),
  q: optionalText('client_grant.organization_id:{id} or client_grant.allow_any_organization:true.'),
};

type Query = Readonly<Record<string, unknown>>;

function keepByMembers(query: Query): (client: StoredClient) => boolean {
  const types = typeof query.app_type === 'string' ? query.app_type.split(',') : undefined;
  return (client) =>
    (query.is_global === undefined || (client.global ?? false) === query.is_global) &&
    (query.is_first_party === undefined || client.is_first_party === query.is_first_party) &&
    (types === undefined || types.includes(client.app_type ?? '')) &&
    (query.external_client_id === undefined || client.external_client_id === query.external_client_id);
}

/** The two questions that `q` may ask: clients with a grant for an organization, and those with one for all of them. */
async function clientsGranted(ctx: Context, q: string): Promise<ReadonlySet<string>> {
  const organization_id = /^client_grant\.organization_id:"?(org_[A-Za-z0-9]{16})"?$/.exec(q)?.[1];
  if (organization_id !== undefined) return clientsOfOrganization(ctx, organization_id);
  if (q !== 'client_grant.allow_any_organization:true') {
    throw managementError(
      400,
      `Query validation error: 'The query is not permitted: ${q}' on property q.`,
      'invalid_query_string',
    );
  }
  const grants = (await clientGrantsOf(ctx).list()).filter((grant) => grant.allow_any_organization);
  return new Set(grants.flatMap((grant) => grant.client_id ?? []));
}

async function clientsOfOrganization(ctx: Context, organization_id: string): Promise<ReadonlySet<string>> {
  const associations = await organizationGrantsOf(ctx).list({ where: { organization_id } });
  const grants = await Promise.all(associations.map(({ grant_id }) => clientGrantsOf(ctx).get(grant_id)));
  return new Set(grants.flatMap((grant) => grant?.client_id ?? []));
}

/** The condition that the query sets on clients. WireError 400 when `q` asks what it may not. */
export async function keepClients(query: Query, ctx: Context): Promise<(client: StoredClient) => boolean> {
  const keep = keepByMembers(query);
  if (typeof query.q !== 'string') return keep;
  const granted = await clientsGranted(ctx, query.q);
  return (client) => keep(client) && granted.has(client.client_id);
}
