import { createHmac } from 'node:crypto';
import type { Context } from '../../kernel/index.ts';
import { safeEqual } from '../../platform/crypto/index.ts';

/** A nonce is handed out for five minutes and good for as long again. */
const SLOT_MS = 300_000;

/** Nothing is stored: every process makes the same nonce of the same time, and nobody without the tenant's key knows the next. */
function nonceOf(ctx: Context, slot: number): string {
  const key = ctx.sealer.deriveKey(`dpop-nonce/${ctx.tenant.id}`);
  return createHmac('sha256', key).update(String(slot)).digest('base64url');
}

/** What a proof made now must carry where a nonce is asked for (RFC 9449 §8). */
export function currentNonce(ctx: Context): string {
  return nonceOf(ctx, Math.floor(ctx.clock.now() / SLOT_MS));
}

/** Was `nonce` handed out by this tenant, less than ten minutes ago? */
export function isLivingNonce(ctx: Context, nonce: string): boolean {
  const slot = Math.floor(ctx.clock.now() / SLOT_MS);
  return [slot, slot - 1].some((one) => safeEqual(nonce, nonceOf(ctx, one)));
}
