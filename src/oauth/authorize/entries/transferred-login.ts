import { type Context, oauthError, type SetCookie } from '../../../kernel/index.ts';
import { hashToken } from '../../../platform/crypto/index.ts';
import { networkOf } from '../../../protection/index.ts';
import type { StoredClient } from '../../../resources/clients/index.ts';
import { listUsableConnections } from '../../../resources/organizations/index.ts';
import { hasRefreshTokenFamily } from '../../../resources/refresh-tokens/index.ts';
import { endSession, findSession } from '../../../resources/sessions/index.ts';
import { findUser } from '../../../resources/users/index.ts';
import type { AuthorizationRequest, Cookies, LoginDraft } from '../../../transactions/index.ts';
import {
  type SessionTransferToken,
  sessionTransferTokensOf,
} from '../../session-transfer/session-transfer-token.store.ts';
import type { Asked } from '../request/request.ts';
import { blankDraft } from './draft-login.ts';
import { boundTo, maySessionServe } from './session-reuse.ts';

const COOKIE = 'auth0_session_transfer_token';

/** What Auth0 warns of in the tenant's log when somebody is shown the login page although they brought a token. */
const WARNINGS = {
  unknown:
    'Single Sign-On failed: Session Transfer Token not found or expired. This may indicate token reuse or expiration.',
  device: 'Single Sign-On failed: Session Transfer Token device binding validation failed due to IP/ASN mismatch.',
  organization: 'Single Sign-On failed: Session Transfer Token organization mismatch detected.',
  user: 'Single Sign-On failed: Session Transfer Token user mismatch detected.',
  parent:
    "Single Sign-On failed: Parent refresh token not found. Session Transfer Token won't be used for session establishment.",
  delegation: 'Single Sign-On failed: the application does not allow delegated access.',
  request: 'Single Sign-On failed: the request or the application does not accept this Session Transfer Token.',
} as const;

/** A session transfer token that a browser brought, in a way that the application accepts. */
export interface Presented {
  readonly value: string;
  readonly way: 'query' | 'cookie';
  /** Takes the token from the browser that keeps it in a cookie: it works once. */
  readonly cookies: readonly SetCookie[];
}

/** The session transfer token of the request, if the client takes one in the way that it came; the query goes first. */
export function presentedTransfer({ client, parameters }: Asked, cookies: Cookies): Presented | undefined {
  const ways = client.session_transfer?.allowed_authentication_methods ?? [];
  const { session_transfer_token: inQuery } = parameters;
  if (inQuery !== undefined && ways.includes('query')) return { value: inQuery, way: 'query', cookies: [] };
  const inCookie = cookies[COOKIE];
  if (!inCookie || !ways.includes('cookie')) return undefined;
  return { value: inCookie, way: 'cookie', cookies: [{ name: COOKIE, value: '', maxAge: 0 }] };
}

/** A login that was handed over, and the token that it comes from, which is not used up yet. */
export interface Transferred {
  readonly token_id: string;
  readonly draft: LoginDraft;
}

/**
 * The login that a session transfer token hands over, where all that binds it holds: living, its refresh token not revoked, on the same
 * device, in the same organization, of a connection that the application may use, and nobody else logged in to this browser (whose
 * session ends then). Undefined, with a `w` in the log, otherwise: the person logs in, and the token stays what it was.
 */
export async function findTransferred(
  ctx: Context,
  asked: Asked,
  request: AuthorizationRequest,
  presented: Presented,
  cookies: Cookies,
): Promise<Transferred | undefined> {
  const token = await sessionTransferTokensOf(ctx).get(hashToken(presented.value));
  const trouble = token ? await troubleWith(ctx, asked.client, { request, presented, token, cookies }) : 'unknown';
  if (trouble || !token) {
    warn(ctx, asked.client, trouble ?? 'unknown', token);
    return undefined;
  }
  const { user_id, connection, methods, family_id, actor } = token;
  const draft = {
    ...blankDraft(request),
    user_id,
    methods,
    ...(family_id === undefined ? {} : { transferred_from: family_id }),
    ...(actor ? { actor } : {}),
    ...(connection === undefined ? {} : { connection }),
  };
  return { token_id: token.id, draft };
}

