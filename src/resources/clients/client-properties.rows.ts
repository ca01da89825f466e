/** What a property of a client does in this version: `enforced` says where, `shown` that it is information only, `stored` that what it asks for is not done yet. */
export interface PropertyRow {
  readonly name: string;
  readonly status: 'enforced' | 'shown' | 'stored';
  readonly where: string;
}

const enforced = (name: string, where: string): PropertyRow => ({ name, status: 'enforced', where });
const shown = (name: string, where: string): PropertyRow => ({ name, status: 'shown', where });
const stored = (name: string, waitsFor: string): PropertyRow => ({
  name,
  status: 'stored',
  where: `stored and returned; enforced in a later release (${waitsFor})`,
});

/** Every property of a client. The page `docs/compat/client-properties.md` is made of it, and a test misses none. */
export const clientProperties: readonly PropertyRow[] = [
  enforced('client_id', 'everywhere a client is named; immutable'),
  shown('tenant', 'name of the tenant'),
  shown('name', 'login, consent and logout pages, log events'),
  shown('description', 'Management API'),
  enforced('global', 'can neither be deleted nor get tokens'),
  enforced('client_secret', 'client authentication; HS256 ID tokens; sealed at rest'),
  enforced(
    'app_type',
    'defaults at creation; loopback callbacks of native applications; client grants; on-behalf-of exchange',
  ),
  shown('logo_uri', 'login, consent and logout pages'),
  enforced('is_first_party', 'consent; grant types; default client grants'),
  enforced(
    'oidc_conformant',
    'with organization_require_behavior; confirmation of unverifiable callbacks. Legacy claims: later',
  ),
  enforced('callbacks', '/authorize'),
  enforced('allowed_origins', 'CORS of the Authentication API; pages that may ask for passkeys'),
  enforced(
    'web_origins',
    'CORS of the Authentication API; where `web_message` answers may go; pages that may ask for passkeys',
  ),
  enforced('client_aliases', 'unique in the tenant. SAML and WS-Federation: later'),
  enforced('allowed_clients', 'whose delegation it is the target of'),
  enforced('allowed_logout_urls', '/v2/logout and /oidc/logout'),
  enforced('session_transfer', 'native to web sign-on, delegated sessions; `asn` compares addresses'),
  enforced(
    'oidc_logout',
    'who is told of the end of a session, for what, and with which metadata (back-channel logout)',
  ),
  enforced('oidc_backchannel_logout', 'older name of oidc_logout: says the same'),
  enforced('grant_types', '/oauth/token, /authorize, refresh tokens; validated on writing'),
  enforced(
    'jwt_configuration',
    'lifetime and algorithm of ID tokens, and the bytes of the secret that signs HS256. scopes: later',
  ),
  shown('signing_keys', 'certificate of the key that signs for the tenant'),
  stored('encryption_key', 'WS-Federation'),
  enforced(
    'sso',
    'SSO integrations alone (`app_type` box, salesforce …): false leaves single sign-on to the identity provider',
  ),
  enforced('sso_disabled', 'the session is not reused by this client'),
  stored('cross_origin_authentication', 'cross-origin authentication'),
  stored('cross_origin_auth', 'cross-origin authentication'),
  stored('cross_origin_loc', 'cross-origin authentication'),
  stored('custom_login_page_on', 'classic login pages'),
  stored('custom_login_page', 'classic login pages'),
  stored('custom_login_page_preview', 'classic login pages'),
  stored('form_template', 'WS-Federation'),
  stored('addons', 'SAML, WS-Federation and delegation'),
  enforced('token_endpoint_auth_method', 'client authentication'),
  enforced('is_token_endpoint_ip_header_trusted', 'auth0-forwarded-for in the password grants and token exchanges'),
  stored('client_metadata', 'Actions'),
  enforced('mobile', 'assetlinks.json and apple-app-site-association; origins of passkeys; Sign in with Apple'),
  enforced(
    'initiate_login_uri',
    'where a login that is over begins anew; links back to the application from pages and invitations',
  ),
  enforced('native_social_login', 'which artifacts of providers are exchanged for tokens'),
  stored('fedcm_login', 'federated credential management'),
  enforced('refresh_token', 'rotation, leeway, lifetimes, reuse detection, other APIs (policies)'),
  enforced('default_organization', 'client credentials where the grant demands an organization'),
  enforced('client_authentication_methods', 'client authentication by signed assertions and by certificates'),
  enforced('organization_usage', '/authorize and every grant that gives tokens of users'),
  enforced('organization_require_behavior', 'pages that ask for the organization, before or after the login'),
  enforced('organization_discovery_methods', 'the page that asks for the organization before the login'),
  enforced('require_pushed_authorization_requests', '/authorize refuses what was not pushed'),
  enforced('require_proof_of_possession', '/oauth/token and /authorize give no token that is not bound to a key'),
  enforced('signed_request_object', 'signed requests at /authorize and /oauth/par'),
  enforced(
    'compliance_level',
    '/authorize, /oauth/par, /oauth/token, /userinfo: what must be pushed, signed, bound and proved, and in which words errors come',
  ),
  enforced('skip_non_verifiable_callback_uri_confirmation_prompt', 'confirmation of unverifiable callbacks'),
  enforced('token_exchange', 'custom and on-behalf-of token exchange'),
  enforced('identity_assertion_authorization_grant', 'may exchange identity assertions (jwt-bearer)'),
  enforced('par_request_expiry', '/oauth/par'),
  enforced('token_quota', 'client credentials: counted exactly, quota headers, 429'),
  enforced(
    'token_vault_privileged_access',
    'token vault: tokens of users who are not there, for a client with a key of its own',
  ),
  stored('express_configuration', 'express configuration'),
  stored('my_organization_configuration', 'My Organization API'),
  enforced(
    'third_party_security_mode',
    'strict third-party clients: ids, defaults, grant types, what /authorize and /oauth/par take, a client grant for every API and none for the system’s, no scopes of OpenID Connect; no change later. Other limits: later',
  ),
  enforced('redirection_policy', 'errors at /authorize'),
  enforced('resource_server_identifier', 'shown on the API as client_id; whose tokens an on-behalf-of exchange takes'),
  enforced('async_approval_notification_channels', '/bc-authorize: how the user is asked'),
  enforced('external_metadata_type', 'what may be changed of the client: not what its metadata document says'),
  shown('external_metadata_created_by', '`admin`: only an administrator registers documents, and has them read again'),
  enforced(
    'external_client_id',
    'the client goes by it wherever a client_id is sent; tokens carry it; the list filters by it',
  ),
  enforced('jwks_uri', 'where the keys of `private_key_jwt` are fetched from when the document is registered'),
];
