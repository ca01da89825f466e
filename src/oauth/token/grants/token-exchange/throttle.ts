import { type Context, oauthError, type WireError } from '../../../../kernel/index.ts';
import { hasAllowance, networkOf, spendAllowance } from '../../../../protection/index.ts';

/** Auth0's stage `pre-custom-token-exchange`: ten wrong tokens from one address, then one more every ten minutes. */
const STAGE = 'pre-custom-token-exchange';
const LIMIT = { burst: 10, everyMs: 600_000 };

/** Throws WireError 429 too_many_attempts when too many tokens from `ip` were wrong. Changes nothing. */
export async function requireUnthrottled(ctx: Context, ip: string): Promise<void> {
  if (!(await hasAllowance(ctx, [STAGE, networkOf(ip)], LIMIT))) throw blocked(ctx, ip);
}

/** Counts a wrong token from `ip`. Throws WireError 429 when it was one too many: of many at once no more are told apart. */
export async function countWrongToken(ctx: Context, ip: string): Promise<void> {
  const { allowed } = await spendAllowance(ctx, [STAGE, networkOf(ip)], LIMIT);
  if (!allowed) throw blocked(ctx, ip);
}

function blocked(ctx: Context, ip: string): WireError {
  ctx.audit({ type: 'limit_mu', description: 'Too many invalid subject tokens from one address.', ip });
  return oauthError(
    429,
    'too_many_attempts',
    'We have detected suspicious login behavior and further attempts will be blocked. Please contact the administrator.',
  );
}
