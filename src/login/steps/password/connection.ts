import { type Context, oauthError } from '../../../kernel/index.ts';
import {
  type Connection,
  databaseRules,
  findConnectionByName,
  isEnabledFor,
  listConnectionsForClient,
} from '../../../resources/connections/index.ts';
import type { AuthorizationRequest } from '../../../transactions/index.ts';

/** The database that a login page asks: the one that the request names, or the client's first. Undefined where it has none. */
export async function loginConnection(ctx: Context, request: AuthorizationRequest): Promise<Connection | undefined> {
  if (request.connection !== undefined) {
    const named = await findConnectionByName(ctx, request.connection);
    return named?.strategy === 'auth0' && isEnabledFor(named, request.client_id) ? named : undefined;
  }
  const enabled = await listConnectionsForClient(ctx, request.client_id);
  return enabled.find(({ strategy }) => strategy === 'auth0');
}

/**
 * The database that a login page asks.
 *
 * @throws WireError (page) where the application has none: its own mistake, which no password could mend
 */
export async function requireLoginConnection(ctx: Context, request: AuthorizationRequest): Promise<Connection> {
  const connection = await loginConnection(ctx, request);
  if (connection) return connection;
  const { client_id } = request;
  throw oauthError(400, 'invalid_request', 'no connections enabled for the client', { extra: { client_id } });
}

/** What the field for the identifier asks for. */
export function identifierKind(connection: Connection | undefined): 'email' | 'username' | 'username-or-email' {
  if (!connection) return 'email';
  const { email, username } = databaseRules(connection).identifiers;
  if (!username.active) return 'email';
  return email.active ? 'username-or-email' : 'username';
}
