import { type Context, problem } from '../../../kernel/index.ts';
import { featuresOf } from '../../connection-profiles/index.ts';
import { createConnection } from '../../connections/index.ts';
import { addOrganizationConnection, organizationConnectionsOf } from '../../organizations/index.ts';
import { requireVerifiedDomains } from '../domains/own-domains.ts';
import type { Visit } from '../visit.ts';
import { requireAttributeMap } from './attribute-mapping.ts';
import { choicesOf, settleSwitches } from './connection-choices.ts';
import { connectionNamePrefix, newConnectionName } from './connection-name.ts';
import type { IdentityProvider } from './find-identity-provider.ts';
import { ORGANIZATION_STRATEGIES, requireOptions } from './provider-options.ts';

export interface NewIdentityProvider {
  readonly name: string;
  readonly strategy: string;
  readonly domains?: readonly string[];
  readonly display_name?: string;
  readonly show_as_button?: boolean;
  readonly assign_membership_on_login?: boolean;
  readonly is_enabled?: boolean;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The strategy must be one that the application allows, and that this server can set up. Problem 400. */
function requireAllowed({ configuration }: Visit, strategy: string): void {
  if (!configuration.allowed_strategies.includes(strategy))
    throw problem('bad_request', `The strategy ${strategy} is not allowed for this application.`);
  if (!ORGANIZATION_STRATEGIES.has(strategy))
    throw problem('bad_request', `The strategy ${strategy} is not supported by this server.`);
}

/** Bounds what one organization may make of a tenant. Auth0 allows few more than a handful. */
const MOST = 100;

/** An organization calls no two of its connections the same, and has not too many of them. Problems 400, 409. */
async function requireNewName(ctx: Context, { organization }: Visit, name: string): Promise<void> {
  const rows = await organizationConnectionsOf(ctx).list({ where: { organization_id: organization.id } });
  if (rows.length >= MOST)
    throw problem('bad_request', `The organization has ${MOST} connections, the most there may be.`);
  if (rows.some((row) => row.organization_connection_name === name))
    throw problem('duplicate', 'An identity provider with this name already exists.');
}

/**
 * Makes a connection for the organization, as the application's profiles have it: its name, its switches, its attributes. It is enabled for
 * the application that it was made with, and for the organization. Problems 400, 409.
 */
export async function createIdentityProvider(
  ctx: Context,
  visit: Visit,
  body: NewIdentityProvider,
): Promise<IdentityProvider> {
  const { organization, client } = visit;
  requireAllowed(visit, body.strategy);
  requireOptions(body.strategy, body.options);
  const choices = await choicesOf(ctx, visit);
  const switches = settleSwitches(choices, body);
  const attribute_map = await requireAttributeMap(ctx, visit, body.strategy);
  const domains = await requireVerifiedDomains(ctx, organization, body.domains ?? []);
  await requireNewName(ctx, visit, body.name);
  const prefix = connectionNamePrefix(choices.profile.connection_name_prefix_template, organization);
  const name = await newConnectionName(ctx, prefix, body.name);
  const origin = { belongs_to: organization.id, features: featuresOf(choices.profile, body.strategy) };
  return ctx.store.transaction(async () => {
    const proposed = {
      name,
      strategy: body.strategy,
      display_name: body.display_name ?? body.name,
      options: { ...body.options, attribute_map, ...(domains.length > 0 ? { domain_aliases: domains } : {}) },
      enabled_clients: [client.client_id],
    };
    const connection = await createConnection(ctx, proposed, origin);
    const settings = await addOrganizationConnection(ctx, organization.id, {
      connection_id: connection.id,
      ...switches,
      is_enabled: body.is_enabled ?? true,
      organization_connection_name: body.name,
      organization_access_level: 'full',
    });
    return { connection, settings, level: 'full' };
  });
}
