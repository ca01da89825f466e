import { type Context, isoTime } from '../../kernel/index.ts';
import { type User, usersOf } from '../../resources/users/index.ts';

/** Whoever reads what is sent to an address has proved that it is theirs, as long as it still is. */
export async function noteProof(
  ctx: Context,
  user: User,
  identifier: 'email' | 'phone_number',
  recipient: string,
): Promise<void> {
  const flag = identifier === 'email' ? 'email_verified' : 'phone_verified';
  await usersOf(ctx).update(user.user_id, (stored) =>
    stored[identifier] !== recipient || stored[flag]
      ? undefined
      : { ...stored, [flag]: true, updated_at: isoTime(ctx.clock) },
  );
}
