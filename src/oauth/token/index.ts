/**
 * `/oauth/token`: who the client is, what its grant entitles it to, and the one place where tokens are made. A grant is a file in
 * `grants/`; whatever grants share happens once, in `exchange.ts`.
 */

export type { FrontChannelToken } from './authorization.ts';
export { clientAuthenticationMethods } from './client-authentication/methods.ts';
export { usedAssertionsCollection } from './client-authentication/used-assertion.store.ts';
export { authenticateClient, type CredentialCarrier } from './client-authentication.ts';
export { issueOverBrowser } from './issue.ts';
export { isRequiredBy, proveSender } from './sender-constraint.ts';
export { tokenEndpoint } from './token.endpoint.ts';
