import {
  answerListInMemory,
  type Context,
  checkpoint,
  closed,
  type Endpoint,
  empty,
  endpoint,
  fieldSelection,
  managementError,
  managementWrite,
  paging,
  selectFields,
  shapes,
  Type,
} from '../../../kernel/index.ts';
import {
  giveRoles,
  presentPerson,
  requireRoles,
  roleAssignmentsOf,
  rolePage,
  rolesBody,
  takeRoles,
} from '../../roles/index.ts';
import { findUser } from '../../users/index.ts';
import { requireOrganization } from '../organizations.ts';
import { isMember } from './member.store.ts';

const about = {
  tag: 'organizations',
  path: '/api/v2/organizations/:id/members/:user_id/roles',
  params: Type.Object({
    id: Type.String({ description: 'ID of the organization.' }),
    user_id: Type.String({ description: 'ID of the member.' }),
  }),
} as const;

const memberRoles = rolesBody(shapes.text('A role.', { format: 'role-id' }));

/** Roles of an organization are for its members. WireError 404. */
async function requireMembership(ctx: Context, organizationId: string, userId: string): Promise<void> {
  await requireOrganization(ctx, organizationId);
  if (await isMember(ctx, organizationId, userId)) return;
  throw managementError(404, 'No member found by that id');
}

const listRoles = endpoint({
  ...about,
  method: 'GET',
  surface: 'management',
  name: 'listOrganizationMemberRoles',
  summary: 'Get the roles of a member of an organization',
  scopes: ['read:organization_member_roles'],
  query: closed(paging),
  replies: { 200: Type.Unknown({ description: 'The list, bare or with totals.' }) },
  async handle(ctx, { params: { id, user_id }, query, url }) {
    await requireOrganization(ctx, id);
    return rolePage(ctx, { user_id, place: id }, query, url);
  },
});

const addRoles = managementWrite({
  ...about,
  method: 'POST',
  name: 'addOrganizationMemberRoles',
  summary: 'Give roles to a member of an organization',
  scopes: ['create:organization_member_roles'],
  body: memberRoles,
  replies: { 204: 'The member has the roles.' },
  async handle(ctx, { params: { id, user_id }, body: { roles } }) {
    await requireMembership(ctx, id, user_id);
    await giveRoles(ctx, { user_id, place: id }, roles);
    return empty(204);
  },
});

const removeRoles = managementWrite({
  ...about,
  method: 'DELETE',
  name: 'removeOrganizationMemberRoles',
  summary: 'Take roles from a member of an organization',
  scopes: ['delete:organization_member_roles'],
  body: memberRoles,
  replies: { 204: 'The member does not have the roles.' },
  async handle(ctx, { params: { id, user_id }, body: { roles } }) {
    await requireOrganization(ctx, id);
    await takeRoles(ctx, { user_id, place: id }, roles);
    return empty(204);
  },
});

const membersOfRole = endpoint({
  method: 'GET',
  path: '/api/v2/organizations/:id/roles/:role_id/members',
  surface: 'management',
  tag: 'organizations',
  name: 'listOrganizationRoleMembers',
  summary: 'Get the members of an organization who have a role',
  scopes: ['read:organization_member_roles'],
  params: Type.Object({
    id: Type.String({ description: 'ID of the organization.' }),
    role_id: Type.String({ description: 'ID of the role.' }),
  }),
  query: closed({ ...paging, ...checkpoint, ...fieldSelection(['user_id', 'email', 'picture', 'name']) }),
  replies: { 200: Type.Unknown({ description: 'The list, bare or with totals or the next checkpoint.' }) },
  async handle(ctx, { params: { id, role_id }, query, url }) {
    await requireOrganization(ctx, id);
    await requireRoles(ctx, [role_id], id);
    const rows = await roleAssignmentsOf(ctx).list({ where: { role_id, place: id }, orderBy: 'since' });
    const show = async ({ user_id }: { readonly user_id: string }) => {
      const user = await findUser(ctx, user_id);
      return user && selectFields(presentPerson(user), query.fields, query.include_fields);
    };
    return answerListInMemory(rows, { key: 'members', idOf: (row) => row.since, show }, query, url);
  },
});

/** `/api/v2/organizations/{id}/members/{user_id}/roles` and `/api/v2/organizations/{id}/roles/{role_id}/members`. */
export const memberRoleEndpoints: Endpoint[] = [listRoles, addRoles, removeRoles, membersOfRole];
