import type { Clock } from '../../kernel/index.ts';

export interface Allowance {
  readonly allowed: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Requests per second of one tenant's Management API, counted by this process: it protects the machine, not an account
 * (limits on guesses are durable and live with what is guessed).
 */
export function createRateLimiter(limit: number, clock: Clock): (tenantId: string) => Allowance {
  let second = 0;
  let used = new Map<string, number>();
  return (tenantId) => {
    const now = Math.floor(clock.now() / 1000);
    if (now !== second) {
      second = now;
      used = new Map();
    }
    const count = (used.get(tenantId) ?? 0) + 1;
    used.set(tenantId, count);
    return {
      allowed: count <= limit,
      headers: {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(Math.max(0, limit - count)),
        'x-ratelimit-reset': String(now + 1),
      },
    };
  };
}
