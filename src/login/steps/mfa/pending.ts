import type { Context } from '../../../kernel/index.ts';
import {
  type AnyTransaction,
  advanceTransaction,
  lostTransaction,
  type PendingFactor,
  type SecondFactor,
} from '../../../transactions/index.ts';

type Secret = 'oob_code' | 'barcode_uri' | 'recovery_code';

const contextOf = (ctx: Context, { id }: AnyTransaction, secret: Secret) =>
  `${ctx.tenant.id}:transactions:${id}:${secret}`;

/** Seals what the pages of one login need again. */
export function sealFor(ctx: Context, transaction: AnyTransaction, secret: Secret, value: string): string {
  return ctx.sealer.seal(value, contextOf(ctx, transaction, secret));
}

/** Opens what `sealFor` sealed for the same login. */
export function openFor(ctx: Context, transaction: AnyTransaction, secret: Secret, sealed: string): string {
  return ctx.sealer.open(sealed, contextOf(ctx, transaction, secret));
}

/** The message that was sent last, as it is redeemed; undefined when none was. */
export function oobCodeOf(
  ctx: Context,
  transaction: AnyTransaction,
  pending: PendingFactor | undefined,
): string | undefined {
  return pending?.oob_code_sealed && openFor(ctx, transaction, 'oob_code', pending.oob_code_sealed);
}

/** Notes how far the second factor is. Page error when another user took over this login meanwhile. */
export function noteSecondFactor<T extends AnyTransaction>(
  ctx: Context,
  transaction: T,
  change: (before: SecondFactor) => SecondFactor,
): Promise<T> {
  return advanceTransaction(ctx, transaction, (stored) => {
    requireSameUser(stored, transaction);
    return { ...stored, second_factor: change(stored.second_factor ?? {}) };
  });
}

/** Two windows share a login: what one user proves must not count for the other. */
export function requireSameUser(stored: AnyTransaction, seen: AnyTransaction): void {
  if (stored.user_id !== seen.user_id) throw lostTransaction('another user took over');
}
