import type { Context } from '../../../kernel/index.ts';
import type { ProviderButton } from '../../../pages/index.ts';
import { type Connection, federatedRules, hasButton, mayLogInWith } from '../../../resources/connections/index.ts';
import { listUsableConnections, type UsableConnection } from '../../../resources/organizations/index.ts';
import type { AuthorizationRequest } from '../../../transactions/index.ts';
import { leavePath } from './leave.endpoint.ts';

/** What well-known providers are called where the connection has no name of its own for people. */
const NAMES: Readonly<Record<string, string>> = { 'google-oauth2': 'Google', github: 'GitHub' };

/** The buttons of the login page: one for each connection that the application may use and that has one, or for the one asked for. */
export async function providerButtons(
  ctx: Context,
  request: AuthorizationRequest,
  state: string,
): Promise<ProviderButton[]> {
  const all = await listUsableConnections(ctx, request.client_id, request.organization);
  const providers = all.filter(({ connection }) => mayLogInWith(connection, request.client_id));
  const { connection: wanted } = request;
  const shown = providers.filter((one) => (wanted === undefined ? isOffered(one) : one.connection.name === wanted));
  return shown.map(({ connection: one }) => ({
    name: nameOf(one),
    url: leavePath(state, one.name),
    iconUrl: iconOf(one),
  }));
}

/** Auth0: an organization says for itself whether an enterprise connection of its own has a button. */
function isOffered({ connection, settings }: UsableConnection): boolean {
  const isSocial = federatedRules(connection).strategy.kind === 'social';
  return settings && !isSocial ? settings.show_as_button !== false : hasButton(connection);
}

const nameOf = ({ display_name, strategy, name }: Connection) => display_name ?? NAMES[strategy] ?? name;
const iconOf = ({ options }: Connection) => (options.icon_url as string | null | undefined) ?? undefined;