interface Offer {
  readonly request: AuthorizationRequest;
  readonly presented: Presented;
  readonly token: SessionTransferToken;
  readonly cookies: Cookies;
}

/** Auth0: delegated sessions come by a link, and only for the code flow. */
async function troubleWithActor(
  ctx: Context,
  client: StoredClient,
  { request, presented, token }: Offer,
): Promise<keyof typeof WARNINGS | undefined> {
  const isFit = presented.way === 'query' && request.response_type === 'code';
  return isFit && (await mayServe(ctx, client, request, token)) ? undefined : 'request';
}

/**
 * Auth0: whoever is to act for somebody must not be logged in to this browser already, as whomever.
 *
 * @throws WireError for the page
 */
export async function requireNobody(ctx: Context, asked: Asked, cookies: Cookies): Promise<void> {
  const presented = presentedTransfer(asked, cookies);
  const token = presented && (await sessionTransferTokensOf(ctx).get(hashToken(presented.value)));
  if (!token?.actor || token.expires_at <= ctx.clock.now() || !(await findSession(ctx, cookies))) return;
  throw oauthError(
    403,
    'access_denied',
    'There is an active session in this browser. Log out and open the link again.',
  );
}

async function troubleWith(
  ctx: Context,
  client: StoredClient,
  { request, presented, token, cookies }: Offer,
): Promise<keyof typeof WARNINGS | undefined> {
  if (token.expires_at <= ctx.clock.now()) return 'unknown';
  if (token.actor && client.session_transfer?.delegation?.allow_delegated_access !== true) return 'delegation';
  if (!isSameDevice(ctx, client, token)) return 'device';
  if (request.organization !== token.organization?.id) return 'organization';
  if (token.actor) return troubleWithActor(ctx, client, { request, presented, token, cookies });
  if (!(await hasRefreshTokenFamily(ctx, token.family_id ?? ''))) return 'parent';
  const session = await findSession(ctx, cookies);
  if (session && session.user_id !== token.user_id) {
    await endSession(ctx, session.id, 'session-revoked');
    return 'user';
  }
  return (await mayServe(ctx, client, request, token)) ? undefined : 'request';
}

/** `asn` is checked by address too: which networks are one provider's is not known here (docs/decisions/0027). */
function isSameDevice(ctx: Context, client: StoredClient, { ip, actor }: SessionTransferToken): boolean {
  const { enforce_device_binding, delegation } = client.session_transfer ?? {};
  const binding = (actor ? delegation?.enforce_device_binding : enforce_device_binding) ?? 'ip';
  if (binding === 'none') return true;
  return binding === 'ip' ? ip === ctx.caller.ip : networkOf(ip) === networkOf(ctx.caller.ip);
}

/** What would make the person log in again although the browser had a session stands against this, too. */
async function mayServe(
  ctx: Context,
  client: StoredClient,
  request: AuthorizationRequest,
  { user_id, auth_time, connection }: SessionTransferToken,
): Promise<boolean> {
  const user = await findUser(ctx, user_id);
  if (!user) return false;
  const connections = await listUsableConnections(ctx, client.client_id, request.organization);
  const usable = connections.map((one) => one.connection.name);
  const session = { authenticated_at: new Date(auth_time * 1000).toISOString() };
  const bound_to = await boundTo(ctx, connection);
  return maySessionServe(request, { session, user, client, usable, bound_to, now: ctx.clock.now() });
}

/** Records that a token was brought and is not taken. */
export function warn(
  ctx: Context,
  client: StoredClient,
  trouble: keyof typeof WARNINGS,
  token?: SessionTransferToken,
): void {
  ctx.audit({
    type: 'w',
    description: WARNINGS[trouble],
    client_id: client.client_id,
    client_name: client.name,
    ...(token ? { user_id: token.user_id } : {}),
  });
}
