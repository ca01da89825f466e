import type { Context } from '../../kernel/index.ts';
import { passwordCredentialsOf } from './credential.store.ts';
import type { User } from './user.store.ts';

/**
 * May it still be that a stranger set up how this user logs in? Nobody has proved an address, or it was proved without a sign that the
 * same person chose the password (docs/decisions/0042).
 */
export async function isUnclaimed(ctx: Context, user: User): Promise<boolean> {
  if (!user.email_verified && !user.phone_verified) return true;
  const credentials = await passwordCredentialsOf(ctx).list({ where: { user_id: user.user_id } });
  return credentials.some((credential) => credential.unclaimed);
}

/** Notes that an address of the user was proved by somebody who may not be the one who chose the password. */
export async function noteUnclaimed(ctx: Context, userId: string): Promise<void> {
  for (const { id } of await passwordCredentialsOf(ctx).list({ where: { user_id: userId } }))
    await passwordCredentialsOf(ctx).update(id, (credential) => ({ ...credential, unclaimed: true }));
}
