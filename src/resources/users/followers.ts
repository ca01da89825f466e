import type { Context } from '../../kernel/index.ts';

type Follower = (ctx: Context, userId: string) => Promise<unknown>;

/** What happens to users, and who wants to be called then. */
const followers = {
  deleted: new Set<Follower>(),
  password_changed: new Set<Follower>(),
  email_changed: new Set<Follower>(),
  blocked: new Set<Follower>(),
} as const;

/**
 * Has `follower` called whenever a user is deleted, inside the transaction that deletes it. For modules that know users and so can't
 * be known here; registering the same function twice does nothing.
 */
export function onUserDeleted(follower: Follower): void {
  followers.deleted.add(follower);
}

/** The same whenever a password is replaced. */
export function onPasswordChanged(follower: Follower): void {
  followers.password_changed.add(follower);
}

/** The same whenever a user gets another e-mail address, or theirs is not proved any more. */
export function onEmailChanged(follower: Follower): void {
  followers.email_changed.add(follower);
}

/** The same whenever an operator blocks a user. */
export function onUserBlocked(follower: Follower): void {
  followers.blocked.add(follower);
}

/** Calls who asked to be called when `event` happens to a user. */
export async function follow(ctx: Context, event: keyof typeof followers, userId: string): Promise<void> {
  for (const follower of followers[event]) await follower(ctx, userId);
}
