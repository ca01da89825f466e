import { type Context, type Endpoint, managementError, type Principal, type RequestParts } from '../../kernel/index.ts';
import { type JwtMembers, JwtRefused } from '../../platform/crypto/index.ts';
import { managementAudience } from '../resource-servers/index.ts';
import { checkToken } from './checked-tokens.ts';

type Headers = RequestParts<never, never, never>['headers'];

function bearerToken(headers: Headers): string {
  const header = headers.authorization;
  if (header === undefined) {
    throw managementError(401, 'Missing authentication', undefined, { headers: { 'www-authenticate': 'Bearer' } });
  }
  const token = /^Bearer +([^\s]+)$/i.exec(header)?.[1];
  if (!token) throw managementError(400, 'Bad HTTP authentication header format');
  return token;
}

const REFUSALS: Partial<Record<JwtRefused['reason'], string>> = {
  signature: 'Invalid signature received for JSON Web Token validation.',
  expired: 'Token has expired or signature is invalid.',
};

/**
 * The token's claims. The tenant's keys sign for all its domains, so a token is good at each of them: what binds it to this tenant
 * is its key and its audience.
 */
async function readToken(ctx: Context, token: string): Promise<JwtMembers> {
  try {
    return await checkToken(ctx, token, managementAudience(ctx));
  } catch (error) {
    if (!(error instanceof JwtRefused)) throw error;
    const text = REFUSALS[error.reason] ?? 'Invalid token.';
    throw managementError(401, text, 'invalid_token', { detail: error.message });
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/**
 * Guards the Management API: a bearer token of this tenant for `<issuer>api/v2/`, with at least one of the scopes that the endpoint
 * names. WireError 401 without a good token, 400 when the header cannot be read, 403 when no scope fits.
 */
export async function managementGuard(ctx: Context, endpoint: Endpoint, headers: Headers): Promise<Principal> {
  const claims = await readToken(ctx, bearerToken(headers));
  const scopes = new Set(textOf(claims.scope).split(' ').filter(Boolean));
  const wanted = endpoint.scopes ?? [];
  if (wanted.length > 0 && !wanted.some((scope) => scopes.has(scope))) {
    const text = `Insufficient scope, expected any of: ${wanted.join(',')}`;
    throw managementError(403, text, 'insufficient_scope');
  }
  return { clientId: textOf(claims.azp) || textOf(claims.client_id), subject: textOf(claims.sub), scopes };
}
