/**
 * The token vault: what identity providers gave out for their APIs, by user and connection, and
 * `/api/v2/users/{id}/federated-connections-tokensets`. How tokens are renewed is `strategies/federated`, who may have them
 * `oauth/token/grants`.
 */
export {
  type FederatedTokenset,
  federatedTokensetsCollection,
  federatedTokensetsOf,
  openTokenset,
  type TokensetTokens,
} from './federated-tokenset.store.ts';
export { federatedTokensetEndpoints } from './federated-tokensets.endpoints.ts';
export {
  findTokenset,
  forgetTokensetsOf,
  type NewTokenset,
  noteTokensetUse,
  replaceTokens,
  reserveRenewal,
  saveTokenset,
} from './federated-tokensets.ts';
