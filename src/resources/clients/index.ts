/**
 * Applications: their properties, secrets and credentials, and `/api/v2/clients`. What a property makes the server do is enforced where
 * the protocol is (`oauth`, `login`); this folder owns the shape, the defaults and the rules between properties.
 */
export { type ClientBody, isStrictThirdParty } from './client.defaults.ts';
export type { Client } from './client.schema.ts';
export {
  clientsCollection,
  clientsOf,
  digestClientSecret,
  findClient,
  revealClientSecret,
  type StoredClient,
  sealClientSecret,
} from './client.store.ts';
export { type Chosen, createClient, presentClient } from './clients.ts';
export { type ClientCredential, clientCredentialsCollection, clientCredentialsOf } from './credential.store.ts';
export { mayReadAnswers } from './origins.ts';
