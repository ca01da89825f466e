/** Refresh tokens and their families, and `/api/v2/refresh-tokens`. How they are exchanged is `oauth/token`. */
export { type RefreshToken, refreshTokensCollection, refreshTokensOf } from './refresh-token.store.ts';
