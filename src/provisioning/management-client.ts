import { type Context, prefixedId } from '../kernel/index.ts';
import { clientGrantsOf, findClientGrant } from '../resources/client-grants/index.ts';
import { clientsOf, createClient, findClient, sealClientSecret } from '../resources/clients/index.ts';
import { findResourceServer } from '../resources/resource-servers/index.ts';

/** Ensures a machine-to-machine application with this id and secret that may do everything on the Management API. */
export async function ensureManagementClient(ctx: Context, clientId: string, secret: string): Promise<void> {
  const audience = `${ctx.canonicalIssuer}api/v2/`;
  const api = await findResourceServer(ctx, audience);
  if (!api) throw new Error('the Management API is missing');
  const body = {
    name: 'Management',
    app_type: 'non_interactive',
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['client_credentials'],
  };
  const client = (await findClient(ctx, clientId)) ?? (await createClient(ctx, body, { client_id: clientId }));
  await clientsOf(ctx).put({ ...client, ...sealClientSecret(ctx, clientId, secret) });
  const granted = await findClientGrant(ctx, clientId, audience, 'client');
  await clientGrantsOf(ctx).put({
    id: granted?.id ?? prefixedId(ctx.random, 'cgr_'),
    client_id: clientId,
    audience,
    scope: (api.scopes ?? []).map((scope) => scope.value),
    subject_type: 'client',
  });
}
