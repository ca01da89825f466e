/**
 * Who may call an administration API: checks the bearer token of a request and its scopes. It owns the errors of a bad token, not the
 * scopes themselves, which every endpoint declares for itself.
 */
export { managementGuard, principalOf, requireClaims } from './management-guard.ts';
