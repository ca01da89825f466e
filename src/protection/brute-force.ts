import { type Context, fail, isFailure } from '../kernel/index.ts';
import { hashToken } from '../platform/crypto/index.ts';
import { type LoginAttempts, loginAttemptsOf } from './login-attempt.store.ts';
import { networkOf } from './network.ts';

/** Auth0's defaults: ten wrong passwords in a row from one address, then thirty days of rest. */
const BRUTE_FORCE_DEFAULTS = { maxAttempts: 10, blockMs: 30 * 24 * 3600 * 1000 } as const;

/** Longer names are nobody's; they are counted by their beginning. */
const IDENTIFIER_LENGTH = 320;

/** Who is trying to get in, where, from which address. `userId` is known when somebody has that identifier. */
export interface Attempt {
  readonly connection: string;
  readonly identifier: string;
  readonly ip: string;
  readonly userId?: string;
}

const normalized = (identifier: string) => identifier.trim().toLowerCase().slice(0, IDENTIFIER_LENGTH);

/** One counter per account and network, whichever of its identifiers is typed. */
function idOf({ connection, identifier, ip, userId }: Attempt): string {
  const who = [connection, userId ?? null, userId ? null : normalized(identifier)];
  return hashToken(JSON.stringify([...who, networkOf(ip)]));
}

/** Has this counter used up its attempts? */
function isBlocked(ctx: Context, attempts: LoginAttempts): boolean {
  return attempts.failures >= BRUTE_FORCE_DEFAULTS.maxAttempts && attempts.expires_at > ctx.clock.now();
}

/** Failure too_many_attempts when the account is blocked for this address. Changes nothing. */
export async function requireUnblocked(ctx: Context, attempt: Attempt): Promise<void> {
  const found = await loginAttemptsOf(ctx).get(idOf(attempt));
  if (found && isBlocked(ctx, found)) fail('too_many_attempts', {});
}

/**
 * Counts a wrong password. Answers whether this one used up the last attempt; failure too_many_attempts when they were used up before:
 * of any number of guesses at once, no more are told right from wrong than are allowed one after the other.
 */
export async function countFailure(ctx: Context, attempt: Attempt): Promise<'counted' | 'blocked_now'> {
  const id = idOf(attempt);
  const failures = (await countUp(ctx, attempt, id)) ?? (await startCounting(ctx, attempt, id));
  if (failures > BRUTE_FORCE_DEFAULTS.maxAttempts) fail('too_many_attempts', {});
  return failures === BRUTE_FORCE_DEFAULTS.maxAttempts ? 'blocked_now' : 'counted';
}

/** The number of this failure, or undefined when there is no counter yet. Beyond the limit nothing is written any more. */
async function countUp(ctx: Context, attempt: Attempt, id: string): Promise<number | undefined> {
  const now = ctx.clock.now();
  let failures = 0;
  const found = await loginAttemptsOf(ctx).update(id, (row) => {
    failures = (row.expires_at > now ? row.failures : 0) + 1;
    return failures > BRUTE_FORCE_DEFAULTS.maxAttempts ? undefined : counter(ctx, attempt, id, failures);
  });
  return found && failures;
}

async function startCounting(ctx: Context, attempt: Attempt, id: string): Promise<number> {
  try {
    await loginAttemptsOf(ctx).insert(counter(ctx, attempt, id, 1));
    return 1;
  } catch (error) {
    // Somebody else's first failure came in between.
    if (!isFailure(error, 'duplicate')) throw error;
    return (await countUp(ctx, attempt, id)) ?? 1;
  }
}

function counter(ctx: Context, attempt: Attempt, id: string, failures: number): LoginAttempts {
  const { connection, identifier, ip, userId } = attempt;
  return {
    id,
    connection,
    identifier: normalized(identifier),
    ip,
    ...(userId ? { user_id: userId } : {}),
    failures,
    expires_at: ctx.clock.now() + BRUTE_FORCE_DEFAULTS.blockMs,
  };
}

/**
 * Forgets wrong passwords after a right one. Failure too_many_attempts when the attempts were used up while the password was being
 * checked: what a guess in excess found out is not told.
 */
export async function countSuccess(ctx: Context, attempt: Attempt): Promise<void> {
  const collection = loginAttemptsOf(ctx);
  const id = idOf(attempt);
  if (!(await collection.get(id))) return;
  const blocked = await ctx.store.transaction(async () => {
    let used = false;
    const found = await collection.update(id, (row) => {
      used = isBlocked(ctx, row);
      return undefined;
    });
    if (found && !used) await collection.delete(id);
    return used;
  });
  if (blocked) fail('too_many_attempts', {});
}

/** The blocks on an account, by user or by what was typed. */
export async function listBlocks(
  ctx: Context,
  where: { user_id: string } | { identifier: string },
): Promise<LoginAttempts[]> {
  const wanted = 'identifier' in where ? { identifier: normalized(where.identifier) } : where;
  const found = await loginAttemptsOf(ctx).list({ where: wanted });
  return found.filter((row) => isBlocked(ctx, row));
}

/** Forgets all wrong passwords of an account, by user or by what was typed. Answers how many blocks that lifted. */
export async function liftBlocks(ctx: Context, where: { user_id: string } | { identifier: string }): Promise<number> {
  const wanted = 'identifier' in where ? { identifier: normalized(where.identifier) } : where;
  const blocks = await listBlocks(ctx, wanted);
  await loginAttemptsOf(ctx).deleteWhere(wanted);
  return blocks.length;
}
