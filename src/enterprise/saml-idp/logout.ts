import { type Context, oauthError, type Reply, type SetCookie } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { findSession, type Session, sessionsOf } from '../../resources/sessions/index.ts';
import { type Cookies, logoutRoute } from '../../transactions/index.ts';
import { type Brought, readMessage } from './incoming.ts';
import { findLogout, samlLogoutsOf } from './logout.store.ts';
import { isSuccess, type LogoutRequest, readLogoutRequest } from './logout-request.ts';
import { goRound, type Round } from './logout-round.ts';
import { recordingRefusal } from './recording-refusal.ts';
import { STATUS } from './saml.ts';
import { requireSamlClient, type SamlClient } from './saml-client.ts';
import { type SamlSession, samlSessionKey, samlSessionsOf } from './saml-session.store.ts';

/** Ends a browser's session, and records it. Answers the cookies that take it from the browser. */
export type EndBrowserSession = (
  ctx: Context,
  session: Session | undefined,
  client: StoredClient | undefined,
) => Promise<SetCookie[]>;

/**
 * Single logout: an application asks for it, answers that it has ended its own session, or, without a message, a person has come here
 * to log out.
 */
export async function logOutBySaml(
  ctx: Context,
  clientId: string,
  brought: Brought,
  cookies: Cookies,
  endBrowserSession: EndBrowserSession,
): Promise<Reply> {
  const saml = await requireSamlClient(ctx, clientId);
  if (brought.SAMLResponse) return recordingRefusal(ctx, saml, 'flo', () => acceptAnswer(ctx, saml, brought));
  if (brought.SAMLRequest)
    return recordingRefusal(ctx, saml, 'flo', () => answerRequest(ctx, saml, brought, cookies, endBrowserSession));
  const session = await findSession(ctx, cookies);
  const route = await logoutRoute(ctx, session, undefined);
  const cleared = await endBrowserSession(ctx, session, saml.client);
  if (route === undefined) return goRound(ctx, { pending: [], partial: false }, cleared);
  return { status: 302, headers: { location: route }, cookies: cleared };
}

const refuse = ({ client }: SamlClient, text: string) =>
  oauthError(400, 'invalid_request', text, { extra: { client_id: client.client_id } });

async function answerRequest(
  ctx: Context,
  saml: SamlClient,
  brought: Brought,
  cookies: Cookies,
  endBrowserSession: EndBrowserSession,
): Promise<Reply> {
  const request = readLogoutRequest(ctx, saml, await readMessage(saml, 'LogoutRequest', brought));
  if (!saml.settings.logout?.callback) throw refuse(saml, 'The logout URL may be missing or misconfigured');
  const own = await findOwn(ctx, saml, request, cookies);
  const all = own ? await samlSessionsOf(ctx).list({ where: { session_id: own.session_id } }) : [];
  const { client_id } = saml.client;
  const round: Round = {
    pending: all.filter((one) => one.client_id !== client_id),
    partial: false,
    originator: {
      client_id,
      request_id: request.id,
      ...(brought.RelayState === undefined ? {} : { relay_state: brought.RelayState }),
    },
  };
  const session = own && (await sessionsOf(ctx).get(own.session_id));
  const isBrowsers = (await findSession(ctx, cookies))?.id === own?.session_id;
  const cleared = session ? await endBrowserSession(ctx, session, saml.client) : [];
  return goRound(ctx, round, isBrowsers ? cleared : []);
}

/**
 * The session that an application means: it knows what it was told when it began, which nobody else was told and nobody guesses.
 * Without that, the session of this browser, if it is of the person whom the application names. Undefined when it is over already.
 */
async function findOwn(
  ctx: Context,
  { client: { client_id } }: SamlClient,
  { nameId, sessionIndexes }: LogoutRequest,
  cookies: Cookies,
): Promise<SamlSession | undefined> {
  const isOwn = (one: SamlSession | undefined) => one?.client_id === client_id && one.name_id === nameId;
  if (sessionIndexes.length > 0)
    return (await samlSessionsOf(ctx).list({ where: { session_index: { in: sessionIndexes } } })).find(isOwn);
  const session = await findSession(ctx, cookies);
  const found = session && (await samlSessionsOf(ctx).get(samlSessionKey(session.id, client_id)));
  return isOwn(found) ? found : undefined;
}

/** The browser comes back from an application that was asked to end its session; on to the next. */
async function acceptAnswer(ctx: Context, saml: SamlClient, brought: Brought): Promise<Reply> {
  const logout = await findLogout(ctx, brought.RelayState);
  if (!logout || logout.asked?.client_id !== saml.client.client_id) throw refuse(saml, 'Invalid RelayState');
  const response = await readMessage(saml, 'LogoutResponse', brought);
  if (response.attributes.InResponseTo !== logout.asked.request_id)
    throw refuse(saml, 'The SAML Response does not answer the request');
  if (!(await samlLogoutsOf(ctx).take(logout.id))) throw refuse(saml, 'Invalid RelayState');
  const { pending, originator, onwards } = logout;
  return goRound(ctx, {
    pending,
    partial: logout.partial || !isSuccess(response, STATUS.success),
    ...(originator ? { originator } : {}),
    ...(onwards === undefined ? {} : { onwards }),
  });
}

/** Begins the round of a logout that ended a session elsewhere on this server. */
export async function beginRound(ctx: Context, state: string | undefined): Promise<Reply> {
  const logout = await findLogout(ctx, state);
  if (!logout || logout.asked || !(await samlLogoutsOf(ctx).take(logout.id)))
    throw oauthError(400, 'invalid_request', 'The logout request is invalid or has expired');
  const { pending, partial, onwards } = logout;
  return goRound(ctx, { pending, partial, ...(onwards === undefined ? {} : { onwards }) });
}
