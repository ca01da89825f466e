import { type Context, type Endpoint, oneOf, optionalText, resource, shapes, Type } from '../../kernel/index.ts';
import { type ClientGrant, clientGrantsCollection } from '../clients/index.ts';
import {
  type ClientGrantBody,
  type ClientGrantChange,
  createClientGrant,
  deleteClientGrant,
  updateClientGrant,
} from './client-grants.ts';

const { answer, body, choice, flag, list, text } = shapes;

const USAGES = ['deny', 'allow', 'require'];
const SUBJECT_TYPES = ['client', 'user'] as const;

const scopeItem = text('A scope.', { minLength: 1, maxLength: 280 });
const detailsTypes = list(
  text('A type.', { minLength: 1, maxLength: 255 }),
  'Types of authorization_details allowed for this client grant.',
);

const createBody = {
  client_id: text('ID of the client.'),
  audience: text('The audience (API identifier) of this client grant', { minLength: 1 }),
  default_for: choice(['third_party_clients'], 'Group of clients that the grant is the default for.'),
  organization_usage: choice(USAGES, 'Whether organizations can be used with client credentials.'),
  allow_any_organization: flag('Whether any organization can be used with this grant.'),
  scope: list(scopeItem, 'Scopes allowed for this client grant.'),
  subject_type: choice(SUBJECT_TYPES, 'The type of application access the client grant allows.'),
  authorization_details_types: detailsTypes,
  allow_all_scopes: flag('Whether all scopes of the API are allowed.'),
};

const updateBody = {
  scope: list(scopeItem, 'Scopes allowed for this client grant.', { nullable: true }),
  organization_usage: choice(USAGES, 'Controls how organizations may be used with this grant', { nullable: true }),
  allow_any_organization: flag('Controls allowing any organization to be used with this grant', { nullable: true }),
  authorization_details_types: detailsTypes,
  allow_all_scopes: flag('Whether all scopes of the API are allowed.', { nullable: true }),
};

const filters = {
  audience: optionalText('Optional filter on audience.'),
  client_id: optionalText('Optional filter on client_id.'),
  allow_any_organization: Type.Optional(Type.Boolean({ description: 'Optional filter on allow_any_organization.' })),
  subject_type: Type.Optional(oneOf(SUBJECT_TYPES, { description: 'Optional filter on subject_type.' })),
  default_for: Type.Optional(oneOf(['third_party_clients'], { description: 'Optional filter on default_for.' })),
};

const INDEXED = ['audience', 'client_id', 'subject_type'] as const;

function where(query: Readonly<Record<string, unknown>>): Record<string, string> {
  const given = INDEXED.filter((name) => query[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, String(query[name])]));
}

function keep({ allow_any_organization, default_for }: Readonly<Record<string, unknown>>) {
  if (allow_any_organization === undefined && default_for === undefined) return undefined;
  return (grant: ClientGrant) =>
    (allow_any_organization === undefined || (grant.allow_any_organization ?? false) === allow_any_organization) &&
    (default_for === undefined || grant.default_for === default_for);
}

/** `/api/v2/client-grants`. */
export const clientGrantEndpoints: Endpoint[] = resource<ClientGrant, ClientGrantBody, ClientGrantChange>({
  path: '/api/v2/client-grants',
  param: 'id',
  tag: 'client-grants',
  noun: 'client grant',
  collection: clientGrantsCollection,
  shape: answer({
    id: text('ID of the client grant.'),
    ...createBody,
    is_system: flag('A grant of the server itself.'),
  }),
  missing: { message: 'The grant does not exist.', errorCode: 'inexistent_client_grant' },
  present: (_ctx: Context, grant: ClientGrant) => grant,
  list: {
    summary: 'Get client grants',
    scopes: ['read:client_grants'],
    key: 'client_grants',
    checkpoint: true,
    filters,
    where,
    keep,
  },
  create: {
    summary: 'Create a client grant',
    scopes: ['create:client_grants'],
    body: body<ClientGrantBody>(createBody, { required: ['audience'] }),
    run: createClientGrant,
  },
  get: { summary: 'Get a client grant', scopes: ['read:client_grants'] },
  update: {
    summary: 'Update a client grant',
    scopes: ['update:client_grants'],
    body: body<ClientGrantChange>(updateBody, { minProperties: 1 }),
    run: updateClientGrant,
  },
  delete: { summary: 'Delete a client grant', scopes: ['delete:client_grants'], run: deleteClientGrant },
});
