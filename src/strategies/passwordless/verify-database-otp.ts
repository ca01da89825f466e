import { type Context, fail, isFailure } from '../../kernel/index.ts';
import { hashToken, safeEqual } from '../../platform/crypto/index.ts';
import { forgetPasskeysOf } from '../../resources/authentication-methods/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { type Connection, connectionsOf, databaseRules, isEnabledFor } from '../../resources/connections/index.ts';
import {
  type DraftUser,
  draftDatabaseUser,
  findIdentifierProblem,
  findUser,
  isUnclaimed,
  removePasswords,
  type User,
} from '../../resources/users/index.ts';
import { type DatabaseOtp, databaseOtpsOf } from './database-otp.store.ts';
import { findDatabaseUser, isMereClaim } from './database-user.ts';
import { noteProof } from './note-proof.ts';
import { digestCode } from './passwordless-code.store.ts';

export interface DatabaseOtpProof {
  readonly connection: Connection;
  readonly identifier: 'email' | 'phone_number';
  /** Whose code it is, or who is signed up when it is used. */
  readonly user: User;
  /** Uses the code up and writes what it proved, in the transaction of what follows. False when somebody else was faster. */
  readonly consume: () => Promise<boolean>;
}

const MOST_ATTEMPTS = 3;

/**
 * Checks the code behind an `auth_session` without using it up. Of any number of guesses at once, three are compared.
 *
 * @returns undefined whatever is wrong with either: who asks learns nothing about accounts
 * @throws Failure user_blocked
 */
export async function verifyDatabaseOtp(
  ctx: Context,
  { client, auth_session, otp }: { client: StoredClient; auth_session: string; otp: string },
): Promise<DatabaseOtpProof | undefined> {
  const row = await databaseOtpsOf(ctx).get(hashToken(auth_session));
  if (!row || row.client_id !== client.client_id || row.expires_at <= ctx.clock.now()) return undefined;
  if (!(await countGuess(ctx, row.id))) return undefined;
  if (!safeEqual(digestCode(ctx, row.id, otp), row.code_digest)) return undefined;
  await returnGuess(ctx, row.id);
  const connection = await connectionsOf(ctx).get(row.connection_id);
  const { identifier, recipient } = row;
  const isUsable = connection && isEnabledFor(connection, client.client_id);
  if (!isUsable || !databaseRules(connection).otpEnabled[identifier]) return undefined;
  const known = await findDatabaseUser(ctx, connection, identifier, recipient);
  if (known?.blocked) fail('user_blocked', {});
  if (known && isMereClaim(known, identifier)) return undefined;
  return known ? proofOfKnown(ctx, row, connection, known) : proofOfNew(ctx, row, connection, client);
}

async function countGuess(ctx: Context, id: string): Promise<boolean> {
  let counted = false;
  await databaseOtpsOf(ctx).update(id, (stored) => {
    counted = stored.attempts < MOST_ATTEMPTS;
    return counted ? { ...stored, attempts: stored.attempts + 1 } : undefined;
  });
  return counted;
}

/** It turned out not to be a guess: refused for another reason, the same code may still be used. */
async function returnGuess(ctx: Context, id: string): Promise<void> {
  await databaseOtpsOf(ctx).update(id, (stored) => ({ ...stored, attempts: Math.max(0, stored.attempts - 1) }));
}

const verified = ({ identifier }: DatabaseOtp) =>
  identifier === 'email' ? { email_verified: true } : { phone_verified: true };

function proofOfKnown(ctx: Context, row: DatabaseOtp, connection: Connection, known: User): DatabaseOtpProof {
  const { identifier, recipient } = row;
  return {
    connection,
    identifier,
    user: known[identifier] === recipient ? { ...known, ...verified(row) } : known,
    async consume() {
      if (!(await databaseOtpsOf(ctx).take(row.id))) return false;
      await endUnproved(ctx, known.user_id);
      await noteProof(ctx, known, identifier, recipient);
      return true;
    },
  };
}

/**
 * Until now anybody may have signed up with this address: what they set up must not outlive the first proof of whose it is
 * (docs/decisions/0034, 0042).
 */
async function endUnproved(ctx: Context, userId: string): Promise<void> {
  const user = await findUser(ctx, userId);
  if (!user || !(await isUnclaimed(ctx, user))) return;
  await removePasswords(ctx, userId);
  await forgetPasskeysOf(ctx, userId);
  ctx.audit({
    type: 'w',
    description: 'The first proof of an address ended what was set up before it.',
    user_id: userId,
  });
}

async function proofOfNew(
  ctx: Context,
  row: DatabaseOtp,
  connection: Connection,
  client: StoredClient,
): Promise<DatabaseOtpProof | undefined> {
  const { identifier, recipient } = row;
  const rules = databaseRules(connection);
  const given = { [identifier]: recipient };
  if (!row.allow_signup || rules.signupDisabled || findIdentifierProblem(rules, given, 'signup')) return undefined;
  const { user, save } = await draftDatabaseUser(ctx, { connection, ...given, ...verified(row) });
  return {
    connection,
    identifier,
    user,
    async consume() {
      if (!(await databaseOtpsOf(ctx).take(row.id)) || !(await isSaved(save))) return false;
      const event = { connection: connection.name, strategy: connection.strategy, client_id: client.client_id };
      ctx.audit({ type: 'ss', ...event, user_id: user.user_id, user_name: recipient });
      return true;
    },
  };
}

/** Somebody may have signed up with the same address meanwhile. */
async function isSaved(save: DraftUser['save']): Promise<boolean> {
  try {
    await save();
    return true;
  } catch (error) {
    if (isFailure(error, 'user_exists') || isFailure(error, 'phone_number_exists')) return false;
    throw error;
  }
}
