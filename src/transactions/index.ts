/**
 * Logins in progress. The one thing that `oauth/` (which starts and ends them) and `login/` (whose pages move them on) share,
 * with the pure function that decides which step comes next.
 */

export { transactionsCollection, transactionsOf } from './transaction.store.ts';
export type { AuthorizationRequest, ProvenMethod, Transaction } from './transaction.ts';
