import { type Context, oauthError, type WireError } from '../kernel/index.ts';
import { decodeJwt, type JwtMembers } from '../platform/crypto/index.ts';
import type { StoredClient } from '../resources/clients/index.ts';
import { CLIENT_SKEW_S, isSignedWithKeyOf } from './client-keys.ts';
import { complianceOf } from './compliance.ts';

const LONGEST_OBJECT = 10_240;
const LONGEST_ID = 64;
/** Auth0 names both; `typ` is required, so that a JWT made for something else is not taken for a request (RFC 9101 §10.8). */
const TYPES = ['jwt', 'oauth-authz-req+jwt'];
const LONGEST_LIFETIME_S = 3600;

/** The keys that may sign requests of `client`; without any, `request` is not supported for it. */
export function requestKeysOf(client: StoredClient): readonly { readonly id: string }[] {
  return client.signed_request_object?.credentials ?? [];
}

/**
 * The claims of a signed request (RFC 9101): signed with a key that the client registered for requests, by that key's own algorithm; made by
 * this client, for this issuer, now. Which of the claims are parameters is for the caller to say.
 *
 * @throws WireError 400 invalid_request_object
 */
export async function readRequestObject(ctx: Context, client: StoredClient, jwt: string): Promise<JwtMembers> {
  if (jwt.length > LONGEST_OBJECT) throw invalidRequestObject(`longer than ${LONGEST_OBJECT} bytes`);
  const decoded = decodeJwt(jwt);
  if (!decoded) throw invalidRequestObject('not a signed JWT');
  const { header, payload } = decoded;
  requireType(header);
  const keys = { credentials: requestKeysOf(client), algorithms: complianceOf(client)?.algorithms };
  // Said before the signature is looked at: a refusal that names the cause is worth more than one that hides what anybody can decode.
  requireParties(ctx, client, payload);
  requireTimes(ctx, client, payload);
  if (!(await isSignedWithKeyOf(ctx, client, jwt, keys)))
    throw invalidRequestObject('the signature cannot be verified');
  return payload;
}

function requireType({ typ }: JwtMembers): void {
  const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : undefined;
  if (type === undefined || !TYPES.includes(type)) throw invalidRequestObject(`typ must be one of ${TYPES.join(', ')}`);
}

function requireParties(ctx: Context, { client_id }: StoredClient, payload: JwtMembers): void {
  if (payload.iss !== client_id) throw invalidRequestObject('iss must be the client_id');
  if (payload.client_id !== client_id) throw invalidRequestObject('client_id must be that of the request');
  // RFC 9101 §10.8: a client assertion has the client for its subject, and no request does.
  if (payload.sub === client_id) throw invalidRequestObject('sub must not be the client_id');
  const named = [payload.aud].flat();
  const ours: readonly unknown[] = [ctx.issuer, ctx.canonicalIssuer];
  if (named.length === 0 || !named.every((one) => ours.includes(one)))
    throw invalidRequestObject(`aud must be ${ctx.issuer}`);
  if ('request' in payload || 'request_uri' in payload)
    throw invalidRequestObject('request and request_uri must not be in a request');
  const { jti } = payload;
  if (jti !== undefined && (typeof jti !== 'string' || Buffer.byteLength(jti) > LONGEST_ID))
    throw invalidRequestObject(`jti must be a string of at most ${LONGEST_ID} bytes`);
}

function requireTimes(ctx: Context, client: StoredClient, { iat, nbf, exp }: JwtMembers): void {
  const now = ctx.clock.now() / 1000;
  for (const time of [iat, nbf, exp])
    if (time !== undefined && typeof time !== 'number')
      throw invalidRequestObject('iat, nbf and exp must be numeric dates');
  if (typeof exp === 'number' && exp + CLIENT_SKEW_S <= now) throw invalidRequestObject('it has expired');
  for (const from of [iat, nbf])
    if (typeof from === 'number' && from - CLIENT_SKEW_S > now) throw invalidRequestObject('it is from the future');
  if (complianceOf(client)?.signedRequests) requireShortLife(now, nbf, exp);
}

/** FAPI 1.0 Advanced §5.2.2-13 and 17: an hour from `nbf`, which was no more than an hour ago. */
function requireShortLife(now: number, nbf: unknown, exp: unknown): void {
  if (typeof nbf !== 'number' || nbf < now - LONGEST_LIFETIME_S)
    throw invalidRequestObject('nbf must be there, and at most 60 minutes in the past');
  if (typeof exp !== 'number' || exp > nbf + LONGEST_LIFETIME_S)
    throw invalidRequestObject('exp must be there, and at most 60 minutes after nbf');
}

/** The refusal of a signed request. */
export function invalidRequestObject(why: string): WireError {
  return oauthError(400, 'invalid_request_object', `Invalid request object: ${why}`);
}
