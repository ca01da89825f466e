import type { Context } from '../../kernel/index.ts';
import { passwordCredentialsOf } from './credential.store.ts';
import { usersOf } from './user.store.ts';

type Cleanup = (ctx: Context, userId: string) => Promise<unknown>;

const cleanups = new Set<Cleanup>();

/**
 * Has `cleanup` called whenever a user is deleted, inside the transaction that deletes it. For modules that know users but are not
 * known here; registering the same function twice does nothing.
 */
export function onUserDeleted(cleanup: Cleanup): void {
  cleanups.add(cleanup);
}

/** Deletes the user with all that hangs on it. False when there was none. */
export function deleteUser(ctx: Context, userId: string): Promise<boolean> {
  return ctx.store.transaction(async () => {
    await passwordCredentialsOf(ctx).deleteWhere({ user_id: userId });
    for (const cleanup of cleanups) await cleanup(ctx, userId);
    return usersOf(ctx).delete(userId);
  });
}
