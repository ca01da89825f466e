import { type Context, type Endpoint, endpoint, oauthError, type Reply, Type } from '../../kernel/index.ts';
import { findClient } from '../../resources/clients/index.ts';
import {
  type Connection,
  databaseRules,
  federatedRules,
  isFederated,
  isPasswordless,
  listConnectionsForClient,
  mayLogInWith,
} from '../../resources/connections/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';

/**
 * What Lock has to know before it can draw itself: which connections the application has, and what their forms ask for. It is public,
 * since Lock runs where nobody is logged in, and so holds nothing that a login page does not show.
 */
async function configuration(ctx: Context, file: string): Promise<Reply> {
  const id = /^(.+)\.js$/.exec(file)?.[1];
  const client = id === undefined ? undefined : await findClient(ctx, id);
  if (!client || client.global) throw oauthError(404, 'not_found', 'There is no such client.');
  const shown = await listShown(ctx, client.client_id);
  const strategies = [...new Set(shown.map(({ strategy }) => strategy))].map((name) => ({
    name,
    connections: shown.filter(({ strategy }) => strategy === name).map(describe),
  }));
  const config = { id: client.client_id, tenant: ctx.tenant.name, strategies };
  return { status: 200, type: 'text', body: `Auth0.setClient(${inScript(config)});`, headers: SCRIPT };
}

/** What people can log in with; enterprises' providers only where the tenant lets everybody see who its customers are. */
async function listShown(ctx: Context, clientId: string): Promise<Connection[]> {
  const { flags } = await tenantSettings(ctx);
  const isDiscreet = flags.no_disclose_enterprise_connections === true;
  const usable = await listConnectionsForClient(ctx, clientId);
  return usable.filter((one) => {
    if (!isFederated(one)) return one.strategy === 'auth0' || isPasswordless(one);
    const isHidden = isDiscreet && federatedRules(one).strategy.kind === 'enterprise';
    return mayLogInWith(one, clientId) && !isHidden;
  });
}

const SCRIPT = { 'content-type': 'application/javascript; charset=utf-8' };

/** JSON that stays what it is wherever a script may stand. */
const inScript = (value: unknown) =>
  JSON.stringify(value).replace(/[<\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

function describe(connection: Connection): Readonly<Record<string, unknown>> {
  const { name, display_name, strategy } = connection;
  const named = { name, ...(display_name === undefined ? {} : { display_name }) };
  if (strategy === 'auth0') return { ...named, ...describeDatabase(connection) };
  if (isPasswordless(connection)) return named;
  const [domain, ...aliases] = federatedRules(connection).domains;
  return domain === undefined ? named : { ...named, domain, domain_aliases: aliases };
}

function describeDatabase(connection: Connection): Readonly<Record<string, unknown>> {
  const { identifiers, username, password, ...rules } = databaseRules(connection);
  const { passwordPolicy } = connection.options;
  return {
    passwordPolicy: typeof passwordPolicy === 'string' ? passwordPolicy : 'none',
    password_complexity_options: { min_length: password.minLength },
    requires_username: identifiers.username.active,
    validation: { username: { min: username.min, max: username.max } },
    showSignup: !rules.signupDisabled && rules.passwordEnabled && rules.passwordSignup,
    showForgot: rules.selfServiceReset,
  };
}

export const clientConfigurationEndpoint: Endpoint = endpoint({
  method: 'GET',
  path: '/client/:file',
  name: 'readClientConfiguration',
  summary: 'The connections of an application, as a script for Lock',
  tag: 'classic login',
  surface: 'plain',
  cors: 'public',
  params: Type.Object({ file: Type.String({ description: 'The client’s id and `.js`.' }) }),
  replies: { 200: 'A script that calls Auth0.setClient.', 404: 'There is no such client.' },
  handle: (ctx, { params }) => configuration(ctx, params.file),
});
