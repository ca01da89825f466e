import { type Collection, type Context, collection, isFailure, isoTime } from '../../../kernel/index.ts';
import { rolesOf } from '../role.store.ts';

/** A role that a user has: everywhere but in organizations, or in one organization alone. */
export interface RoleAssignment {
  /** `assignmentKey` of the three. */
  readonly id: string;
  readonly role_id: string;
  readonly user_id: string;
  /** The organization, or `tenant`. */
  readonly place: string;
  /** When it was given, and the user: the order in which a role's users are listed. */
  readonly since: string;
}

export const roleAssignmentsCollection = collection<RoleAssignment>({
  name: 'role_assignments',
  key: 'id',
  index: { role_id: 'text', user_id: 'text', place: 'text' },
  beside: { since: 'text' },
});

export function roleAssignmentsOf(ctx: Context): Collection<RoleAssignment> {
  return ctx.store.collection(roleAssignmentsCollection);
}

function assignmentKey(place: string, roleId: string, userId: string): string {
  return `${place}|${roleId}|${userId}`;
}

/** In a transaction: gives the user those of the roles that are there, in `place`. Those that they have there already stay as they are. */
export async function assignRoles(
  ctx: Context,
  user_id: string,
  place: string,
  roleIds: readonly string[],
): Promise<void> {
  const since = `${isoTime(ctx.clock)}|${user_id}`;
  for (const role_id of roleIds) {
    const id = assignmentKey(place, role_id, user_id);
    if ((await roleAssignmentsOf(ctx).get(id)) || !(await rolesOf(ctx).hold(role_id))) continue;
    try {
      await roleAssignmentsOf(ctx).insert({ id, role_id, user_id, place, since });
    } catch (error) {
      if (!isFailure(error, 'duplicate')) throw error;
    }
  }
}

/** Takes the roles from the user in `place`, as far as they have them there. */
export async function withdrawRoles(
  ctx: Context,
  userId: string,
  place: string,
  roleIds: readonly string[],
): Promise<void> {
  for (const roleId of roleIds) await roleAssignmentsOf(ctx).delete(assignmentKey(place, roleId, userId));
}
