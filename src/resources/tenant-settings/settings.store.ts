import { type Context, collection, type TokenQuota } from '../../kernel/index.ts';

/** `/api/v2/tenants/settings`, one document per tenant. Lifetimes are hours and may be fractional. */
export interface TenantSettings {
  readonly id: 'settings';
  readonly friendly_name?: string;
  readonly picture_url?: string;
  readonly support_email?: string;
  readonly support_url?: string;
  readonly default_audience?: string;
  readonly default_directory?: string;
  readonly default_redirection_uri?: string;
  readonly allowed_logout_urls?: readonly string[];
  readonly enabled_locales: readonly string[];
  readonly session_lifetime: number;
  readonly idle_session_lifetime: number;
  /** Of sessions that end with the browser. */
  readonly ephemeral_session_lifetime?: number;
  readonly idle_ephemeral_session_lifetime?: number;
  readonly session_cookie?: { readonly mode: 'persistent' | 'non-persistent' };
  readonly oidc_logout?: { readonly rp_logout_end_session_endpoint_discovery?: boolean };
  readonly error_page?: { readonly html?: string; readonly url?: string; readonly show_log_link?: boolean } | null;
  readonly mtls?: { readonly enable_endpoint_aliases?: boolean };
  readonly flags: Readonly<Record<string, boolean>>;
  /** Where clients and organizations have no quota of their own. */
  readonly default_token_quota?: { readonly clients?: TokenQuota; readonly organizations?: TokenQuota } | null;
  readonly allow_organization_name_in_authentication_api?: boolean | null;
  readonly acr_values_supported?: readonly string[] | null;
  readonly resource_parameter_profile?: 'audience' | 'compatibility';
  readonly skip_non_verifiable_callback_uri_confirmation_prompt?: boolean | null;
  readonly [other: string]: unknown;
}

export const tenantSettingsCollection = collection<TenantSettings>({
  name: 'tenant_settings',
  key: 'id',
  cached: true,
});

/** The tenant's settings. From memory. They are written when the tenant is made. */
export async function tenantSettings(ctx: Context): Promise<TenantSettings> {
  const found = await ctx.store.collection(tenantSettingsCollection).get('settings');
  if (!found) throw new Error(`tenant ${ctx.tenant.name} has no settings`);
  return found;
}
