import { CLAIM } from '../../assertions/index.ts';
import type { AddonSettings } from '../../resources/clients/index.ts';
import type { SamlSettings } from '../saml-settings.ts';
import { labelOf, type SamlPreset, textOf } from './preset.ts';

const FORMAT = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';
const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';
/** These services verify no SHA-1, whatever the default of other applications is. */
const SIGNED = { signatureAlgorithm: 'rsa-sha256', digestAlgorithm: 'sha256' } as const;
/** The address is the name. */
const EMAIL: SamlSettings = { ...SIGNED, nameIdentifierFormat: FORMAT, nameIdentifierProbes: [CLAIM.emailaddress] };

type Addresses = SamlPreset['addresses'];
const fixed =
  (...urls: readonly string[]): Addresses =>
  () =>
    urls;
/** `made` of the label that the setting `name` has; nothing where it has none. */
function of<T>(name: string, made: (label: string) => T) {
  return (settings: AddonSettings): T | undefined => {
    const label = labelOf(settings, name);
    return label === undefined ? undefined : made(label);
  };
}
const byEmail = (
  addresses: (settings: AddonSettings) => readonly string[] | undefined,
  audience: (settings: AddonSettings) => string | undefined,
): SamlPreset => ({
  addresses: (settings) => addresses(settings) ?? [],
  saml: (settings) => ({ ...EMAIL, ...withAudience(audience(settings)) }),
  byEmail: true,
});
const withAudience = (audience: string | undefined) => (audience === undefined ? {} : { audience });

/** Sentry's own installation unless `base_url` names another. */
const sentryAt = (settings: AddonSettings) => (textOf(settings, 'base_url') ?? 'https://sentry.io').replace(/\/+$/, '');
const sentry = (kind: 'acs' | 'metadata') => (settings: AddonSettings) => {
  const slug = textOf(settings, 'org_slug');
  return slug !== undefined && /^[A-Za-z0-9_-]+$/.test(slug)
    ? `${sentryAt(settings)}/saml/${kind}/${slug}/`
    : undefined;
};
const list = (url: string | undefined) => (url === undefined ? [] : [url]);

/** Slack: "Custom SAML single sign-on". The name is the user's for ever; the response is signed. */
const slack: SamlPreset = {
  addresses: (settings) => list(of('team', (team) => `https://${team}.slack.com/sso/saml`)(settings)),
  saml: () => ({
    ...SIGNED,
    audience: 'https://slack.com',
    signResponse: true,
    nameIdentifierFormat: PERSISTENT,
    nameIdentifierProbes: [CLAIM.nameidentifier],
    mappings: {
      email: ['User.Email', CLAIM.emailaddress],
      username: 'User.Username',
      given_name: 'first_name',
      family_name: 'last_name',
    },
  }),
  byEmail: true,
};

/**
 * By the add-on's name. Addresses, audiences and formats are those that the services, or Microsoft's guides to them, publish; the
 * address of Salesforce is that of Auth0's integration, and SpringCM's is a setting.
 */
export const samlPresets: Readonly<Record<string, SamlPreset>> = {
  box: byEmail(fixed('https://sso.services.box.net/sp/ACS.saml2'), () => 'box.net'),
  dropbox: byEmail(fixed('https://www.dropbox.com/saml_login'), () => 'Dropbox'),
  echosign: byEmail(
    fixed(),
    of('domain', (domain) => `https://${domain}.echosign.com`),
  ),
  newrelic: byEmail(
    of('account', (account) => [
      `https://rpm.newrelic.com:443/accounts/${account}/sso/saml/finalize`,
      `https://rpm.newrelic.com/accounts/${account}/sso/saml/finalize`,
    ]),
    () => 'rpm.newrelic.com',
  ),
  salesforce: byEmail(
    fixed('https://login.salesforce.com'),
    (settings) => textOf(settings, 'entity_id') ?? 'https://saml.salesforce.com',
  ),
  sentry: byEmail((settings) => list(sentry('acs')(settings)), sentry('metadata')),
  slack,
  springcm: byEmail(
    (settings) => list(textOf(settings, 'acsurl')),
    () => undefined,
  ),
  zendesk: byEmail(
    of('accountName', (account) => [`https://${account}.zendesk.com/access/saml`]),
    of('accountName', (account) => `https://${account}.zendesk.com`),
  ),
  zoom: byEmail(
    of('account', (account) => [`https://${account}.zoom.us/saml/SSO`]),
    of('account', (account) => `${account}.zoom.us`),
  ),
};
