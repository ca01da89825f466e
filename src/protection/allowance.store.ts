import { type Collection, type Context, collection } from '../kernel/index.ts';

/** How often something may still be done: a bucket that fills with time. */
export interface RequestAllowance {
  /** Hash of what is limited and for whom. */
  readonly id: string;
  /** May be fractional. */
  readonly left: number;
  /** ms */
  readonly counted_at: number;
  /** ms; from then on the bucket is full again. */
  readonly expires_at: number;
}

export const requestAllowancesCollection = collection<RequestAllowance>({
  name: 'request_allowances',
  key: 'id',
  expires: 'expires_at',
});

export function requestAllowancesOf(ctx: Context): Collection<RequestAllowance> {
  return ctx.store.collection(requestAllowancesCollection);
}
