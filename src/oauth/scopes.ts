import { type Context, oauthError, type WireError } from '../kernel/index.ts';
import { MFA_API_SCOPES } from '../mfa/index.ts';
import { type ClientGrant, findClientGrant } from '../resources/client-grants/index.ts';
import { isGrantAllowed, isStrictThirdParty, type StoredClient } from '../resources/clients/index.ts';
import { permissionsAt } from '../resources/roles/index.ts';
import type { User } from '../resources/users/index.ts';
import { needsClientGrant } from './needs-client-grant.ts';
import { notAuthorizedFor, type Target } from './target.ts';
import {
  DEFAULT_OIDC_SCOPES,
  type Flow,
  GRANT,
  LEGACY_GRANT,
  OFFLINE_ACCESS,
  ONLINE_ACCESS,
  SCOPE_CLAIMS,
} from './vocabulary.ts';

/** Who asks for what. */
export interface ScopeRequest {
  readonly target: Target;
  readonly client: StoredClient;
  /** Absent where the client acts for itself. */
  readonly user?: User | undefined;
  /** The organization that the user is, or is about to be, logged in to. */
  readonly organization?: { readonly id: string } | undefined;
  /** Roles that the user gets there by this very login. */
  readonly coming_roles?: readonly string[] | undefined;
  /** The words of the `scope` parameter; undefined when there was none. */
  readonly requested: readonly string[] | undefined;
  readonly flow: Flow;
  /** The device's name, where an older login named one. */
  readonly device?: string | undefined;
}

/**
 * What of the request is granted, in the order in which it was asked for: the API's own scopes as far as policies and grants allow,
 * OpenID Connect's but for strict third-party clients, `offline_access` and `online_access` only where a refresh token may be given. Scopes that nobody knows are dropped.
 *
 * @throws WireError 403 access_denied when the client may have no token for this API, or (client_credentials) lacks a scope it asks for
 */
export async function grantScopes(ctx: Context, request: ScopeRequest): Promise<string[]> {
  return request.flow === 'client_credentials' ? grantToClient(ctx, request) : grantToUser(ctx, request);
}

const CLIENT_GRANT_HINT = ' You need to create a "client-grant" associated to this API.';
/** What a user may do to themselves through the Management API; everything else there is for operators' clients. */
const SELF_SERVICE = /:current_user(?:_[a-z_]+)?$/;

async function grantToClient(ctx: Context, { target, client, requested }: ScopeRequest): Promise<string[]> {
  const server = target.resourceServer;
  const policy = server?.subject_type_authorization.client.policy ?? 'deny_all';
  const isClosed = policy === 'deny_all' || (target.kind === 'management' && isStrictThirdParty(client));
  if (isClosed) throw notAuthorizedFor(client, target.identifier);
  const grant = await findClientGrant(ctx, client.client_id, target.identifier, 'client');
  if (!grant) throw notAuthorizedFor(client, target.identifier, CLIENT_GRANT_HINT);
  const allowed = covered(grant, scopesOf(target));
  const wanted = requested?.length ? requested : allowed;
  const missing = wanted.filter((scope) => !allowed.includes(scope));
  if (missing.length > 0) throw notGranted(missing);
  return [...wanted];
}

function notGranted(scopes: readonly string[]): WireError {
  return oauthError(403, 'access_denied', `Client has not been granted scopes: ${scopes.join(', ')}`);
}

async function grantToUser(ctx: Context, request: ScopeRequest): Promise<string[]> {
  const allowed = new Set(await apiScopesForUser(ctx, request));
  const wanted = request.requested ?? defaultsOf(request, allowed);
  // Auth0: strict third-party clients learn nothing of people; they get neither ID tokens nor what `/userinfo` says.
  const tellsOfUsers = !isStrictThirdParty(request.client);
  return wanted.filter(
    (scope) =>
      allowed.has(scope) ||
      (tellsOfUsers && Object.hasOwn(SCOPE_CLAIMS, scope)) ||
      namesMember(request, scope) ||
      (scope === OFFLINE_ACCESS && mayHaveRefreshToken(request)) ||
      (scope === ONLINE_ACCESS && mayHaveOnlineToken(request)),
  );
}

