import { type Context, isFailure } from '../kernel/index.ts';
import { type Allowance, allowancesCollection } from './limits.store.ts';

/** A token bucket: holds `size` attempts, gains one every `refillMs`. */
export interface Limit {
  readonly name: string;
  readonly size: number;
  readonly refillMs: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Auth0's published limits, each per user unless said otherwise. */
export const limits = {
  otpFailures: { name: 'otp', size: 10, refillMs: 6 * MINUTE },
  bindingCodeFailures: { name: 'binding', size: 10, refillMs: 6 * MINUTE },
  recoveryCodeFailures: { name: 'recovery', size: 10, refillMs: 6 * MINUTE },
  /** SMS and voice together: both cost the tenant money and ring the same phone. */
  phoneMessages: { name: 'phone', size: 10, refillMs: HOUR },
  emails: { name: 'email', size: 20, refillMs: MINUTE },
  pushes: { name: 'push', size: 5, refillMs: MINUTE / 5 },
  /** Per challenge. */
  polls: { name: 'poll', size: 12, refillMs: 5_000 },
} as const satisfies Record<string, Limit>;

/** What is left at `now`: filled up since it was counted, never over the brim. */
function refill(allowance: Allowance, limit: Limit, now: number): Allowance {
  const gained = Math.floor(Math.max(0, now - allowance.counted_at) / limit.refillMs);
  const left = Math.min(limit.size, allowance.left + gained);
  // The part of the next attempt that has already grown is kept by counting from when the last one was whole.
  const counted = left === limit.size ? now : allowance.counted_at + gained * limit.refillMs;
  return withFullAt({ ...allowance, left, counted_at: counted }, limit);
}

function withFullAt(allowance: Allowance, limit: Limit): Allowance {
  return { ...allowance, full_at: allowance.counted_at + (limit.size - allowance.left) * limit.refillMs };
}

/**
 * Takes one attempt out of the bucket of `subject`; false when none is left. Durable and safe under parallel calls: of a hundred
 * at once, `size` are let through. Never call it in a transaction that may be rolled back: the attempt would be given back.
 */
export async function spendAttempt(ctx: Context, limit: Limit, subject: string): Promise<boolean> {
  const allowances = ctx.store.collection(allowancesCollection);
  const id = `${limit.name}|${subject}`;
  const now = ctx.clock.now();
  for (;;) {
    let spent = false;
    const found = await allowances.update(id, (stored) => {
      const present = refill(stored, limit, now);
      spent = present.left > 0;
      return spent ? withFullAt({ ...present, left: present.left - 1 }, limit) : undefined;
    });
    if (found) return spent;
    try {
      await allowances.insert(withFullAt({ id, left: limit.size - 1, counted_at: now, full_at: now }, limit));
      return true;
    } catch (error) {
      // Somebody else opened the same bucket in between.
      if (!isFailure(error, 'duplicate')) throw error;
    }
  }
}

/** Puts one attempt back: it turned out not to be a failure. */
export async function returnAttempt(ctx: Context, limit: Limit, subject: string): Promise<void> {
  const now = ctx.clock.now();
  await ctx.store.collection(allowancesCollection).update(`${limit.name}|${subject}`, (stored) => {
    const present = refill(stored, limit, now);
    return withFullAt({ ...present, left: Math.min(limit.size, present.left + 1) }, limit);
  });
}
