import { type Context, hexId, managementError, newClientSecret } from '../../kernel/index.ts';
import { importEncryptionKey, PublicKeyRefused } from '../../platform/crypto/index.ts';
import { findClientOfApi } from '../clients/index.ts';
import { followScopesGone } from './followers.ts';
import { managementScopes } from './management-scopes.ts';
import {
  findResourceServer,
  type ResourceServer,
  resourceServersOf,
  revealSigningSecret,
  sealSigningSecret,
} from './resource-server.store.ts';
import { CHANGEABLE_IN_SYSTEM_API, systemApiFor } from './system-apis.ts';

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
  signing_alg: 'RS256',
} as const;

const LIFETIME_FOR_WEB = 7200;

/** Members that `null` takes away. */
function withoutNulls(body: object): object {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

function requireLifetimes(server: Pick<ResourceServer, 'token_lifetime' | 'token_lifetime_for_web'>): void {
  if (server.token_lifetime_for_web <= server.token_lifetime) return;
  throw managementError(400, 'token_lifetime_for_web must not be greater than token_lifetime.', 'invalid_body');
}

/** A key that no token could be encrypted to is refused here, not when somebody asks for a token. */
function requireEncryptionKey({ token_encryption: encryption }: Partial<ResourceServer>): void {
  if (!encryption) return;
  try {
    importEncryptionKey(encryption.encryption_key.pem);
  } catch (error) {
    if (!(error instanceof PublicKeyRefused)) throw error;
    const reason = `Payload validation error: 'token_encryption.encryption_key.pem: ${error.message}'.`;
    throw managementError(400, reason, 'invalid_body');
  }
}

/** Auth0: public clients have no certificates to bind tokens to. */
function requirePossibleBinding({ proof_of_possession: binding }: Partial<ResourceServer>): void {
  if (binding?.mechanism !== 'mtls' || binding.required_for !== 'public_clients') return;
  throw managementError(400, 'The mechanism mtls cannot be required for public_clients.', 'invalid_body');
}

/** WireError 400: nothing would ask such a policy. */
function requireNoPolicy({ authorization_policy: policy }: Partial<ResourceServerBody>): void {
  if (!policy) return;
  const text = 'authorization_policy is not supported by this server: authorization policies are not evaluated.';
  throw managementError(400, text, 'operation_not_supported');
}

/** The policies sent, the rest of them as they were. */
function mergePolicies(before: ResourceServer['subject_type_authorization'], sent: Partial<ResourceServer>) {
  return { ...before, ...sent.subject_type_authorization };
}

/** HS256 needs a secret: the one sent, else the one there was, else a random one. Other algorithms keep none. */
function sealSecret(
  ctx: Context,
  server: ResourceServer,
  sent: string | undefined,
): Pick<ResourceServer, 'signing_secret_sealed'> {
  if (server.signing_alg !== 'HS256') return {};
  const secret = sent ?? revealSigningSecret(ctx, server) ?? newClientSecret(ctx.random);
  return { signing_secret_sealed: sealSigningSecret(ctx, server.id, secret) };
}

/**
 * Makes an API of `body` (already valid by the published schema) with Auth0's defaults. HS256 without a secret gets a random one.
 * WireError 409 when the identifier is taken, 400 when the lifetimes contradict each other.
 */
export async function createResourceServer(ctx: Context, body: ResourceServerBody): Promise<ResourceServer> {
  requireNoPolicy(body);
  const id = hexId(ctx.random);
  const { signing_secret, ...members } = { ...body, ...systemApiFor(ctx, body.identifier) };
  if (await findResourceServer(ctx, body.identifier)) throw identifierTaken();
  const lifetime = members.token_lifetime ?? DEFAULTS.token_lifetime;
  const server = {
    id,
    ...DEFAULTS,
    token_lifetime_for_web: Math.min(LIFETIME_FOR_WEB, lifetime),
    ...withoutNulls(members),
    subject_type_authorization: mergePolicies(DEFAULTS.subject_type_authorization, members),
  } as ResourceServer;
  requireLifetimes(server);
  requireEncryptionKey(server);
  requirePossibleBinding(server);
  return resourceServersOf(ctx).insert({ ...server, ...sealSecret(ctx, server, signing_secret) });
}

function identifierTaken() {
  return managementError(409, 'A resource server with the same identifier already exists.');
}

/**
 * Changes an API by `body`: members sent replace what was there, `null` removes. Of a system API only lifetimes, consent and policies
 * may change (WireError 400).
 */
export async function updateResourceServer(
  ctx: Context,
  server: ResourceServer,
  body: Partial<ResourceServerBody>,
): Promise<ResourceServer> {
  if (server.is_system) requireChangeable(body);
  requireNoPolicy(body);
  const { signing_secret, ...members } = body;
  const changed = withoutNulls({ ...server, ...members }) as ResourceServer;
  const forWeb = members.token_lifetime_for_web ?? Math.min(changed.token_lifetime_for_web, changed.token_lifetime);
  const { signing_secret_sealed: _sealed, ...unsealed } = {
    ...changed,
    token_lifetime_for_web: forWeb,
    subject_type_authorization: mergePolicies(server.subject_type_authorization, members),
  };
  requireLifetimes(unsealed as ResourceServer);
  requireEncryptionKey(members);
  requirePossibleBinding(unsealed as ResourceServer);
  const updated = { ...unsealed, ...sealSecret(ctx, changed, signing_secret) } as ResourceServer;
  return ctx.store.transaction(async () => {
    await followScopesGone(ctx, server, scopesGone(server, updated));
    return (await resourceServersOf(ctx).update(server.id, () => updated)) ?? updated;
  });
}

function scopesGone(before: ResourceServer, after: ResourceServer): string[] {
  const kept = new Set(after.scopes?.map(({ value }) => value));
  return (before.scopes ?? []).map(({ value }) => value).filter((value) => !kept.has(value));
}

function requireChangeable(body: object): void {
  const fixed = Object.keys(body).filter((name) => !CHANGEABLE_IN_SYSTEM_API.has(name));
  if (fixed.length === 0) return;
  const names = fixed.reverse().join(',');
  throw managementError(
    400,
    `Payload validation error: 'Additional properties not allowed: ${names}'.`,
    'invalid_body',
  );
}

/** An API as the wire shows it: with the secret of HS256, and the client that stands for it. */
export async function presentResourceServer(ctx: Context, server: ResourceServer): Promise<object> {
  const { signing_secret_sealed: _sealed, ...shown } = server;
  const secret = revealSigningSecret(ctx, server);
  const client = await findClientOfApi(ctx, server.identifier);
  return {
    ...shown,
    ...(secret === undefined ? {} : { signing_secret: secret }),
    ...(client ? { client_id: client.client_id } : {}),
  };
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
    const name = 'Auth0 Management API';
    return createResourceServer(ctx, { identifier, name, is_system: true, scopes: managementScopes });
  }
  if (found.scopes?.length === managementScopes.length) return found;
  return resourceServersOf(ctx).put({ ...found, scopes: managementScopes });
}
