import type { Context } from '../../../kernel/index.ts';
import type { StoredClient } from '../../../resources/clients/index.ts';
import { listUsableConnections } from '../../../resources/organizations/index.ts';
import { findSession } from '../../../resources/sessions/index.ts';
import { findUser, type User } from '../../../resources/users/index.ts';
import type { AuthorizationRequest, Cookies, LoginDraft } from '../../../transactions/index.ts';
import { assessOrganization } from '../login-organization.ts';
import { boundTo, maySessionServe } from './session-reuse.ts';

/** A login that begins with nobody. */
export const blankDraft = (request: AuthorizationRequest): LoginDraft => ({
  kind: 'login',
  request,
  methods: [],
  interactive: false,
});

/** The login as it begins: with the session's user, where the session may serve. */
export async function draftLogin(
  ctx: Context,
  client: StoredClient,
  request: AuthorizationRequest,
  cookies: Cookies,
): Promise<LoginDraft> {
  const draft = blankDraft(request);
  const session = await findSession(ctx, cookies);
  const user = session && (await findUser(ctx, session.user_id));
  if (!session || !user) return draft;
  // A delegated session is for the applications that allow it.
  if (session.actor && client.session_transfer?.delegation?.allow_delegated_access !== true) return draft;
  const connections = await listUsableConnections(ctx, client.client_id, request.organization);
  const usable = connections.map(({ connection }) => connection.name);
  const bound_to = await boundTo(ctx, session.connection);
  if (!maySessionServe(request, { session, user, client, usable, bound_to, now: ctx.clock.now() })) return draft;
  const came = bound_to === undefined ? {} : { connection: bound_to };
  const taken = { ...draft, user_id: user.user_id, session_id: session.id, ...came };
  return (await mayEnter(ctx, client, taken, user)) ? taken : draft;
}

/** Somebody who does not belong to the organization logs in as somebody who does. An invitation is for who opens it now. */
async function mayEnter(ctx: Context, client: StoredClient, draft: LoginDraft, user: User): Promise<boolean> {
  const { organization, invitation } = draft.request;
  if (organization === undefined) return true;
  return invitation === undefined && (await assessOrganization(ctx, client, draft, user)).refusal === undefined;
}
