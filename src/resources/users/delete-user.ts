import type { Context } from '../../kernel/index.ts';
import type { Connection } from '../connections/index.ts';
import { passwordCredentialsOf } from './credential.store.ts';
import { federatedIdentitiesOf } from './federated-identity.store.ts';
import { usersOf } from './user.store.ts';

type Follower = (ctx: Context, userId: string) => Promise<unknown>;

const afterDeletion = new Set<Follower>();
const afterPasswordChange = new Set<Follower>();

/**
 * Has `follower` called whenever a user is deleted, inside the transaction that deletes it. For modules that know users and so can't
 * be known here; registering the same function twice does nothing.
 */
export function onUserDeleted(follower: Follower): void {
  afterDeletion.add(follower);
}

/** Has `follower` called whenever a password is replaced, inside the transaction that replaces it. */
export function onPasswordChanged(follower: Follower): void {
  afterPasswordChange.add(follower);
}

/** Calls who asked to be called after a change of password. */
export async function followPasswordChange(ctx: Context, userId: string): Promise<void> {
  for (const follower of afterPasswordChange) await follower(ctx, userId);
}

/** Deletes the user with all that hangs on it. False when there was none. */
export function deleteUser(ctx: Context, userId: string): Promise<boolean> {
  return ctx.store.transaction(async () => {
    await passwordCredentialsOf(ctx).deleteWhere({ user_id: userId });
    await federatedIdentitiesOf(ctx).deleteWhere({ user_id: userId });
    for (const follower of afterDeletion) await follower(ctx, userId);
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
    await ctx.store.transaction(async () => {
      for (const { user_id } of some) await deleteUser(ctx, user_id);
    });
  }
}
