import { type Collection, type Context, collection, isFailure, isoTime } from '../../../kernel/index.ts';
import { forgetRolesOfMember } from '../../roles/index.ts';
import { lockUser } from '../../users/index.ts';
import { organizationsOf } from '../organization.store.ts';

/** A user who belongs to an organization. */
export interface Member {
  /** `memberKey` of the two. */
  readonly id: string;
  readonly organization_id: string;
  readonly user_id: string;
  readonly created_at: string;
}

export const membersCollection = collection<Member>({
  name: 'organization_members',
  key: 'id',
  index: { organization_id: 'text', user_id: 'text', created_at: 'text' },
});

export function membersOf(ctx: Context): Collection<Member> {
  return ctx.store.collection(membersCollection);
}

/** Both ids in one key: whether somebody is a member is one lookup. */
function memberKey(organizationId: string, userId: string): string {
  return `${organizationId}|${userId}`;
}

/** Does the user belong to the organization now? */
export async function isMember(ctx: Context, organizationId: string, userId: string): Promise<boolean> {
  return (await membersOf(ctx).get(memberKey(organizationId, userId))) !== undefined;
}

/** In a transaction: makes the user a member, without roles. True when they were none before, and both are there. */
export async function addMember(ctx: Context, organization_id: string, user_id: string): Promise<boolean> {
  const id = memberKey(organization_id, user_id);
  if (await membersOf(ctx).get(id)) return false;
  if (!(await lockUser(ctx, user_id)) || !(await organizationsOf(ctx).hold(organization_id))) return false;
  // Given by somebody while the membership before was ended.
  await forgetRolesOfMember(ctx, organization_id, user_id);
  try {
    await membersOf(ctx).insert({ id, organization_id, user_id, created_at: isoTime(ctx.clock) });
    return true;
  } catch (error) {
    if (!isFailure(error, 'duplicate')) throw error;
    return false;
  }
}

/** Ends a membership, and with it the roles of the member. True when there was one. */
export async function removeMember(ctx: Context, organizationId: string, userId: string): Promise<boolean> {
  await forgetRolesOfMember(ctx, organizationId, userId);
  return membersOf(ctx).delete(memberKey(organizationId, userId));
}

/** Ends all memberships of a user. */
export async function forgetMembershipsOf(ctx: Context, userId: string): Promise<void> {
  await membersOf(ctx).deleteWhere({ user_id: userId });
}
