import { type Context, isFailure, type TokenQuota } from '../kernel/index.ts';
import { hashToken } from '../platform/crypto/index.ts';
import { type TokenUsage, tokenUsageOf } from './token-quota.store.ts';

/** Auth0: quotas begin anew with every hour and every day of UTC. */
const WINDOWS = [
  { name: 'per_hour', ms: 3_600_000 },
  { name: 'per_day', ms: 86_400_000 },
] as const;

/** Whose tokens are counted, and how many there may be. */
export interface QuotaHolder {
  readonly kind: 'client' | 'organization';
  readonly id: string;
  readonly quota: TokenQuota;
}

/** One window of a quota as it was before this token. */
export interface QuotaWindow {
  readonly name: 'per_hour' | 'per_day';
  readonly quota: number;
  readonly used: number;
  /** Seconds until it begins anew. */
  readonly resetsIn: number;
}

/**
 * Counts one token against every window of a quota, also when many come at once. What is beyond an enforced quota is not counted:
 * the caller must undo the rest by rejecting the transaction that this is called in.
 */
export async function countToken(ctx: Context, holder: QuotaHolder): Promise<QuotaWindow[]> {
  const limits = holder.quota.client_credentials;
  const now = ctx.clock.now();
  const windows: QuotaWindow[] = [];
  for (const { name, ms } of WINDOWS) {
    const quota = limits[name];
    if (quota === undefined) continue;
    const begins = Math.floor(now / ms) * ms;
    const id = hashToken(JSON.stringify([holder.kind, holder.id, name, begins]));
    const most = limits.enforce === false ? Number.POSITIVE_INFINITY : quota;
    const used = await countOne(ctx, { id, used: 1, expires_at: begins + ms }, most);
    windows.push({ name, quota, used, resetsIn: Math.ceil((begins + ms - now) / 1000) });
  }
  return windows;
}

/** Adds one unless there are `most` already. Answers how many there were. */
async function countOne(ctx: Context, first: TokenUsage, most: number): Promise<number> {
  let before = 0;
  const add = () =>
    tokenUsageOf(ctx).update(first.id, (usage) => {
      before = usage.used;
      return before < most ? { ...usage, used: before + 1 } : undefined;
    });
  if (await add()) return before;
  try {
    await tokenUsageOf(ctx).insert(first);
    return 0;
  } catch (error) {
    if (!isFailure(error, 'duplicate')) throw error;
    await add();
    return before;
  }
}
