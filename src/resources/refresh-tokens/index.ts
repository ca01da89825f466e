/**
 * Refresh tokens and their families: kept, found by the token, revoked. Only their hashes are stored.
 * How long one lives, and what the Management API shows and revokes, is here too. How one is exchanged is `oauth/token`.
 */
export { type Family, livingFamilies } from './families.ts';
export { refreshTokenEndpoints } from './refresh-token.endpoints.ts';
export { absoluteExpiry, isExpired, isRotating, leewayOf } from './refresh-token.rules.ts';
export { type RefreshToken, refreshTokensCollection, refreshTokensOf } from './refresh-token.store.ts';
export {
  findRefreshToken,
  forgetRefreshTokensOf,
  forgetRefreshTokensOfApi,
  forgetRefreshTokensOfClient,
  hasRefreshTokenFamily,
  insertRefreshToken,
  onFamilyRevoked,
  type RevokedFamily,
  revokeRefreshTokenFamily,
  revokeRefreshTokensFor,
  revokeRefreshTokensOfSession,
} from './refresh-tokens.ts';
