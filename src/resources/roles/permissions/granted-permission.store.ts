import { type Collection, type Context, collection, isFailure, isoTime } from '../../../kernel/index.ts';

/** A scope of an API, as callers name it. */
export interface Permission {
  readonly resource_server_identifier: string;
  readonly permission_name: string;
}

/** A permission that a role or a user was given. */
export interface GrantedPermission extends Permission {
  /** `permissionKey` of holder and permission. */
  readonly id: string;
  /** The id of the role or of the user: none looks like the other. */
  readonly holder: string;
  readonly created_at: string;
}

export const grantedPermissionsCollection = collection<GrantedPermission>({
  name: 'granted_permissions',
  key: 'id',
  index: { holder: 'text', resource_server_identifier: 'text' },
  beside: { permission_name: 'text' },
});

export function grantedPermissionsOf(ctx: Context): Collection<GrantedPermission> {
  return ctx.store.collection(grantedPermissionsCollection);
}

/** All three in one key, which makes granting twice one grant. */
function permissionKey(holder: string, { resource_server_identifier: api, permission_name: name }: Permission): string {
  return JSON.stringify([holder, api, name]);
}

/** Gives `holder` the permissions; those that it has already stay as they are. */
export async function grantPermissions(
  ctx: Context,
  holder: string,
  permissions: readonly Permission[],
): Promise<void> {
  const created_at = isoTime(ctx.clock);
  for (const { resource_server_identifier, permission_name } of permissions) {
    const permission = { resource_server_identifier, permission_name };
    const id = permissionKey(holder, permission);
    if (await grantedPermissionsOf(ctx).get(id)) continue;
    try {
      await grantedPermissionsOf(ctx).insert({ id, holder, ...permission, created_at });
    } catch (error) {
      if (!isFailure(error, 'duplicate')) throw error;
    }
  }
}

/** Takes the permissions from `holder`, as far as it has them. */
export async function revokePermissions(
  ctx: Context,
  holder: string,
  permissions: readonly Permission[],
): Promise<void> {
  for (const permission of permissions) await grantedPermissionsOf(ctx).delete(permissionKey(holder, permission));
}
