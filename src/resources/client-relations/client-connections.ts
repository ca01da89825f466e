import {
  answerListInMemory,
  checkpoint,
  checkpointed,
  closed,
  type Endpoint,
  endpoint,
  fieldSelection,
  managementError,
  type PageQuery,
  type Principal,
  selectFields,
  Type,
} from '../../kernel/index.ts';
import { requireClient } from '../clients/index.ts';
import { type Connection, connectionsOf, isAssignedTo } from '../connections/index.ts';

const FIELDS = [
  'name',
  'display_name',
  'strategy',
  'options',
  'id',
  'provisioning_ticket_url',
  'metadata',
  'show_as_button',
  'clients',
  'authentication',
  'connected_accounts',
  'cross_app_access_requesting_app',
  'cross_app_access_resource_app',
];

const query = closed({
  strategy: Type.Optional(Type.Array(Type.String(), { description: 'Only connections of these strategies.' })),
  ...checkpoint,
  ...fieldSelection(FIELDS),
});

/** Options hold secrets of identity providers and of custom databases: they are not read through a client. */
function presentConnection({ id, name, strategy, ...connection }: Connection): Readonly<Record<string, unknown>> {
  const { display_name, is_domain_connection, realms, show_as_button, metadata, authentication } = connection;
  const shown = { id, name, strategy, display_name, is_domain_connection, realms, show_as_button, metadata };
  const all = { ...shown, authentication, connected_accounts: connection.connected_accounts };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Reading needs `read:connections`, and a scope that lets one know of clients. */
function requireScopes(principal: Principal | undefined): void {
  const knowsClients = ['read:clients', 'read:client_summary'].some((scope) => principal?.scopes.has(scope));
  if (knowsClients && principal?.scopes.has('read:connections')) return;
  const text = 'Insufficient scope, expected: read:connections and any of: read:clients or read:client_summary';
  throw managementError(403, text, 'insufficient_scope');
}

export const clientConnectionsEndpoint: Endpoint = endpoint({
  method: 'GET',
  path: '/api/v2/clients/:id/connections',
  name: 'listClientConnections',
  summary: 'Get enabled connections for a client',
  tag: 'clients',
  surface: 'management',
  scopes: ['read:connections', 'read:clients', 'read:client_summary'],
  params: Type.Object({ id: Type.String({ description: 'ID of the client.' }) }),
  query,
  replies: { 200: Type.Unknown({ description: 'The connections, and the next checkpoint.' }) },
  async handle(ctx, { params, query: asked, url, principal }) {
    requireScopes(principal);
    await requireClient(ctx, params.id);
    const { strategy, fields, include_fields } = asked as {
      strategy?: string[];
      fields?: string;
      include_fields?: boolean;
    };
    const all = await connectionsOf(ctx).list({ orderBy: 'created_at' });
    const enabled = all.filter((connection) => isAssignedTo(connection, params.id));
    const wanted = enabled.filter((connection) => !strategy || strategy.includes(connection.strategy));
    const show = (one: Connection) => selectFields(presentConnection(one), fields, include_fields);
    const list = { key: 'connections', idOf: ({ id }: Connection) => id, show };
    return answerListInMemory(wanted, list, checkpointed(asked as PageQuery), url);
  },
});
