import { type Context, managementError } from '../../kernel/index.ts';
import { findUser, type User } from '../users/index.ts';

/** The user `id`. WireError 404. */
export async function requireUser(ctx: Context, id: string): Promise<User> {
  const user = await findUser(ctx, id);
  if (!user) throw managementError(404, 'The user does not exist.', 'inexistent_user');
  return user;
}

/** A user as lists of people show them. */
export function presentPerson({ user_id, email, picture, name }: Pick<User, 'user_id'> & Partial<User>) {
  return {
    user_id,
    ...(email === undefined ? {} : { email }),
    ...(picture === undefined ? {} : { picture }),
    ...(name === undefined ? {} : { name }),
  };
}
