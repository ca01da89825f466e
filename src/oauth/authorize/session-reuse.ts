import { reusesSessions, type StoredClient } from '../../resources/clients/index.ts';
import type { Session } from '../../resources/sessions/index.ts';
import type { User } from '../../resources/users/index.ts';
import type { AuthorizationRequest } from '../../transactions/index.ts';

/** Values of `prompt` for which the user must come to the login page, whoever is logged in. */
const ASKS_LOGIN = ['login', 'select_account'];

export interface Reuse {
  readonly session: Pick<Session, 'authenticated_at'>;
  readonly user: User;
  readonly client: StoredClient;
  /** Names of the connections that the client may use: users of others could not log in to it either. */
  readonly usable: readonly string[];
  /** ms */
  readonly now: number;
}

/** Is the browser's session enough for this request, so that the user need not prove again who they are? */
export function maySessionServe(
  request: Pick<AuthorizationRequest, 'prompt' | 'max_age' | 'connection' | 'expected_user'>,
  { session, user, client, usable, now }: Reuse,
): boolean {
  if (!reusesSessions(client)) return false;
  if (request.expected_user !== undefined && request.expected_user !== user.user_id) return false;
  if (request.prompt.some((value) => ASKS_LOGIN.includes(value))) return false;
  if (request.max_age !== undefined && isOlder(session, request.max_age, now)) return false;
  const wanted = request.connection === undefined ? usable : usable.filter((name) => name === request.connection);
  return user.identities.some(({ connection }) => wanted.includes(connection));
}

/** OIDC Core §3.1.2.1: `max_age=0` always asks. */
function isOlder(session: Reuse['session'], maxAge: number, now: number): boolean {
  const age = (now - Date.parse(session.authenticated_at)) / 1000;
  return maxAge === 0 || age > maxAge;
}
