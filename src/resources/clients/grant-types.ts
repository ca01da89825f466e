import { type Context, managementError } from '../../kernel/index.ts';
import { type TenantSettings, tenantSettings } from '../tenant-settings/index.ts';
import { isStrictThirdParty } from './client.defaults.ts';
import type { Client } from './client.ts';

/** Who may have a grant type: any client, only first-party ones, or only where a flag of the tenant still allows it. */
interface GrantTypeRule {
  readonly firstPartyOnly?: true;
  /** Strict third-party clients may have it as well. */
  readonly strict?: true;
  readonly confidentialOnly?: true;
  readonly flag?: string;
}

const EXTENSION = 'http://auth0.com/oauth/grant-type/';
const LEGACY = 'http://auth0.com/oauth/legacy/grant-type/';

/** Every grant type that a client can be given. Auth0: Application Grant Types. */
const GRANT_TYPES: Readonly<Record<string, GrantTypeRule>> = {
  authorization_code: { strict: true },
  refresh_token: { strict: true },
  client_credentials: { strict: true, confidentialOnly: true },
  implicit: {},
  password: { firstPartyOnly: true },
  [`${EXTENSION}password-realm`]: { firstPartyOnly: true },
  [`${EXTENSION}mfa-oob`]: { firstPartyOnly: true },
  [`${EXTENSION}mfa-otp`]: { firstPartyOnly: true },
  [`${EXTENSION}mfa-recovery-code`]: { firstPartyOnly: true },
  [`${EXTENSION}passwordless/otp`]: { firstPartyOnly: true },
  'urn:ietf:params:oauth:grant-type:device_code': {},
  'urn:ietf:params:oauth:grant-type:token-exchange': {},
  'urn:ietf:params:oauth:grant-type:jwt-bearer': {},
  'urn:openid:params:grant-type:ciba': {},
  'urn:okta:params:oauth:grant-type:webauthn': { firstPartyOnly: true },
  'urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token': { firstPartyOnly: true },
  [`${LEGACY}ro`]: { flag: 'allow_legacy_ro_grant_types' },
  [`${LEGACY}ro/jwt-bearer`]: { flag: 'allow_legacy_ro_grant_types' },
  [`${LEGACY}delegation/refresh_token`]: { flag: 'allow_legacy_delegation_grant_types' },
  [`${LEGACY}delegation/id_token`]: { flag: 'allow_legacy_delegation_grant_types' },
  [`${LEGACY}access_token`]: { flag: 'allow_legacy_ro_grant_types' },
};

function isAllowed(name: string, client: Partial<Client>, settings: TenantSettings): boolean {
  const rule = Object.hasOwn(GRANT_TYPES, name) ? GRANT_TYPES[name] : undefined;
  if (!rule) return false;
  if (rule.confidentialOnly && client.token_endpoint_auth_method === 'none') return false;
  if (rule.firstPartyOnly && client.is_first_party === false) return false;
  if (!rule.strict && isStrictThirdParty(client)) return false;
  return rule.flag === undefined || settings.flags[rule.flag] === true;
}

/** Refuses grant types that nobody knows, or that this client may not have. WireError 400, as Auth0 words it. */
export async function requireGrantTypes(ctx: Context, client: Partial<Client>): Promise<void> {
  const settings = await tenantSettings(ctx);
  const refused = (client.grant_types ?? []).filter((name) => !isAllowed(name, client, settings));
  if (refused.length > 0) throw managementError(400, `Invalid grant types: ${refused.join(',')}`, 'invalid_body');
}
