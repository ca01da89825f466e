import { type Context, fail, isoTime } from '../../kernel/index.ts';
import { hashPassword } from '../../platform/crypto/index.ts';
import { databaseRules, findConnectionByName, type PasswordRules } from '../connections/index.ts';
import { type PasswordCredential, passwordCredentialsOf } from './credential.store.ts';
import { follow } from './followers.ts';
import { requireAcceptablePassword, requireNewPassword } from './passwords/policy.ts';
import { findUser, type User, usersOf } from './user.store.ts';

function hashesOf({ password_hash, earlier_hashes = [] }: PasswordCredential): string[] {
  return [...(password_hash ? [password_hash] : []), ...earlier_hashes.map(({ hash }) => hash)];
}

function withPassword(credential: PasswordCredential, hash: string, now: string, kept: number): PasswordCredential {
  const { password_hash: replaced, earlier_hashes = [], unclaimed: _claimed, ...rest } = credential;
  const earlier = [...(replaced ? [{ hash: replaced, replaced_at: now }] : []), ...earlier_hashes].slice(0, kept);
  return {
    ...rest,
    password_hash: hash,
    password_set_at: now,
    ...(earlier.length > 0 ? { earlier_hashes: earlier } : {}),
  };
}

/** A password that was found good and hashed, ready to be written. */
export interface PreparedPassword {
  readonly credentialId: string;
  readonly userId: string;
  readonly hash: string;
  readonly history: number;
}

/**
 * Checks `password` against the policy of the user's connection and hashes it; nothing is written. `connection` picks the identity where
 * a user has several. Failures connection_not_found (no database identity) and password_*.
 */
export async function preparePassword(
  ctx: Context,
  user: User,
  password: string,
  connection?: string,
): Promise<PreparedPassword> {
  const where = { user_id: user.user_id, ...(connection ? { connection } : {}) };
  const candidates = await passwordCredentialsOf(ctx).list({ where });
  for (const credential of candidates) {
    const found = await findConnectionByName(ctx, credential.connection);
    if (found?.strategy !== 'auth0') continue;
    const rules: PasswordRules = databaseRules(found).password;
    requireAcceptablePassword(rules, { ...user }, password);
    await requireNewPassword(rules, password, hashesOf(credential));
    const hash = await hashPassword(password, ctx.random);
    return { credentialId: credential.id, userId: user.user_id, hash, history: rules.history };
  }
  return fail('connection_not_found', {}, `${user.user_id} has no database identity`);
}

/** Writes a prepared password, in the current transaction when there is one. `changes` go into the user's profile with it. */
export async function storePassword(ctx: Context, prepared: PreparedPassword, changes: Partial<User> = {}) {
  const now = isoTime(ctx.clock);
  await ctx.store.transaction(async () => {
    await passwordCredentialsOf(ctx).update(prepared.credentialId, (credential) =>
      withPassword(credential, prepared.hash, now, prepared.history),
    );
    await usersOf(ctx).update(prepared.userId, (user) => ({
      ...user,
      ...changes,
      last_password_reset: now,
      updated_at: now,
    }));
    await follow(ctx, 'password_changed', prepared.userId);
  });
}

/** Gives the user `userId` a new password. Failures password_*, connection_not_found when there is no such database user. */
export async function changePassword(ctx: Context, userId: string, newPassword: string): Promise<void> {
  const user = await findUser(ctx, userId);
  if (!user) fail('connection_not_found', {}, `no user ${userId}`);
  await storePassword(ctx, await preparePassword(ctx, user, newPassword));
}

/**
 * Takes the user's passwords away, and with them all that was begun with them: sessions, refresh tokens, pending logins. What was issued
 * before counts as older than the password. To be called inside a transaction.
 */
export async function removePasswords(ctx: Context, userId: string): Promise<void> {
  for (const { id } of await passwordCredentialsOf(ctx).list({ where: { user_id: userId } })) {
    await passwordCredentialsOf(ctx).update(id, (credential) => {
      const { password_hash: _hash, password_set_at: _at, earlier_hashes: _earlier, ...rest } = credential;
      const { unclaimed: _claimed, ...identifiers } = rest;
      return identifiers;
    });
  }
  const last_password_reset = isoTime(ctx.clock);
  await usersOf(ctx).update(userId, (user) => ({ ...user, last_password_reset }));
  await follow(ctx, 'password_changed', userId);
}
