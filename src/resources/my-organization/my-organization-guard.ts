import {
  asProblem,
  type Context,
  type Endpoint,
  type Principal,
  problem,
  type RequestParts,
  WireError,
} from '../../kernel/index.ts';
import type { JwtMembers } from '../../platform/crypto/index.ts';
import { principalOf, requireClaims } from '../access/index.ts';
import { findResourceServer, myOrganizationAudience } from '../resource-servers/index.ts';

type Headers = RequestParts<never, never, never>['headers'];

const SCOPE_TEXT =
  'The auth token lacks the required scope: Check the API documentation for the required scopes for this endpoint.';

async function readClaims(ctx: Context, headers: Headers, audience: string): Promise<JwtMembers> {
  if (headers.authorization === undefined) {
    throw problem('missing_token', 'No auth token provided.', { headers: { 'www-authenticate': 'Bearer' } });
  }
  try {
    return await requireClaims(ctx, headers, audience);
  } catch (error) {
    throw error instanceof WireError ? asProblem(error) : error;
  }
}

/**
 * Guards the My Organization API: an access token of this tenant for `<issuer>my-org/` that is for an organization, with one of the scopes
 * that the endpoint names. Problems: 401 without a good token or where the tenant has taken the API away, 403 without organization or scope.
 */
export async function myOrganizationGuard(ctx: Context, endpoint: Endpoint, headers: Headers): Promise<Principal> {
  const audience = myOrganizationAudience(ctx);
  const claims = await readClaims(ctx, headers, audience);
  if (!(await findResourceServer(ctx, audience))) throw problem('invalid_token', 'The API is not activated.');
  if (typeof claims.org_id !== 'string') throw problem('forbidden', 'The auth token is not for an organization.');
  const principal = { ...principalOf(claims), organizationId: claims.org_id };
  const wanted = endpoint.scopes ?? [];
  if (wanted.some((scope) => principal.scopes.has(scope))) return principal;
  throw problem('insufficient_scope', SCOPE_TEXT);
}

/** For calls that need more than one scope. Problem 403. */
export function requireScope({ scopes }: Principal, scope: string): void {
  if (!scopes.has(scope)) throw problem('insufficient_scope', SCOPE_TEXT);
}
