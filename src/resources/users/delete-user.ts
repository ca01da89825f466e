import type { Context } from '../../kernel/index.ts';
import type { Connection } from '../connections/index.ts';
import { passwordCredentialsOf } from './credential.store.ts';
import { federatedIdentitiesOf } from './federated-identity.store.ts';
import { follow } from './followers.ts';
import { lockUser } from './lock-user.ts';
import { usersOf } from './user.store.ts';

/** Deletes the user with all that hangs on it. False when there was none. */
export function deleteUser(ctx: Context, userId: string): Promise<boolean> {
  return ctx.store.transaction(async () => {
    // Whoever is writing something for the user is waited for, and that goes too.
    await lockUser(ctx, userId);
    await passwordCredentialsOf(ctx).deleteWhere({ user_id: userId });
    await federatedIdentitiesOf(ctx).deleteWhere({ user_id: userId });
    await follow(ctx, 'deleted', userId);
    return usersOf(ctx).delete(userId);
  });
}

const BATCH = 100;

/** Deletes all users of `connection`, some at a time so that nobody else waits long. For the deletion of the connection. */
export async function deleteUsersOfConnection(ctx: Context, connection: Connection): Promise<void> {
  for (;;) {
    const query = { where: { connection: connection.name }, limit: BATCH };
    const proofs = [passwordCredentialsOf(ctx).list(query), federatedIdentitiesOf(ctx).list(query)];
    const some = (await Promise.all<readonly { user_id: string }[]>(proofs)).flat();
    if (some.length === 0) return;
    await ctx.store.serially(async () => {
      for (const { user_id } of some) await deleteUser(ctx, user_id);
    });
  }
}
