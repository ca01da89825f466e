import type { Context, Reply } from '../../../kernel/index.ts';
import type { OneTap } from '../../../pages/index.ts';
import { findClient } from '../../../resources/clients/index.ts';
import {
  type Connection,
  federatedCredentials,
  federatedRules,
  mayLogInWith,
  socialProviders,
} from '../../../resources/connections/index.ts';
import { listUsableConnections } from '../../../resources/organizations/index.ts';
import type { AuthorizationRequest, Transaction } from '../../../transactions/index.ts';
import { page, pagePath, type Visit } from '../../step.ts';

/** Where the browser's answer goes. */
export const ONE_TAP = '/u/login/one-tap';

const GOOGLE = 'google-oauth2';

/**
 * The connection to Google that people of the application may log in with where the browser offers it: where the client says so
 * (`fedcm_login`), the connection has a client of its own there, and no vault, which wants tokens that do not come this way (Auth0).
 */
export async function oneTapConnection(ctx: Context, request: AuthorizationRequest): Promise<Connection | undefined> {
  const client = await findClient(ctx, request.client_id);
  if (client?.fedcm_login?.google?.is_enabled !== true) return undefined;
  const usable = await listUsableConnections(ctx, client.client_id, request.organization);
  const found = usable.map(({ connection }) => connection).find(({ strategy }) => strategy === GOOGLE);
  const isWanted = request.connection === undefined || request.connection === found?.name;
  if (!found || !isWanted || !mayLogInWith(found, client.client_id) || federatedRules(found).vault) return undefined;
  return federatedCredentials(ctx, found).client_id === undefined ? undefined : found;
}

/** What ties a token to the login that it was asked for: nobody else's pages can ask for one with it. */
export function oneTapNonce(ctx: Context, { id }: Transaction): string {
  return ctx.sealer.digest(id, 'one-tap');
}

/** The page that `draw` makes, with what the browser may offer: that page alone may ask Google. */
export async function withOneTap(
  ctx: Context,
  visit: Visit<Transaction>,
  draw: (oneTap: OneTap | undefined) => string,
): Promise<string | Reply> {
  const oneTap = await offerOneTap(ctx, visit);
  const html = draw(oneTap);
  return oneTap ? page(visit, 200, html, [oneTap.configUrl]) : html;
}

async function offerOneTap(ctx: Context, { transaction, state }: Visit<Transaction>): Promise<OneTap | undefined> {
  const connection = await oneTapConnection(ctx, transaction.request);
  const configUrl = socialProviders[GOOGLE]?.fedcm_config;
  const clientId = connection && federatedCredentials(ctx, connection).client_id;
  if (clientId === undefined || configUrl === undefined) return undefined;
  return { action: pagePath(ONE_TAP, state), configUrl, clientId, nonce: oneTapNonce(ctx, transaction) };
}
