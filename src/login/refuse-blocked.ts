import type { Context, Reply } from '../kernel/index.ts';
import { advanceTransaction, type Transaction } from '../transactions/index.ts';
import { proceed, type Visit } from './step.ts';

/** A blocked user proved who they are: Auth0 tells the application, not the person. */
export async function refuseBlocked(ctx: Context, visit: Visit<Transaction>): Promise<Reply> {
  const refusal = { error: 'unauthorized', error_description: 'user is blocked' };
  await advanceTransaction(ctx, visit.transaction, (stored) => ({ ...stored, refusal }));
  return proceed(visit);
}
