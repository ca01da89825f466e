const under = (parent: string, names: string): string[] =>
  names.split(' ').map((name) => (parent === '' ? name : `${parent}.${name}`));

/** By family: properties that are accepted before what they ask for is done. None may be added. */
const storedOf: Readonly<Record<string, readonly string[]>> = {
  legacy: [...under('', 'client_metadata fedcm_login'), ...under('jwt_configuration', 'scopes')],
  classicLogin: [
    ...under('', 'cross_origin_authentication cross_origin_loc custom_login_page_on custom_login_page'),
    ...under('', 'custom_login_page_preview cross_origin_auth'),
  ],
  myOrganization: [
    ...under('', 'express_configuration my_organization_configuration'),
    ...under('express_configuration', 'initiate_login_uri_template user_attribute_profile_id connection_profile_id'),
    ...under(
      'express_configuration',
      'enable_client enable_organization linked_clients okta_oin_client_id admin_login_domain',
    ),
    ...under('express_configuration', 'oin_submission_id'),
    ...under('express_configuration.linked_clients[]', 'client_id'),
    ...under('my_organization_configuration', 'connection_profile_id user_attribute_profile_id allowed_strategies'),
    ...under('my_organization_configuration', 'connection_deletion_behavior'),
  ],
  samlp: [
    ...under('addons', 'samlp'),
    ...under('addons.samlp', 'mappings audience recipient createUpnClaim mapUnknownClaimsAsIs'),
    ...under('addons.samlp', 'passthroughClaimsWithNoMapping mapIdentities signatureAlgorithm digestAlgorithm issuer'),
    ...under('addons.samlp', 'destination lifetimeInSeconds signResponse nameIdentifierFormat nameIdentifierProbes'),
    ...under('addons.samlp', 'authnContextClassRef'),
  ],
  wsFederation: [
    ...under('', 'encryption_key form_template'),
    ...under('encryption_key', 'pub cert subject'),
    ...under('addons', 'wsfed'),
  ],
  addons: [
    ...under('addons', 'aws rms mscrm slack sentry box cloudbees concur dropbox echosign'),
    ...under('addons', 'egnyte newrelic office365 salesforce'),
    ...under('addons', 'sap_api sharepoint springcm zendesk zoom sso_integration oag'),
    ...under('addons.aws', 'principal role lifetime_in_seconds'),
    ...under('addons.rms', 'url'),
    ...under('addons.mscrm', 'url'),
    ...under('addons.slack', 'team'),
    ...under('addons.sentry', 'org_slug base_url'),
    ...under('addons.echosign', 'domain'),
    ...under('addons.egnyte', 'domain'),
    ...under('addons.newrelic', 'account'),
    ...under('addons.office365', 'domain connection'),
    ...under('addons.salesforce', 'entity_id'),
    ...under(
      'addons.sap_api',
      'clientid usernameAttribute tokenEndpointUrl scope servicePassword nameIdentifierFormat',
    ),
    ...under('addons.sharepoint', 'url external_url'),
    ...under('addons.springcm', 'acsurl'),
    ...under('addons.zendesk', 'accountName'),
    ...under('addons.zoom', 'account'),
    ...under('addons.sso_integration', 'name version'),
  ],
};

/** By family: properties that no test is named for yet. None may be added. */
const unshownOf: Readonly<Record<string, readonly string[]>> = {
  tokens: [
    ...under('', 'refresh_token'),
    ...under('refresh_token', 'rotation_type expiration_type leeway token_lifetime infinite_token_lifetime'),
    ...under('refresh_token', 'idle_token_lifetime infinite_idle_token_lifetime policies'),
    ...under('refresh_token.policies[]', 'audience scope'),
  ],
  clientAuthentication: [
    ...under('', 'token_endpoint_auth_method is_token_endpoint_ip_header_trusted'),
    ...under('', 'client_authentication_methods'),
    ...under('client_authentication_methods', 'private_key_jwt tls_client_auth self_signed_tls_client_auth'),
    ...under('client_authentication_methods.private_key_jwt', 'credentials'),
    ...under(
      'client_authentication_methods.private_key_jwt.credentials[]',
      'id credential_type name pem alg parse_expiry_from_cert expires_at kid',
    ),
    ...under('client_authentication_methods.tls_client_auth', 'credentials'),
    ...under('client_authentication_methods.tls_client_auth.credentials[]', 'id credential_type name subject_dn pem'),
    ...under('client_authentication_methods.self_signed_tls_client_auth', 'credentials'),
    ...under('client_authentication_methods.self_signed_tls_client_auth.credentials[]', 'id credential_type name pem'),
  ],
  requests: [
    ...under('', 'require_pushed_authorization_requests require_proof_of_possession'),
    ...under('', 'signed_request_object compliance_level par_request_expiry'),
    ...under('signed_request_object', 'required credentials'),
    ...under(
      'signed_request_object.credentials[]',
      'id credential_type name pem alg parse_expiry_from_cert expires_at kid',
    ),
  ],
  sessions: [
    ...under('', 'session_transfer sso sso_disabled'),
    ...under('session_transfer', 'can_create_session_transfer_token enforce_cascade_revocation'),
    ...under('session_transfer', 'allowed_authentication_methods enforce_device_binding allow_refresh_token'),
    ...under('session_transfer', 'enforce_online_refresh_tokens delegation'),
    ...under('session_transfer.delegation', 'allow_delegated_access enforce_device_binding'),
  ],
  logout: [
    ...under('', 'oidc_logout oidc_backchannel_logout'),
    ...under('oidc_logout', 'backchannel_logout_urls backchannel_logout_initiators'),
    ...under('oidc_logout', 'backchannel_logout_session_metadata'),
    ...under('oidc_logout.backchannel_logout_initiators', 'mode selected_initiators'),
    ...under('oidc_logout.backchannel_logout_session_metadata', 'include'),
    ...under('oidc_backchannel_logout', 'backchannel_logout_urls backchannel_logout_initiators'),
    ...under('oidc_backchannel_logout', 'backchannel_logout_session_metadata'),
    ...under('oidc_backchannel_logout.backchannel_logout_initiators', 'mode selected_initiators'),
    ...under('oidc_backchannel_logout.backchannel_logout_session_metadata', 'include'),
  ],
  organizations: [
    ...under('', 'default_organization organization_usage organization_require_behavior'),
    ...under('', 'organization_discovery_methods'),
    ...under('default_organization', 'organization_id flows'),
  ],
  mobile: [
    ...under('', 'mobile'),
    ...under('mobile', 'android ios'),
    ...under('mobile.android', 'app_package_name sha256_cert_fingerprints'),
    ...under('mobile.ios', 'team_id app_bundle_identifier'),
  ],
  tokenVault: [
    ...under('', 'token_vault_privileged_access'),
    ...under('token_vault_privileged_access', 'credentials grants ip_allowlist'),
    ...under(
      'token_vault_privileged_access.credentials[]',
      'id credential_type name pem alg parse_expiry_from_cert expires_at kid',
    ),
    ...under('token_vault_privileged_access.grants[]', 'connection scopes'),
  ],
  thirdParty: [
    ...under('', 'third_party_security_mode external_metadata_type external_metadata_created_by'),
    ...under('', 'external_client_id jwks_uri'),
  ],
  legacy: [...under('', 'oidc_conformant')],
  wsFederation: [...under('', 'client_aliases')],
};

export const stillStored: readonly string[] = Object.values(storedOf).flat();
export const stillUnshown: readonly string[] = Object.values(unshownOf).flat();
