import { type Context, type Endpoint, managementError, resource, Type } from '../../kernel/index.ts';
import { forgetClientGrants } from '../clients/index.ts';
import { followScopesGone } from './followers.ts';
import { createResourceServerBody, resourceServerAnswer, updateResourceServerBody } from './resource-server.schema.ts';
import {
  findResourceServer,
  type ResourceServer,
  resourceServersCollection,
  resourceServersOf,
} from './resource-server.store.ts';
import { resourceServerProperties } from './resource-server-properties.rows.ts';
import {
  createResourceServer,
  managementAudience,
  presentResourceServer,
  type ResourceServerBody,
  updateResourceServer,
} from './resource-servers.ts';

const shared = {
  path: '/api/v2/resource-servers',
  param: 'id',
  tag: 'resource-servers',
  noun: 'resource server',
  collection: resourceServersCollection,
  shape: resourceServerAnswer,
  missing: { message: 'The resource server does not exist', errorCode: 'inexistent_resource_server' },
  find: findByIdOrIdentifier,
  present: (ctx: Context, server: ResourceServer) => presentResourceServer(ctx, server),
} as const;

/** APIs are known by id or by identifier, which may be percent-encoded twice: Terraform's data source sends it so. */
async function findByIdOrIdentifier(ctx: Context, id: string): Promise<ResourceServer | undefined> {
  const found = (await resourceServersOf(ctx).get(id)) ?? (await findResourceServer(ctx, id));
  if (found || !id.includes('%')) return found;
  const decoded = decodeOnce(id);
  return decoded === undefined ? undefined : findResourceServer(ctx, decoded);
}

function decodeOnce(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** `fields` may name every property. */
const FIELDS = resourceServerProperties.map(({ name }) => name);

const identifiers = Type.Optional(
  Type.Array(Type.String({ minLength: 1 }), { maxItems: 10, description: 'Only APIs with these identifiers.' }),
);

/** Deletes an API with the grants, permissions, consents and refresh tokens for it. WireError 400 for the Management API. */
async function deleteResourceServer(ctx: Context, server: ResourceServer): Promise<void> {
  if (server.identifier === managementAudience(ctx)) {
    throw managementError(400, 'The Management API cannot be deleted.', 'operation_not_supported');
  }
  await forgetClientGrants(ctx, { audience: server.identifier });
  await followScopesGone(ctx, server, 'all');
  await resourceServersOf(ctx).delete(server.id);
}

/** `/api/v2/resource-servers`. */
export const resourceServerEndpoints: Endpoint[] = resource<
  ResourceServer,
  ResourceServerBody,
  Partial<ResourceServerBody>
>({
  ...shared,
  fields: FIELDS,
  list: {
    summary: 'Get resource servers',
    scopes: ['read:resource_servers'],
    key: 'resource_servers',
    filters: { identifiers },
    where: (query) => (query.identifiers ? { identifier: { in: query.identifiers as string[] } } : {}),
  },
  create: {
    summary: 'Create a resource server',
    scopes: ['create:resource_servers'],
    body: createResourceServerBody,
    run: createResourceServer,
  },
  get: { summary: 'Get a resource server', scopes: ['read:resource_servers'] },
  update: {
    summary: 'Update a resource server',
    scopes: ['update:resource_servers'],
    body: updateResourceServerBody,
    run: updateResourceServer,
  },
  delete: {
    summary: 'Delete a resource server',
    scopes: ['delete:resource_servers'],
    run: deleteResourceServer,
  },
});
