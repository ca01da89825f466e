import type { Context } from '../../../kernel/index.ts';
import {
  type FormView,
  type OneTap,
  type PasskeyAutofill,
  type ProviderButton,
  renderLogin,
} from '../../../pages/index.ts';
import { type Connection, databaseRules } from '../../../resources/connections/index.ts';
import { startPasskeyLogin } from '../../../strategies/index.ts';
import type { Transaction } from '../../../transactions/index.ts';
import { type Mistake, pagePath, type Visit } from '../../step.ts';
import { homeRealms } from '../federated/home-realm.ts';
import { providerButtons } from '../federated/provider-buttons.ts';
import { PASSKEY_LOGIN } from '../passkey/passkey.step.ts';
import { identifierKind, isSignupOpen, loginConnection, requireLoginConnection } from './connection.ts';

/** How people may log in here: with a password, or by a provider. At least one of them. */
export interface Ways {
  readonly connection: Connection | undefined;
  /** May people sign up with it? */
  readonly isOpen: boolean;
  readonly providers: readonly ProviderButton[];
  /** Where addresses of their domains lead. */
  readonly realms: readonly Connection[];
}

/** The ways of this login. WireError (page) where there is none. */
export async function findWays(ctx: Context, { transaction, state }: Visit<Transaction>): Promise<Ways> {
  const { request } = transaction;
  const providers = await providerButtons(ctx, request, state);
  const realms = await homeRealms(ctx, request);
  const find = providers.length + realms.length > 0 ? loginConnection : requireLoginConnection;
  const connection = await find(ctx, request);
  const isOpen = connection !== undefined && (await isSignupOpen(ctx, request, connection));
  return { connection, isOpen, providers, realms };
}

/** Auth0 has three texts for three kinds of identifier field left empty. */
const EMPTY_IDENTIFIER = {
  email: 'no-email',
  username: 'no-username',
  'username-or-email': 'no-username-or-email',
} as const;

/** What is wrong with `username` where the identifier is asked for, before anybody is looked for. */
export function identifierMistake({ connection }: Ways, username: string): Mistake | undefined {
  if (connection) return username.trim() === '' ? EMPTY_IDENTIFIER[identifierKind(connection)] : undefined;
  return username.trim() === '' ? 'no-email' : 'no-home-realm';
}

/** What the page asks for: both, or the identifier alone. */
export type Asked = 'both' | 'identifier';

export type DrawLogin = (view: FormView, oneTap?: OneTap) => string;

/** The page that asks for an identifier, and for the password too unless that comes later; with a passkey for the browser to offer. */
export async function loginDrawer(
  ctx: Context,
  visit: Visit<Transaction>,
  ways: Ways,
  { username, asks }: { readonly username: string | undefined; readonly asks: Asked },
): Promise<DrawLogin> {
  const passkeyAutofill = await offerPasskey(ctx, visit, ways);
  const { connection, isOpen, providers, realms } = ways;
  if (!connection) {
    const remaining = realms.length > 0 ? 'identifier' : 'nothing';
    return (view, oneTap) => renderLogin({ ...view, username, providers, oneTap, asks: remaining });
  }
  const rules = databaseRules(connection);
  const shown = {
    providers,
    username,
    identifier: identifierKind(connection),
    passkeyUrl: rules.passkeyEnabled && rules.passkeyWays.button ? pagePath(PASSKEY_LOGIN, visit.state) : undefined,
    passkeyAutofill,
    detectsPasskeys: rules.passkeyEnabled,
    signupUrl: isOpen ? pagePath('/u/signup', visit.state) : undefined,
    ...(asks === 'identifier' ? { asks } : { resetUrl: resetUrl(visit, connection) }),
  };
  return (view, oneTap) => renderLogin({ ...view, ...shown, oneTap });
}

/** Where a forgotten password is reset, where people may. */
export function resetUrl(visit: Visit, connection: Connection): string | undefined {
  return databaseRules(connection).selfServiceReset ? pagePath('/u/reset-password/request', visit.state) : undefined;
}

/** A challenge for the browser to offer, where the connection wants that. */
async function offerPasskey(
  ctx: Context,
  { transaction, state }: Visit<Transaction>,
  { connection }: Ways,
): Promise<PasskeyAutofill | undefined> {
  const rules = connection && databaseRules(connection);
  if (!connection || !rules?.passkeyEnabled || !rules.passkeyWays.autofill) return undefined;
  const started = await startPasskeyLogin(ctx, { connection, client_id: transaction.request.client_id });
  const { auth_session: authSession, authn_params_public_key: options } = started;
  return { authSession, options, action: pagePath(PASSKEY_LOGIN, state) };
}
