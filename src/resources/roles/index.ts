/**
 * Roles: sets of permissions, who was given them (everywhere, or as a member of one organization), the permissions that users have
 * without a role, and `/api/v2/roles`. What permissions mean for a token is decided in `oauth`. The roles of members are called for
 * by `organizations`, which this does not know.
 */
import type { Endpoint } from '../../kernel/index.ts';
import { roleUserEndpoints } from './assignments/role-user.endpoints.ts';
import { userRoleEndpoints } from './assignments/user-role.endpoints.ts';
import { permissionEndpoints } from './permissions/permission.endpoints.ts';
import { roleResource } from './role.resource.ts';

export { assignRoles, roleAssignmentsCollection, roleAssignmentsOf } from './assignments/role-assignment.store.ts';
export { giveRoles, rolePage, rolesBody, takeRoles } from './assignments/user-role.endpoints.ts';
export {
  forgetPermissionsOfApi,
  forgetRolesOfMember,
  forgetRolesOfOrganization,
  forgetRolesOfUser,
} from './forget.ts';
export { grantedPermissionsCollection, grantPermissions } from './permissions/granted-permission.store.ts';
export { type PermissionHolder, permissionsAt, rolesIn } from './permissions/permissions.ts';
export { type Role, rolesCollection, TENANT } from './role.store.ts';
export { addOwnerRule, createRole, presentRole, requireRole, requireRoles, rolesStillThere } from './roles.ts';
export { presentPerson } from './users-of-roles.ts';

export const roleEndpoints: Endpoint[] = [
  ...roleResource,
  ...roleUserEndpoints,
  ...userRoleEndpoints,
  ...permissionEndpoints,
];
