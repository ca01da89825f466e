import {
  anything,
  type Context,
  endpoint,
  json,
  managementError,
  oauthError,
  type Reply,
  Type,
  WireError,
} from '../../kernel/index.ts';
import { type Limit, spendAllowance } from '../../protection/index.ts';
import { createClient, isPublic, revealClientSecret, type StoredClient } from '../../resources/clients/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import { type ClientMetadata, readClientMetadata } from './client-metadata.ts';

/** Auth0: five a second in a tenant. */
const REGISTRATIONS: Limit = { burst: 5, everyMs: 200 };
const ACTION = 'Dynamic client registration';

/**
 * Registers the application that asks, whoever it is: a third-party client, which gets no token for an API without a client grant, and in
 * strict mode logs people in by domain connections alone.
 */
async function register(ctx: Context, metadata: ClientMetadata): Promise<Reply> {
  const settings = await tenantSettings(ctx);
  // Auth0's own answer, which is in another dialect than the rest.
  if (settings.flags.enable_dynamic_client_registration !== true)
    throw managementError(400, 'dynamic client registration is disabled');
  const { allowed, headers } = await spendAllowance(ctx, ['dynamic_client_registration'], REGISTRATIONS);
  if (!allowed) throw oauthError(429, 'too_many_requests', 'Global limit has been reached', { headers });
  const isPermissive = settings.dynamic_client_registration_security_mode === 'permissive';
  const client = await createLogged(ctx, metadata, isPermissive ? 'permissive' : 'strict');
  return json(201, present(ctx, client), headers);
}

async function createLogged(
  ctx: Context,
  metadata: ClientMetadata,
  mode: 'strict' | 'permissive',
): Promise<StoredClient> {
  try {
    const client = await createClient(ctx, readClientMetadata(metadata, mode));
    const { client_id, name, callbacks, grant_types } = client;
    ctx.audit({
      type: 'sapi',
      description: ACTION,
      client_id,
      client_name: name,
      details: { callbacks, grant_types, third_party_security_mode: mode },
    });
    return client;
  } catch (error) {
    if (error instanceof WireError) ctx.audit({ type: 'fapi', description: `${ACTION}: ${error.message}` });
    throw error;
  }
}

function present(ctx: Context, client: StoredClient): object {
  return {
    client_name: client.name,
    client_id: client.client_id,
    ...(isPublic(client) ? {} : { client_secret: revealClientSecret(ctx, client) }),
    redirect_uris: client.callbacks,
    client_secret_expires_at: 0,
    grant_types: client.grant_types,
    token_endpoint_auth_method: client.token_endpoint_auth_method,
  };
}

/** `POST /oidc/register` (RFC 7591 §3). What is registered cannot be read or changed there: that is the tenant's business. */
export const registerEndpoint = endpoint({
  method: 'POST',
  path: '/oidc/register',
  name: 'registerClient',
  summary: 'Register an application that nobody in the tenant made',
  tag: 'Dynamic Client Registration',
  surface: 'oauth',
  cors: 'public',
  accepts: ['json'],
  bodyLimit: 16_384,
  body: Type.Object({
    redirect_uris: anything('Where answers may go: a list of URLs. Required.'),
    client_name: anything('The name that people are shown.'),
    token_endpoint_auth_method: anything('`client_secret_post`, `client_secret_basic` or `none`.'),
    grant_types: anything('A list; what cannot be had is left out of the answer.'),
    response_types: anything('A list.'),
    application_type: anything('`web` or `native`.'),
  }),
  replies: {
    201: Type.Object(
      { client_id: Type.String() },
      { description: 'The registered client.', additionalProperties: true },
    ),
    400: 'The metadata cannot be registered, or the tenant registers nobody.',
    429: 'The tenant registered five clients within a second.',
  },
  handle: (ctx, { body }) => register(ctx, body as ClientMetadata),
});
