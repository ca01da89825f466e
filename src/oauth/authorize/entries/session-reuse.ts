import type { Context } from '../../../kernel/index.ts';
import { reusesSessions, type StoredClient } from '../../../resources/clients/index.ts';
import { findConnectionByName } from '../../../resources/connections/index.ts';
import type { Session } from '../../../resources/sessions/index.ts';
import type { User } from '../../../resources/users/index.ts';
import type { AuthorizationRequest } from '../../../transactions/index.ts';

/** Values of `prompt` for which the user must come to the login page, whoever is logged in. */
const ASKS_LOGIN = ['login', 'select_account'];

export interface Reuse {
  readonly session: Pick<Session, 'authenticated_at'>;
  readonly user: User;
  readonly client: StoredClient;
  /** Names of the connections that the client may use: users of others could not log in to it either. */
  readonly usable: readonly string[];
  /** The one connection by which they are known here, whatever other identities they have. */
  readonly bound_to?: string | undefined;
  /** ms */
  readonly now: number;
}

/** Is the browser's session enough for this request, so that the user need not prove again who they are? */
export function maySessionServe(
  request: Pick<AuthorizationRequest, 'prompt' | 'max_age' | 'connection' | 'expected_user'>,
  { session, user, client, usable, bound_to, now }: Reuse,
): boolean {
  if (!reusesSessions(client)) return false;
  if (request.expected_user !== undefined && request.expected_user !== user.user_id) return false;
  if (request.prompt.some((value) => ASKS_LOGIN.includes(value))) return false;
  if (request.max_age !== undefined && isOlder(session, request.max_age, now)) return false;
  const wanted = request.connection === undefined ? usable : usable.filter((name) => name === request.connection);
  const known = user.identities.filter(({ connection }) => bound_to === undefined || bound_to === connection);
  return known.some(({ connection }) => wanted.includes(connection));
}

/**
 * The connection that somebody came by, where an organization set it up: it vouches for them to that organization alone, also where accounts
 * of theirs are linked that others vouch for.
 */
export async function boundTo(ctx: Context, name: string | undefined): Promise<string | undefined> {
  const connection = name === undefined ? undefined : await findConnectionByName(ctx, name);
  return connection?.belongs_to === undefined ? undefined : name;
}

/** OIDC Core §3.1.2.1: `max_age=0` always asks. */
function isOlder(session: Reuse['session'], maxAge: number, now: number): boolean {
  const age = (now - Date.parse(session.authenticated_at)) / 1000;
  return maxAge === 0 || age > maxAge;
}
