import {
  type Context,
  databaseError,
  type Endpoint,
  endpoint,
  fail,
  html,
  isoTime,
  optionalText,
  type Reply,
  type Static,
  Type,
  type WireError,
} from '../../kernel/index.ts';
import { widgetForm } from '../../pages/index.ts';
import { findClient } from '../../resources/clients/index.ts';
import { type Connection, findConnectionByName } from '../../resources/connections/index.ts';
import { verifyPassword } from '../../strategies/index.ts';
import {
  type Cookies,
  issueLoginTicket,
  LostTransaction,
  requireTransaction,
  type Transaction,
} from '../../transactions/index.ts';
import { loginConnection } from '../steps/password/connection.ts';
import { isCsrfToken } from './csrf.ts';

/** What auth0.js sends. The request that was checked at `/authorize` is the login's: what of it comes along here counts for nothing. */
const body = Type.Object({
  client_id: optionalText('The application.'),
  connection: optionalText('The database; left out, the application’s first.'),
  username: optionalText('E-mail address, username or phone number.'),
  password: optionalText('The password.'),
  state: optionalText('The login.'),
  _csrf: optionalText('What the page was given against forged requests.'),
});

/**
 * A password that was typed on a classic login page. Answers a form that posts a ticket for it to `/login/callback`, where the login
 * takes it up.
 */
async function logIn(ctx: Context, sent: Static<typeof body>, cookies: Cookies): Promise<Reply> {
  const state = sent.state ?? '';
  const transaction = await requireLogin(ctx, state, cookies);
  if (!isCsrfToken(sent._csrf, state, cookies)) throw sessionMissing(403, 'Invalid CSRF token.');
  const { client_id } = transaction.request;
  if (sent.client_id !== client_id) throw databaseError(400, 'invalid_request', 'The login is another client’s.');
  const connection = await requireConnection(ctx, transaction, sent.connection);
  const client = (await findClient(ctx, client_id)) ?? { client_id };
  const { username: identifier = '', password = '' } = sent;
  const { user } = await verifyPassword(ctx, { connection, identifier, password, client });
  const wresult = await issueLoginTicket(ctx, {
    client_id,
    user_id: user.user_id,
    connection: connection.name,
    methods: [{ name: 'pwd', timestamp: isoTime(ctx.clock) }],
    bound_to: { kind: 'login', transaction_id: transaction.id },
  });
  return answer(ctx, { wresult, wctx: wctxOf(ctx, transaction, connection, state) });
}

/** As `requireTransaction`, in the dialect of Lock and auth0.js. */
async function requireLogin(ctx: Context, state: string, cookies: Cookies): Promise<Transaction> {
  try {
    return await requireTransaction(ctx, state, cookies);
  } catch (error) {
    throw error instanceof LostTransaction ? sessionMissing(400, error.message) : error;
  }
}

/** Lock tells people to begin again. */
const sessionMissing = (status: number, description: string): WireError =>
  databaseError(status, 'session_missing', description, { name: 'SessionMissingError' });

/** The database that the page named, of those that the login may use. Failures connection_not_found, connection_disabled. */
async function requireConnection(
  ctx: Context,
  { request }: Transaction,
  name: string | undefined,
): Promise<Connection> {
  const wanted = request.connection ?? name;
  const found = await loginConnection(ctx, { ...request, ...(wanted === undefined ? {} : { connection: wanted }) });
  if (found && (name === undefined || name === found.name)) return found;
  const exists = name !== undefined && (await findConnectionByName(ctx, name)) !== undefined;
  return fail(exists ? 'connection_disabled' : 'connection_not_found', {});
}

/** What Auth0 hands through the browser beside the ticket. Nothing of it but `state` is read again. */
function wctxOf(ctx: Context, { request, foreign }: Transaction, connection: Connection, state: string): string {
  const { client_id, redirect_uri, response_type, scope } = request;
  return JSON.stringify({
    strategy: connection.strategy,
    tenant: ctx.tenant.name,
    connection: connection.name,
    client_id,
    redirect_uri,
    response_type,
    scope: scope.join(' '),
    protocol: foreign?.protocol ?? 'oauth2',
    state,
  });
}

function answer(ctx: Context, { wresult, wctx }: { wresult: string; wctx: string }): Reply {
  const fields = { wa: 'wsignin1.0', wresult, wctx };
  const policy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'";
  return html(200, widgetForm(`${ctx.issuer}login/callback`, fields), { 'content-security-policy': policy });
}

export const usernamePasswordLoginEndpoint: Endpoint = endpoint({
  method: 'POST',
  path: '/usernamepassword/login',
  name: 'logInFromClassicPage',
  summary: 'A password that was typed on a classic login page',
  tag: 'classic login',
  surface: 'database',
  accepts: ['json'],
  body,
  replies: {
    200: 'A form that posts a ticket to /login/callback.',
    400: 'The login is over, or something is wrong with the request.',
    401: 'Wrong, or blocked.',
    403: 'The request does not come from the page.',
    429: 'Too many wrong passwords.',
  },
  handle: (ctx, { body: sent, cookies }) => logIn(ctx, sent, cookies),
});
