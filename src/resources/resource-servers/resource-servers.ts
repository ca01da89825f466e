import { type Context, hexId, managementError, newClientSecret } from '../../kernel/index.ts';
import { managementScopes } from './management-scopes.ts';
import {
  findResourceServer,
  type ResourceServer,
  resourceServersOf,
  sealSigningSecret,
} from './resource-server.store.ts';

/** What a caller sends to make an API. */
export type ResourceServerBody = Partial<ResourceServer> & {
  readonly identifier: string;
  readonly signing_secret?: string;
};

const DEFAULTS = {
  allow_offline_access: false,
  skip_consent_for_verifiable_first_party_clients: false,
  subject_type_authorization: { client: { policy: 'require_client_grant' }, user: { policy: 'allow_all' } },
  token_lifetime: 86400,
  token_lifetime_for_web: 7200,
  signing_alg: 'RS256',
} as const;

/**
 * Makes an API of `body` (already valid by the published schema) with Auth0's defaults. HS256 without a secret gets a random one.
 * WireError 409 when the identifier is taken.
 */
export async function createResourceServer(ctx: Context, body: ResourceServerBody): Promise<ResourceServer> {
  const id = hexId(ctx.random);
  const { signing_secret, ...members } = body;
  if (await findResourceServer(ctx, body.identifier)) {
    throw managementError(409, 'A resource server with the same identifier already exists.');
  }
  const server: ResourceServer = { id, ...DEFAULTS, ...members };
  const secret = server.signing_alg === 'HS256' ? (signing_secret ?? newClientSecret(ctx.random)) : undefined;
  return resourceServersOf(ctx).insert({
    ...server,
    ...(secret ? { signing_secret_sealed: sealSigningSecret(ctx, id, secret) } : {}),
  });
}

/** The identifier (audience) of the tenant's Management API. */
export function managementAudience(ctx: Context): string {
  return `${ctx.canonicalIssuer}api/v2/`;
}

/** Makes the system API that Management tokens are for, or brings its list of scopes up to date. */
export async function ensureManagementApi(ctx: Context): Promise<ResourceServer> {
  const identifier = managementAudience(ctx);
  const found = await findResourceServer(ctx, identifier);
  if (!found) {
    return createResourceServer(ctx, {
      identifier,
      name: 'Auth0 Management API',
      is_system: true,
      scopes: managementScopes,
    });
  }
  if (found.scopes?.length === managementScopes.length) return found;
  return resourceServersOf(ctx).put({ ...found, scopes: managementScopes });
}
