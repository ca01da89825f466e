import type { Context } from '../../kernel/index.ts';
import { DPOP_ALGORITHMS } from '../../platform/crypto/index.ts';
import { MTLS_ALIAS } from '../../platform/storage/index.ts';
import { CREDENTIAL_ALGORITHMS } from '../../resources/clients/index.ts';
import { type TenantSettings, tenantSettings } from '../../resources/tenant-settings/index.ts';
import { REVOCATION_TYP } from '../global-token-revocation/provider-request.ts';
import { REVOCATION_PATH } from '../global-token-revocation/revoke-globally.endpoint.ts';
import { clientAuthenticationMethods } from '../token/index.ts';
import { SCOPE_CLAIMS } from '../vocabulary.ts';

/** In Auth0's order, which is not that of the specifications: nobody may read an order into a response type. */
const RESPONSE_TYPES = [
  'code',
  'token',
  'id_token',
  'code token',
  'code id_token',
  'token id_token',
  'code token id_token',
];

/**
 * What `/.well-known/openid-configuration` says, keys in Auth0's order. Every URL is on the domain that the request arrived at.
 * Nothing stands here that the server does not do; `web_message` is missing although it is supported, as in Auth0's own document.
 */
export async function discoveryDocument(ctx: Context): Promise<Record<string, unknown>> {
  const settings = await tenantSettings(ctx);
  const { oidc_logout: logout, mtls } = settings;
  const at = (path: string) => `${ctx.issuer}${path}`;
  return {
    issuer: ctx.issuer,
    authorization_endpoint: at('authorize'),
    token_endpoint: at('oauth/token'),
    device_authorization_endpoint: at('oauth/device/code'),
    userinfo_endpoint: at('userinfo'),
    mfa_challenge_endpoint: at('mfa/challenge'),
    jwks_uri: at('.well-known/jwks.json'),
    ...registrationEndpoint(settings, at('oidc/register')),
    revocation_endpoint: at('oauth/revoke'),
    scopes_supported: scopesSupported(),
    response_types_supported: RESPONSE_TYPES,
    code_challenge_methods_supported: ['S256', 'plain'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['public'],
    token_endpoint_auth_methods_supported: authenticationMethods(),
    token_endpoint_auth_signing_alg_values_supported: CREDENTIAL_ALGORITHMS,
    claims_supported: claimsSupported(),
    request_uri_parameter_supported: false,
    request_parameter_supported: true,
    id_token_signing_alg_values_supported: ['HS256', 'RS256', 'PS256'],
    tls_client_certificate_bound_access_tokens: true,
    request_object_signing_alg_values_supported: ['RS256', 'RS384', 'PS256'],
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    ...(logout?.rp_logout_end_session_endpoint_discovery === false ? {} : { end_session_endpoint: at('oidc/logout') }),
    backchannel_authentication_endpoint: at('bc-authorize'),
    backchannel_token_delivery_modes_supported: ['poll'],
    ...pushedRequestMembers(settings, at('oauth/par')),
    ...supportedFeatures(settings),
    global_token_revocation_endpoint: at(`${REVOCATION_PATH}/{connectionName}`),
    global_token_revocation_endpoint_auth_methods_supported: [REVOCATION_TYP],
    dpop_signing_alg_values_supported: DPOP_ALGORITHMS,
    ...(settings.acr_values_supported ? { acr_values_supported: settings.acr_values_supported } : {}),
    ...(mtls?.enable_endpoint_aliases ? { mtls_endpoint_aliases: mtlsEndpointAliases(ctx, settings) } : {}),
  };
}

/** Where applications may register themselves. */
function registrationEndpoint({ flags }: TenantSettings, endpoint: string) {
  return flags.enable_dynamic_client_registration === true ? { registration_endpoint: endpoint } : {};
}

/** What is said of a tenant that has it switched on, and not of others. */
const SWITCHED = ['authorization_response_iss_parameter_supported', 'client_id_metadata_document_supported'];

function supportedFeatures(settings: TenantSettings): Record<string, true> {
  return Object.fromEntries(SWITCHED.filter((name) => settings[name] === true).map((name) => [name, true]));
}

/** Auth0 names the endpoint where the tenant has it, with two things that it never does. */
function pushedRequestMembers({ pushed_authorization_requests_supported: isOn }: TenantSettings, endpoint: string) {
  if (isOn !== true) return {};
  return {
    pushed_authorization_request_endpoint: endpoint,
    claims_parameter_supported: false,
    require_request_uri_registration: false,
  };
}

/** Auth0 does not name `none`. */
function authenticationMethods(): string[] {
  return clientAuthenticationMethods.map(({ name }) => name).filter((name) => name !== 'none');
}

/** RFC 8705 §5: where clients with certificates go, so that browsers are not asked for theirs. */
function mtlsEndpointAliases(ctx: Context, settings: TenantSettings): Record<string, string> {
  const at = (path: string) => ctx.issuer.replace('://', `://${MTLS_ALIAS}`) + path;
  return {
    token_endpoint: at('oauth/token'),
    userinfo_endpoint: at('userinfo'),
    revocation_endpoint: at('oauth/revoke'),
    ...(settings.pushed_authorization_requests_supported === true
      ? { pushed_authorization_request_endpoint: at('oauth/par') }
      : {}),
  };
}

function scopesSupported(): string[] {
  const order =
    'openid profile offline_access name given_name family_name nickname email email_verified picture created_at';
  const known = [...order.split(' '), 'identities', 'phone', 'address'];
  return known.filter((scope) => scope === 'offline_access' || Object.hasOwn(SCOPE_CLAIMS, scope));
}

function claimsSupported(): string[] {
  const ofTheToken = ['aud', 'auth_time', 'exp', 'iat', 'iss', 'sub'];
  return [...new Set([...ofTheToken, ...Object.values(SCOPE_CLAIMS).flat()])].toSorted();
}
