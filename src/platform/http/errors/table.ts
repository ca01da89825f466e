import type { FailureCode, FailureParams, WireError } from '../../../kernel/index.ts';

/** How one dialect states every failure of the domain. A code without a row does not compile. */
export type FailureTable = {
  readonly [Code in FailureCode]: (params: FailureParams[Code]) => WireError;
};
