import { type Context, oauthError, type WireError } from '../../kernel/index.ts';
import { findClient, type StoredClient } from '../../resources/clients/index.ts';
import { complianceOf } from '../compliance.ts';
import { authenticateClient } from '../token/client-authentication.ts';
import type { TokenRequest } from '../token/token-request.ts';

/** What these endpoints say where a parameter is missing. */
export function missing(name: string): WireError {
  return oauthError(400, 'invalid_request', `missing ${name} parameter`);
}

/** `value`, if there is one. Throws WireError 400 invalid_request. */
export function required(value: string | undefined, name: string): string {
  if (value === undefined) throw missing(name);
  return value;
}

const PROOFS = ['client_secret', 'client_assertion'];

/**
 * The client of an older request: it need not prove who it is (docs/decisions/0029), but a proof that it sends must be right.
 *
 * @throws WireError 400 invalid_request without client_id or with a scope that is no text; 403 unauthorized_client for an unknown
 * client; those of `authenticateClient`
 */
export async function identifyClient(ctx: Context, request: TokenRequest): Promise<StoredClient> {
  const { client_id, scope } = request.body;
  if (scope !== undefined && scope !== null && typeof scope !== 'string')
    throw oauthError(400, 'invalid_request', 'scope parameter must be a string');
  if (request.headers.authorization !== undefined || PROOFS.some((name) => request.body[name] !== undefined))
    return authenticateClient(ctx, request);
  if (typeof client_id !== 'string' || client_id === '') throw missing('client_id');
  const client = await findClient(ctx, client_id);
  if (!client) throw oauthError(403, 'unauthorized_client', 'invalid client');
  return client;
}

/**
 * Auth0: a client that conforms to OpenID Connect has left the older endpoints behind, and so has one whose compliance level demands it:
 * here nobody would see how it proves who it is. WireError 400 invalid_request.
 */
export function requireNonConformant(client: StoredClient, path: string): void {
  const isConformant = client.oidc_conformant || complianceOf(client)?.oidcConformant;
  if (isConformant) throw oauthError(400, 'invalid_request', `OIDC conformant clients cannot use ${path}`);
}
