/**
 * Endpoints that are older than OpenID Connect: `/oauth/ro`, `/oauth/access_token`, `/delegation`, `/tokeninfo`. Their grants run as
 * those of `/oauth/token` do, and their tokens are made there; what is here is who may come, and the older words of answers and errors.
 */
export { delegationIdToken, delegationRefreshToken } from './delegation.ts';
export { legacyEndpoints } from './legacy.endpoints.ts';
export { resourceOwner } from './resource-owner.ts';
export { resourceOwnerJwt } from './resource-owner-jwt.ts';
export { socialAccessToken } from './social-access-token.ts';
