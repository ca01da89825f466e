import { isGrantAllowed, isPublic, type StoredClient } from '../../resources/clients/index.ts';
import { grantNotAllowed } from '../allowed-grant.ts';
import { GRANT } from '../vocabulary.ts';

/**
 * Auth0: native applications that authenticate by nothing but their name, conform to OpenID Connect, and have the grant.
 *
 * @throws WireError 403 unauthorized_client for all others
 */
export function requireDeviceClient(client: StoredClient): void {
  const isOfTheKind = client.app_type === 'native' && isPublic(client) && client.oidc_conformant !== false;
  if (!isOfTheKind || !isGrantAllowed(client, GRANT.deviceCode)) throw grantNotAllowed(GRANT.deviceCode);
}
