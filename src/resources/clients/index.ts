/**
 * Applications: their properties, secrets, credentials and grants, and `/api/v2/clients`. What a property makes the server do is enforced
 * where the protocol is (`oauth`, `login`); this folder owns the shape, the defaults and the rules between properties.
 * Deleting one reaches further and stands in `client-relations`.
 */
export { type AddonSettings, type Addons, openAddons } from './addon-secrets.ts';
export { logoutSettingsOf } from './backchannel-logout.rules.ts';
export { isOpenCallback } from './callback-rule.ts';
export { cimdEndpoints } from './cimd/cimd.endpoints.ts';
export { documentCopiesCollection, forgetDocumentOf } from './cimd/document-copy.store.ts';
export { refreshDueDocuments } from './cimd/refresh-documents.ts';
export { renewKeys } from './cimd/renew-keys.ts';
export { type ClientBody, isStrictThirdParty } from './client.defaults.ts';
export { clientResourceEndpoints } from './client.resource.ts';
export { addClientRule } from './client.rules.ts';
export {
  clientsCollection,
  clientsOf,
  digestClientSecret,
  findClient,
  findClientOfApi,
  revealClientSecret,
  type StoredClient,
  sealClientSecret,
} from './client.store.ts';
export type { Client } from './client.ts';
export { type ClientGrant, clientGrantsCollection, clientGrantsOf, findClientGrant } from './client-grant.store.ts';
export { type Chosen, createClient, MISSING_CLIENT, onClientCreated, presentClient, requireClient } from './clients.ts';
export { credentialEndpoints } from './credential.endpoints.ts';
export { type ClientCredential, clientCredentialsCollection, clientCredentialsOf } from './credential.store.ts';
export { CREDENTIAL_ALGORITHMS } from './credential-key.ts';
export { forgetCredentialsOf } from './credentials.ts';
export { forgetClientGrants } from './forget-grants.ts';
export { type GrantTypeRule, grantTypes, isGrantAllowed, isPublic, mayHaveGrant } from './grant-types.ts';
export { idTokenSecret } from './id-token-secret.ts';
export { customLoginPage, loginPagePreview } from './login-page.ts';
export {
  type OrganizationGrant,
  organizationGrantKey,
  organizationGrantsCollection,
  organizationGrantsOf,
} from './organization-grant.store.ts';
export { requireOwnEndpoints } from './own-endpoints.ts';
export { publishedClientId } from './published-id.ts';
export { isUnverifiableCallback, matchRegisteredUrl } from './registered-url.ts';
export { reusesSessions } from './single-sign-on.ts';
