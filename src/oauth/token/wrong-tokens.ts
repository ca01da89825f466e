import { type Context, oauthError, type WireError } from '../../kernel/index.ts';
import { hasAllowance, type Limit, networkOf, spendAllowance } from '../../protection/index.ts';

/** Where tokens of others are taken, and how many wrong ones may come from one address: Auth0's stages, with its defaults. */
const STAGES = {
  'pre-custom-token-exchange': { burst: 10, everyMs: 600_000 },
  'pre-login': { burst: 100, everyMs: 864_000 },
} as const satisfies Record<string, Limit>;

type Stage = keyof typeof STAGES;

/** Throws WireError 429 too_many_attempts when too many tokens from `ip` were wrong. Changes nothing. */
export async function requireUnthrottled(ctx: Context, stage: Stage, ip: string): Promise<void> {
  if (!(await hasAllowance(ctx, [stage, networkOf(ip)], STAGES[stage]))) throw blocked(ctx, ip);
}

/** Counts a wrong token from `ip`. Throws WireError 429 when it was one too many: of many at once no more are told apart. */
export async function countWrongToken(ctx: Context, stage: Stage, ip: string): Promise<void> {
  const { allowed } = await spendAllowance(ctx, [stage, networkOf(ip)], STAGES[stage]);
  if (!allowed) throw blocked(ctx, ip);
}

function blocked(ctx: Context, ip: string): WireError {
  ctx.audit({ type: 'limit_mu', description: 'Too many tokens from one address were wrong.', ip });
  return oauthError(
    429,
    'too_many_attempts',
    'We have detected suspicious login behavior and further attempts will be blocked. Please contact the administrator.',
  );
}
