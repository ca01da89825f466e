import { type Context, oauthError } from '../../kernel/index.ts';
import { isSecondFactorRequired } from '../../mfa/index.ts';
import { spendAllowance } from '../../protection/index.ts';
import { type Addons, findClient, isPublic, openAddons, type StoredClient } from '../../resources/clients/index.ts';
import { findRefreshToken, type RefreshToken } from '../../resources/refresh-tokens/index.ts';
import type { User } from '../../resources/users/index.ts';
import { legacyTarget } from '../legacy-login.ts';
import { organizationRequired } from '../organization.ts';
import type { Authorization, ForeignAnswer } from '../token/authorization.ts';
import { type GrantRequest, grant } from '../token/grant.ts';
import { noteUse } from '../token/refresh.ts';
import { requireUsable, requireUserOf, unknownRefreshToken } from '../token/refresh-rules.ts';
import { requireHeld } from '../token/sender-constraint.ts';
import { LEGACY_GRANT } from '../vocabulary.ts';
import { type DelegationAddon, delegationAddons } from './addons/index.ts';
import { allowedScopes } from './allowed-scopes.ts';
import { requireBearer } from './id-token-bearer.ts';
import { required, requireNonConformant } from './legacy-client.ts';

/** Auth0: ten a minute for a user at an address. */
const LIMIT = { burst: 10, everyMs: 6000 };
/** The names of ID tokens among the kinds of token; all others are add-ons, whose keys are other companies' services'. */
const ID_TOKEN_KINDS = new Set(['app', 'auth0']);
/** What add-ons take beside their settings. */
const ADDON_PARAMS = { nonce: 'optional', community_name: 'optional', community_url_section: 'optional' } as const;

const shared = {
  tests: ['src/oauth/legacy/delegation.http.test.ts', 'src/oauth/legacy/addons/addons.http.test.ts'],
  log: { success: 'sd', failure: 'fd' },
} as const;
const RULES = [
  '`target` is a client whose `allowed_clients` have the one that asks, or are empty and it is first-party; default: the client itself.',
  'Only for clients that are not OIDC conformant. Ten a minute for a user at an address.',
  '`api_type` names an add-on of the target, which then answers with a key of its service: `aws`, `azure_blob`, `azure_sb`, `firebase`, `layer`, `salesforce_api`, `salesforce_sandbox_api` or `sap_api`; default: the first that the target has.',
  'Whoever would have to prove a second factor is refused.',
  'Of the scopes a third-party client gets those that the user has allowed it.',
];

/** Before OpenID Connect: a new ID token, perhaps for another application, for a refresh token. */
export const delegationRefreshToken = grant({
  ...shared,
  type: LEGACY_GRANT.delegationRefreshToken,
  summary: 'The refresh token of an older login, for an ID token of this client or another one.',
  rules: [
    'The refresh token stays as it is; it is noted as used. One that is bound to a key needs a DPoP proof of it.',
    'One that did not come of an older login only where the client is public: nobody proves here to be the client.',
    ...RULES,
  ],
  params: { refresh_token: 'optional', target: 'optional', api_type: 'optional', ...ADDON_PARAMS },
  async handle(ctx, request) {
    const { client, params } = request;
    requireNonConformant(client, '/delegation');
    const value = required(params.refresh_token, 'refresh_token');
    const token = await requireUsable(ctx, client, await findRefreshToken(ctx, value));
    // An add-on's key is not made where tokens are, which would look at this.
    requireHeld(token, request.confirmation);
    if (!isForDelegation(token)) throw unknownRefreshToken('it rotates, or is of a session or an organization', token);
    // RFC 6749 §6: nobody proves here to be the client that it was given to.
    if (token.device === undefined && !isPublic(client))
      throw unknownRefreshToken('it is of a login whose client proves who it is', token);
    const user = await requireUserOf(ctx, token);
    return delegate(ctx, request, { user, token });
  },
});

/** Before OpenID Connect: a new ID token, perhaps for another application, for one that is alive. */
export const delegationIdToken = grant({
  ...shared,
  type: LEGACY_GRANT.delegationIdToken,
  summary: 'An ID token that the client was given, for an ID token of this client or another one.',
  rules: [
    "The ID token is the client's own, alive, and newer than the password; one that was delegated goes no further.",
    'However often it is renewed, it ends with the `session_lifetime` of the tenant after its login.',
    ...RULES,
  ],
  params: { id_token: 'optional', target: 'optional', api_type: 'optional', ...ADDON_PARAMS },
  async handle(ctx, request) {
    const { client, params } = request;
    requireNonConformant(client, '/delegation');
    return delegate(ctx, request, await requireBearer(ctx, client, required(params.id_token, 'id_token')));
  },
});

/** Older than rotation, sessions' tokens and organizations: what is bound by one of them cannot be looked after here. */
function isForDelegation({ rotating, online_session_id, organization }: RefreshToken): boolean {
  return !rotating && online_session_id === undefined && organization === undefined;
}

