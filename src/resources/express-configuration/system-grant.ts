import { type Context, prefixedId } from '../../kernel/index.ts';
import { clientGrantsOf, type StoredClient } from '../clients/index.ts';
import { managementAudience } from '../resource-servers/index.ts';

/** Recorded, in this order. */
const SCOPE = [
  ...['read:clients', 'read:user_attribute_profiles', 'read:connection_profiles', 'read:organizations_summary'],
  ...['read:connections', 'create:connections', 'update:connections'],
  ...['read:connections_options', 'update:connections_options'],
  ...['read:organization_connections', 'create:organization_connections', 'update:organization_connections'],
  ...['create:scim_config', 'read:scim_token', 'create:scim_token', 'delete:scim_token'],
];

/** Auth0 gives a new client of type `express_configuration` what it needs of the Management API, and nobody can change that grant. */
export async function grantToExpressClient(ctx: Context, { client_id, app_type }: StoredClient): Promise<void> {
  if (app_type !== 'express_configuration') return;
  await clientGrantsOf(ctx).insert({
    id: prefixedId(ctx.random, 'cgr_'),
    client_id,
    audience: managementAudience(ctx),
    scope: SCOPE,
    is_system: true,
    subject_type: 'client',
  });
}
