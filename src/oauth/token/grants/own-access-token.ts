import { type Context, oauthError, type WireError } from '../../../kernel/index.ts';
import { type JwtMembers, JwtRefused, verifyJwt } from '../../../platform/crypto/index.ts';
import type { StoredClient } from '../../../resources/clients/index.ts';
import { publicKeys } from '../../../resources/keys/index.ts';
import {
  findResourceServer,
  type ResourceServer,
  revealSigningSecret,
} from '../../../resources/resource-servers/index.ts';
import { findUser, predatesPassword, type User } from '../../../resources/users/index.ts';
import { agentIn, mayStillAct } from '../../acting.ts';
import { userIsBlocked } from '../grant-refusal.ts';

function invalidSubject(detail: string): WireError {
  return oauthError(401, 'invalid_request', 'Invalid subject_token', { detail });
}

/**
 * The claims of an access token of ours that was issued for the API that `client` stands for: no other that it got hold of. WireError 401.
 */
export async function verifyOwnAccessToken(ctx: Context, client: StoredClient, token: string): Promise<JwtMembers> {
  const server = await findResourceServer(ctx, client.resource_server_identifier ?? '');
  if (!server) throw invalidSubject('the API of the client is gone');
  try {
    const { header, payload } = await verifyJwt(token, {
      keys: await keysOf(ctx, server),
      algorithms: [server.signing_alg],
      issuer: [ctx.issuer, ctx.canonicalIssuer],
      audience: server.identifier,
      nowMs: ctx.clock.now(),
    });
    return requireAccessToken(header, payload);
  } catch (error) {
    if (error instanceof JwtRefused) throw invalidSubject(error.message);
    throw error;
  }
}

async function keysOf(ctx: Context, server: ResourceServer) {
  if (server.signing_alg !== 'HS256') return publicKeys(ctx);
  const secret = revealSigningSecret(ctx, server);
  return () => (secret === undefined ? undefined : new TextEncoder().encode(secret));
}

/** Not an ID token, a logout token or a client's own token: one that says for whom and which client got it. */
function requireAccessToken(header: JwtMembers, payload: JwtMembers): JwtMembers {
  const isAccessToken = header.typ === 'JWT' || header.typ === 'at+jwt';
  if (!isAccessToken || typeof payload.exp !== 'number') throw new JwtRefused('typ', 'not an access token');
  if (clientOf(payload) === undefined) throw new JwtRefused('malformed', 'no azp or client_id');
  if (payload.gty === 'client-credentials') throw new JwtRefused('malformed', 'of no user');
  return payload;
}

/** The client that a token was issued to. */
export function clientOf({ azp, client_id }: JwtMembers): string | undefined {
  const id = azp ?? client_id;
  return typeof id === 'string' ? id : undefined;
}

/**
 * The user whom the claims are about. Throws the refusal when they are gone or blocked, or have a new password since, and when another
 * user acts for them who may not any more.
 */
export async function requireSubject(ctx: Context, { sub, iat, act }: JwtMembers): Promise<User> {
  const user = typeof sub === 'string' ? await findUser(ctx, sub) : undefined;
  if (!user) throw invalidSubject('its user is gone');
  if (user.blocked) throw userIsBlocked(user.user_id);
  // What was got with the old password must not live on as a new token.
  if (predatesPassword(iat, user)) throw invalidSubject('the password was changed since');
  const agent = agentIn(act);
  if (agent && !(await mayStillAct(ctx, agent))) throw invalidSubject('who acts for the user is gone or blocked');
  return user;
}
