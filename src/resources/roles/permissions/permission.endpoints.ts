import {
  answerListInMemory,
  type Context,
  closed,
  type Endpoint,
  empty,
  endpoint,
  json,
  managementWrite,
  type PageQuery,
  paging,
  type Reply,
  Type,
} from '../../../kernel/index.ts';
import { requireUser } from '../../users/index.ts';
import { requireRole } from '../roles.ts';
import { grantPermissions, type Permission, revokePermissions } from './granted-permission.store.ts';
import { listRolePermissions, listUserPermissions, permissionsBody, requirePermissions } from './permissions.ts';

interface Holders {
  readonly tag: 'roles' | 'users';
  readonly noun: string;
  readonly name: string;
  readonly require: (ctx: Context, id: string) => Promise<unknown>;
  readonly list: (ctx: Context, id: string) => Promise<Permission[]>;
  readonly scopes: { readonly read: readonly string[]; readonly update: readonly string[] };
}

const ROLES: Holders = {
  tag: 'roles',
  noun: 'a role',
  name: 'Role',
  require: requireRole,
  list: listRolePermissions,
  scopes: { read: ['read:roles'], update: ['update:roles'] },
};

const USERS: Holders = {
  tag: 'users',
  noun: 'a user',
  name: 'User',
  require: requireUser,
  list: listUserPermissions,
  scopes: { read: ['read:users'], update: ['update:users'] },
};

function page(permissions: readonly Permission[], query: PageQuery, url: URL): Promise<Reply> {
  const show = (permission: Permission) => permission;
  return answerListInMemory(permissions, { key: 'permissions', idOf: () => '', show }, query, url);
}

const aboutOf = ({ tag, noun }: Holders) => ({
  tag,
  path: `/api/v2/${tag}/:id/permissions`,
  params: Type.Object({ id: Type.String({ description: `ID of ${noun}.` }) }),
});

function listEndpoint(holders: Holders): Endpoint {
  return endpoint({
    ...aboutOf(holders),
    method: 'GET',
    surface: 'management',
    name: `list${holders.name}Permissions`,
    summary: `Get the permissions of ${holders.noun}`,
    scopes: holders.scopes.read,
    query: closed(paging),
    replies: { 200: Type.Unknown({ description: 'The list, bare or with totals.' }) },
    async handle(ctx, { params: { id }, query, url }) {
      await holders.require(ctx, id);
      return page(await holders.list(ctx, id), query, url);
    },
  });
}

function addEndpoint(holders: Holders): Endpoint {
  return managementWrite({
    ...aboutOf(holders),
    method: 'POST',
    name: `add${holders.name}Permissions`,
    summary: `Give permissions to ${holders.noun}`,
    scopes: holders.scopes.update,
    body: permissionsBody,
    replies: { 201: Type.Object({}) },
    async handle(ctx, { params: { id }, body: { permissions } }) {
      await holders.require(ctx, id);
      await requirePermissions(ctx, permissions);
      await ctx.store.transaction(() => grantPermissions(ctx, id, permissions));
      return json(201, {});
    },
  });
}

function removeEndpoint(holders: Holders): Endpoint {
  return managementWrite({
    ...aboutOf(holders),
    method: 'DELETE',
    name: `remove${holders.name}Permissions`,
    summary: `Take permissions from ${holders.noun}`,
    scopes: holders.scopes.update,
    body: permissionsBody,
    replies: { 204: 'They are gone.' },
    async handle(ctx, { params: { id }, body: { permissions } }) {
      await holders.require(ctx, id);
      await ctx.store.transaction(() => revokePermissions(ctx, id, permissions));
      return empty(204);
    },
  });
}

/** `/api/v2/roles/{id}/permissions` and `/api/v2/users/{id}/permissions`. */
export const permissionEndpoints: Endpoint[] = [ROLES, USERS].flatMap((holders) => [
  listEndpoint(holders),
  addEndpoint(holders),
  removeEndpoint(holders),
]);
