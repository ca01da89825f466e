import { type Context, oauthError, WireError } from '../kernel/index.ts';
import { isPublic, type StoredClient } from '../resources/clients/index.ts';
import { authenticateClient, type CredentialCarrier } from './token/index.ts';

/** The client of a request that only clients with a proof of who they are may make. Throws WireError 401 invalid_client and the like. */
export async function authenticateConfidential(ctx: Context, request: CredentialCarrier): Promise<StoredClient> {
  const client = await authenticateClient(ctx, request);
  if (isPublic(client)) throw oauthError(401, 'invalid_client', 'Client authentication is required');
  return client;
}

/** An error in the words of the newer specifications, which Auth0's newer endpoints keep: 401 is `invalid_client` (RFC 6749 §5.2). */
export function asSpecified(error: WireError): WireError {
  if (error.status !== 401) return error;
  const { headers } = error;
  return new WireError(401, { ...error.body, error: 'invalid_client' }, { headers });
}
