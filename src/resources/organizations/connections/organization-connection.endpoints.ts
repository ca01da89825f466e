import {
  answerListInMemory,
  type Context,
  closed,
  type Endpoint,
  empty,
  endpoint,
  json,
  managementWrite,
  paging,
  shapes,
  Type,
} from '../../../kernel/index.ts';
import { type Connection, connectionsOf } from '../../connections/index.ts';
import { connectionMembers, type EnabledConnectionBody } from '../organization.schema.ts';
import { organizationParam } from '../organization-param.ts';
import { requireOrganization } from '../organizations.ts';
import {
  type OrganizationConnection,
  organizationConnectionKey,
  organizationConnectionsOf,
} from './organization-connection.store.ts';
import {
  addOrganizationConnection,
  changeOrganizationConnection,
  missingConnection,
  type OrganizationConnectionChange,
} from './organization-connections.ts';
import { settleOffer } from './settle-offer.ts';
import { silenceOwnConnections } from './silence-own.ts';

const { answer, body, choice, flag, text } = shapes;

/** The two addresses of the same thing: today's, and the one that also says whether a connection is enabled. */
interface Style {
  readonly segment: 'enabled_connections' | 'connections';
  readonly param: string;
  readonly noun: string;
  readonly members: Record<string, ReturnType<typeof text>>;
  readonly filters: Parameters<typeof closed>[0];
  readonly isListed: (row: OrganizationConnection, query: Readonly<Record<string, unknown>>) => boolean;
  readonly present: (row: OrganizationConnection) => Readonly<Record<string, unknown>>;
}

const nameMember = (nullable: boolean) =>
  text('Name of the connection within the organization.', { minLength: 1, maxLength: 50, nullable });
const LEVELS = ['none', 'readonly', 'limited', 'full'];

const enabledStyle: Style = {
  segment: 'enabled_connections',
  param: 'connectionId',
  noun: 'EnabledConnection',
  members: connectionMembers,
  filters: {},
  isListed: ({ is_enabled }) => is_enabled,
  present: () => ({}),
};

const completeStyle: Style = {
  segment: 'connections',
  param: 'connection_id',
  noun: 'Connection',
  members: {
    organization_connection_name: nameMember(true),
    ...connectionMembers,
    organization_access_level: choice(
      LEVELS,
      'What the organization may see and change of it through the My Organization API.',
      {
        nullable: true,
      },
    ),
    is_enabled: flag('Whether users may log in with it.', { nullable: true }),
  },
  filters: { is_enabled: Type.Optional(Type.Boolean({ description: 'Only those that are enabled, or are not.' })) },
  isListed: (row, { is_enabled }) => is_enabled === undefined || row.is_enabled === is_enabled,
  present: ({ organization_connection_name, organization_access_level, is_enabled }) => ({
    ...(organization_connection_name === undefined ? {} : { organization_connection_name }),
    is_enabled,
    organization_access_level: organization_access_level ?? 'none',
  }),
};

async function present(ctx: Context, style: Style, row: OrganizationConnection) {
  const connection = await connectionsOf(ctx).get(row.connection_id);
  return {
    connection_id: row.connection_id,
    assign_membership_on_login: row.assign_membership_on_login,
    show_as_button: row.show_as_button,
    ...(connection?.strategy === 'auth0' ? { is_signup_enabled: row.is_signup_enabled ?? false } : {}),
    ...style.present(row),
    ...(connection ? { connection: briefly(connection) } : {}),
  };
}

const briefly = ({ name, strategy }: Connection) => ({ name, strategy });

async function requireRow(ctx: Context, organizationId: string, connectionId: string): Promise<OrganizationConnection> {
  await requireOrganization(ctx, organizationId);
  const row = await organizationConnectionsOf(ctx).get(organizationConnectionKey(organizationId, connectionId));
  if (!row) throw missingConnection();
  return row;
}

const about = { tag: 'organizations', surface: 'management' } as const;
const pathOf = ({ segment }: Style) => `/api/v2/organizations/:id/${segment}`;
const shapeOf = ({ members }: Style) => answer({ connection_id: text('ID of the connection.'), ...members });

function inOrganization(style: Style) {
  return { ...about, path: pathOf(style), params: Type.Object(organizationParam) };
}

function ofOne(style: Style) {
  const connectionParam = { [style.param]: Type.String({ description: 'ID of the connection.' }) };
  const path = `${pathOf(style)}/:${style.param}`;
  return { ...about, path, params: Type.Object({ ...organizationParam, ...connectionParam }) };
}

