/**
 * Operations that end sessions and what came of them together: `/api/v2/sessions/{id}/revoke`, `/api/v2/users/{id}/revoke-access`.
 * Sessions and refresh tokens by themselves are in folders of their own.
 */
export { accessRevocationEndpoints } from './revoke.endpoints.ts';
export { onAccessRevoked, type RevokedAccess, revokeAccess } from './revoke-access.ts';
