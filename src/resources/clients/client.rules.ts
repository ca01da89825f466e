import { type Context, isAddressOrNetwork, managementError } from '../../kernel/index.ts';
import { requireOfferedAddons } from './addon.rules.ts';
import { requireBackchannelLogoutUrls } from './backchannel-logout.rules.ts';
import { clientsOf } from './client.store.ts';
import type { Client } from './client.ts';
import { requireDelegatedSetup } from './delegated-setup.rules.ts';
import { requireEncryptionKey } from './encryption-key.rules.ts';
import { requireGrantTypes } from './grant-types.ts';
import { requireSamlRules } from './samlp.rules.ts';
import { requireThirdPartyRules } from './third-party.rules.ts';

const refuse = (reason: string) => managementError(400, `Payload validation error: '${reason}'.`, 'invalid_body');

/** A client proves itself with a secret or with credentials, not with both. */
function requireOneAuthentication(client: Partial<Client>): void {
  if (client.client_authentication_methods && client.token_endpoint_auth_method) {
    throw refuse('client_authentication_methods and token_endpoint_auth_method are mutually exclusive');
  }
}

/** Auth0: rotating tokens expire, and a token that expires does so no later for being used. */
function requireRefreshTokenRules({ refresh_token: settings }: Partial<Client>): void {
  if (!settings) return;
  if (settings.rotation_type === 'rotating' && settings.expiration_type !== 'expiring') {
    throw refuse('Rotating refresh tokens must be expiring');
  }
  const bounded = settings.infinite_token_lifetime === false && settings.infinite_idle_token_lifetime === false;
  if (bounded && (settings.idle_token_lifetime ?? 0) > (settings.token_lifetime ?? 0)) {
    throw refuse('idle_token_lifetime must not be greater than token_lifetime');
  }
}

/** Auth0: refresh tokens for several APIs are for first-party clients, and never for the Management API. */
function requirePolicyRules(ctx: Context, { refresh_token: settings, is_first_party }: Partial<Client>): void {
  const policies = settings?.policies ?? [];
  if (policies.length === 0) return;
  if (is_first_party === false) throw refuse('refresh_token.policies are only supported for first-party clients');
  if (policies.some(({ audience }) => audience === `${ctx.canonicalIssuer}api/v2/`)) {
    throw refuse('refresh_token.policies must not include the Management API');
  }
}

/** Auth0: clients with a metadata document are native or web applications. */
function requireDocumentRules({ external_metadata_type, app_type }: Partial<Client>): void {
  if (external_metadata_type === undefined || app_type === 'native' || app_type === 'regular_web') return;
  throw refuse('app_type must be native or regular_web for a client with a metadata document');
}

const MOST_ADDRESSES = 10;
const MOST_GRANTS = 5;
const MOST_SCOPES = 20;

/** Auth0: a worker is pinned to few addresses, connections and scopes. */
function requireVaultRules({ token_vault_privileged_access: access }: Partial<Client>): void {
  const { ip_allowlist = [], grants = [] } = access ?? {};
  if (ip_allowlist.length > MOST_ADDRESSES || !ip_allowlist.every(isAddressOrNetwork))
    throw refuse(
      `token_vault_privileged_access.ip_allowlist must be at most ${MOST_ADDRESSES} IP addresses or networks`,
    );
  const scopes = grants.flatMap((grant) => grant.scopes ?? []);
  if (grants.length > MOST_GRANTS || scopes.length > MOST_SCOPES)
    throw refuse(
      `token_vault_privileged_access.grants must have at most ${MOST_GRANTS} connections and ${MOST_SCOPES} scopes`,
    );
}

/** What fits into 32 bits: `exp` stays a number that every library reads. */
const LONGEST_ID_TOKEN = 2_147_483_647;

const MOST_METADATA = 10;

/** Auth0: so many keys, also when several changes brought them one by one. */
function requireMetadataRules({ client_metadata = {} }: Partial<Client>): void {
  const { length } = Object.keys(client_metadata);
  if (length <= MOST_METADATA) return;
  const reason = `Too many properties defined (${length}), maximum ${MOST_METADATA}`;
  throw managementError(400, `Payload validation error: '${reason}' on property client_metadata.`, 'invalid_body');
}

const namesClaims = (value: unknown) => [value].flat().every((name) => typeof name === 'string');

/** An ID token that is dead when it comes, or never dies, is none. */
function requireTokenRules({ jwt_configuration: settings }: Partial<Client>): void {
  if (!Object.values(settings?.scopes ?? {}).every(namesClaims))
    throw refuse('jwt_configuration.scopes must name claims: each a text, or a list of texts');
  const seconds = settings?.lifetime_in_seconds;
  if (seconds === undefined || (seconds >= 1 && seconds <= LONGEST_ID_TOKEN)) return;
  throw refuse(`jwt_configuration.lifetime_in_seconds must be between 1 and ${LONGEST_ID_TOKEN}`);
}

/** Auth0: only clients of that type stand for an API; which one, is said when they are made. */
function requireApiRules(
  { resource_server_identifier: api, app_type }: Partial<Client>,
  before: Partial<Client>,
): void {
  const isNew = api !== before.resource_server_identifier || app_type !== before.app_type;
  if (!isNew || api === undefined || app_type === 'resource_server') return;
  throw refuse('resource_server_identifier requires app_type resource_server');
}

function requireOrganizationRules(client: Partial<Client>): void {
  if (client.organization_require_behavior === 'post_login_prompt' && !client.oidc_conformant) {
    throw refuse('organization_require_behavior post_login_prompt requires oidc_conformant');
  }
}

/** An alias leads to one client. WireError 409. */
async function requireFreeAliases(ctx: Context, client: Partial<Client>): Promise<void> {
  const aliases = new Set(client.client_aliases ?? []);
  if (aliases.size === 0) return;
  const others = (await clientsOf(ctx).list()).filter((other) => other.client_id !== client.client_id);
  if (others.some((other) => other.client_aliases?.some((alias) => aliases.has(alias)))) {
    throw managementError(409, 'Another client exists with the same alias.');
  }
}

type Rule = (ctx: Context, client: Partial<Client>) => Promise<void>;
const furtherRules = new Set<Rule>();

/** Has `rule` asked too: of what clients name that they cannot know. Registering twice does nothing. */
export function addClientRule(rule: Rule): void {
  furtherRules.add(rule);
}

/**
 * What holds between the properties of a client, whichever of them was written. WireError 400 or 409.
 *
 * @param before as it was: what it had then it keeps, whatever the tenant's flags say of grant types, and whoever it names
 */
export async function requireClientRules(
  ctx: Context,
  client: Partial<Client>,
  before: Partial<Client> = {},
): Promise<void> {
  requireOneAuthentication(client);
  requireRefreshTokenRules(client);
  requirePolicyRules(ctx, client);
  requireThirdPartyRules(client);
  requireTokenRules(client);
  requireMetadataRules(client);
  requireOrganizationRules(client);
  requireApiRules(client, before);
  requireBackchannelLogoutUrls(ctx, client);
  requireDocumentRules(client);
  requireVaultRules(client);
  // What was stored before these rules keeps nobody from changing something else.
  if (client.addons !== before.addons) requireOfferedAddons(client);
  if (client.encryption_key !== before.encryption_key) requireEncryptionKey(client);
  requireSamlRules(client);
  await requireGrantTypes(ctx, client, before.grant_types ?? []);
  await requireFreeAliases(ctx, client);
  await requireDelegatedSetup(ctx, client, before);
  for (const rule of furtherRules) await rule(ctx, client);
}
