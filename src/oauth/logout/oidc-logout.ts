import { type Context, isoTime, oauthError, type Reply, redirect } from '../../kernel/index.ts';
import { publishedClientId, type StoredClient } from '../../resources/clients/index.ts';
import { findSession, type Session } from '../../resources/sessions/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import { type Cookies, logoutRoute } from '../../transactions/index.ts';
import { type IdTokenHint, readIdTokenHint } from '../id-token-hint.ts';
import { endBrowserSession, recordingRefusal } from './end-browser-session.ts';
import { showLoggedOut } from './logout-pages.ts';
import { type LogoutTarget, resolveLogoutUrl } from './logout-url.ts';
import { sealLogout } from './pending-logout.ts';
import { providerLogoutUrl } from './provider-logout.ts';
import { requireClient, requireLogout } from './v2-logout.endpoint.ts';

export interface LogoutParameters {
  readonly id_token_hint?: string;
  readonly logout_hint?: string;
  readonly post_logout_redirect_uri?: string;
  readonly client_id?: string;
  readonly federated?: string;
  readonly state?: string;
  readonly ui_locales?: string;
}

/** A logout that was checked: whose session, on whose behalf, and where it leads. */
export interface Logout {
  readonly session: Session | undefined;
  readonly client: StoredClient | undefined;
  readonly url: string | undefined;
  /** Does it lead over the identity provider? */
  readonly federated: boolean;
}

/**
 * RP-Initiated Logout 1.0: at once when the application shows by a hint that it knows the session, else after the person has agreed.
 *
 * @throws WireError (page, 400) for hints that contradict each other or a URL that is not allowed; then nothing has ended
 */
export async function logOutByOidc(ctx: Context, sent: LogoutParameters, cookies: Cookies): Promise<Reply> {
  const parameters = dropEmpty(sent);
  const hint = parameters.id_token_hint ? await readIdTokenHint(ctx, parameters.id_token_hint) : undefined;
  const client = await clientOf(ctx, parameters, hint);
  const session = await findSession(ctx, cookies);
  const organizations = [...(session?.organizations ?? []), ...(hint?.organization ? [hint.organization] : [])];
  const url = await recordingRefusal(ctx, client, () => targetOf(ctx, parameters, { client, organizations }));
  const federated = sent.federated !== undefined && sent.federated !== 'false';
  const logout = { session, client, url, federated };
  if (!session || knowsSession(parameters, hint, session) || !(await mustAsk(ctx))) return finishLogout(ctx, logout);
  const pending = sealLogout(ctx, {
    session_id: session.id,
    client_id: client?.client_id,
    url,
    federated,
    at: isoTime(ctx.clock),
  });
  return redirect(`/oidc/logout/confirm?state=${encodeURIComponent(pending)}`);
}

const dropEmpty = (sent: LogoutParameters): LogoutParameters =>
  Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== ''));

async function clientOf(
  ctx: Context,
  { client_id, logout_hint }: LogoutParameters,
  hint: IdTokenHint | undefined,
): Promise<StoredClient | undefined> {
  const names = hint && [hint.client.client_id, publishedClientId(hint.client)];
  if (names && client_id !== undefined && !names.includes(client_id))
    throw oauthError(400, 'invalid_request', 'The client_id does not match the audience of the id_token_hint');
  if (hint?.sid !== undefined && logout_hint !== undefined && logout_hint !== hint.sid)
    throw oauthError(400, 'invalid_request', 'The logout_hint does not match the sid of the id_token_hint');
  if (hint) return requireLogout(hint.client);
  return client_id === undefined ? undefined : requireClient(ctx, client_id);
}

/** The allowed URL with the application's `state` (RP-Initiated Logout §3). */
async function targetOf(
  ctx: Context,
  { post_logout_redirect_uri, state }: LogoutParameters,
  who: Pick<LogoutTarget, 'client' | 'organizations'>,
): Promise<string | undefined> {
  const parameter = 'post_logout_redirect_uri';
  const url = await resolveLogoutUrl(ctx, { parameter, url: post_logout_redirect_uri, ...who });
  if (url === undefined || state === undefined || post_logout_redirect_uri === undefined) return url;
  const [address = '', ...fragment] = url.split('#');
  const separator = address.includes('?') ? '&' : '?';
  return [`${address}${separator}state=${encodeURIComponent(state)}`, ...fragment].join('#');
}

function knowsSession({ logout_hint }: LogoutParameters, hint: IdTokenHint | undefined, session: Session): boolean {
  if (hint) return hint.subject === session.user_id && (hint.sid === undefined || hint.sid === session.id);
  return logout_hint === session.id;
}

async function mustAsk(ctx: Context): Promise<boolean> {
  const sessions = (await tenantSettings(ctx)).sessions as { oidc_logout_prompt_enabled?: boolean } | null | undefined;
  return sessions?.oidc_logout_prompt_enabled !== false;
}

/** Where the logout leads first, if it is federated. */
export async function providerOfLogout(ctx: Context, { session, url, federated }: Logout): Promise<string | undefined> {
  return federated ? providerLogoutUrl(ctx, session, url) : undefined;
}

/** Ends the session and goes where the logout leads, or says that it is done. */
export async function finishLogout(ctx: Context, logout: Logout): Promise<Reply> {
  const { session, client } = logout;
  const place = await logoutRoute(ctx, session, (await providerOfLogout(ctx, logout)) ?? logout.url);
  const cookies = await endBrowserSession(ctx, session, client);
  if (place !== undefined) return redirect(place, { cookies });
  return { ...(await showLoggedOut(ctx, client)), cookies };
}
