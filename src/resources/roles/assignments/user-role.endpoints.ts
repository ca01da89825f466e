import {
  answerListInMemory,
  type Context,
  closed,
  type Endpoint,
  empty,
  endpoint,
  managementWrite,
  type PageQuery,
  paging,
  type Reply,
  shapes,
  type TSchema,
  Type,
} from '../../../kernel/index.ts';
import { requireUser } from '../../users/index.ts';
import { rolesIn } from '../permissions/permissions.ts';
import { TENANT } from '../role.store.ts';
import { presentRole, requireRoles } from '../roles.ts';
import { assignRoles, withdrawRoles } from './role-assignment.store.ts';

const { body, list, text } = shapes;

/** The body of calls that give roles to somebody, or take them. */
export function rolesBody(role: TSchema = text('A role.', { minLength: 1 })) {
  return body<{ readonly roles: readonly string[] }>(
    { roles: list(role, 'IDs of the roles.', { minItems: 1 }) },
    { required: ['roles'] },
  );
}

interface Whose {
  readonly user_id: string;
  readonly place: string;
}

/** A page of the roles that a user has in `place`. */
export async function rolePage(ctx: Context, { user_id, place }: Whose, query: PageQuery, url: URL): Promise<Reply> {
  const roles = await rolesIn(ctx, user_id, place);
  return answerListInMemory(roles, { key: 'roles', idOf: ({ id }) => id, show: presentRole }, query, url);
}

/** Gives the user roles in `place`. WireError 404 when one of them is none. */
export async function giveRoles(ctx: Context, { user_id, place }: Whose, roles: readonly string[]): Promise<void> {
  await requireRoles(ctx, roles, place);
  await ctx.store.transaction(() => assignRoles(ctx, user_id, place, roles));
}

/** Takes the roles from the user in `place`, as far as they have them there. */
export async function takeRoles(ctx: Context, { user_id, place }: Whose, roles: readonly string[]): Promise<void> {
  await ctx.store.transaction(() => withdrawRoles(ctx, user_id, place, roles));
}

const about = {
  tag: 'users',
  path: '/api/v2/users/:id/roles',
  params: Type.Object({ id: Type.String({ description: 'ID of the user.' }) }),
} as const;

const listRoles = endpoint({
  ...about,
  method: 'GET',
  surface: 'management',
  name: 'listUserRoles',
  summary: 'Get the roles of a user',
  scopes: ['read:users', 'read:roles', 'read:role_members'],
  query: closed(paging),
  replies: { 200: Type.Unknown({ description: 'The list, bare or with totals.' }) },
  async handle(ctx, { params: { id }, query, url }) {
    await requireUser(ctx, id);
    return rolePage(ctx, { user_id: id, place: TENANT }, query, url);
  },
});

const addRoles = managementWrite({
  ...about,
  method: 'POST',
  name: 'addUserRoles',
  summary: 'Give roles to a user',
  scopes: ['update:users', 'create:role_members'],
  body: rolesBody(),
  replies: { 204: 'The user has the roles.' },
  async handle(ctx, { params: { id }, body: { roles } }) {
    await requireUser(ctx, id);
    await giveRoles(ctx, { user_id: id, place: TENANT }, roles);
    return empty(204);
  },
});

const removeRoles = managementWrite({
  ...about,
  method: 'DELETE',
  name: 'removeUserRoles',
  summary: 'Take roles from a user',
  scopes: ['update:users', 'delete:role_members'],
  body: rolesBody(),
  replies: { 204: 'The user does not have the roles.' },
  async handle(ctx, { params: { id }, body: { roles } }) {
    await takeRoles(ctx, { user_id: id, place: TENANT }, roles);
    return empty(204);
  },
});

/** `/api/v2/users/{id}/roles`. */
export const userRoleEndpoints: Endpoint[] = [listRoles, addRoles, removeRoles];
