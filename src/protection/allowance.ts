import { type Context, isFailure } from '../kernel/index.ts';
import { hashToken } from '../platform/crypto/index.ts';
import { type RequestAllowance, requestAllowancesOf } from './allowance.store.ts';

/** `burst` at once, then one every `everyMs`. */
export interface Limit {
  readonly burst: number;
  readonly everyMs: number;
}

export interface Spent {
  readonly allowed: boolean;
  /** Auth0's `x-ratelimit-*`. */
  readonly headers: Record<string, string>;
}

function refilled(found: RequestAllowance | undefined, limit: Limit, now: number): number {
  if (!found) return limit.burst;
  return Math.min(limit.burst, found.left + Math.max(0, now - found.counted_at) / limit.everyMs);
}

function bucket(id: string, left: number, limit: Limit, now: number): RequestAllowance {
  return { id, left, counted_at: now, expires_at: now + Math.ceil((limit.burst - left) * limit.everyMs) };
}

/** Takes one from the bucket called `of`, durably and also when many come at once. */
export async function spendAllowance(ctx: Context, of: readonly string[], limit: Limit): Promise<Spent> {
  const id = hashToken(JSON.stringify(of));
  const now = ctx.clock.now();
  const collection = requestAllowancesOf(ctx);
  let before = limit.burst;
  const spend = () =>
    collection.update(id, (found) => {
      before = refilled(found, limit, now);
      return before < 1 ? undefined : bucket(id, before - 1, limit, now);
    });
  if (!(await spend())) {
    before = limit.burst;
    try {
      await collection.insert(bucket(id, limit.burst - 1, limit, now));
    } catch (error) {
      if (!isFailure(error, 'duplicate')) throw error;
      await spend();
    }
  }
  return { allowed: before >= 1, headers: headersOf(before, limit, now) };
}

/** Puts one back into the bucket called `of`: it turned out not to be what is limited. */
export async function returnAllowance(ctx: Context, of: readonly string[], limit: Limit): Promise<void> {
  const now = ctx.clock.now();
  const id = hashToken(JSON.stringify(of));
  await requestAllowancesOf(ctx).update(id, (found) =>
    bucket(id, Math.min(limit.burst, refilled(found, limit, now) + 1), limit, now),
  );
}

/** Is there one left in the bucket called `of`? Changes nothing. */
export async function hasAllowance(ctx: Context, of: readonly string[], limit: Limit): Promise<boolean> {
  const found = await requestAllowancesOf(ctx).get(hashToken(JSON.stringify(of)));
  return refilled(found, limit, ctx.clock.now()) >= 1;
}

function headersOf(before: number, limit: Limit, now: number): Record<string, string> {
  const left = Math.max(0, Math.floor(before - 1));
  const untilNext = Math.ceil((1 - (before % 1)) * limit.everyMs);
  return {
    'x-ratelimit-limit': String(limit.burst),
    'x-ratelimit-remaining': String(left),
    'x-ratelimit-reset': String(Math.ceil((now + untilNext) / 1000)),
  };
}
