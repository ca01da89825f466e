import type { Context } from '../../kernel/index.ts';
import type { ResourceServer } from '../resource-servers/index.ts';
import { roleAssignmentsOf } from './assignments/role-assignment.store.ts';
import { grantedPermissionsOf } from './permissions/granted-permission.store.ts';
import { rolesOf } from './role.store.ts';
import { deleteRole } from './roles.ts';

/** A user who is deleted has no roles and no permissions. */
export async function forgetRolesOfUser(ctx: Context, user_id: string): Promise<void> {
  await roleAssignmentsOf(ctx).deleteWhere({ user_id });
  await grantedPermissionsOf(ctx).deleteWhere({ holder: user_id });
}

/** A member who leaves an organization loses the roles that they had there. */
export async function forgetRolesOfMember(ctx: Context, organizationId: string, user_id: string): Promise<void> {
  await roleAssignmentsOf(ctx).deleteWhere({ user_id, place: organizationId });
}

/** With an organization go its members' roles, and those that were its own. */
export async function forgetRolesOfOrganization(ctx: Context, organizationId: string): Promise<void> {
  await roleAssignmentsOf(ctx).deleteWhere({ place: organizationId });
  for (const role of await rolesOf(ctx).list({ where: { owner: organizationId } })) await deleteRole(ctx, role);
}

/** Nobody keeps permissions that an API does not have any more: one of the same name is another. */
export async function forgetPermissionsOfApi(
  ctx: Context,
  { identifier }: ResourceServer,
  gone: readonly string[] | 'all',
): Promise<void> {
  if (gone !== 'all' && gone.length === 0) return;
  const names = gone === 'all' ? {} : { permission_name: { in: gone } };
  await grantedPermissionsOf(ctx).deleteWhere({ resource_server_identifier: identifier, ...names });
}
