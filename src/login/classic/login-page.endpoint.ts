import {
  type Context,
  type Endpoint,
  endpoint,
  oauthError,
  optionalText,
  type Reply,
  redirect,
  type Static,
  Type,
} from '../../kernel/index.ts';
import { customLoginPage, findClient, loginPagePreview, type StoredClient } from '../../resources/clients/index.ts';
import {
  CLASSIC_LOGIN,
  type Cookies,
  lostTransaction,
  requireTransaction,
  stepPath,
} from '../../transactions/index.ts';
import { showOperatorPage } from '../operator-page.ts';
import { csrfToken } from './csrf.ts';
import { injectConfig, pageConfig } from './page-config.ts';

const parameters = Type.Object({
  state: optionalText('The login.'),
  client: optionalText('The application; what counts is the login, but for a preview.'),
  preview: optionalText('Shows `custom_login_page_preview` of the client.'),
});

/** The page that the operator wrote, told which login it is for; our own, where it was taken away meanwhile. */
async function show(ctx: Context, query: Static<typeof parameters>, cookies: Cookies): Promise<Reply> {
  if (query.state === undefined && query.preview !== undefined) return showPreview(ctx, query.client);
  const state = query.state ?? '';
  const transaction = await requireTransaction(ctx, state, cookies);
  const client = await findClient(ctx, transaction.request.client_id);
  if (!client) throw lostTransaction('its client is gone');
  const page = await customLoginPage(ctx, client);
  if (page === undefined) return redirect(stepPath('login', state));
  const { token, cookies: set } = csrfToken(ctx, state, cookies);
  const config = await pageConfig(ctx, client, { transaction, handle: { state, csrf: token } });
  return { ...(await showOperatorPage(ctx, injectConfig(page, config))), cookies: set };
}

async function showPreview(ctx: Context, clientId: string | undefined): Promise<Reply> {
  const client = clientId === undefined ? undefined : await findClient(ctx, clientId);
  const page = client && (await loginPagePreview(ctx, client));
  if (!client || page === undefined) throw oauthError(400, 'invalid_request', 'There is no preview of a login page.');
  return showOperatorPage(ctx, injectConfig(page, await pageConfig(ctx, client as StoredClient, undefined)));
}

export const loginPageEndpoint: Endpoint = endpoint({
  method: 'GET',
  path: CLASSIC_LOGIN,
  name: 'showClassicLogin',
  summary: 'Page: the login page that the operator wrote.',
  tag: 'classic login',
  surface: 'page',
  query: parameters,
  replies: { 200: 'The page.', 302: 'There is none any more: our own.' },
  handle: (ctx, { query, cookies }) => show(ctx, query, cookies),
});
