import { type PropertyFamily, rowsOf, stored } from './property-row.ts';

export const addons: PropertyFamily = {
  title: 'Add-ons',
  rows: [
    ...rowsOf('', {
      addons: stored('delegation to add-ons'),
    }),
    ...rowsOf('addons', {
      'aws azure_blob azure_sb rms mscrm slack sentry box cloudbees concur dropbox echosign egnyte firebase newrelic office365 salesforce salesforce_api salesforce_sandbox_api layer sap_api sharepoint springcm wams zendesk zoom sso_integration oag':
        stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.aws', {
      'principal role lifetime_in_seconds': stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.azure_blob', {
      'accountName storageAccessKey containerName blobName expiration signedIdentifier blob_read blob_write blob_delete container_read container_write container_delete container_list':
        stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.azure_sb', {
      'namespace sasKeyName sasKey entityPath expiration': stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.rms', {
      url: stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.mscrm', {
      url: stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.slack', {
      team: stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.sentry', {
      'org_slug base_url': stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.echosign', {
      domain: stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.egnyte', {
      domain: stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.firebase', {
      'secret private_key_id private_key client_email lifetime_in_seconds': stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.newrelic', {
      account: stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.office365', {
      'domain connection': stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.salesforce', {
      entity_id: stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.salesforce_api', {
      'clientid principal communityName community_url_section': stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.salesforce_sandbox_api', {
      'clientid principal communityName community_url_section': stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.layer', {
      'providerId keyId privateKey principal expiration': stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.sap_api', {
      'clientid usernameAttribute tokenEndpointUrl scope servicePassword nameIdentifierFormat':
        stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.sharepoint', {
      'url external_url': stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.springcm', {
      acsurl: stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.wams', {
      masterkey: stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.zendesk', {
      accountName: stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.zoom', {
      account: stored('delegation to add-ons'),
    }),
    ...rowsOf('addons.sso_integration', {
      'name version': stored('delegation to add-ons'),
    }),
  ],
};
