/**
 * Connections to other identity providers (`oidc`, `oauth2` and what is built on them): the way there, the way back, and who it is that
 * came. What a connection may be told is `resources/connections`, the protocol is `platform/upstream`, what a login makes of an arrival
 * is `login/steps/federated`.
 */
export { acceptAnswer, type ProviderAnswer } from './arrival.ts';
export { leadToProvider } from './departure.ts';
export { providerOf } from './provider.ts';
export { orRefusal } from './refusal.ts';
export { acceptSocialToken } from './social-token.ts';
export {
  findUpstreamLogin,
  takeUpstreamLogin,
  transactionHandle,
  type UpstreamLogin,
  upstreamLoginsCollection,
} from './upstream-login.store.ts';
export { freshTokenset } from './vault.ts';
