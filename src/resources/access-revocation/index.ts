/**
 * Operations that end sessions and what came of them together: `/api/v2/sessions/{id}/revoke`, `/api/v2/users/{id}/revoke-access`.
 * Sessions and refresh tokens by themselves are in folders of their own.
 */
export { accessRevocationEndpoints, onAccessRevoked, type RevokedAccess } from './revoke.endpoints.ts';
