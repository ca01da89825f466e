import { oauthError } from '../../kernel/index.ts';
import { isStrictThirdParty } from './client.defaults.ts';
import type { StoredClient } from './client.store.ts';

/**
 * Auth0: strict third-party clients have OAuth's endpoints and no others: no logout, no codes by mail. Answers `client`, where it is none
 * of them.
 *
 * @param extra further members of the error, for pages
 * @throws WireError 403 unauthorized_client
 */
export function requireOwnEndpoints(client: StoredClient, extra: Readonly<Record<string, unknown>> = {}): StoredClient {
  if (!isStrictThirdParty(client)) return client;
  throw oauthError(403, 'unauthorized_client', 'The client may not use this endpoint', { extra });
}
