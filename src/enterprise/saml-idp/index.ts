/**
 * The SAML 2.0 identity provider: requests of applications (`incoming.ts` checks where they come from, `login.ts` what they ask for),
 * responses (`send-response.ts`), metadata, and logout.
 */
export { answeredRequestsCollection } from './answered-request.store.ts';
export { samlLogoutsCollection } from './logout.store.ts';
export { samlLogoutDetour } from './logout-round.ts';
export { type SamlHost, samlEndpoints } from './saml.endpoints.ts';
export { samlProtocol } from './saml-protocol.ts';
export { forgetSamlSessions, samlSessionsCollection } from './saml-session.store.ts';
