import { type Context, managementError, shapes } from '../../../kernel/index.ts';
import { findResourceServer } from '../../resource-servers/index.ts';
import { roleAssignmentsOf } from '../assignments/role-assignment.store.ts';
import { type Role, rolesOf, TENANT } from '../role.store.ts';
import { type GrantedPermission, grantedPermissionsOf, type Permission } from './granted-permission.store.ts';

const { body, list, record, text } = shapes;

/** The body of calls that give or take permissions. */
export const permissionsBody = body<{ readonly permissions: readonly Permission[] }>(
  {
    permissions: list(
      record(
        {
          resource_server_identifier: text('Resource server (API) identifier that this permission is for.'),
          permission_name: text('Name of this permission.'),
        },
        'A permission.',
        { required: ['resource_server_identifier', 'permission_name'] },
      ),
      'Pairs of resource_server_identifier and permission_name.',
      { minItems: 1 },
    ),
  },
  { required: ['permissions'] },
);

/** Every permission is a scope of an API that exists. WireError 404. */
export async function requirePermissions(ctx: Context, permissions: readonly Permission[]): Promise<void> {
  for (const { resource_server_identifier: api, permission_name: name } of permissions) {
    const server = await findResourceServer(ctx, api);
    if (server?.scopes?.some(({ value }) => value === name)) continue;
    const message = `This permission does not exist: '${api} - ${name}'`;
    throw managementError(404, message, 'inexistent_resource_server_permission');
  }
}

/** Where a permission comes from. */
interface PermissionSource {
  readonly source_id: string;
  readonly source_name: string;
  readonly source_type: 'DIRECT' | 'ROLE';
}

interface ShownPermission extends Permission {
  readonly description: string;
  readonly resource_server_name: string | undefined;
}

/** The permissions as the wire shows them, by name; those whose API or scope is gone are none. */
export async function describePermissions<P extends Permission>(ctx: Context, permissions: readonly P[]) {
  const shown: { readonly source: P; readonly permission: ShownPermission }[] = [];
  for (const one of permissions) {
    const { resource_server_identifier, permission_name } = one;
    const server = await findResourceServer(ctx, resource_server_identifier);
    const scope = server?.scopes?.find(({ value }) => value === permission_name);
    if (!server || !scope) continue;
    const description = scope.description ?? '';
    const permission = {
      permission_name,
      description,
      resource_server_name: server.name,
      resource_server_identifier,
    };
    shown.push({ source: one, permission });
  }
  return shown.sort((one, other) => compareText(orderOf(one.permission), orderOf(other.permission)));
}

const orderOf = (one: Permission) => `${one.permission_name}\n${one.resource_server_identifier}`;
const compareText = (one: string, other: string) => (one < other ? -1 : Number(one > other));

/** The permissions of a role as the wire shows them. */
export async function listRolePermissions(ctx: Context, holder: string): Promise<ShownPermission[]> {
  const granted = await grantedPermissionsOf(ctx).list({ where: { holder } });
  return (await describePermissions(ctx, granted)).map(({ permission }) => permission);
}

/** What a user may do outside organizations, each permission with where it comes from. */
export async function listUserPermissions(ctx: Context, userId: string) {
  const roles = await rolesIn(ctx, userId, TENANT);
  const holders = [userId, ...roles.map(({ id }) => id)];
  const granted = await grantedPermissionsOf(ctx).list({ where: { holder: { in: holders } } });
  const merged = new Map<string, ShownPermission & { sources: PermissionSource[] }>();
  for (const { source, permission } of await describePermissions(ctx, granted)) {
    const key = orderOf(permission);
    const entry = merged.get(key) ?? { ...permission, sources: [] };
    entry.sources.push(sourceOf(source, roles));
    merged.set(key, entry);
  }
  return [...merged.values()];
}

function sourceOf({ holder }: GrantedPermission, roles: readonly Role[]): PermissionSource {
  const role = roles.find(({ id }) => id === holder);
  if (!role) return { source_id: '', source_name: '', source_type: 'DIRECT' };
  return { source_id: role.id, source_name: role.name, source_type: 'ROLE' };
}

/** The roles that the user has in `place` (`tenant`, or an organization), by name. */
export async function rolesIn(ctx: Context, user_id: string, place: string): Promise<Role[]> {
  const assigned = await roleAssignmentsOf(ctx).list({ where: { user_id, place } });
  const found = await Promise.all(assigned.map(({ role_id }) => rolesOf(ctx).get(role_id)));
  return found.filter((role) => role !== undefined).sort((one, other) => compareText(one.name, other.name));
}

/** Whose permissions are asked for, and where. */
export interface PermissionHolder {
  readonly user_id: string;
  /** Of a login to an organization: what the user may do there, and nothing that they may elsewhere. */
  readonly organization_id?: string | undefined;
  /** Roles that they get by this very login. */
  readonly coming?: readonly string[] | undefined;
}

/**
 * The names of the permissions that a user has at an API. Auth0: in an organization only those of the roles that the member has there
 * count, elsewhere those of the user's own roles and those that they were given directly.
 */
export async function permissionsAt(
  ctx: Context,
  resource_server_identifier: string,
  { user_id, organization_id, coming = [] }: PermissionHolder,
): Promise<string[]> {
  const place = organization_id ?? TENANT;
  const assigned = await roleAssignmentsOf(ctx).list({ where: { user_id, place } });
  const roleIds = [...assigned.map(({ role_id }) => role_id), ...coming];
  const holders = organization_id === undefined ? [user_id, ...roleIds] : roleIds;
  if (holders.length === 0) return [];
  const where = { holder: { in: holders }, resource_server_identifier };
  const granted = await grantedPermissionsOf(ctx).list({ where });
  return [...new Set(granted.map(({ permission_name }) => permission_name))].sort();
}
