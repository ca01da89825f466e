/**
 * Protection against guessing: counts wrong passwords per account and address, blocks, and lifts blocks (`/api/v2/user-blocks`).
 * Also how often something may be
 * done at all: allowances that fill again, and quotas of tokens. Checking the password itself is `strategies/auth0`; limits on codes live with the codes.
 */

export { type RequestAllowance, requestAllowancesCollection } from './allowance.store.ts';
export { hasAllowance, type Limit, returnAllowance, type Spent, spendAllowance } from './allowance.ts';
export {
  type Attempt,
  countFailure,
  countSuccess,
  liftBlocks,
  listBlocks,
  requireUnblocked,
} from './brute-force.ts';
export { type LoginAttempts, loginAttemptsCollection, loginAttemptsOf } from './login-attempt.store.ts';
export { networkOf } from './network.ts';
export { tokenUsageCollection } from './token-quota.store.ts';
export { countToken, type QuotaHolder, type QuotaWindow } from './token-quota.ts';
export { userBlockEndpoints } from './user-block.endpoints.ts';
