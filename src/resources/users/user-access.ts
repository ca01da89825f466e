import { managementError, type Principal } from '../../kernel/index.ts';
import type { UserChange } from './user.schema.ts';

const mismatch = () =>
  managementError(403, 'User to be acted on does not match subject in bearer token.', 'insufficient_scope');

/**
 * Scopes that end in `current_user…` are for tokens of users, about themselves. WireError 403 when the caller has none of `whole` and
 * is not the user `userId`.
 */
export function requireSelfUnless(principal: Principal | undefined, whole: readonly string[], userId: string): void {
  if (whole.some((scope) => principal?.scopes.has(scope)) || principal?.subject === userId) return;
  throw mismatch();
}

/** WireError 403 unless the caller may change what `change` touches. */
export function requireChangeAllowed(principal: Principal | undefined, userId: string, change: UserChange): void {
  const scopes = principal?.scopes ?? new Set();
  if (scopes.has('update:users')) return;
  const touched = Object.keys(change);
  const appOnly = touched.every((member) => member === 'app_metadata');
  if (scopes.has('update:users_app_metadata') && appOnly) return;
  const ownOnly = touched.every((member) => member === 'user_metadata');
  if (scopes.has('update:current_user_metadata') && ownOnly && principal?.subject === userId) return;
  throw managementError(403, 'Insufficient scope, expected any of: update:users', 'insufficient_scope');
}
