import { type Context, isFailure, isoTime, managementError, prefixedId } from '../../kernel/index.ts';
import { roleAssignmentsOf } from './assignments/role-assignment.store.ts';
import { grantedPermissionsOf } from './permissions/granted-permission.store.ts';
import { type Role, rolesOf, TENANT } from './role.store.ts';

export const MISSING_ROLE = { message: 'The role does not exist.' } as const;

/** What a caller sends to make a role. */
export interface RoleBody {
  readonly name: string;
  readonly description?: string;
  readonly type?: 'tenant' | 'organization';
  readonly owner_id?: string;
}

export type RoleChange = Partial<Pick<RoleBody, 'name' | 'description'>>;

/** The role `id`. WireError 404. */
export async function requireRole(ctx: Context, id: string): Promise<Role> {
  const role = await rolesOf(ctx).get(id);
  if (!role) throw managementError(404, MISSING_ROLE.message);
  return role;
}

/** The roles that may be given in `place` (`tenant`, or an organization). WireError 404 where one is missing or another organization's. */
export async function requireRoles(ctx: Context, ids: readonly string[], place: string): Promise<void> {
  for (const id of ids) {
    const { owner } = await requireRole(ctx, id);
    if (owner !== TENANT && owner !== place) throw managementError(404, MISSING_ROLE.message);
  }
}

/** Those of `ids` that may still be given in `place`. */
export async function rolesStillThere(ctx: Context, ids: readonly string[], place: string): Promise<string[]> {
  const found = await Promise.all(ids.map((id) => rolesOf(ctx).get(id)));
  return found.flatMap((role) => (role && (role.owner === TENANT || role.owner === place) ? [role.id] : []));
}

type OwnerRule = (ctx: Context, ownerId: string) => Promise<unknown>;
const ownerRules = new Set<OwnerRule>();

/** Has `rule` asked whether there is such an owner; it throws where not. For who knows roles and so can't be known here. */
export function addOwnerRule(rule: OwnerRule): void {
  ownerRules.add(rule);
}

async function ownerOf(ctx: Context, { type = 'tenant', owner_id }: RoleBody): Promise<string> {
  if (type === 'tenant') {
    if (owner_id !== undefined) throw misfit('owner_id is only allowed for roles of type organization');
    return TENANT;
  }
  if (owner_id === undefined) throw misfit('Missing required property: owner_id');
  for (const rule of ownerRules) await rule(ctx, owner_id);
  return owner_id;
}

const misfit = (reason: string) => managementError(400, `Payload validation error: '${reason}'.`, 'invalid_body');

/** Makes a role. WireErrors: 409 when its owner has one of that name, 404 when there is no such owner. */
export async function createRole(ctx: Context, body: RoleBody): Promise<Role> {
  const { name, description } = body;
  return sayingTaken(
    rolesOf(ctx).insert({
      id: prefixedId(ctx.random, 'rol_'),
      name,
      ...(description === undefined ? {} : { description }),
      owner: await ownerOf(ctx, body),
      created_at: isoTime(ctx.clock),
    }),
  );
}

/** Renames or describes a role. WireError 409 as above. */
export async function updateRole(ctx: Context, role: Role, change: RoleChange): Promise<Role> {
  return (await sayingTaken(rolesOf(ctx).update(role.id, (current) => ({ ...current, ...change })))) ?? role;
}

async function sayingTaken<R>(work: Promise<R>): Promise<R> {
  try {
    return await work;
  } catch (error) {
    if (!isFailure(error, 'duplicate')) throw error;
    throw managementError(409, 'The role already exists.');
  }
}

/** Deletes a role; whoever had it has it no more. */
export async function deleteRole(ctx: Context, { id }: Role): Promise<void> {
  await roleAssignmentsOf(ctx).deleteWhere({ role_id: id });
  await grantedPermissionsOf(ctx).deleteWhere({ holder: id });
  await rolesOf(ctx).delete(id);
}

/** A role as the wire shows it. Auth0: without a description it has an empty one, but in the answer to its making. */
export function presentRole({ id, name, description = '', owner }: Role): Readonly<Record<string, unknown>> {
  const kind = owner === TENANT ? { type: 'tenant' } : { type: 'organization', owner_id: owner };
  return { id, name, description, ...kind };
}
