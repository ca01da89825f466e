import type { Client } from './client.ts';

/** Every other kind of application is one of Auth0's SSO integrations (`box`, `salesforce` …). */
const OWN_APPLICATIONS = new Set([
  undefined,
  'native',
  'spa',
  'regular_web',
  'non_interactive',
  'resource_server',
  'express_configuration',
]);

/**
 * May a session that somebody has here stand for a login to `client`? Auth0: not with `sso_disabled`; and in SSO integrations, to which
 * alone `sso` applies, not where it says that the identity provider does the single sign-on.
 */
export function reusesSessions({ sso, sso_disabled, app_type }: Partial<Client>): boolean {
  const isLeftToProvider = sso === false && !OWN_APPLICATIONS.has(app_type);
  return sso_disabled !== true && !isLeftToProvider;
}
