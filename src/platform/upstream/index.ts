/**
 * The one door to openid-client: speaking OAuth 2.0 and OpenID Connect to somebody else's server, as its client. It owns what is asked
 * of that server and how each answer is checked (RFC 6749, 7636, 9207, OpenID Connect Core); every request goes out through the guarded
 * client. It knows no connections and no users. The library is loaded by the first login that needs it.
 */
export { discoverProvider, type ProviderMetadata } from './discovery.ts';
export type { Provider } from './provider.ts';
export { fetchUpstreamJson, type UpstreamClaims } from './resource.ts';
export { type AnswerExpectation, acceptIdToken, redeemCode, refreshAtProvider, type UpstreamTokens } from './tokens.ts';
export { type TroubleKind, UpstreamTrouble } from './trouble.ts';
