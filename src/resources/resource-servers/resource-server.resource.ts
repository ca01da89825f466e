import { type Context, type Endpoint, resource, Type } from '../../kernel/index.ts';
import { createResourceServerBody, resourceServerAnswer, updateResourceServerBody } from './resource-server.schema.ts';
import {
  findResourceServer,
  type ResourceServer,
  resourceServersCollection,
  resourceServersOf,
} from './resource-server.store.ts';
import {
  createResourceServer,
  presentResourceServer,
  type ResourceServerBody,
  updateResourceServer,
} from './resource-servers.ts';

/** What every part of `/api/v2/resource-servers` shares; deleting stands in `removal`, since grants hang on APIs. */
export const resourceServerResource = {
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

/** APIs are known by id or by (percent-encoded) identifier. */
async function findByIdOrIdentifier(ctx: Context, id: string): Promise<ResourceServer | undefined> {
  return (await resourceServersOf(ctx).get(id)) ?? findResourceServer(ctx, id);
}

const FIELDS = [
  'id',
  'name',
  'identifier',
  'is_system',
  'scopes',
  'signing_alg',
  'signing_secret',
  'allow_offline_access',
  'allow_online_access',
  'allow_online_access_with_ephemeral_sessions',
  'skip_consent_for_verifiable_first_party_clients',
  'token_lifetime',
  'token_lifetime_for_web',
  'token_dialect',
  'enforce_policies',
  'token_encryption',
  'consent_policy',
  'authorization_details',
  'proof_of_possession',
  'subject_type_authorization',
  'authorization_policy',
];

const identifiers = Type.Optional(
  Type.Array(Type.String({ minLength: 1 }), { maxItems: 10, description: 'Only APIs with these identifiers.' }),
);

/** `/api/v2/resource-servers`, except for deleting. */
export const resourceServerEndpoints: Endpoint[] = resource<
  ResourceServer,
  ResourceServerBody,
  Partial<ResourceServerBody>
>({
  ...resourceServerResource,
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
});
