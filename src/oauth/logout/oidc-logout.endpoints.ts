import {
  type Context,
  type Endpoint,
  endpoint,
  oauthError,
  optionalText,
  type Reply,
  redirect,
  Type,
} from '../../kernel/index.ts';
import { pageActions } from '../../pages/index.ts';
import { findClient } from '../../resources/clients/index.ts';
import { findSession } from '../../resources/sessions/index.ts';
import { findUser } from '../../resources/users/index.ts';
import type { Cookies } from '../../transactions/index.ts';
import { CONFIRM_PATH, showConfirmation } from './logout-pages.ts';
import { finishLogout, type Logout, logOutByOidc, providerOfLogout } from './oidc-logout.ts';
import { openLogout } from './pending-logout.ts';

const parameters = Type.Object({
  id_token_hint: optionalText('An ID token of the session, expired or not.'),
  logout_hint: optionalText('The `sid` of the session.'),
  post_logout_redirect_uri: optionalText('Where to go: one of the allowed logout URLs.'),
  client_id: optionalText('The application that asks.'),
  federated: optionalText('Also log out of the identity provider, unless it is `false`.'),
  state: optionalText('Comes back unchanged.'),
  ui_locales: optionalText('Languages, most wanted first.'),
});

const ABOUT = { path: '/oidc/logout', tag: 'authentication', surface: 'page' } as const;
const CONFIRM = { path: CONFIRM_PATH, tag: 'authentication', surface: 'page' } as const;
const REPLIES = { 200: 'Logged out.', 302: 'Logged out, on to the URL; or the person is asked first.' } as const;

/** The logout behind `state`, if it is of this browser's session. Page error otherwise: another site cannot log people out by it. */
async function requirePending(ctx: Context, state: string, cookies: Cookies): Promise<Logout> {
  const pending = openLogout(ctx, state);
  const session = await findSession(ctx, cookies);
  if (!pending || (session && session.id !== pending.session_id))
    throw oauthError(400, 'invalid_request', 'The logout request is invalid or has expired');
  const client = pending.client_id === undefined ? undefined : await findClient(ctx, pending.client_id);
  return { session, client, url: pending.url, federated: pending.federated === true };
}

async function confirm(ctx: Context, state: string, cookies: Cookies): Promise<Reply> {
  const logout = await requirePending(ctx, state, cookies);
  const user = logout.session && (await findUser(ctx, logout.session.user_id));
  const account = user?.email ?? user?.username ?? user?.name;
  const away = await providerOfLogout(ctx, logout);
  const targets = [away, logout.url].filter((target) => target !== undefined);
  return showConfirmation(ctx, { client: logout.client, state, account, targets });
}

async function answer(ctx: Context, body: { state?: string; action?: string }, cookies: Cookies): Promise<Reply> {
  const state = body.state ?? '';
  const logout = await requirePending(ctx, state, cookies);
  if (body.action === pageActions.accept) return finishLogout(ctx, logout);
  // The person stays logged in here; the application has ended its own session and gets them back.
  if (body.action === pageActions.deny && logout.url !== undefined) return redirect(logout.url);
  return confirm(ctx, state, cookies);
}

export const oidcLogoutEndpoints: readonly Endpoint[] = [
  endpoint({
    ...ABOUT,
    method: 'GET',
    name: 'oidcLogout',
    summary: 'Ends the single sign-on session (RP-Initiated Logout).',
    query: parameters,
    replies: REPLIES,
    handle: (ctx, { query, cookies }) => logOutByOidc(ctx, query, cookies),
  }),
  endpoint({
    ...ABOUT,
    method: 'POST',
    name: 'oidcLogoutByForm',
    summary: 'Ends the single sign-on session; the parameters come in a form.',
    body: parameters,
    accepts: ['form'],
    replies: REPLIES,
    handle: (ctx, { body, cookies }) => logOutByOidc(ctx, body, cookies),
  }),
  endpoint({
    ...CONFIRM,
    method: 'GET',
    name: 'showLogoutConfirmation',
    summary: 'Page: really log out?',
    query: Type.Object({ state: optionalText('The logout.') }),
    replies: { 200: 'The page.' },
    handle: (ctx, { query, cookies }) => confirm(ctx, query.state ?? '', cookies),
  }),
  endpoint({
    ...CONFIRM,
    method: 'POST',
    name: 'submitLogoutConfirmation',
    summary: 'Answer to the page: really log out?',
    body: Type.Object({ state: optionalText('The logout.'), action: optionalText('`accept` or `deny`.') }),
    replies: REPLIES,
    handle: (ctx, { body, cookies }) => answer(ctx, body, cookies),
  }),
];
