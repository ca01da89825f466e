import {
  type Context,
  checkpoint,
  closed,
  type Endpoint,
  endpoint,
  json,
  listPage,
  managementWrite,
  paging,
  type Slice,
  shapes,
  Type,
} from '../../../kernel/index.ts';
import { findUser, requireUser } from '../../users/index.ts';
import { TENANT } from '../role.store.ts';
import { requireRole, requireRoles } from '../roles.ts';
import { presentPerson } from '../users-of-roles.ts';
import { assignRoles, type RoleAssignment, roleAssignmentsOf } from './role-assignment.store.ts';

const { body, list, text } = shapes;

const about = {
  tag: 'roles',
  path: '/api/v2/roles/:id/users',
  params: Type.Object({ id: Type.String({ description: 'ID of the role.' }) }),
} as const;

function sourceOf(ctx: Context, role_id: string) {
  const where = { role_id, place: TENANT };
  return {
    keyOf: ({ since }: RoleAssignment) => since,
    count: () => roleAssignmentsOf(ctx).count(where),
    select: ({ after, ...slice }: Slice) =>
      roleAssignmentsOf(ctx).list({
        where: { ...where, ...(after ? { since: { gt: after } } : {}) },
        orderBy: 'since',
        ...slice,
      }),
  };
}

const listUsers = endpoint({
  ...about,
  method: 'GET',
  surface: 'management',
  name: 'listRoleUsers',
  summary: 'Get the users of a role',
  scopes: ['read:users', 'read:roles', 'read:role_members'],
  query: closed({ ...paging, ...checkpoint }),
  replies: { 200: Type.Unknown({ description: 'The list, bare or with totals or the next checkpoint.' }) },
  async handle(ctx, { params: { id }, query, url }) {
    await requireRole(ctx, id);
    const { documents, envelope, headers } = await listPage(sourceOf(ctx, id), query, url, 50);
    const found = await Promise.all(documents.map(({ user_id }) => findUser(ctx, user_id)));
    const users = found.flatMap((user) => (user ? [presentPerson(user)] : []));
    return json(200, envelope ? { ...envelope, users } : users, headers);
  },
});

const addUsers = managementWrite({
  ...about,
  method: 'POST',
  name: 'addRoleUsers',
  summary: 'Give a role to users',
  scopes: ['update:roles', 'create:role_members'],
  body: body<{ readonly users: readonly string[] }>(
    { users: list(text('A user.', { format: 'user-id-with-max-length' }), 'IDs of the users.') },
    { required: ['users'] },
  ),
  replies: { 200: Type.Object({}) },
  async handle(ctx, { params: { id }, body: { users } }) {
    await requireRoles(ctx, [id], TENANT);
    for (const user of users) await requireUser(ctx, user);
    await ctx.store.transaction(async () => {
      for (const user of users) await assignRoles(ctx, user, TENANT, [id]);
    });
    return json(200, {});
  },
});

/** `/api/v2/roles/{id}/users`. */
export const roleUserEndpoints: Endpoint[] = [listUsers, addUsers];
