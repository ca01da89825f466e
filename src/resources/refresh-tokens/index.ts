/**
 * Refresh tokens and their families: kept, found by the token, revoked. Only their hashes are stored.
 * How one is exchanged, and when it is too old, is `oauth/token`.
 */
export { type RefreshToken, refreshTokensCollection, refreshTokensOf } from './refresh-token.store.ts';
export {
  findRefreshToken,
  forgetRefreshTokensOf,
  forgetRefreshTokensOfClient,
  insertRefreshToken,
  revokeRefreshTokenFamily,
  revokeRefreshTokensFor,
} from './refresh-tokens.ts';
