import type { Context } from '../../kernel/index.ts';
import { usersOf } from './user.store.ts';

/**
 * In a transaction: makes everybody else who changes or deletes this user, or what is the user's, wait until it ends. False when there is
 * no such user.
 */
export async function lockUser(ctx: Context, userId: string): Promise<boolean> {
  return (await usersOf(ctx).update(userId, () => undefined)) !== undefined;
}
