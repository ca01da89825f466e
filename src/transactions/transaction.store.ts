import { type Collection, type Context, collection } from '../kernel/index.ts';
import type { Transaction } from './transaction.ts';

export const transactionsCollection = collection<Transaction>({
  name: 'transactions',
  key: 'id',
  expires: 'expires_at',
});

export function transactionsOf(ctx: Context): Collection<Transaction> {
  return ctx.store.collection(transactionsCollection);
}
