import { enforced, notOffered, type PropertyFamily, rowsOf, shown, testsIn } from './property-row.ts';

const presets = testsIn('src/enterprise/presets/presets.http.test.ts');
const TITLE = '… …: where the answer goes, for whom it is, and by what name';

const saml = (does: string, title = TITLE) => enforced(does, 'enterprise/presets/saml-presets.ts', presets(title));
const SLACK = 'slack: a name for ever, its own attributes, and a signed response';
const ECHOSIGN = 'echosign: its name, and where the client’s callbacks say';
const sharepoint = (does: string) =>
  enforced(
    does,
    'enterprise/presets/share-point.ts',
    presets('sharepoint: tokens of WS-Federation, at /_trust/ of its inner and outer addresses'),
  );
const integration = (does: string) =>
  shown(does, [], presets('sso_integration tells which integration was installed, and is no service by itself'));
const gone = (why: string) =>
  notOffered(
    `Refused: ${why}.`,
    'resources/clients/addon.rules.ts',
    presets(
      'services that are not offered, two at once, and what a service does not take, are refused, and change nothing',
    ),
  );
const OFFICE = gone('it wants the immutable ids of Azure Active Directory');
const DIRECTORY = gone('it wants claims of Active Directory');
const EGNYTE = gone('it takes assertions at addresses of its own for each identity provider; `samlp` serves');
const UNPUBLISHED = gone('how it takes assertions is not published; `samlp` serves');

/** Services that are known by name. */
export const signOnAddons: PropertyFamily = {
  title: 'Add-ons that log users in to services',
  rows: [
    ...rowsOf('addons', {
      'box dropbox newrelic salesforce sentry springcm zendesk zoom': saml(
        'The SAML identity provider, with the addresses and names of that service.',
      ),
      slack: saml('The SAML identity provider, with the addresses and names of Slack.', SLACK),
      echosign: saml('The SAML identity provider, with the name of Adobe Sign.', ECHOSIGN),
      sharepoint: sharepoint('The identity provider in WS-Federation, with the addresses of SharePoint.'),
      sso_integration: integration('Which integration was installed. What it needs is in the other add-ons.'),
      'cloudbees concur': UNPUBLISHED,
      egnyte: EGNYTE,
      oag: gone('Okta Access Gateway sets up its applications itself'),
      office365: OFFICE,
      'mscrm rms': DIRECTORY,
    }),
    ...rowsOf('addons.slack', { team: saml('Whose Slack it is: where the answer goes.', SLACK) }),
    ...rowsOf('addons.sentry', {
      org_slug: saml('The organization: where the answer goes, and for whom it is.'),
      base_url: saml('An installation of one’s own; `https://sentry.io` unless set.'),
    }),
    ...rowsOf('addons.echosign', { domain: saml('Whose account it is: for whom the answer is.', ECHOSIGN) }),
    ...rowsOf('addons.newrelic', { account: saml('Whose account it is: where the answer goes.') }),
    ...rowsOf('addons.salesforce', {
      entity_id: saml('For whom the answer is; `https://saml.salesforce.com` unless set.'),
    }),
    ...rowsOf('addons.springcm', { acsurl: saml('Where the answer goes.') }),
    ...rowsOf('addons.zendesk', {
      accountName: saml('Whose Zendesk it is: where the answer goes, and for whom it is.'),
    }),
    ...rowsOf('addons.zoom', { account: saml('Whose Zoom it is: where the answer goes, and for whom it is.') }),
    ...rowsOf('addons.sharepoint', {
      url: sharepoint('Where tokens go, with `/_trust/` behind.'),
      external_url: sharepoint('Other addresses where they may go.'),
    }),
    ...rowsOf('addons.sso_integration', { 'name version': integration('What was installed.') }),
    ...rowsOf('addons.egnyte', { domain: EGNYTE }),
    ...rowsOf('addons.office365', { 'domain connection': OFFICE }),
    ...rowsOf('addons.mscrm', { url: DIRECTORY }),
    ...rowsOf('addons.rms', { url: DIRECTORY }),
  ],
};
