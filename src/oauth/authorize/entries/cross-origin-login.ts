import { type Context, oauthError, type Reply, redirect, type WireError } from '../../../kernel/index.ts';
import { listUsableConnections } from '../../../resources/organizations/index.ts';
import {
  type AuthorizationRequest,
  browserCookie,
  CO_VERIFY,
  type Cookies,
  findLoginTicket,
  isOfBrowser,
  type LoginDraft,
  type LoginTicket,
  type Refusal,
  silentRefusal,
  spendLoginTicket,
  startTransaction,
  unverifiedBrowser,
} from '../../../transactions/index.ts';
import { assessLogin } from '../login.ts';
import type { Asked } from '../request/request.ts';
import { blankDraft } from './draft-login.ts';
import { enterLogin } from './enter-login.ts';

const invalidTicket = () => oauthError(403, 'access_denied', 'Unknown or invalid login ticket.');

/**
 * An authorization request that comes with a `login_ticket` of cross-origin authentication: what it proved is this login's first
 * factor, in the browser that it was proved in. Where that browser's cookie did not come, the application's page is asked for its secret.
 *
 * @throws WireError that the application is told; then the ticket is not used up
 */
export async function takeTicket(
  ctx: Context,
  asked: Asked,
  request: AuthorizationRequest,
  cookies: Cookies,
): Promise<Reply> {
  const ticket = await requireTicket(ctx, asked, request);
  const { name, value } = browserOf(ticket, cookies);
  if (isOfBrowser(ticket, value)) return redeem(ctx, { asked, request, ticket }, name, cookies);
  if (!asked.client.cross_origin_loc || request.prompt.includes('none')) throw thrown(unverifiedBrowser);
  const { state, cookies: device } = await startTransaction(
    ctx,
    { ...blankDraft(request), login_ticket: ticket.id },
    cookies,
  );
  return redirect(`${CO_VERIFY}?state=${encodeURIComponent(state)}`, { cookies: device });
}

const thrown = ({ error, error_description }: Refusal): WireError => oauthError(403, error, error_description);

function browserOf({ bound_to }: LoginTicket, cookies: Cookies): { name: string; value: string | undefined } {
  const name = bound_to.kind === 'browser' ? browserCookie(bound_to.co_id) : '';
  return { name, value: cookies[name] };
}

/** The ticket, good for this application, its request and its realm. */
async function requireTicket(
  ctx: Context,
  { client, parameters }: Asked,
  { connection, organization }: AuthorizationRequest,
): Promise<LoginTicket> {
  const ticket = await findLoginTicket(ctx, parameters.login_ticket ?? '');
  if (ticket?.bound_to.kind !== 'browser' || ticket.client_id !== client.client_id) throw invalidTicket();
  if (client.cross_origin_authentication !== true) throw invalidTicket();
  if (parameters.realm !== undefined && parameters.realm !== ticket.bound_to.realm) throw invalidTicket();
  if (connection !== undefined && connection !== ticket.connection) throw invalidTicket();
  const usable = await listUsableConnections(ctx, client.client_id, organization);
  if (!usable.some((one) => one.connection.name === ticket.connection)) throw invalidTicket();
  return ticket;
}

interface Offer {
  readonly asked: Asked;
  readonly request: AuthorizationRequest;
  readonly ticket: LoginTicket;
}

async function redeem(
  ctx: Context,
  { asked, request, ticket }: Offer,
  cookie: string,
  cookies: Cookies,
): Promise<Reply> {
  const { user_id, connection, methods } = ticket;
  // They have just typed what proves them, on the application's own page: they know what they log in to.
  const draft: LoginDraft = { ...blankDraft(request), user_id, connection, methods, interactive: true };
  const { step, transaction } = await assessLogin(ctx, asked.client, draft, cookies);
  if (step === 'refuse') throw thrown(transaction.refusal as Refusal);
  if (step === 'login') throw invalidTicket();
  if (step !== 'issue' && request.prompt.includes('none')) throw thrown(silentRefusal(step));
  const consume = async () => {
    if (!(await spendLoginTicket(ctx, ticket))) throw invalidTicket();
  };
  return enterLogin(ctx, { draft, consume, cookies: [{ name: cookie, value: '', maxAge: 0 }] }, cookies);
}
