import { type Context, Failure, type Reply } from '../../../kernel/index.ts';
import {
  type FormView,
  type OneTap,
  type PasskeyAutofill,
  type ProviderButton,
  renderLogin,
} from '../../../pages/index.ts';
import { findClient } from '../../../resources/clients/index.ts';
import { type Connection, databaseRules } from '../../../resources/connections/index.ts';
import { startPasskeyLogin, verifyPassword } from '../../../strategies/index.ts';
import { provePassword, type Transaction } from '../../../transactions/index.ts';
import { acceptLogin } from '../../accept.ts';
import { refuseBlocked } from '../../refuse-blocked.ts';
import { again, type Mistakes, pagePath, proceed, step, type Visit } from '../../step.ts';
import { homeOf, homeRealms } from '../federated/home-realm.ts';
import { leaveFor } from '../federated/leave.endpoint.ts';
import { withOneTap } from '../federated/one-tap.ts';
import { providerButtons } from '../federated/provider-buttons.ts';
import { PASSKEY_LOGIN } from '../passkey/passkey.step.ts';
import { identifierKind, isSignupOpen, loginConnection, requireLoginConnection } from './connection.ts';

/** Auth0 has three texts for three kinds of identifier field left empty. */
const EMPTY_IDENTIFIER = {
  email: 'no-email',
  username: 'no-username',
  'username-or-email': 'no-username-or-email',
} as const;

export const LOGIN = '/u/login';

export const loginStep = step<Transaction>({
  path: LOGIN,
  name: 'login',
  summary: 'identifier and password.',
  fields: ['username', 'password'],
  accept: (_ctx, transaction) => acceptLogin(transaction),
  async show(ctx, visit) {
    const drawPage = await drawLogin(ctx, visit);
    return withOneTap(ctx, visit, (oneTap) => drawPage(visit.view, oneTap));
  },
  async submit(ctx, visit, { username = '', password = '' }) {
    const ways = await findWays(ctx, visit);
    const home = homeOf(ways.realms, username);
    if (home) return leaveFor(ctx, home, { ...visit, login_hint: username.trim() });
    const { connection } = ways;
    if (!connection) {
      const mistake = username.trim() === '' ? 'no-email' : 'no-home-realm';
      return tellAgain(ctx, visit, ways, { mistakes: { username: mistake }, username });
    }
    const mistakes: Mistakes = {
      username: username.trim() === '' ? EMPTY_IDENTIFIER[identifierKind(connection)] : undefined,
      password: password === '' ? 'no-password' : undefined,
    };
    if (mistakes.username || mistakes.password) return tellAgain(ctx, visit, ways, { mistakes, username });
    return logIn(ctx, visit, { ...ways, connection }, { username, password });
  },
});

/** The login page as it is first shown, for whoever else shows it. */
export async function drawLogin(
  ctx: Context,
  visit: Visit<Transaction>,
): Promise<(view: FormView, oneTap?: OneTap) => string> {
  const ways = await findWays(ctx, visit);
  const { login_hint } = visit.transaction.request;
  const passkey = await offerPasskey(ctx, visit, ways);
  return (view, oneTap) => draw(view, visit, { ...ways, oneTap, passkey }, login_hint);
}

/** How people may log in here: with a password, or by a provider. At least one of them. */
interface Ways {
  readonly connection: Connection | undefined;
  /** May people sign up with it? */
  readonly isOpen: boolean;
  readonly providers: readonly ProviderButton[];
  /** Where addresses of their domains lead. */
  readonly realms: readonly Connection[];
  /** What the browser may offer. */
  readonly oneTap?: OneTap | undefined;
  readonly passkey?: PasskeyAutofill | undefined;
}

async function findWays(ctx: Context, { transaction, state }: Visit<Transaction>): Promise<Ways> {
  const { request } = transaction;
  const providers = await providerButtons(ctx, request, state);
  const realms = await homeRealms(ctx, request);
  const find = providers.length + realms.length > 0 ? loginConnection : requireLoginConnection;
  const connection = await find(ctx, request);
  const isOpen = connection !== undefined && (await isSignupOpen(ctx, request, connection));
  return { connection, isOpen, providers, realms };
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

/** The page again, with what is wrong. */
async function tellAgain(
  ctx: Context,
  visit: Visit<Transaction>,
  ways: Ways,
  { mistakes, username }: { readonly mistakes: Mistakes; readonly username: string },
): Promise<Reply> {
  const passkey = await offerPasskey(ctx, visit, ways);
  return again(visit, mistakes, (view) => draw(view, visit, { ...ways, passkey }, username));
}

function draw(
  view: FormView,
  visit: Visit,
  { connection, isOpen, providers, realms, oneTap, passkey }: Ways,
  username: string | undefined,
): string {
  if (!connection)
    return renderLogin({ ...view, username, providers, oneTap, asks: realms.length > 0 ? 'identifier' : 'nothing' });
  const rules = databaseRules(connection);
  return renderLogin({
    ...view,
    providers,
    oneTap,
    username,
    identifier: identifierKind(connection),
    passkeyUrl: rules.passkeyEnabled && rules.passkeyWays.button ? pagePath(PASSKEY_LOGIN, visit.state) : undefined,
    passkeyAutofill: passkey,
    signupUrl: isOpen ? pagePath('/u/signup', visit.state) : undefined,
    resetUrl: rules.selfServiceReset ? pagePath('/u/reset-password/request', visit.state) : undefined,
  });
}

async function logIn(
  ctx: Context,
  visit: Visit<Transaction>,
  ways: Ways & { readonly connection: Connection },
  typed: { username: string; password: string },
): Promise<Reply> {
  const { connection } = ways;
  const { client_id } = visit.transaction.request;
  const client = (await findClient(ctx, client_id)) ?? { client_id };
  try {
    const proof = { connection, identifier: typed.username, password: typed.password, client };
    const { user } = await verifyPassword(ctx, proof);
    await provePassword(ctx, visit.transaction, user.user_id, connection.name);
    return proceed(visit);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.code === 'user_blocked') return refuseBlocked(ctx, visit);
    const mistakes = mistakesOf(error);
    if (!mistakes) throw error;
    return tellAgain(ctx, visit, ways, { mistakes, username: typed.username });
  }
}

function mistakesOf(error: Failure): Mistakes | undefined {
  if (error.code === 'too_many_attempts') return { form: 'user-blocked' };
  if (error.code !== 'wrong_credentials') return undefined;
  const { identifier } = (error as Failure<'wrong_credentials'>).params;
  return { password: identifier === 'username' ? 'wrong-username-credentials' : 'wrong-email-credentials' };
}
