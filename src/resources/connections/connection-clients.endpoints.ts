import {
  type Context,
  closed,
  type Endpoint,
  empty,
  endpoint,
  json,
  managementError,
  managementWrite,
  Type,
} from '../../kernel/index.ts';
import { clientsBody } from './connection.schema.ts';
import { type Connection, connectionsOf } from './connection.store.ts';
import { missingConnection, requireClients } from './connections.ts';
import { requireOwnClients } from './setup-rules.ts';

const params = Type.Object({ id: Type.String({ description: 'The id of the connection' }) });
const DEFAULT_TAKE = 50;

async function requireConnection(ctx: Context, id: string): Promise<Connection> {
  const connection = await connectionsOf(ctx).get(id);
  if (!connection) throw missingConnection();
  return connection;
}

const list = endpoint({
  method: 'GET',
  path: '/api/v2/connections/:id/clients',
  name: 'listConnectionClients',
  summary: 'Get the clients that may use a connection',
  tag: 'connections',
  surface: 'management',
  scopes: ['read:connections'],
  params,
  query: closed({
    take: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Number of results per page.' })),
    from: Type.Optional(Type.String({ maxLength: 1000, description: 'Optional Id from which to start selection.' })),
  }),
  replies: {
    200: Type.Object({
      clients: Type.Array(Type.Object({ client_id: Type.String() })),
      next: Type.Optional(Type.String()),
    }),
  },
  async handle(ctx, { params: { id }, query }) {
    const { enabled_clients } = await requireConnection(ctx, id);
    const start = query.from === undefined ? 0 : enabled_clients.indexOf(query.from) + 1;
    if (query.from !== undefined && start === 0)
      throw managementError(400, 'Invalid checkpoint: from', 'invalid_query_string');
    const page = enabled_clients.slice(start, start + (query.take ?? DEFAULT_TAKE));
    const next = start + page.length < enabled_clients.length ? page.at(-1) : undefined;
    return json(200, { clients: page.map((client_id) => ({ client_id })), ...(next ? { next } : {}) });
  },
});

const change = managementWrite({
  method: 'PATCH',
  path: '/api/v2/connections/:id/clients',
  name: 'updateConnectionClients',
  summary: 'Update the clients that may use a connection',
  tag: 'connections',
  scopes: ['update:connections'],
  params,
  body: clientsBody,
  replies: { 204: 'Changed.' },
  async handle(ctx, { params: { id }, body, principal }) {
    const connection = await requireConnection(ctx, id);
    const on = body.filter(({ status }) => status).map(({ client_id }) => client_id);
    await requireOwnClients(ctx, connection, on, principal);
    await requireClients(ctx, on, connection);
    const changed = new Set(body.map(({ client_id }) => client_id));
    await connectionsOf(ctx).update(id, (current) => ({
      ...current,
      enabled_clients: [...new Set([...current.enabled_clients.filter((one) => !changed.has(one)), ...on])],
    }));
    return empty(204);
  },
});

/** `/api/v2/connections/{id}/clients` */
export const connectionClientEndpoints: Endpoint[] = [list, change];
