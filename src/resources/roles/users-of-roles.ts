import type { User } from '../users/index.ts';

/** A user as lists of people show them. */
export function presentPerson({ user_id, email, picture, name }: Pick<User, 'user_id'> & Partial<User>) {
  return {
    user_id,
    ...(email === undefined ? {} : { email }),
    ...(picture === undefined ? {} : { picture }),
    ...(name === undefined ? {} : { name }),
  };
}
