import type { Context } from '../kernel/index.ts';
import { usersOf } from '../resources/users/index.ts';

/** In a transaction: makes everybody else who changes this user's factors wait until it ends. */
export async function lockUser(ctx: Context, userId: string): Promise<void> {
  await usersOf(ctx).update(userId, () => undefined);
}
