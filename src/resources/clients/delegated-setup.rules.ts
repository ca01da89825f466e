import { type Context, managementError, type WireError } from '../../kernel/index.ts';
import { findConnectionProfile } from '../connection-profiles/index.ts';
import { findUserAttributeProfile } from '../user-attribute-profiles/index.ts';
import { clientsOf } from './client.store.ts';
import type { Client } from './client.ts';

const refuse = (path: string, reason: string): WireError =>
  managementError(400, `Payload validation error: '${path}: ${reason}'.`, 'invalid_body');

interface Profiles {
  readonly connection_profile_id?: string;
  readonly user_attribute_profile_id?: string;
}

async function requireProfiles(ctx: Context, parent: string, named: Profiles, before: Profiles): Promise<void> {
  const { connection_profile_id: connection, user_attribute_profile_id: attributes } = named;
  const isNew = (name: keyof Profiles) => named[name] !== undefined && named[name] !== before[name];
  if (isNew('connection_profile_id') && !(await findConnectionProfile(ctx, connection!)))
    throw refuse(`${parent}.connection_profile_id`, `no connection profile found by the id ${connection}`);
  if (isNew('user_attribute_profile_id') && !(await findUserAttributeProfile(ctx, attributes!)))
    throw refuse(`${parent}.user_attribute_profile_id`, `no user attribute profile found by the id ${attributes}`);
}

type Express = NonNullable<Client['express_configuration']>;

/** The client that Okta acts as, and those that are to get the same connections. */
async function requireExpressClients(ctx: Context, express: Express, before?: Express): Promise<void> {
  const oin = express.okta_oin_client_id;
  if (oin !== before?.okta_oin_client_id && (await clientsOf(ctx).get(oin))?.app_type !== 'express_configuration')
    throw refuse('express_configuration.okta_oin_client_id', `no client of type express_configuration is ${oin}`);
  const known = new Set(before?.linked_clients?.map(({ client_id }) => client_id));
  for (const { client_id } of express.linked_clients ?? []) {
    if (known.has(client_id) || (await clientsOf(ctx).get(client_id))) continue;
    throw refuse('express_configuration.linked_clients', `no client found by the id ${client_id}`);
  }
}

/** The grants of a client that Okta acts as come with it and go with it. */
function requireSameKind({ app_type }: Partial<Client>, before: Partial<Client>): void {
  const EXPRESS = 'express_configuration';
  if (before.client_id === undefined || (app_type === EXPRESS) === (before.app_type === EXPRESS)) return;
  const text = 'app_type express_configuration cannot be given or taken away after the client was created.';
  throw managementError(400, text, 'operation_not_supported');
}

/**
 * What a client names for those who set up connections in the tenant's stead must exist. Asked of what is new: a profile or client that
 * was deleted since must not stand in the way of every other change. WireError 400.
 */
export async function requireDelegatedSetup(
  ctx: Context,
  client: Partial<Client>,
  before: Partial<Client>,
): Promise<void> {
  requireSameKind(client, before);
  const { express_configuration: express, my_organization_configuration: own } = client;
  if (own) {
    const had = before.my_organization_configuration ?? {};
    await requireProfiles(ctx, 'my_organization_configuration', own, had);
  }
  if (!express) return;
  await requireProfiles(ctx, 'express_configuration', express, before.express_configuration ?? {});
  await requireExpressClients(ctx, express, before.express_configuration);
}
