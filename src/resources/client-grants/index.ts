/**
 * Client grants: which client may get which scopes of which API, the rules between them, and `/api/v2/client-grants`. The documents
 * themselves are kept in `clients`, which they belong to.
 */
export { type ClientGrant, clientGrantsCollection, clientGrantsOf, findClientGrant } from '../clients/index.ts';
export { clientGrantEndpoints } from './client-grant.resource.ts';
export { type ClientGrantBody, createClientGrant, deleteClientGrant } from './client-grants.ts';
