import { type Context, managementError } from '../../kernel/index.ts';
import { type TenantSettings, tenantSettings } from '../tenant-settings/index.ts';
import { isStrictThirdParty } from './client.defaults.ts';
import type { Client } from './client.ts';

/** Who may have a grant type, whatever its `grant_types` say. */
export interface GrantTypeRule {
  /** Clients that keep a secret or a key. */
  readonly confidentialOnly?: true;
  /** Auth0: trusted first-party clients. */
  readonly firstPartyOnly?: true;
  /** Third-party clients under the strict rules may have it as well. */
  readonly strict?: true;
  /** Auth0: nothing for those who describe themselves by a metadata document. */
  readonly notByDocument?: true;
  /** The tenant's flag without which nobody is given it any more. Who has it keeps it. */
  readonly flag?: string;
}

const EXTENSION = 'http://auth0.com/oauth/grant-type/';
const LEGACY = 'http://auth0.com/oauth/legacy/grant-type/';

/**
 * Every grant type that a client can be given, and the one place that says who may have it: writing a client, the token endpoint and
 * `/authorize` all ask here. Auth0: Application Grant Types.
 */
export const grantTypes: ReadonlyMap<string, GrantTypeRule> = new Map<string, GrantTypeRule>([
  ['authorization_code', { strict: true }],
  ['implicit', {}],
  ['refresh_token', { strict: true }],
  ['client_credentials', { strict: true, confidentialOnly: true, notByDocument: true }],
  ['password', { firstPartyOnly: true }],
  [`${EXTENSION}password-realm`, { firstPartyOnly: true }],
  [`${EXTENSION}mfa-oob`, { firstPartyOnly: true }],
  [`${EXTENSION}mfa-otp`, { firstPartyOnly: true }],
  [`${EXTENSION}mfa-recovery-code`, { firstPartyOnly: true }],
  [`${EXTENSION}passwordless/otp`, { firstPartyOnly: true }],
  ['urn:ietf:params:oauth:grant-type:device_code', {}],
  ['urn:ietf:params:oauth:grant-type:token-exchange', {}],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', {}],
  ['urn:openid:params:grant-type:ciba', { confidentialOnly: true, firstPartyOnly: true }],
  ['urn:okta:params:oauth:grant-type:webauthn', { firstPartyOnly: true }],
  [
    'urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token',
    { confidentialOnly: true, firstPartyOnly: true },
  ],
  [`${LEGACY}ro`, { firstPartyOnly: true, flag: 'allow_legacy_ro_grant_types' }],
  [`${LEGACY}ro/jwt-bearer`, { firstPartyOnly: true, flag: 'allow_legacy_ro_grant_types' }],
  [`${LEGACY}delegation/refresh_token`, { flag: 'allow_legacy_delegation_grant_types' }],
  [`${LEGACY}delegation/id_token`, { flag: 'allow_legacy_delegation_grant_types' }],
  [`${LEGACY}access_token`, { firstPartyOnly: true, flag: 'allow_legacy_ro_grant_types' }],
]);

/** May `client` be used without any proof of who it is? */
export function isPublic(client: Partial<Client>): boolean {
  return client.token_endpoint_auth_method === 'none';
}

/** May a client like this one have the grant type at all, whatever it was given? No for a grant type that nobody knows. */
export function mayHaveGrant(client: Partial<Client>, name: string): boolean {
  const rule = grantTypes.get(name);
  if (!rule) return false;
  if (rule.confidentialOnly && isPublic(client)) return false;
  if (rule.notByDocument && client.external_metadata_type !== undefined) return false;
  if (rule.firstPartyOnly && client.is_first_party === false) return false;
  return rule.strict === true || !isStrictThirdParty(client);
}

/** Auth0: what clients got that were there before `grant_types` were: all that a client like this one may have. */
export function grantTypesOfExisting(client: Partial<Client>): string[] {
  return [...grantTypes.keys()].filter((name) => mayHaveGrant(client, name));
}

/** `client` without the grant types that only clients with a proof of who they are may have. */
export function withoutConfidentialGrants<C extends Partial<Client>>(client: C): C {
  if (!client.grant_types) return client;
  return { ...client, grant_types: client.grant_types.filter((name) => !grantTypes.get(name)?.confidentialOnly) };
}

/** May `client` use the grant type: was it given it, and may it still have it? Without `grant_types` it may use none. */
export function isGrantAllowed(client: Partial<Client>, name: string): boolean {
  return client.grant_types?.includes(name) === true && mayHaveGrant(client, name);
}

/** Auth0: legacy grant types stay with those that have them; only a flag lets a client be given one. */
function mayBeGiven(name: string, had: readonly string[], { flags }: TenantSettings): boolean {
  const flag = grantTypes.get(name)?.flag;
  return flag === undefined || had.includes(name) || flags[flag] === true;
}

/**
 * Refuses grant types that nobody knows, or that this client may not have. WireError 400, as Auth0 words it.
 *
 * @param had the grant types of the client before the change
 */
export async function requireGrantTypes(
  ctx: Context,
  client: Partial<Client>,
  had: readonly string[] = [],
): Promise<void> {
  const settings = await tenantSettings(ctx);
  const wanted = client.grant_types ?? [];
  const refused = wanted.filter((name) => !mayHaveGrant(client, name) || !mayBeGiven(name, had, settings));
  if (refused.length > 0) throw managementError(400, `Invalid grant types: ${refused.join(',')}`, 'invalid_body');
}
