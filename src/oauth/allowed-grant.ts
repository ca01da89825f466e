import { oauthError, type WireError } from '../kernel/index.ts';
import { isGrantAllowed, mayHaveGrant, type StoredClient } from '../resources/clients/index.ts';

/** The answer of every flow when the client was not given its grant type, or may not have it. */
export function grantNotAllowed(type: string): WireError {
  return oauthError(403, 'unauthorized_client', `Grant type '${type}' not allowed for the client.`);
}

/** Throws WireError 403 unauthorized_client unless `client` may use the grant type. */
export function requireGrant(client: StoredClient, type: string): void {
  if (!isGrantAllowed(client, type)) throw grantNotAllowed(type);
}

/**
 * The same for a grant that goes by a property of the client in place of its `grant_types`: what a client like this one may not have,
 * no property gives it.
 */
export function requireProperty(client: StoredClient, type: string, permits: (client: StoredClient) => boolean): void {
  if (!mayHaveGrant(client, type) || !permits(client)) throw grantNotAllowed(type);
}
