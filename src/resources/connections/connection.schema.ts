import { oneOf, optionalText, shapes, Type } from '../../kernel/index.ts';
import { optionShapes } from './connection-options.schema.ts';

const { answer, body, choice, flag, list, openRecord, record, text } = shapes;

/** Every strategy that Auth0 has a name for. */
export const STRATEGIES = [
  ...[
    'ad',
    'adfs',
    'amazon',
    'apple',
    'dropbox',
    'bitbucket',
    'auth0-oidc',
    'auth0',
    'baidu',
    'bitly',
    'box',
    'custom',
  ],
  ...['daccount', 'dwolla', 'email', 'evernote-sandbox', 'evernote', 'exact', 'facebook', 'fitbit', 'github'],
  ...['google-apps', 'google-oauth2', 'instagram', 'ip', 'line', 'linkedin', 'oauth1', 'oauth2', 'office365', 'oidc'],
  ...['okta', 'paypal', 'paypal-sandbox', 'pingfederate', 'planningcenter', 'salesforce-community'],
  ...['salesforce-sandbox', 'salesforce', 'samlp', 'sharepoint', 'shopify', 'shop', 'sms', 'soundcloud'],
  ...['thirtysevensignals', 'twitter', 'untappd', 'vkontakte', 'waad', 'weibo', 'windowslive', 'wordpress', 'yahoo'],
  'yandex',
] as const;

const OPTIONS = "The connection's options (depend on the connection strategy)";

const clientIds = list(
  text('The id of the client.', { format: 'client-id' }),
  'Clients that may use the connection.',
  {},
);
const shared = {
  display_name: text('Connection name used in the new universal login experience', { maxLength: 128 }),
  is_domain_connection: flag('Whether applications of others may use the connection.'),
  show_as_button: flag('Whether the login page shows a button.'),
  realms: list(text('The realm where this connection belongs', { format: 'connection-realm' }), 'Realms.', {}),
  metadata: openRecord({}, 'Metadata associated with the connection.', {
    additionalProperties: { type: ['string', 'null'], maxLength: 255 },
    maxProperties: 10,
  }),
  authentication: record({ active: flag('Whether people sign in with it.') }, 'Use for signing in.', {
    required: ['active'],
  }),
  connected_accounts: record(
    { active: flag('Whether accounts are connected with it.'), cross_app_access: flag('Across applications.') },
    'Use for connected accounts.',
    { required: ['active'] },
  ),
  cross_app_access_resource_app: record(
    { status: choice(['enabled', 'disabled'], 'Whether identity assertions (ID-JAG) of the provider are exchanged.') },
    'Cross App Access, as the resource application.',
    { required: ['status'], nullable: true },
  ),
};

export interface ConnectionBody {
  readonly name: string;
  readonly strategy: string;
  readonly display_name?: string;
  readonly options?: Record<string, unknown>;
  readonly enabled_clients?: readonly string[];
  readonly is_domain_connection?: boolean;
  readonly show_as_button?: boolean;
  readonly realms?: readonly string[];
  readonly metadata?: Record<string, string | null>;
  readonly authentication?: { readonly active: boolean };
  readonly connected_accounts?: Record<string, unknown>;
  readonly cross_app_access_resource_app?: { readonly status: 'enabled' | 'disabled' } | null;
}

export type ConnectionChange = Partial<Omit<ConnectionBody, 'name' | 'strategy' | 'enabled_clients' | 'options'>> & {
  readonly options?: Record<string, unknown> | null;
};

export const createBody = body<ConnectionBody>(
  {
    name: text(
      "The name of the connection. Must start and end with an alphanumeric character and can only contain alphanumeric characters and '-'. Max length 128",
      { maxLength: 128, pattern: '^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$' },
    ),
    strategy: choice(STRATEGIES, 'The identity provider identifier for the connection'),
    options: openRecord(optionShapes, OPTIONS),
    enabled_clients: clientIds,
    ...shared,
  },
  { required: ['name', 'strategy'] },
);

export const updateBody = body<ConnectionChange>(
  { options: openRecord(optionShapes, OPTIONS, { nullable: true }), ...shared },
  { minProperties: 1 },
);

export interface ClientStatus {
  readonly client_id: string;
  readonly status: boolean;
}

export const clientsBody = Type.Unsafe<ClientStatus[]>(
  list(
    record(
      {
        client_id: text('The client_id.', { format: 'client-id' }),
        status: flag('Whether it may use the connection.'),
      },
      'A client.',
      { required: ['client_id', 'status'] },
    ),
    'Clients.',
    { minItems: 1, maxItems: 50 },
  ),
);

export const filters = {
  strategy: Type.Optional(Type.Array(oneOf(STRATEGIES), { description: 'Only connections of these strategies.' })),
  name: optionalText('Only the connection of this name.'),
};

export const FIELDS = [
  ...['name', 'display_name', 'strategy', 'options', 'id', 'provisioning_ticket_url', 'metadata', 'show_as_button'],
  ...['clients', 'authentication', 'connected_accounts', 'cross_app_access_requesting_app'],
  ...['cross_app_access_resource_app', 'enabled_clients'],
];

export const connectionShape = answer({
  id: text('Id of the connection.'),
  name: text('Name of the connection.'),
  strategy: text('Strategy.'),
  options: openRecord({}, 'Options.'),
  enabled_clients: list(text('A client id.'), 'Clients that may use the connection.'),
  ...shared,
});
