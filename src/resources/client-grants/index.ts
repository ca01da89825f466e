/** Client grants: which client may get which scopes of which API, and `/api/v2/client-grants`. */
export { type ClientGrant, clientGrantsCollection, clientGrantsOf, findClientGrant } from './client-grant.store.ts';
export { type ClientGrantBody, createClientGrant } from './client-grants.ts';
