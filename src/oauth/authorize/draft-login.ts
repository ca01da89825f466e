import type { Context } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { listConnectionsForClient } from '../../resources/connections/index.ts';
import { findSession } from '../../resources/sessions/index.ts';
import { findUser } from '../../resources/users/index.ts';
import type { AuthorizationRequest, Cookies, LoginDraft } from '../../transactions/index.ts';
import { maySessionServe } from './session-reuse.ts';

/** The login as it begins: with the session's user, where the session may serve. */
export async function draftLogin(
  ctx: Context,
  client: StoredClient,
  request: AuthorizationRequest,
  cookies: Cookies,
): Promise<LoginDraft> {
  const draft: LoginDraft = { kind: 'login', request, methods: [], interactive: false };
  const session = await findSession(ctx, cookies);
  const user = session && (await findUser(ctx, session.user_id));
  if (!session || !user) return draft;
  const usable = (await listConnectionsForClient(ctx, client.client_id)).map(({ name }) => name);
  if (!maySessionServe(request, { session, user, client, usable, now: ctx.clock.now() })) return draft;
  return { ...draft, user_id: user.user_id, session_id: session.id };
}
