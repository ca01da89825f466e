import type { Context } from '../../kernel/index.ts';
import type { Connection } from '../../resources/connections/index.ts';
import { findUser, passwordCredentialsOf, type User } from '../../resources/users/index.ts';

/** The user of a database whose `identifier` is `recipient` (lower case), where that is unique. */
export async function findDatabaseUser(
  ctx: Context,
  { name }: Connection,
  identifier: 'email' | 'phone_number',
  recipient: string,
): Promise<User | undefined> {
  const credential = await passwordCredentialsOf(ctx).find({ connection: name, [identifier]: recipient });
  return credential && findUser(ctx, credential.user_id);
}
