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

/**
 * Was `identifier` attached to a user who has proved another one, and never proved itself? It may be a stranger's, by mistake or to lure
 * them into this account: whoever proves it now is not let in (docs/decisions/0042).
 */
export function isMereClaim(user: User, identifier: 'email' | 'phone_number'): boolean {
  return identifier === 'email'
    ? !user.email_verified && user.phone_verified === true
    : !user.phone_verified && user.email_verified === true;
}
