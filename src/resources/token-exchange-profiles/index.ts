/**
 * Token exchange profiles: which tokens of others are exchanged, how they are checked, and `/api/v2/token-exchange-profiles`.
 * The exchange itself is a grant in `oauth/token`.
 */

export { tokenExchangeProfileEndpoints } from './token-exchange-profile.resource.ts';
export {
  findTokenExchangeProfile,
  type SubjectTokenVerifier,
  type TokenExchangeProfile,
  tokenExchangeProfilesCollection,
  tokenExchangeProfilesOf,
} from './token-exchange-profile.store.ts';
export { createTokenExchangeProfile, isReservedTokenType } from './token-exchange-profiles.ts';
