/** Clients with every add-on that is offered, and every member of each. */
import { CERTIFICATE_PEM } from './rich-clients.ts';

const SALESFORCE_API = {
  clientid: 'key',
  principal: 'email',
  communityName: 'people',
  community_url_section: 'people',
};

/** Add-ons of the delegation flow, which one client can have together. */
const DELEGATION = {
  aws: {
    principal: 'arn:aws:iam::1:saml-provider/rich',
    role: 'arn:aws:iam::1:role/rich',
    lifetime_in_seconds: 900,
  },
  azure_blob: {
    accountName: 'rich',
    storageAccessKey: `${'a'.repeat(86)}==`,
    containerName: 'things',
    blobName: 'thing',
    expiration: 5,
    signedIdentifier: 'policy',
    blob_read: true,
    blob_write: false,
    blob_delete: false,
    container_read: true,
    container_write: false,
    container_delete: false,
    container_list: true,
  },
  azure_sb: { namespace: 'rich', sasKeyName: 'key', sasKey: 'kept', entityPath: 'things', expiration: 5 },
  firebase: {
    private_key_id: 'key',
    private_key: 'kept',
    client_email: 'rich@rich.test',
    lifetime_in_seconds: 3600,
    secret: 'kept',
  },
  layer: { providerId: 'provider', keyId: 'key', privateKey: 'kept', principal: 'email', expiration: 5 },
  salesforce_api: SALESFORCE_API,
  salesforce_sandbox_api: SALESFORCE_API,
  sap_api: {
    clientid: 'rich',
    usernameAttribute: 'email',
    tokenEndpointUrl: 'https://sap.test/token',
    scope: 'things',
    servicePassword: 'kept',
    nameIdentifierFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  },
  sso_integration: { name: 'rich', version: '1' },
};

const SAMLP = {
  audience: 'urn:sp',
  recipient: 'https://sp.test/acs',
  destination: 'https://sp.test/acs',
  issuer: 'urn:rich',
  mappings: { email: 'mail', name: ['name', 'full_name'] },
  createUpnClaim: false,
  mapUnknownClaimsAsIs: true,
  passthroughClaimsWithNoMapping: true,
  mapIdentities: false,
  signatureAlgorithm: 'rsa-sha256',
  digestAlgorithm: 'sha256',
  lifetimeInSeconds: 120,
  signResponse: true,
  nameIdentifierFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  nameIdentifierProbes: ['email'],
  authnContextClassRef: 'urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified',
  typedAttributes: false,
  includeAttributeNameFormat: false,
  signingCert: CERTIFICATE_PEM,
  binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
  logout: { callback: 'https://sp.test/logout', slo_enabled: true },
};

const WSFED = {
  mappings: { email: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress' },
  createUpnClaim: false,
  mapUnknownClaimsAsIs: false,
  passthroughClaimsWithNoMapping: true,
  mapIdentities: false,
  nameIdentifierFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  nameIdentifierProbes: ['user_id'],
  lifetimeInSeconds: 3600,
  signatureAlgorithm: 'rsa-sha256',
  digestAlgorithm: 'sha256',
};

/** Services that users are logged in to, of which a client has one. */
const SERVICES: Readonly<Record<string, object>> = {
  box: {},
  dropbox: {},
  echosign: { domain: 'rich' },
  newrelic: { account: '1' },
  salesforce: { entity_id: 'https://rich.salesforce.test' },
  samlp: SAMLP,
  sentry: { org_slug: 'rich', base_url: 'https://sentry.rich.test' },
  sharepoint: { url: 'https://sp.rich.test', external_url: ['https://sharepoint.rich.test'] },
  slack: { team: 'rich' },
  springcm: { acsurl: 'https://springcm.test/acs' },
  wsfed: WSFED,
  zendesk: { accountName: 'rich' },
  zoom: { account: 'rich' },
};

/** By their names. */
export const WITH_ADDONS: Readonly<Record<string, object>> = {
  Delegating: { addons: DELEGATION },
  ...Object.fromEntries(
    Object.entries(SERVICES).map(([name, settings]) => [`User of ${name}`, { addons: { [name]: settings } }]),
  ),
};
