import { type Context, managementError, type WireError } from '../../kernel/index.ts';
import { type Client, clientsOf, type StoredClient } from '../clients/index.ts';
import { type ConnectionProfile, featuresOf, findConnectionProfile, switchOf } from '../connection-profiles/index.ts';
import type { ConnectionBody, SetupRules } from '../connections/index.ts';
import {
  attributeMapOf,
  findUserAttributeProfile,
  type UserAttributeProfile,
} from '../user-attribute-profiles/index.ts';

type Configuration = NonNullable<Client['express_configuration']>;

/** An application whose connections Okta sets up, with what decides how. */
interface Integration {
  readonly client_id: string;
  readonly configuration: Configuration;
  readonly profile: ConnectionProfile | undefined;
  readonly attributes: UserAttributeProfile | undefined;
}

const refuse = (text: string, code = 'operation_not_supported'): WireError => managementError(403, text, code);
const invalid = (text: string): WireError => managementError(400, text, 'invalid_body');

const isExpress = ({ app_type }: StoredClient) => app_type === 'express_configuration';

/** The application that names `oinClientId` in its `express_configuration`; the first of them where there are several. */
export async function findApplicationOf(ctx: Context, oinClientId: string): Promise<StoredClient | undefined> {
  const clients = await clientsOf(ctx).list({ orderBy: 'created_at' });
  return clients.find(({ express_configuration: named }) => named?.okta_oin_client_id === oinClientId);
}

async function findIntegration(ctx: Context, oinClientId: string): Promise<Integration | undefined> {
  const application = await findApplicationOf(ctx, oinClientId);
  const configuration = application?.express_configuration;
  if (!application || !configuration) return undefined;
  return {
    client_id: application.client_id,
    configuration,
    profile: await findConnectionProfile(ctx, configuration.connection_profile_id),
    attributes: await findUserAttributeProfile(ctx, configuration.user_attribute_profile_id),
  };
}

/** Auth0: the application where it says so, and those that are linked to it. */
function clientsOfIntegration({ client_id, configuration }: Integration): string[] {
  const linked = configuration.linked_clients?.map((one) => one.client_id) ?? [];
  return [...new Set([...(configuration.enable_client ? [client_id] : []), ...linked])];
}

const ANYTHING = '[A-Za-z0-9-]+';

/** Does the name begin as the profile wants it to? Which organization it is for is not said yet. */
function hasPrefix(name: string, template: string): boolean {
  const pattern = template
    .split(/\{org_id\}|\{org_name\}/)
    .map((part) => part.replace(/[^A-Za-z0-9]/g, '\\$&'))
    .join(ANYTHING);
  return new RegExp(`^${pattern}`).test(name);
}

/** A connection as the profiles have it. WireErrors: 400 for what contradicts them, 403 where they are gone. */
function shapeConnection(integration: Integration, existing: readonly string[], body: ConnectionBody): ConnectionBody {
  const { profile, attributes } = integration;
  const attribute_map = attributes && attributeMapOf(attributes, 'okta');
  if (!profile || !attribute_map) throw refuse('The profiles of the express configuration are missing or do not fit.');
  if (body.strategy !== 'okta') throw invalid('Express configuration is for connections of the strategy okta.');
  const template = profile.connection_name_prefix_template ?? '';
  if (!hasPrefix(body.name, template)) throw invalid(`The name of the connection must begin with ${template}.`);
  if (body.is_domain_connection) throw refuse('This client may not make connections available to all applications.');
  const unknown = body.enabled_clients?.find((id) => !existing.includes(id));
  if (unknown !== undefined) throw refuse('This client may not enable the connection for these applications.');
  return { ...body, enabled_clients: existing, options: { attribute_map, ...body.options } };
}

/** How organizations offer the connections. Auth0: here `optional` is treated as `required`. */
function offerOf({ profile, configuration }: Integration): SetupRules['offer'] {
  const { show_as_button, assign_membership_on_login } = profile?.organization ?? {};
  return {
    assign_membership_on_login: switchOf(assign_membership_on_login, true).initial,
    show_as_button: switchOf(show_as_button, true).initial,
    is_enabled: configuration.enable_organization,
  };
}

const NOBODY = 'No application names this client in its express_configuration.';

/** The rules of a client that Okta sets up connections with (`app_type: express_configuration`); undefined for every other client. */
export async function expressRulesOf(ctx: Context, clientId: string): Promise<SetupRules | undefined> {
  const client = await clientsOf(ctx).get(clientId);
  if (!client || !isExpress(client)) return undefined;
  const integration = await findIntegration(ctx, clientId);
  if (!integration) return nobodysRules;
  const named = clientsOfIntegration(integration);
  const found = await Promise.all(named.map((id) => clientsOf(ctx).get(id)));
  const clients = found.flatMap((one) => (one ? [one.client_id] : []));
  return {
    shape: (body) => shapeConnection(integration, clients, body),
    clients,
    features: integration.profile ? featuresOf(integration.profile, 'okta') : [],
    offer: offerOf(integration),
  };
}

const nobodysRules: SetupRules = {
  shape: () => {
    throw refuse(NOBODY);
  },
  clients: [],
  features: [],
  offer: { assign_membership_on_login: false, show_as_button: false, is_enabled: false },
};
