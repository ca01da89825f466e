import type { User } from './user.store.ts';

/**
 * Was what was issued at `iat` (whole seconds) there before the user's password was changed? What has no time counts as older, and what
 * was issued in the very second as newer: nobody must be refused what they got with the new password.
 */
export function predatesPassword(iat: unknown, { last_password_reset }: Pick<User, 'last_password_reset'>): boolean {
  if (last_password_reset === undefined) return false;
  return typeof iat !== 'number' || (iat + 1) * 1000 <= Date.parse(last_password_reset);
}
