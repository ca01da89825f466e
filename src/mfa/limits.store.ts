import { collection } from '../kernel/index.ts';

/** How much of a limit is left to somebody: a bucket that fills up again with time. */
export interface Allowance {
  /** `${limit}|${subject}` */
  readonly id: string;
  /** Whole attempts left when it was last touched; fractions are on their way. */
  readonly left: number;
  /** ms: when `left` was true. */
  readonly counted_at: number;
  /** ms: full again, and therefore worth no row, from then on. */
  readonly full_at: number;
}

export const allowancesCollection = collection<Allowance>({ name: 'mfa_allowances', key: 'id', expires: 'full_at' });
