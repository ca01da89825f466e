import { type Collection, type Context, collection } from '../kernel/index.ts';
import type { AnyTransaction } from './transaction.ts';

export const transactionsCollection = collection<AnyTransaction>({
  name: 'transactions',
  key: 'id',
  expires: 'expires_at',
});

export function transactionsOf(ctx: Context): Collection<AnyTransaction> {
  return ctx.store.collection(transactionsCollection);
}