/** Before OpenID Connect any member of a user's profile could be asked for by its name. */
function namesMember({ target }: ScopeRequest, scope: string): boolean {
  return target.legacy?.wholeProfile === true && scope !== OFFLINE_ACCESS && scope !== ONLINE_ACCESS;
}

/** Auth0: a password grant without `scope` gets all there is; a browser that asks for nothing gets nothing. */
function defaultsOf({ flow }: ScopeRequest, allowed: ReadonlySet<string>): readonly string[] {
  return flow === 'password' ? [...DEFAULT_OIDC_SCOPES, ...allowed] : [];
}

/** The API's scopes that `client` may ask for on behalf of its users. */
async function apiScopesForUser(ctx: Context, request: ScopeRequest): Promise<readonly string[]> {
  const { target, client } = request;
  const server = target.resourceServer;
  if (!server) return scopesOf(target);
  const { policy } = server.subject_type_authorization.user;
  // Auth0: strict third-party clients have no business at the tenant's own API.
  const isClosed = policy === 'deny_all' || (target.kind === 'management' && isStrictThirdParty(client));
  if (isClosed) throw notAuthorizedFor(client, target.identifier);
  const needsGrant = needsClientGrant(client, server, 'user');
  const grant = needsGrant ? await findClientGrant(ctx, client.client_id, target.identifier, 'user') : undefined;
  if (needsGrant && !grant) throw notAuthorizedFor(client, target.identifier);
  const offered = grant === undefined ? scopesOf(target) : covered(grant, scopesOf(target));
  if (target.kind === 'management') return offered.filter((scope) => SELF_SERVICE.test(scope));
  if (!server.enforce_policies) return offered;
  const held = new Set(await permissionsOfUser(ctx, request));
  return offered.filter((scope) => held.has(scope));
}

/** What the user may do at the API, where roles decide that. */
export async function permissionsOfUser(
  ctx: Context,
  {
    target,
    user,
    organization,
    coming_roles: coming,
  }: Pick<ScopeRequest, 'target' | 'user' | 'organization' | 'coming_roles'>,
): Promise<string[]> {
  if (!user) return [];
  const { user_id } = user;
  const offered = new Set(scopesOf(target));
  const held = await permissionsAt(ctx, target.identifier, { user_id, organization_id: organization?.id, coming });
  return held.filter((scope) => offered.has(scope));
}

/** The scopes that an API offers. */
export function scopesOf(target: Target): string[] {
  if (target.kind === 'mfa') return [...MFA_API_SCOPES];
  return target.resourceServer?.scopes?.map((scope) => scope.value) ?? [];
}

/** Those of `scopes` that `grant` gives. The Management API has hundreds of them. */
function covered(grant: ClientGrant, scopes: readonly string[]): readonly string[] {
  if (grant.allow_all_scopes === true) return scopes;
  const given = new Set(grant.scope);
  return scopes.filter((scope) => given.has(scope));
}

/** May this request end in a refresh token? Auth0 drops the scope in silence where it may not. */
function mayHaveRefreshToken({ target, client, flow, device }: ScopeRequest): boolean {
  // RFC 6749 §4.2.2: none comes over the browser.
  if (flow === 'implicit') return false;
  // What comes of an older login belongs to a device and is exchanged at `/delegation`.
  if (flow === 'legacy' || target.legacy)
    return device !== undefined && isGrantAllowed(client, LEGACY_GRANT.delegationRefreshToken);
  if (!isGrantAllowed(client, GRANT.refreshToken)) return false;
  // There is one already, which goes on whatever the API of this token wants of its own.
  if (flow === 'refresh_token') return true;
  if (client.app_type === 'spa' && client.refresh_token?.rotation_type !== 'rotating') return false;
  return target.resourceServer === undefined || target.resourceServer.allow_offline_access;
}

/** Auth0: APIs opt in, and only a login in a browser has a session for the token to live by. */
function mayHaveOnlineToken({ target, client, flow }: ScopeRequest): boolean {
  const hasSession = flow === 'authorization_code' || flow === 'refresh_token';
  return (
    hasSession && isGrantAllowed(client, GRANT.refreshToken) && target.resourceServer?.allow_online_access === true
  );
}
