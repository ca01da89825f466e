import {
  anything,
  type Context,
  empty,
  endpoint,
  oauthError,
  type Reply,
  Type,
  WireError,
} from '../../kernel/index.ts';
import { revokeAccess } from '../../resources/access-revocation/index.ts';
import { findConnectionByName, mayEndSessions } from '../../resources/connections/index.ts';
import { readAuthorization } from '../../resources/proof-of-possession/index.ts';
import { findFederatedUser, type User } from '../../resources/users/index.ts';
import { requireProvider, unauthorized } from './provider-request.ts';

/** `{connectionName}` stands for the connection, as in Auth0's discovery document. */
export const REVOCATION_PATH = 'oauth/global-token-revocation/connection';

interface Revocation {
  readonly connection: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** An identity provider says that somebody is out: their sessions and refresh tokens end, whatever they logged in with. */
async function revoke(ctx: Context, { connection: name, authorization, body }: Revocation): Promise<Reply> {
  try {
    const token = readAuthorization({ authorization });
    if (!token) throw unauthorized('no token');
    const connection = await findConnectionByName(ctx, name);
    if (!connection) throw unauthorized('no such connection');
    if (!mayEndSessions(connection)) throw unauthorized('its profile does not allow it');
    const here = `${REVOCATION_PATH}/${encodeURIComponent(name)}`;
    const audience = [...new Set([ctx.issuer, ctx.canonicalIssuer])].map((issuer) => issuer + here);
    const issuer = await requireProvider(ctx, connection, token.token, audience);
    const user = await findFederatedUser(ctx, connection, readSubject(body, issuer));
    if (!user) throw oauthError(404, 'not_found', 'The user was not found');
    await ctx.store.transaction(() => revokeAccess(ctx, { user_id: user.user_id }, 'idp-logout'));
    ctx.audit({ type: 'universal_logout_succeeded', ...eventOf(name, user) });
    return empty(200);
  } catch (error) {
    if (error instanceof WireError)
      ctx.audit({ type: 'universal_logout_failed', description: error.message, ...eventOf(name) });
    throw error;
  }
}

function eventOf(connection: string, user?: User) {
  return {
    connection: connection.slice(0, 200),
    ...(user ? { user_id: user.user_id, user_name: user.email ?? user.name ?? '' } : {}),
  };
}

/** RFC 9493 §3.2.2: who is meant, in the provider's words. */
function readSubject(body: unknown, issuer: string): string {
  const { subject } = (typeof body === 'object' && body !== null ? body : {}) as { subject?: unknown };
  const { format, iss, sub } = (typeof subject === 'object' && subject !== null ? subject : {}) as Partial<
    Record<'format' | 'iss' | 'sub', unknown>
  >;
  if (format !== 'iss_sub' || iss !== issuer || typeof sub !== 'string' || sub === '')
    throw oauthError(400, 'invalid_request', 'Invalid subject');
  return sub;
}

export const revokeGloballyEndpoint = endpoint({
  method: 'POST',
  path: `/${REVOCATION_PATH}/:connection`,
  name: 'revokeGlobally',
  summary: 'An identity provider ends the sessions and refresh tokens of one of its users',
  tag: 'logout',
  surface: 'oauth',
  accepts: ['json'],
  params: Type.Object({ connection: Type.String({ description: 'Name of the connection to the provider.' }) }),
  body: Type.Object({
    subject: anything('`{"format": "iss_sub", "iss": …, "sub": …}`'),
  }),
  replies: {
    200: 'Sessions and refresh tokens are ended.',
    400: 'The subject is not understood.',
    401: 'It is not from the provider.',
    404: 'There is no such user.',
  },
  handle: (ctx, { params, headers, body }) =>
    revoke(ctx, { connection: params.connection, authorization: headers.authorization, body }),
});