/** The organization and the connection that a path names. */
function idsOf({ param }: Style, given: unknown): readonly [string, string] {
  const ids = given as Readonly<Record<string, string>>;
  return [ids.id ?? '', ids[param] ?? ''];
}

function listEndpoint(style: Style): Endpoint {
  return endpoint({
    ...inOrganization(style),
    method: 'GET',
    name: `listOrganization${style.noun}s`,
    summary: 'Get the connections of an organization',
    scopes: ['read:organization_connections'],
    query: closed({ ...paging, ...style.filters }),
    replies: { 200: Type.Unknown({ description: 'The list, bare or with totals.' }) },
    async handle(ctx, { params: { id }, query, url }) {
      await requireOrganization(ctx, id);
      const rows = await organizationConnectionsOf(ctx).list({ where: { organization_id: id }, orderBy: 'created_at' });
      const listed = rows.filter((row) => style.isListed(row, query));
      const show = (row: OrganizationConnection) => present(ctx, style, row);
      return answerListInMemory(listed, { key: style.segment, idOf: ({ id }) => id, show }, query, url);
    },
  });
}

function addEndpoint(style: Style): Endpoint {
  const connection_id = text('ID of the connection.', { format: 'connection-id' });
  return managementWrite({
    ...inOrganization(style),
    method: 'POST',
    name: `addOrganization${style.noun}`,
    summary: 'Add a connection to an organization',
    scopes: ['create:organization_connections'],
    body: body<EnabledConnectionBody & OrganizationConnectionChange>(
      { connection_id, ...style.members },
      { required: ['connection_id'] },
    ),
    replies: { 201: shapeOf(style) },
    async handle(ctx, { params: { id }, body: sent, principal }) {
      await requireOrganization(ctx, id);
      const settled = await settleOffer(ctx, principal, sent.connection_id, sent);
      return json(201, await present(ctx, style, await addOrganizationConnection(ctx, id, settled)));
    },
  });
}

function getEndpoint(style: Style): Endpoint {
  return endpoint({
    ...ofOne(style),
    method: 'GET',
    name: `getOrganization${style.noun}`,
    summary: 'Get a connection of an organization',
    scopes: ['read:organization_connections'],
    replies: { 200: shapeOf(style), 404: 'The organization has no such connection.' },
    async handle(ctx, { params }) {
      return json(200, await present(ctx, style, await requireRow(ctx, ...idsOf(style, params))));
    },
  });
}

function changeEndpoint(style: Style): Endpoint {
  return managementWrite({
    ...ofOne(style),
    method: 'PATCH',
    name: `updateOrganization${style.noun}`,
    summary: 'Change a connection of an organization',
    scopes: ['update:organization_connections'],
    body: body<OrganizationConnectionChange>(style.members),
    replies: { 200: shapeOf(style), 404: 'The organization has no such connection.' },
    async handle(ctx, { params, body: sent, principal }) {
      const ids = idsOf(style, params);
      await requireRow(ctx, ...ids);
      const settled = await settleOffer(ctx, principal, ids[1], sent);
      return json(200, await present(ctx, style, await changeOrganizationConnection(ctx, ...ids, settled)));
    },
  });
}

function removeEndpoint(style: Style): Endpoint {
  return managementWrite({
    ...ofOne(style),
    method: 'DELETE',
    name: `deleteOrganization${style.noun}`,
    summary: 'Take a connection out of an organization',
    scopes: ['delete:organization_connections'],
    replies: { 204: 'Gone.' },
    async handle(ctx, { params }) {
      const [organizationId, connectionId] = idsOf(style, params);
      await requireOrganization(ctx, organizationId);
      await silenceOwnConnections(ctx, organizationId, { connection_id: connectionId });
      await organizationConnectionsOf(ctx).delete(organizationConnectionKey(organizationId, connectionId));
      return empty(204);
    },
  });
}

function endpointsOf(style: Style): Endpoint[] {
  return [listEndpoint, addEndpoint, getEndpoint, changeEndpoint, removeEndpoint].map((make) => make(style));
}

/** `/api/v2/organizations/{id}/enabled_connections` and `/connections`. */
export const organizationConnectionEndpoints: Endpoint[] = [
  ...endpointsOf(enabledStyle),
  ...endpointsOf(completeStyle),
];