type Asked = GrantRequest<{ readonly target: 'optional'; readonly api_type: 'optional' } & typeof ADDON_PARAMS>;

interface Bearer {
  readonly user: User;
  readonly token?: RefreshToken;
  readonly auth_time?: number;
}

async function delegate(ctx: Context, request: Asked, bearer: Bearer): Promise<Authorization | ForeignAnswer> {
  const { client, params } = request;
  const target = await requireTarget(ctx, client, params.target);
  const addon = addonOf(target, params.api_type);
  // Auth0: conformant applications are neither source nor target, but for other companies' tokens.
  if (!addon) requireNonConformant(target, '/delegation');
  else if (target.organization_usage === 'require') throw organizationRequired(403);
  await requireProved(ctx, target, bearer.user, bearer.token);
  const headers = await requireAllowance(ctx, client, bearer.user);
  const asked = { ...request, scope: await allowedScopes(ctx, client, bearer.user, request.scope ?? []) };
  return addon
    ? askAddon(ctx, asked, { ...bearer, target, addon, headers })
    : authorizeIdToken(ctx, asked, { ...bearer, target, headers });
}

/** The add-on that is asked, if any. Auth0: the target's first where the request names none. WireError 400 where it has no such. */
function addonOf(target: StoredClient, kind: string | undefined): DelegationAddon | undefined {
  if (kind !== undefined && ID_TOKEN_KINDS.has(kind)) return undefined;
  const isEnabled = ({ name }: DelegationAddon) => addonsOf(target)[name] !== undefined;
  if (kind === undefined) return delegationAddons.find(isEnabled);
  const addon = delegationAddons.find(({ name }) => name === kind);
  if (!addon) throw oauthError(400, 'invalid_request', `The api_type ${kind} is not supported`);
  if (isEnabled(addon)) return addon;
  throw oauthError(400, 'invalid_request', `The add-on ${kind} is not enabled for "${target.client_id}"`);
}

const addonsOf = ({ addons }: StoredClient) => (addons ?? {}) as Addons;

interface Delegation extends Bearer {
  readonly target: StoredClient;
  readonly headers: Readonly<Record<string, string>>;
}

async function askAddon(
  ctx: Context,
  { client, params, scope = [] }: Asked,
  { user, token, target, addon, headers }: Delegation & { readonly addon: DelegationAddon },
): Promise<ForeignAnswer> {
  const settings = addonsOf(openAddons(ctx, target, target.client_id))[addon.name] ?? {};
  const body = await addon.answer(ctx, { user, target, settings, scope, params });
  return {
    client,
    user,
    details: { api_type: addon.name, target: target.client_id },
    body,
    headers,
    ...(token ? { consume: () => noteUse(ctx, token) } : {}),
  };
}

async function authorizeIdToken(
  ctx: Context,
  { client, scope = [] }: Asked,
  { user, token, auth_time, target, headers }: Delegation,
): Promise<Authorization> {
  return {
    client,
    user,
    target: await legacyTarget(ctx, client),
    flow: 'legacy',
    requested: ['openid', ...scope.filter((name) => name !== 'openid')],
    ...(target.client_id === client.client_id ? {} : { id_token_for: target }),
    ...(auth_time === undefined ? {} : { auth_time, auth_time_requested: true }),
    ...(token ? { refresh_token: token } : { withheld: ['refresh_token'] }),
    headers: () => headers,
  };
}

/** The application that the ID token is for. WireError 400 for one that there is not, 403 for one that does not allow it. */
async function requireTarget(ctx: Context, client: StoredClient, name: string | undefined): Promise<StoredClient> {
  if (name === undefined || name === client.client_id) return client;
  const target = await findClient(ctx, name);
  if (!target || target.global) throw oauthError(400, 'invalid_request', `the target ${name} was not found`);
  const allowed = target.allowed_clients ?? [];
  // Somebody else's application must not come by its users' ID tokens for the tenant's own ones, unless these say so.
  const isOpen = allowed.length === 0 && client.is_first_party !== false;
  if (isOpen || allowed.includes(client.client_id)) return target;
  throw oauthError(403, 'access_denied', `Client "${client.client_id}" is not allowed to delegate to "${name}".`);
}

/** There is no way to ask for a second factor here: whoever would have to prove one is refused. */
async function requireProved(ctx: Context, client: StoredClient, user: User, token?: RefreshToken): Promise<void> {
  const isRequired = await isSecondFactorRequired(ctx, { user, client, methods: token?.methods ?? [] });
  if (isRequired) throw oauthError(403, 'access_denied', 'Multifactor authentication required');
}

async function requireAllowance(ctx: Context, client: StoredClient, user: User): Promise<Record<string, string>> {
  const { allowed, headers } = await spendAllowance(ctx, ['delegation', user.user_id, ctx.caller.ip], LIMIT);
  if (allowed) return headers;
  ctx.audit({ type: 'limit_delegation', client_id: client.client_id, user_id: user.user_id });
  throw oauthError(429, 'too_many_requests', 'Too Many Requests', { headers });
}
