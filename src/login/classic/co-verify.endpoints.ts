import {
  type Context,
  type Endpoint,
  endpoint,
  html,
  optionalText,
  type Reply,
  redirect,
  Type,
} from '../../kernel/index.ts';
import { contentSecurityPolicy, ONWARDS, renderCrossOriginVerification } from '../../pages/index.ts';
import { findClient, type StoredClient } from '../../resources/clients/index.ts';
import {
  CO_VERIFY,
  type Cookies,
  isOfBrowser,
  type LoginTicket,
  loginTicketById,
  lostTransaction,
  proveFirstFactor,
  RESUME,
  refuseTransaction,
  requireTransaction,
  spendLoginTicket,
  type Transaction,
  unverifiedBrowser,
} from '../../transactions/index.ts';
import { baseView, type PageFor } from '../page.ts';
import { pagePath } from '../step.ts';
import { firstProof } from './page-callback.ts';

type Headers = NonNullable<PageFor['headers']>;

/** Shows the application's page of `cross_origin_loc` in a hidden frame: it may know the secret that no cookie brought. */
async function show(ctx: Context, state: string, cookies: Cookies, headers: Headers): Promise<Reply> {
  const transaction = await requireTransaction(ctx, state, cookies);
  const { client_id, ui_locales: languages, redirect_uri } = transaction.request;
  const ticket = await ticketOf(ctx, transaction);
  const framedUrl = frameOf(ctx, await findClient(ctx, client_id));
  if (ticket?.bound_to.kind !== 'browser' || !framedUrl) return refuse(ctx, transaction, state);
  const view = await baseView(ctx, { clientId: client_id, languages, headers });
  const { co_id: coId } = ticket.bound_to;
  const page = renderCrossOriginVerification({ ...view, state, action: CO_VERIFY, coId, framedUrl });
  const formAction = ["'self'", redirect_uri, ...ONWARDS];
  const policy = contentSecurityPolicy({ nonce: view.nonce, formAction, frames: framedUrl });
  return html(200, page, { 'content-security-policy': policy });
}

/** Where the application's page is told which window to answer: as auth0.js reads it. */
function frameOf(ctx: Context, client: StoredClient | undefined): string | undefined {
  const url = URL.parse(String(client?.cross_origin_loc ?? ''));
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined;
  url.hash = `origin=${encodeURIComponent(new URL(ctx.issuer).origin)}`;
  return url.href;
}

/** The ticket that the login came with, as long as its application may still ask for passwords itself. */
async function ticketOf(ctx: Context, { login_ticket, request }: Transaction): Promise<LoginTicket | undefined> {
  if (login_ticket === undefined) return undefined;
  const client = await findClient(ctx, request.client_id);
  return client?.cross_origin_authentication === true ? loginTicketById(ctx, login_ticket) : undefined;
}

/** Takes what the application's page answered: the login goes on, or the application is told that this is another browser. */
async function submit(ctx: Context, state: string, verifier: string, cookies: Cookies): Promise<Reply> {
  const transaction = await requireTransaction(ctx, state, cookies);
  const ticket = await ticketOf(ctx, transaction);
  if (!ticket || !isOfBrowser(ticket, verifier)) return refuse(ctx, transaction, state);
  await ctx.store.transaction(async () => {
    if (!(await spendLoginTicket(ctx, ticket))) throw lostTransaction('its ticket was used meanwhile');
    await proveFirstFactor(ctx, transaction, firstProof(ticket));
  });
  return redirect(pagePath(RESUME, state));
}

async function refuse(ctx: Context, { request, connection }: Transaction, state: string): Promise<Reply> {
  const client = await findClient(ctx, request.client_id);
  const about = { client_id: request.client_id, ...(client ? { client_name: client.name } : {}) };
  ctx.audit({ type: 'fcoa', description: unverifiedBrowser.error_description, ...about });
  await refuseTransaction(ctx, state, { refusal: unverifiedBrowser, connection });
  return redirect(pagePath(RESUME, state));
}

const ABOUT = { path: CO_VERIFY, tag: 'cross-origin authentication', surface: 'page' } as const;
const state = { state: optionalText('The login.') };

export const coVerifyEndpoints: readonly Endpoint[] = [
  endpoint({
    ...ABOUT,
    method: 'GET',
    name: 'showCrossOriginVerification',
    summary: 'Asks the application’s page for the secret of a cross-origin login.',
    query: Type.Object(state),
    replies: { 200: 'The page, with the application’s in a hidden frame.', 302: 'There is nothing to ask.' },
    handle: (ctx, { query, cookies, headers }) => show(ctx, query.state ?? '', cookies, headers),
  }),
  endpoint({
    ...ABOUT,
    method: 'POST',
    name: 'submitCrossOriginVerification',
    summary: 'Takes the secret of a cross-origin login.',
    body: Type.Object({ ...state, verifier: optionalText('The secret.') }),
    replies: { 302: 'On with the login, or to the application with an error.' },
    handle: (ctx, { body, cookies }) => submit(ctx, body.state ?? '', body.verifier ?? '', cookies),
  }),
];
