import { type Context, type Endpoint, managementError, type Principal, type RequestParts } from '../../kernel/index.ts';
import { type JwtMembers, JwtRefused } from '../../platform/crypto/index.ts';
import { findClient } from '../clients/index.ts';
import {
  PossessionRefused,
  type PresentedToken,
  possessionChallenge,
  readAuthorization,
  requirePossession,
} from '../proof-of-possession/index.ts';
import { managementAudience } from '../resource-servers/index.ts';
import { checkToken } from './checked-tokens.ts';

type Headers = RequestParts<never, never, never>['headers'];

function requireToken(headers: Headers): PresentedToken {
  if (headers.authorization === undefined) {
    throw managementError(401, 'Missing authentication', undefined, { headers: { 'www-authenticate': 'Bearer' } });
  }
  const presented = readAuthorization(headers);
  if (!presented) throw managementError(400, 'Bad HTTP authentication header format');
  return presented;
}

const REFUSALS: Partial<Record<JwtRefused['reason'], string>> = {
  signature: 'Invalid signature received for JSON Web Token validation.',
  expired: 'Token has expired or signature is invalid.',
};

/**
 * The token's claims. The tenant's keys sign for all its domains, so a token is good at each of them: what binds it to this tenant
 * is its key and its audience.
 */
async function readToken(ctx: Context, token: string, audience: string): Promise<JwtMembers> {
  try {
    return await checkToken(ctx, token, audience);
  } catch (error) {
    if (!(error instanceof JwtRefused)) throw error;
    const text = REFUSALS[error.reason] ?? 'Invalid token.';
    throw managementError(401, text, 'invalid_token', { detail: error.message });
  }
}

/** A token that is bound to a key is good for its holder alone. WireError 401. */
async function requireHolder(ctx: Context, claims: JwtMembers, presented: PresentedToken): Promise<void> {
  try {
    await requirePossession(ctx, claims, presented);
  } catch (error) {
    if (!(error instanceof PossessionRefused)) throw error;
    const headers = { 'www-authenticate': possessionChallenge(error) };
    throw managementError(401, error.message, error.error, { headers });
  }
}

/**
 * The claims of the access token that a request carries: of this tenant, for `audience`, shown by whoever it is bound to. WireError of the
 * Management API: 401 without a good token, 400 when the header cannot be read.
 */
export async function requireClaims(ctx: Context, headers: Headers, audience: string): Promise<JwtMembers> {
  const presented = requireToken(headers);
  const claims = await readToken(ctx, presented.token, audience);
  await requireHolder(ctx, claims, presented);
  return claims;
}

/** Who is calling, by those claims. */
export function principalOf(claims: JwtMembers): Principal {
  const scopes = new Set(textOf(claims.scope).split(' ').filter(Boolean));
  return { clientId: textOf(claims.azp) || textOf(claims.client_id), subject: textOf(claims.sub), scopes };
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/** Whoever deletes a client means to end what it may do, rules included that it was bound to: its tokens end with it. WireError 401. */
async function requireLivingClient(ctx: Context, { clientId }: Principal): Promise<void> {
  if (clientId === '' || (await findClient(ctx, clientId))) return;
  throw managementError(401, 'Invalid token.', 'invalid_token', { detail: 'its client was deleted' });
}

/**
 * Guards the Management API: an access token of this tenant for `<issuer>api/v2/`, with at least one of the scopes that the endpoint
 * names. WireError 401 without a good token, 400 when the header cannot be read, 403 when no scope fits.
 */
export async function managementGuard(ctx: Context, endpoint: Endpoint, headers: Headers): Promise<Principal> {
  const principal = principalOf(await requireClaims(ctx, headers, managementAudience(ctx)));
  await requireLivingClient(ctx, principal);
  const wanted = endpoint.scopes ?? [];
  if (wanted.length > 0 && !wanted.some((scope) => principal.scopes.has(scope))) {
    const text = `Insufficient scope, expected any of: ${wanted.join(',')}`;
    throw managementError(403, text, 'insufficient_scope');
  }
  return principal;
}
