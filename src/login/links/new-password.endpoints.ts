import {
  type Context,
  type Endpoint,
  endpoint,
  type Reply,
  type RequestParts,
  redirect,
  Type,
} from '../../kernel/index.ts';
import {
  type ErrorName,
  errorText,
  type PasswordRule,
  renderResetPasswordDone,
  renderResetPasswordInvalidLink,
  renderResetPasswordNewPassword,
} from '../../pages/index.ts';
import { type Connection, findConnectionByName } from '../../resources/connections/index.ts';
import type { Ticket } from '../../resources/tickets/index.ts';
import { findUser, type User } from '../../resources/users/index.ts';
import { completePasswordReset, findPasswordReset } from '../../strategies/index.ts';
import { baseView, showPage } from '../page.ts';
import { passwordMistake, rulesBefore, rulesOf } from '../steps/password/password-mistakes.ts';
import { loginLink } from './login-link.ts';
import { LINK, mailedLink, ticketPath, ticketQuery } from './mailed-link.ts';
import { showOwnResetPage } from './own-reset-page.ts';
import { withResult } from './result-url.ts';

const PATH = '/u/reset-password';
type Request = Pick<RequestParts<never, never, never>, 'headers' | 'cookies'>;
type Headers = Request['headers'];
type Typed = { readonly [field: string]: string | undefined };

/** The link of the mail leads here, and on to the page: the ticket proves who opens it, so no login is needed. */
async function showNewPassword(ctx: Context, ticket: string, { headers, cookies }: Request): Promise<Reply> {
  const found = await findPasswordReset(ctx, ticket);
  if (!found) return showInvalidLink(ctx, headers);
  const user = await findUser(ctx, found.user_id);
  const { lang } = await baseView(ctx, { clientId: found.client_id, headers });
  const reset = { ticket, email: user?.email, connection: await connectionOf(ctx, found, user), lang };
  return (await showOwnResetPage(ctx, reset, cookies)) ?? drawForm(ctx, { found, ticket, headers });
}

interface Opened {
  readonly found: Ticket;
  readonly ticket: string;
  readonly headers: Headers;
}

type Mistakes = Readonly<Record<string, ErrorName | undefined>>;

async function drawForm(ctx: Context, opened: Opened, mistakes?: Mistakes, rules?: PasswordRule[]): Promise<Reply> {
  const { found, ticket, headers } = opened;
  const view = await baseView(ctx, { clientId: found.client_id, headers });
  const user = await findUser(ctx, found.user_id);
  const told = Object.entries(mistakes ?? {}).filter((pair): pair is [string, ErrorName] => pair[1] !== undefined);
  const page = renderResetPasswordNewPassword({
    ...view,
    state: ticket,
    action: ticketPath(PATH, ticket),
    account: user?.email ?? user?.username,
    errors: Object.fromEntries(told.map(([field, name]) => [field, errorText(view.lang, name)])),
    passwordRules: rules ?? (await rulesOfOwner(ctx, found, user)),
  });
  return showPage(told.length > 0 ? 400 : 200, page, view.nonce);
}

/** The database that the ticket is for, or else the user's first. */
async function connectionOf(ctx: Context, ticket: Ticket, user: User | undefined): Promise<Connection | undefined> {
  const name = ticket.connection ?? user?.identities.find(({ provider }) => provider === 'auth0')?.connection;
  const connection = name === undefined ? undefined : await findConnectionByName(ctx, name);
  return connection?.strategy === 'auth0' ? connection : undefined;
}

/** What it demands of passwords. */
async function rulesOfOwner(ctx: Context, ticket: Ticket, user: User | undefined): Promise<PasswordRule[]> {
  const connection = await connectionOf(ctx, ticket, user);
  return connection ? rulesBefore(connection) : [];
}

async function showInvalidLink(ctx: Context, headers: Headers): Promise<Reply> {
  const view = await baseView(ctx, { headers });
  const loginUrl = await loginLink(ctx, undefined);
  return showPage(400, renderResetPasswordInvalidLink({ ...view, loginUrl }), view.nonce);
}

async function setPassword(ctx: Context, ticket: string, typed: Typed, headers: Headers): Promise<Reply> {
  const found = await findPasswordReset(ctx, ticket);
  if (!found) return showInvalidLink(ctx, headers);
  const password = typed['password-reset'] ?? '';
  const repeated = typed['re-enter-password'] ?? '';
  const mistakes: Mistakes = {
    'password-reset': password ? undefined : 'no-new-password',
    're-enter-password': repeated
      ? password && password !== repeated
        ? 'password-mismatch'
        : undefined
      : 'no-repeated-password',
  };
  if (mistakes['password-reset'] || mistakes['re-enter-password'])
    return drawForm(ctx, { found, ticket, headers }, mistakes);
  try {
    const done = await completePasswordReset(ctx, ticket, password);
    return done ? await showDone(ctx, done.ticket, headers) : await showInvalidLink(ctx, headers);
  } catch (error) {
    const mistake = passwordMistake(error);
    if (!mistake) throw error;
    return drawForm(ctx, { found, ticket, headers }, { 'password-reset': mistake }, rulesOf(error));
  }
}

async function showDone(ctx: Context, ticket: Ticket, headers: Headers): Promise<Reply> {
  const message = 'You can now login to the application with the new password.';
  const onwards = withResult(ticket, { success: true, message });
  if (onwards) return redirect(onwards);
  const view = await baseView(ctx, { clientId: ticket.client_id, headers });
  return showPage(
    200,
    renderResetPasswordDone({ ...view, loginUrl: await loginLink(ctx, ticket.client_id) }),
    view.nonce,
  );
}

const text = Type.Optional(Type.String());

export const newPasswordEndpoints: readonly Endpoint[] = [
  mailedLink({
    path: '/lo/reset',
    name: 'openPasswordResetLink',
    summary: 'The link of a password reset mail.',
    page: PATH,
  }),
  endpoint({
    ...LINK,
    method: 'GET',
    path: PATH,
    name: 'showNewPassword',
    summary: 'Page: a new password.',
    query: ticketQuery,
    replies: { 200: 'The page.', 400: 'The link is used or too old.' },
    handle: (ctx, { query, headers, cookies }) => showNewPassword(ctx, query.ticket ?? '', { headers, cookies }),
  }),
  endpoint({
    ...LINK,
    method: 'POST',
    path: PATH,
    name: 'submitNewPassword',
    summary: 'Answer to the page: a new password.',
    query: ticketQuery,
    body: Type.Object({ state: text, 'password-reset': text, 're-enter-password': text, action: text }),
    replies: { 200: 'Done.', 302: 'Done; on to the result URL.', 400: 'The page again, with what is wrong.' },
    handle: (ctx, { query, body, headers }) => setPassword(ctx, body.state ?? query.ticket ?? '', body, headers),
  }),
];
