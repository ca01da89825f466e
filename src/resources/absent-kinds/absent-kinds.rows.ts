/** A kind of resources that Auth0’s Management API has and this server does not. */
export interface AbsentKind {
  /** Below `/api/v2`; all below it belongs to the kind as well. */
  readonly path: string;
  /** What the scopes of its calls are about: `read:rules`. */
  readonly scope: string;
  /** How Auth0 answers a tenant that may not have the kind, where it is known. Others are told that there is no such path. */
  readonly refusal?: { readonly message: string; readonly errorCode?: string };
}

/** Auth0: tenants made since October 2023. Its `errorCode` is not published. */
const deprecated = { message: 'Insufficient privileges to use this deprecated feature' };
const contractOnly = {
  message: 'The account is not allowed to perform this operation, please contact our support team',
};
/** Auth0 says it of captchas too. */
const withoutBotDetection = {
  message: 'Please upgrade your subscription to use bot detection',
  errorCode: 'insufficient_entitlement',
};
const withoutSignals = {
  message: 'Please upgrade your subscription to enable Akamai Signals.',
  errorCode: 'insufficient_scope',
};

/** Kinds with scopes of their own. Calls that share a scope with what the server has (as `prompts/*` do) are answered like any unknown path. */
export const absentKinds: readonly AbsentKind[] = [
  { path: '/attack-protection', scope: 'attack_protection' },
  { path: '/attack-protection/bot-detection', scope: 'attack_protection', refusal: withoutBotDetection },
  { path: '/attack-protection/captcha', scope: 'attack_protection', refusal: withoutBotDetection },
  { path: '/branding', scope: 'branding' },
  { path: '/branding/phone/providers', scope: 'phone_providers' },
  { path: '/branding/phone/templates', scope: 'phone_templates' },
  { path: '/connections-directory-provisionings', scope: 'directory_provisionings' },
  { path: '/connections-scim-configurations', scope: 'scim_config' },
  { path: '/custom-domains', scope: 'custom_domains', refusal: contractOnly },
  { path: '/email-templates', scope: 'email_templates' },
  { path: '/emails/provider', scope: 'email_provider' },
  { path: '/event-streams', scope: 'event_streams' },
  { path: '/flows', scope: 'flows' },
  { path: '/flows/vault/connections', scope: 'flows_vault_connections' },
  { path: '/forms', scope: 'forms' },
  { path: '/hooks', scope: 'hooks', refusal: deprecated },
  { path: '/log-streams', scope: 'log_streams' },
  { path: '/network-acls', scope: 'network_acls' },
  { path: '/rate-limit-policies', scope: 'rate_limit_policies' },
  { path: '/risk-assessments', scope: 'attack_protection' },
  { path: '/rules', scope: 'rules', refusal: deprecated },
  { path: '/rules-configs', scope: 'rules_configs', refusal: deprecated },
  { path: '/self-service-profiles', scope: 'self_service_profiles' },
  { path: '/supplemental-signals', scope: 'attack_protection', refusal: withoutSignals },
];
