import { managementError } from '../../kernel/index.ts';
import { isStrictThirdParty } from './client.defaults.ts';
import type { Client } from './client.ts';

const words = (text: string) => new Set(text.split(' '));

/** Auth0: what may be set of a third-party client under the strict rules. A property that comes later is none of them until it is added. */
const SUPPORTED = words(
  'name description logo_uri callbacks allowed_origins web_origins grant_types token_endpoint_auth_method app_type client_metadata ' +
    'jwt_configuration refresh_token client_authentication_methods require_proof_of_possession redirection_policy is_first_party ' +
    'third_party_security_mode oidc_conformant organization_usage organization_require_behavior organization_discovery_methods ' +
    'default_organization token_quota skip_non_verifiable_callback_uri_confirmation_prompt',
);
/** What the server writes, and what every client has. */
const GIVEN = words(
  'client_id client_secret client_secret_sealed client_secret_digest created_at external_client_id external_metadata_type ' +
    'external_metadata_created_by external_metadata_lapsed jwks_uri custom_login_page_on',
);
const KINDS = words('regular_web spa native non_interactive');
const ADDRESSES = ['callbacks', 'allowed_origins', 'web_origins'] as const;

const refuse = (reason: string) =>
  managementError(400, `Payload validation error: '${reason} for a strict third-party client'.`, 'invalid_body');

/** Nothing is asked for: the property is off, or empty. */
function isOff(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Auth0's security controls, as far as they are about what a client may be. WireError 400. */
export function requireThirdPartyRules(client: Partial<Client>): void {
  if (!isStrictThirdParty(client)) return;
  const excess = Object.keys(client).filter((name) => !SUPPORTED.has(name) && !GIVEN.has(name) && !isOff(client[name]));
  if (excess.length > 0) throw refuse(`${excess.join(', ')} cannot be set`);
  if (client.app_type !== undefined && !KINDS.has(client.app_type))
    throw refuse(`app_type must be one of ${[...KINDS].join(', ')}`);
  requireExactAddresses(client);
  requireTokenSettings(client);
}

/** Whoever owns one host of a domain must not receive what was meant for another. */
function requireExactAddresses(client: Partial<Client>): void {
  for (const name of ADDRESSES)
    if (client[name]?.some((address) => /[*{}]/.test(address))) throw refuse(`${name} must be exact URLs`);
}

function requireTokenSettings({
  jwt_configuration: jwt,
  refresh_token,
  client_authentication_methods,
}: Partial<Client>) {
  if ((jwt?.alg ?? 'RS256') !== 'RS256' || jwt?.secret_encoded || !isOff(jwt?.scopes))
    throw refuse('jwt_configuration must name RS256, and neither scopes nor secret_encoded');
  const lasts = refresh_token?.infinite_token_lifetime || refresh_token?.infinite_idle_token_lifetime;
  if (refresh_token && (lasts || refresh_token.expiration_type !== 'expiring'))
    throw refuse('refresh tokens must expire');
  const methods = Object.keys(client_authentication_methods ?? {});
  if (methods.some((method) => method !== 'private_key_jwt'))
    throw refuse('client_authentication_methods must be private_key_jwt');
}
