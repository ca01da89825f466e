import { isStrictThirdParty, type StoredClient } from '../resources/clients/index.ts';
import type { ResourceServer } from '../resources/resource-servers/index.ts';

/** Does `client` need a client grant for the API? By the API's policy; Auth0: strict third-party clients always. */
export function needsClientGrant(client: StoredClient, api: ResourceServer, subjectType: 'client' | 'user'): boolean {
  return api.subject_type_authorization[subjectType].policy === 'require_client_grant' || isStrictThirdParty(client);
}
