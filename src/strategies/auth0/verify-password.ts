import { type Context, type FailureParams, fail, isFailure, isoTime } from '../../kernel/index.ts';
import { burnPasswordTime, hashPassword, verifyPassword as matches, needsRehash } from '../../platform/crypto/index.ts';
import { type Attempt, countFailure, countSuccess, requireUnblocked } from '../../protection/index.ts';
import {
  type Connection,
  type DatabaseRules,
  databaseRules,
  type Identifier,
} from '../../resources/connections/index.ts';
import {
  findUser,
  isEmail,
  type PasswordCredential,
  passwordCredentialsOf,
  type User,
  usersOf,
} from '../../resources/users/index.ts';

export interface PasswordProof {
  readonly connection: Connection;
  /** E-mail address, username or phone number, as typed. */
  readonly identifier: string;
  readonly password: string;
  readonly client: { readonly client_id: string; readonly name?: string };
  /** The user's address, where a trusted client forwarded it; default: the caller's. */
  readonly ip?: string;
}

/** Which identifier a text reads as, for the words of the error. */
function kindOf(rules: DatabaseRules, identifier: string): FailureParams['wrong_credentials']['identifier'] {
  const { email, username, phone_number } = rules.identifiers;
  if (phone_number.active && /^\+\d+$/.test(identifier.trim())) return 'phone_number';
  if (username.active && !(email.active && isEmail(identifier.trim()))) return 'username';
  return 'email';
}

/** Could `typed` be this kind of identifier? Spares lookups that can find nothing. */
function couldBe(kind: Identifier, typed: string, { username }: DatabaseRules): boolean {
  if (kind === 'email') return typed.includes('@');
  if (kind === 'phone_number') return typed.startsWith('+');
  return username.emails || !isEmail(typed);
}

/** The credential of whoever is known by what was typed, by the identifiers that may sign in, in the connection's order. */
async function findCredential(ctx: Context, proof: PasswordProof, rules: DatabaseRules) {
  const typed = proof.identifier.trim().toLowerCase();
  if (typed === '') return undefined;
  for (const kind of rules.precedence) {
    if (!rules.identifiers[kind].active || !couldBe(kind, typed, rules)) continue;
    const found = await passwordCredentialsOf(ctx).find({ connection: proof.connection.name, [kind]: typed });
    if (found) return found;
  }
  return undefined;
}

async function isRight(proof: PasswordProof, hash: string | undefined): Promise<boolean> {
  if (hash !== undefined) return matches(proof.password, hash);
  // As much work for nobody as for somebody: the time of the answer must not tell who has an account.
  await burnPasswordTime(proof.password);
  return false;
}

async function refuse(
  ctx: Context,
  proof: PasswordProof,
  rules: DatabaseRules,
  user: User | undefined,
  attempt: Attempt,
): Promise<never> {
  const { connection, client, ip } = proof;
  const identifier = kindOf(rules, proof.identifier);
  const event = {
    connection: connection.name,
    client_id: client.client_id,
    user_name: proof.identifier.slice(0, 320),
    ...(user ? { user_id: user.user_id } : {}),
    ...(ip === undefined ? {} : { ip }),
  };
  const wording = `Wrong ${identifier.replace('_', ' ')} or password.`;
  ctx.audit({ ...event, type: user ? 'fp' : 'fu', description: wording });
  if (rules.bruteForceProtection && (await countFailure(ctx, attempt)) === 'blocked_now') {
    const description = 'Too many wrong passwords in a row: sign-ins to this account from this address are blocked.';
    ctx.audit({ ...event, type: 'limit_wc', description });
  }
  return fail('wrong_credentials', { identifier });
}

/** Replaces a hash that was made elsewhere or with less work, unless the password was changed meanwhile. */
async function refreshHash(ctx: Context, credential: PasswordCredential, password: string): Promise<void> {
  const old = credential.password_hash;
  if (old === undefined || !needsRehash(old)) return;
  const password_hash = await hashPassword(password, ctx.random);
  await passwordCredentialsOf(ctx).update(credential.id, (row) =>
    row.password_hash === old ? { ...row, password_hash } : undefined,
  );
}

/**
 * Checks a password. Answers the user it belongs to; a right password resets the count of wrong ones. Failures wrong_credentials
 * (logged as `fp` or `fu`, with `limit_wc` when it was the last attempt), too_many_attempts, user_blocked. Success is not logged here.
 */
export async function verifyPassword(
  ctx: Context,
  proof: PasswordProof,
): Promise<{ user: User; connection: Connection }> {
  const { connection } = proof;
  const rules = databaseRules(connection);
  const credential = await findCredential(ctx, proof, rules);
  const attempt: Attempt = {
    connection: connection.name,
    identifier: proof.identifier,
    ip: proof.ip ?? ctx.caller.ip,
    ...(credential ? { userId: credential.user_id } : {}),
  };
  await requireOpen(ctx, proof, rules, attempt);
  const usable = rules.passwordEnabled ? credential : undefined;
  const right = await isRight(proof, usable?.password_hash);
  const user = credential && (await findUser(ctx, credential.user_id));
  if (!right || !user) return refuse(ctx, proof, rules, user, attempt);
  if (rules.bruteForceProtection) await countSuccess(ctx, attempt);
  if (user.blocked) await refuseBlocked(ctx, proof, user);
  await refreshHash(ctx, credential, proof.password);
  return { user, connection };
}

async function requireOpen(ctx: Context, proof: PasswordProof, rules: DatabaseRules, attempt: Attempt): Promise<void> {
  if (!rules.bruteForceProtection) return;
  try {
    await requireUnblocked(ctx, attempt);
  } catch (error) {
    if (isFailure(error, 'too_many_attempts')) {
      const { connection, client } = proof;
      const description = 'The account is blocked for this address after too many wrong passwords.';
      const user_name = proof.identifier.slice(0, 320);
      ctx.audit({ type: 'f', description, connection: connection.name, client_id: client.client_id, user_name });
    }
    throw error;
  }
}

async function refuseBlocked(ctx: Context, proof: PasswordProof, user: User): Promise<never> {
  ctx.audit({
    type: 'f',
    description: 'user is blocked',
    connection: proof.connection.name,
    client_id: proof.client.client_id,
    user_id: user.user_id,
    ...(user.email ? { user_name: user.email } : {}),
    ...(proof.ip === undefined ? {} : { ip: proof.ip }),
  });
  return fail('user_blocked', {});
}

/** Notes a completed sign-in in the user's profile; answers the user as it is now. `ip`: the user's address, default the caller's. */
export async function recordLogin(ctx: Context, user: User, ip?: string): Promise<User> {
  const now = isoTime(ctx.clock);
  const updated = await usersOf(ctx).update(user.user_id, (current) => ({
    ...current,
    last_login: now,
    last_ip: ip ?? ctx.caller.ip,
    logins_count: (current.logins_count ?? 0) + 1,
    updated_at: now,
  }));
  return updated ?? user;
}
