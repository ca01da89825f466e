import { type Context, oauthError } from '../../../kernel/index.ts';
import { type Connection, databaseRules } from '../../../resources/connections/index.ts';
import { listUsableConnections, type UsableConnection } from '../../../resources/organizations/index.ts';
import type { AuthorizationRequest, Transaction } from '../../../transactions/index.ts';

/**
 * The database that a login page asks: the one that the request names, or the client's first; at an organization one of those that are
 * the organization's too. Undefined where there is none.
 */
export async function loginConnection(ctx: Context, request: AuthorizationRequest): Promise<Connection | undefined> {
  return (await usableDatabase(ctx, request))?.connection;
}

async function usableDatabase(ctx: Context, request: AuthorizationRequest): Promise<UsableConnection | undefined> {
  const usable = await listUsableConnections(ctx, request.client_id, request.organization);
  const databases = usable.filter(({ connection }) => connection.strategy === 'auth0');
  return databases.find(({ connection }) => request.connection === undefined || connection.name === request.connection);
}

/**
 * May people sign up? At an organization only where it wants that. Whoever is invited may wherever the connection takes passwords: the
 * invitation is worth more than the rule that keeps the public out.
 */
export async function isSignupOpen(
  ctx: Context,
  request: AuthorizationRequest,
  connection: Connection,
): Promise<boolean> {
  if (request.invitation !== undefined) return true;
  if (databaseRules(connection).signupDisabled) return false;
  return (
    request.organization === undefined || (await usableDatabase(ctx, request))?.settings?.is_signup_enabled === true
  );
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

/** Who logs in, as far as they or the application said: what fields for an identifier are filled with. */
export function identifierHint({ identified, request }: Transaction): string | undefined {
  return identified ?? request.login_hint;
}
