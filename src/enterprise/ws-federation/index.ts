/**
 * The identity provider in WS-Federation's passive profile: `/wsfed`, tokens in SAML 1.1 or 2.0, federation metadata. Logins are those of
 * every application; a logout is `/v2/logout`'s.
 */
export { wsFederationEndpoints } from './ws-federation.endpoints.ts';
export { wsFederationProtocol } from './ws-federation-protocol.ts';
