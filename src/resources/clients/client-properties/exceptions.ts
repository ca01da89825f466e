const under = (parent: string, names: string): string[] =>
  names.split(' ').map((name) => (parent === '' ? name : `${parent}.${name}`));

/** By family: properties that are accepted before what they ask for is done. None may be added. */
const storedOf: Readonly<Record<string, readonly string[]>> = {
  legacy: [...under('', 'fedcm_login')],
  addons: [
    ...under('addons', 'rms mscrm slack sentry box cloudbees concur dropbox echosign'),
    ...under('addons', 'egnyte newrelic office365 salesforce'),
    ...under('addons', 'sharepoint springcm zendesk zoom sso_integration oag'),
    ...under('addons.rms', 'url'),
    ...under('addons.mscrm', 'url'),
    ...under('addons.slack', 'team'),
    ...under('addons.sentry', 'org_slug base_url'),
    ...under('addons.echosign', 'domain'),
    ...under('addons.egnyte', 'domain'),
    ...under('addons.newrelic', 'account'),
    ...under('addons.office365', 'domain connection'),
    ...under('addons.salesforce', 'entity_id'),
    ...under('addons.sharepoint', 'url external_url'),
    ...under('addons.springcm', 'acsurl'),
    ...under('addons.zendesk', 'accountName'),
    ...under('addons.zoom', 'account'),
    ...under('addons.sso_integration', 'name version'),
  ],
};

export const stillStored: readonly string[] = Object.values(storedOf).flat();
