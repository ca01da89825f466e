import type { TokenQuota } from '../../kernel/index.ts';

/** What `oidc_logout` says: where logout tokens go, and for what. */
export interface BackchannelLogoutSettings {
  backchannel_logout_urls?: string[];
  backchannel_logout_initiators?: { mode?: 'custom' | 'all'; selected_initiators?: string[] };
  backchannel_logout_session_metadata?: { include?: boolean } | null;
}

/** The published shape of a client. */
export interface Client {
  client_id: string;
  client_secret?: string;
  tenant?: string;
  name: string;
  description?: string;
  global?: boolean;
  app_type?: string;
  logo_uri?: string;
  is_first_party: boolean;
  oidc_conformant: boolean;
  callbacks?: string[];
  allowed_origins?: string[];
  web_origins?: string[];
  client_aliases?: string[];
  allowed_clients?: string[];
  allowed_logout_urls?: string[];
  grant_types?: string[];
  jwt_configuration?: {
    alg?: string;
    lifetime_in_seconds?: number;
    secret_encoded?: boolean;
    scopes?: Record<string, unknown>;
  };
  oidc_logout?: BackchannelLogoutSettings;
  /** The older name: read with `logoutSettingsOf`. */
  oidc_backchannel_logout?: BackchannelLogoutSettings;
  sso?: boolean;
  sso_disabled?: boolean;
  cross_origin_authentication?: boolean;
  custom_login_page_on?: boolean;
  token_endpoint_auth_method?: string | null;
  is_token_endpoint_ip_header_trusted?: boolean;
  client_metadata?: Record<string, string>;
  initiate_login_uri?: string;
  refresh_token?: {
    rotation_type: 'rotating' | 'non-rotating';
    expiration_type: 'expiring' | 'non-expiring';
    leeway?: number;
    token_lifetime?: number;
    infinite_token_lifetime?: boolean;
    idle_token_lifetime?: number;
    infinite_idle_token_lifetime?: boolean;
    policies?: { audience: string; scope: string[] }[];
  };
  session_transfer?: {
    can_create_session_transfer_token?: boolean;
    enforce_cascade_revocation?: boolean;
    allowed_authentication_methods?: ('cookie' | 'query')[] | null;
    enforce_device_binding?: 'ip' | 'asn' | 'none';
    allow_refresh_token?: boolean;
    enforce_online_refresh_tokens?: boolean;
    delegation?: { allow_delegated_access?: boolean; enforce_device_binding?: 'ip' | 'asn' } | null;
  } | null;
  native_social_login?: Partial<Record<'apple' | 'facebook' | 'google', { enabled?: boolean }>>;
  fedcm_login?: { google?: { is_enabled?: boolean } | null } | null;
  mobile?: {
    android?: { app_package_name?: string; sha256_cert_fingerprints?: readonly string[] };
    ios?: { team_id?: string; app_bundle_identifier?: string };
  } & Record<string, unknown>;
  identity_assertion_authorization_grant?: { active?: boolean } | null;
  token_exchange?: { allow_any_profile_of_type?: string[] };
  resource_server_identifier?: string;
  client_authentication_methods?: {
    [method in 'private_key_jwt' | 'tls_client_auth' | 'self_signed_tls_client_auth']?: {
      credentials: { id: string }[];
    };
  };
  skip_non_verifiable_callback_uri_confirmation_prompt?: boolean;
  /** What of its users' tokens in the vault the client may have without them, and from where. */
  token_vault_privileged_access?: {
    readonly credentials: readonly { readonly id: string }[];
    /** Addresses and networks; none, and it may ask from nowhere. */
    readonly ip_allowlist?: readonly string[];
    readonly grants?: readonly { readonly connection?: string; readonly scopes?: readonly string[] }[];
  } | null;
  require_pushed_authorization_requests?: boolean;
  /** Seconds. */
  par_request_expiry?: number | null;
  signed_request_object?: { readonly required?: boolean; readonly credentials?: readonly { readonly id: string }[] };
  compliance_level?: string | null;
  /** The URL of the metadata document that describes the client; its client_id, as far as it knows. */
  external_client_id?: string;
  external_metadata_type?: 'cimd';
  external_metadata_created_by?: 'admin' | 'client';
  /** Not on the wire: its document could not be had for too long. */
  external_metadata_lapsed?: boolean;
  jwks_uri?: string;
  /** Whether its users log in to an organization. */
  organization_usage?: 'deny' | 'allow' | 'require';
  organization_require_behavior?: 'no_prompt' | 'pre_login_prompt' | 'post_login_prompt';
  organization_discovery_methods?: ('email' | 'organization_name')[];
  default_organization?: { organization_id: string; flows: string[] };
  token_quota?: TokenQuota;
  /** What organizations may set up for themselves through the My Organization API. */
  my_organization_configuration?: {
    readonly connection_profile_id?: string;
    readonly user_attribute_profile_id?: string;
    readonly allowed_strategies: readonly string[];
    readonly connection_deletion_behavior: 'allow' | 'allow_if_empty';
  };
  /** What connections get that Okta sets up for organizations (Express Configuration). */
  express_configuration?: {
    readonly initiate_login_uri_template: string;
    readonly user_attribute_profile_id: string;
    readonly connection_profile_id: string;
    readonly enable_client: boolean;
    readonly enable_organization: boolean;
    readonly linked_clients?: readonly { readonly client_id: string }[];
    readonly okta_oin_client_id: string;
    readonly admin_login_domain: string;
    readonly oin_submission_id?: string;
  };
  [other: string]: unknown;
}
