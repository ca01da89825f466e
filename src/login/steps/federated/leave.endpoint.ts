import {
  type Context,
  type Endpoint,
  endpoint,
  oauthError,
  optionalText,
  type Reply,
  redirect,
  Type,
} from '../../../kernel/index.ts';
import { type Connection, findConnectionByName, mayLogInWith } from '../../../resources/connections/index.ts';
import { listUsableConnections } from '../../../resources/organizations/index.ts';
import { leadToProvider } from '../../../strategies/index.ts';
import {
  advanceTransaction,
  type Cookies,
  FEDERATED_LOGIN,
  requireTransaction,
  type Transaction,
} from '../../../transactions/index.ts';

/** The address of the button that leads to the provider of `connection`, on the pages of the login `state`. */
export function leavePath(state: string, connection: string): string {
  return `${FEDERATED_LOGIN}?${new URLSearchParams({ state, connection })}`;
}

/** A link and not a form: the policy of the page lets forms lead to this host and the application only. */
async function leave(ctx: Context, state: string, name: string, cookies: Cookies): Promise<Reply> {
  const transaction = await requireTransaction(ctx, state, cookies);
  const { request } = transaction;
  const connection = await findConnectionByName(ctx, name);
  const isWanted = request.connection === undefined || request.connection === name;
  const usable = await listUsableConnections(ctx, request.client_id, request.organization);
  const isUsable = connection !== undefined && usable.some((one) => one.connection.id === connection.id);
  if (!isUsable || !isWanted || !mayLogInWith(connection, request.client_id))
    throw oauthError(400, 'invalid_request', 'the connection was not found', {
      extra: { client_id: request.client_id },
    });
  return leaveFor(ctx, connection, { transaction, state });
}

/** From a page of the login `state` to the provider of `connection`. `login_hint` is what was typed there, in place of the application's. */
export async function leaveFor(
  ctx: Context,
  connection: Connection,
  login: { readonly transaction: Transaction; readonly state: string; readonly login_hint?: string },
): Promise<Reply> {
  const { transaction, state, login_hint } = login;
  await advanceTransaction(ctx, transaction, (stored) => ({ ...stored, interactive: true }));
  const request = login_hint === undefined ? transaction.request : { ...transaction.request, login_hint };
  return redirect(await leadToProvider(ctx, connection, { state, request }));
}

export const leaveForProviderEndpoint: Endpoint = endpoint({
  method: 'GET',
  path: FEDERATED_LOGIN,
  name: 'leaveForProvider',
  summary: 'A button of the login page: on to an identity provider.',
  tag: 'universal login',
  surface: 'page',
  query: Type.Object({
    state: optionalText('The login.'),
    connection: optionalText('The name of the connection.'),
  }),
  replies: { 302: 'To the identity provider.' },
  handle: (ctx, { query, cookies }) => leave(ctx, query.state ?? '', query.connection ?? '', cookies),
});
