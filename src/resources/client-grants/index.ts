/** Client grants: which client may get which scopes of which API, and `/api/v2/client-grants`. */

export { clientGrantEndpoints } from './client-grant.resource.ts';
export { type ClientGrant, clientGrantsCollection, clientGrantsOf, findClientGrant } from './client-grant.store.ts';
export {
  type ClientGrantBody,
  createClientGrant,
  deleteClientGrant,
  forgetGrantsForAudience,
  forgetGrantsOfClient,
} from './client-grants.ts';
