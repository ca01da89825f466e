import {
  type Asked,
  type Context,
  type Endpoint,
  empty,
  json,
  managementWrite,
  resource,
  Type,
} from '../../kernel/index.ts';
import {
  type ConnectionBody,
  type ConnectionChange,
  connectionShape,
  createBody,
  FIELDS,
  filters,
  updateBody,
} from './connection.schema.ts';
import { type Connection, connectionsCollection, connectionsOf } from './connection.store.ts';
import { createConnection, deleteConnection, presentConnection, updateConnection } from './connections.ts';
import { maySeeOptions, settleChange, setupRulesOf } from './setup-rules.ts';

type Query = Asked['query'];

function keep(query: Query): ((connection: Connection) => boolean) | undefined {
  const strategies = query.strategy as readonly string[] | undefined;
  const name = query.name as string | undefined;
  if (!strategies && name === undefined) return undefined;
  return (connection) =>
    (!strategies || strategies.includes(connection.strategy)) && (name === undefined || connection.name === name);
}

async function create(ctx: Context, body: ConnectionBody, { principal }: Asked): Promise<Connection> {
  const rules = await setupRulesOf(ctx, principal);
  if (!rules || !principal) return createConnection(ctx, body);
  return createConnection(ctx, rules.shape(body), { set_up_by: principal.clientId, features: rules.features });
}

async function update(ctx: Context, connection: Connection, change: ConnectionChange, { principal }: Asked) {
  return updateConnection(ctx, connection, await settleChange(ctx, connection, change, principal));
}

async function present(ctx: Context, connection: Connection, { principal }: Asked): Promise<object> {
  const { options, ...shown } = presentConnection(ctx, connection);
  return (await maySeeOptions(ctx, connection, principal)) ? { ...shown, options } : shown;
}

const base = resource<Connection, ConnectionBody, ConnectionChange>({
  path: '/api/v2/connections',
  param: 'id',
  tag: 'connections',
  noun: 'connection',
  collection: connectionsCollection,
  shape: connectionShape,
  missing: { message: 'The connection does not exist', errorCode: 'inexistent_connection' },
  fields: FIELDS,
  always: ['id', 'is_domain_connection', 'authentication', 'connected_accounts'],
  present,
  list: {
    scopes: ['read:connections'],
    summary: 'Get all connections',
    key: 'connections',
    pageSize: 100,
    checkpoint: true,
    filters,
    keep,
    orderBy: 'created_at',
    descending: true,
  },
  get: { scopes: ['read:connections'], summary: 'Get a connection' },
  create: {
    scopes: ['create:connections'],
    summary: 'Create a connection',
    body: createBody,
    run: create,
  },
  update: {
    scopes: ['update:connections'],
    summary: 'Update a connection',
    body: updateBody,
    run: update,
  },
});

const removal = managementWrite({
  method: 'DELETE',
  path: '/api/v2/connections/:id',
  apart: true,
  name: 'deleteConnection',
  summary: 'Delete a connection',
  tag: 'connections',
  scopes: ['delete:connections'],
  params: Type.Object({ id: Type.String({ description: 'The id of the connection to delete' }) }),
  replies: { 202: Type.Object({ deleted_at: Type.String() }), 204: 'There is no such connection any more.' },
  async handle(ctx: Context, request) {
    const connection = await connectionsOf(ctx).get(request.params.id);
    if (!connection) return empty(204);
    await deleteConnection(ctx, connection);
    return json(202, { deleted_at: new Date(ctx.clock.now()).toISOString() });
  },
});

/** `/api/v2/connections` */
export const connectionResource: Endpoint[] = [...base, removal];
