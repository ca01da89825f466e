import { type Context, oauthError, type WireError } from '../../kernel/index.ts';
import { findClient, type StoredClient } from '../../resources/clients/index.ts';
import { complianceOf } from '../compliance.ts';
import { ambiguous, readBasic, requireName } from './client-authentication/carrier.ts';
import type { Claim, ClientAuthenticationMethod, CredentialCarrier } from './client-authentication/method.ts';
import { clientAuthenticationMethods } from './client-authentication/methods.ts';

export type { CredentialCarrier } from './client-authentication/method.ts';

/**
 * Who the client of a request is, proved as it is registered: one of the methods that are listed in `client-authentication/methods.ts`.
 * Certificates are the connection's (`ctx.caller`), all else is in the request. Whatever the request brings along is verified, whether
 * or not the client exists, is registered for it, or has another proof that is right: the time of an answer tells nothing.
 *
 * @throws WireError 401 access_denied "Unauthorized" for an unknown client and for every wrong proof alike; 401 invalid_client
 * without client_id or with a malformed assertion; 400 invalid_request for several proofs at once
 */
export async function authenticateClient(ctx: Context, request: CredentialCarrier): Promise<StoredClient> {
  const presented = readPresented(ctx, request);
  const clientId = presented[0]?.claim.client_id ?? requireName(request);
  const client = await findClient(ctx, clientId);
  const proved = await findProved(presented, client);
  if (!client || !proved) throw unauthorized(readBasic(request) !== undefined);
  await proved.spend?.();
  return client;
}

interface Presented {
  readonly method: ClientAuthenticationMethod;
  readonly claim: Claim;
}

function readPresented(ctx: Context, request: CredentialCarrier): Presented[] {
  const methods = clientAuthenticationMethods.filter((method) => method.isIn(ctx, request));
  if (methods.filter(({ explicit }) => explicit).length > 1) throw ambiguous('use one method of client authentication');
  return methods.map((method) => ({ method, claim: method.read(ctx, request) }));
}

/** The proof that is right and is how the client is registered. */
async function findProved(
  presented: readonly Presented[],
  client: StoredClient | undefined,
): Promise<Claim | undefined> {
  const verdicts = await Promise.all(presented.map(({ claim }) => claim.verify(client)));
  const found = presented.find(({ method }, index) => verdicts[index] && client && mayUse(client, method));
  return found?.claim;
}

function mayUse(client: StoredClient, { name, isRegisteredFor }: ClientAuthenticationMethod): boolean {
  const wanted = complianceOf(client)?.clientAuthentication;
  const isWanted = wanted === undefined || name === wanted || (wanted === 'mtls' && name.endsWith('tls_client_auth'));
  return isWanted && isRegisteredFor(client);
}

/** RFC 6749 §5.2: a client that used the Authorization header is told the scheme. */
function unauthorized(usedHeader: boolean): WireError {
  const headers: Record<string, string> = usedHeader ? { 'www-authenticate': 'Basic realm="OAuth"' } : {};
  return oauthError(401, 'access_denied', 'Unauthorized', { headers });
}
