import { type Context, oauthError, type WireError } from '../../kernel/index.ts';
import { safeEqual } from '../../platform/crypto/index.ts';
import { digestClientSecret, findClient, isPublic, type StoredClient } from '../../resources/clients/index.ts';
import { type CredentialCarrier, readPresented } from './client-authentication/presented.ts';
import { isSignedBy, readAssertion, spendAssertion } from './client-authentication/private-key-jwt.ts';

export type { CredentialCarrier } from './client-authentication/presented.ts';

/**
 * Who the client of a request is, proved as it is registered: by name alone (`none`), by its secret in body or header, or by an
 * assertion that its key signed. Secrets may come either way, whichever of the two is registered.
 *
 * @throws WireError 401 access_denied "Unauthorized" for an unknown client and for every wrong proof alike; 401 invalid_client
 * without client_id or with a malformed assertion; 400 invalid_request for several proofs at once
 */
export async function authenticateClient(ctx: Context, request: CredentialCarrier): Promise<StoredClient> {
  const presented = readPresented(request);
  if (presented.kind === 'assertion') return authenticateByAssertion(ctx, presented.assertion, presented.client_id);
  const client = await findClient(ctx, presented.client_id);
  const secret = presented.kind === 'secret' ? presented.secret : '';
  const isRight = isSecretRight(ctx, presented.client_id, client, secret);
  if (client && isPublic(client)) return client;
  if (!client || !acceptsSecrets(client) || !isRight)
    throw unauthorized(presented.kind === 'secret' && presented.basic);
  return client;
}

/** Unknown clients cost the same work, so that the time of an answer does not tell them from known ones. */
function isSecretRight(ctx: Context, clientId: string, client: StoredClient | undefined, secret: string): boolean {
  const presented = digestClientSecret(ctx, clientId, secret);
  const matches = safeEqual(presented, client?.client_secret_digest ?? '');
  return matches && secret !== '';
}

function acceptsSecrets(client: StoredClient): boolean {
  return Object.keys(client.client_authentication_methods ?? {}).length === 0;
}

async function authenticateByAssertion(
  ctx: Context,
  assertion: string,
  clientId: string | undefined,
): Promise<StoredClient> {
  const claims = readAssertion(ctx, assertion);
  // RFC 7521 §4.2: a client_id beside the assertion must be its subject.
  if (clientId !== undefined && clientId !== claims.client_id) throw unauthorized();
  const client = await findClient(ctx, claims.client_id);
  if (!client || !(await isSignedBy(ctx, client, assertion))) throw unauthorized();
  await spendAssertion(ctx, claims);
  return client;
}

/** RFC 6749 §5.2: a client that used the Authorization header is told the scheme. */
function unauthorized(usedHeader = false): WireError {
  const headers: Record<string, string> = usedHeader ? { 'www-authenticate': 'Basic realm="OAuth"' } : {};
  return oauthError(401, 'access_denied', 'Unauthorized', { headers });
}
