import { type Context, managementError, type WireError } from '../../kernel/index.ts';
import { findUser, type User } from './user.store.ts';

/** 404 of the Management API for a user that there is not. */
export const missingUser = (): WireError => managementError(404, 'The user does not exist.', 'inexistent_user');

/** The user `id`. WireError 404. */
export async function requireUser(ctx: Context, id: string): Promise<User> {
  const user = await findUser(ctx, id);
  if (!user) throw missingUser();
  return user;
}
