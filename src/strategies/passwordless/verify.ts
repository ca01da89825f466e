import { type AuditEvent, type Context, fail, isFailure } from '../../kernel/index.ts';
import { safeEqual } from '../../platform/crypto/index.ts';
import { type Attempt, countFailure, countSuccess, requireUnblocked } from '../../protection/index.ts';
import { type Connection, passwordlessRules } from '../../resources/connections/index.ts';
import { draftPasswordlessUser, findPasswordCredential, findUser, type User } from '../../resources/users/index.ts';
import { noteProof } from './note-proof.ts';
import { codeKey, digestCode, type PasswordlessCode, passwordlessCodesOf } from './passwordless-code.store.ts';
import { normalizeRecipient } from './recipient.ts';

export interface PasswordlessAttempt {
  readonly connection: Connection;
  /** E-mail address or phone number, as typed. */
  readonly recipient: string;
  readonly code: string;
  readonly client: { readonly client_id: string };
  /** The user's address, where a trusted client forwarded it; default: the caller's. */
  readonly ip?: string;
}

export interface PasswordlessProof {
  readonly connection: Connection;
  /** Whose code it is, or who is signed up when it is used. */
  readonly user: User;
  /**
   * Uses the code up and writes what it proved; call it inside the transaction that writes what follows. Throws Failure
   * wrong_passwordless_code when somebody else was faster.
   */
  readonly consume: () => Promise<void>;
}

/** Auth0: a code survives two wrong guesses. */
const MOST_ATTEMPTS = 3;

/**
 * Checks a code without using it up. Of any number of guesses at once, three are compared.
 *
 * @throws Failure wrong_passwordless_code (also for a code that was never sent, or to another application), passwordless_code_expired,
 *   passwordless_code_used_up, too_many_attempts, user_blocked
 */
export async function verifyPasswordlessCode(ctx: Context, attempt: PasswordlessAttempt): Promise<PasswordlessProof> {
  const { connection, client } = attempt;
  const recipient = normalizeRecipient(attempt.recipient);
  const known = await findKnown(ctx, connection, recipient);
  const guess: Attempt = {
    connection: connection.name,
    identifier: recipient,
    ip: attempt.ip ?? ctx.caller.ip,
    ...(known ? { userId: known.user_id } : {}),
  };
  const rules = passwordlessRules(connection);
  if (rules.bruteForceProtection) await requireUnblocked(ctx, guess);
  const row = await passwordlessCodesOf(ctx).get(codeKey(connection, recipient));
  if (!row || row.client_id !== client.client_id) return refuse(ctx, attempt, guess);
  if (row.valid_until <= ctx.clock.now()) fail('passwordless_code_expired', {});
  await countGuess(ctx, row.id);
  if (!safeEqual(digestCode(ctx, row.id, attempt.code), row.code_digest)) return refuse(ctx, attempt, guess);
  await returnGuess(ctx, row);
  if (rules.bruteForceProtection) await countSuccess(ctx, guess);
  if (!known && rules.signupDisabled) return refuse(ctx, attempt, guess);
  if (known?.blocked) fail('user_blocked', {});
  return proofOf(ctx, attempt, { row, known, recipient });
}

async function findKnown(ctx: Context, connection: Connection, recipient: string): Promise<User | undefined> {
  const credential = await findPasswordCredential(ctx, connection.name, recipient);
  return credential && findUser(ctx, credential.user_id);
}

async function refuse(ctx: Context, attempt: PasswordlessAttempt, guess: Attempt): Promise<never> {
  const { connection, client, ip } = attempt;
  const { identifier, bruteForceProtection } = passwordlessRules(connection);
  if (bruteForceProtection && (await countFailure(ctx, guess)) === 'blocked_now') {
    const description = 'Too many wrong codes in a row: sign-ins to this account from this address are blocked.';
    const who = guess.userId ? { user_id: guess.userId } : {};
    const event = {
      connection: connection.name,
      client_id: client.client_id,
      user_name: guess.identifier.slice(0, 320),
    };
    ctx.audit({ type: 'limit_wc', description, ...event, ...who, ...(ip === undefined ? {} : { ip }) });
  }
  return fail('wrong_passwordless_code', { identifier });
}

/** Counts a guess before it is compared. Failure passwordless_code_used_up when the code has had enough of them. */
async function countGuess(ctx: Context, id: string): Promise<void> {
  let counted = false;
  await passwordlessCodesOf(ctx).update(id, (stored) => {
    counted = stored.attempts < MOST_ATTEMPTS;
    return counted ? { ...stored, attempts: stored.attempts + 1 } : undefined;
  });
  if (!counted) fail('passwordless_code_used_up', {});
}

/** It turned out not to be a guess: the same code may still be checked once more where it is used. */
async function returnGuess(ctx: Context, { id, code_digest }: PasswordlessCode): Promise<void> {
  await passwordlessCodesOf(ctx).update(id, (stored) =>
    stored.code_digest === code_digest ? { ...stored, attempts: Math.max(0, stored.attempts - 1) } : undefined,
  );
}

interface Found {
  readonly row: PasswordlessCode;
  readonly known: User | undefined;
  readonly recipient: string;
}

function proofOf(ctx: Context, attempt: PasswordlessAttempt, { row, known, recipient }: Found): PasswordlessProof {
  const { connection } = attempt;
  const { identifier } = passwordlessRules(connection);
  const proved = identifier === 'email' ? { email_verified: true } : { phone_verified: true };
  const drafted = known
    ? undefined
    : draftPasswordlessUser(ctx, { connection, user_id: row.local_id, [identifier]: recipient, ...proved });
  const settle = drafted ? drafted.save : () => noteProof(ctx, known as User, identifier, recipient);
  return {
    connection,
    user: drafted ? drafted.user : { ...(known as User), ...(known?.[identifier] === recipient ? proved : {}) },
    async consume() {
      const taken = await passwordlessCodesOf(ctx).take(row.id);
      // A newer code has taken its place: that one stays good, since all of this is undone.
      if (taken?.code_digest !== row.code_digest) fail('wrong_passwordless_code', { identifier });
      try {
        await settle();
      } catch (error) {
        if (!isFailure(error, 'user_exists') && !isFailure(error, 'phone_number_exists')) throw error;
        fail('wrong_passwordless_code', { identifier });
      }
      if (drafted) ctx.audit({ ...signUpEvent(attempt, recipient), user_id: drafted.user.user_id });
    },
  };
}

function signUpEvent({ connection, client }: PasswordlessAttempt, user_name: string): AuditEvent {
  const { name, id, strategy } = connection;
  const where = { connection: name, connection_id: id, strategy, strategy_type: 'passwordless' };
  return { type: 'ss', user_name, client_id: client.client_id, ...where };
}
