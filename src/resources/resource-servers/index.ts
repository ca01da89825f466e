/** APIs: what an access token may be for, its lifetime, signature and scopes, and `/api/v2/resource-servers`. */

export { onScopesGone } from './followers.ts';
export { resourceServerEndpoints } from './resource-server.resource.ts';
export {
  findResourceServer,
  type ResourceServer,
  resourceServersCollection,
  resourceServersOf,
  revealSigningSecret,
  sealSigningSecret,
} from './resource-server.store.ts';
export {
  createResourceServer,
  ensureManagementApi,
  managementAudience,
  type ResourceServerBody,
} from './resource-servers.ts';
export { myOrganizationAudience } from './system-apis.ts';
