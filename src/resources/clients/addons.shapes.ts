import { shapes, type TSchema } from '../../kernel/index.ts';

const { choice, flag, integer, list, openRecord, record, text } = shapes;

const url = (what: string) => text(`URL of ${what}.`, { format: 'url' });
/** Closed, unlike Auth0's: what nothing would be done with is refused. */
const addon = (what: string, members: Record<string, TSchema> = {}, required: readonly string[] = []) =>
  record(members, `${what} addon.`, required.length > 0 ? { required } : {});

const salesforceApi = {
  clientid: text('Consumer key.'),
  principal: text('Attribute that names the user.'),
  communityName: text('Community.'),
  community_url_section: text('Section of the community URL.'),
};

const azureBlob = {
  accountName: text('Storage account.', { pattern: '^([a-z0-9]){3,24}$' }),
  storageAccessKey: text('Access key.', { pattern: '^([A-Za-z0-9+/]){86}==$' }),
  containerName: text('Container.', { pattern: '^([a-z0-9]){1}([a-z0-9-]){2,62}$' }),
  blobName: text('Blob.', { pattern: '^(.){1,1024}$' }),
  expiration: integer('Minutes that access lasts.', { minimum: 0 }),
  signedIdentifier: text('Shared access policy.'),
  blob_read: flag('Read the blob.'),
  blob_write: flag('Write the blob.'),
  blob_delete: flag('Delete the blob.'),
  container_read: flag('Read the container.'),
  container_write: flag('Write the container.'),
  container_delete: flag('Delete the container.'),
  container_list: flag('List the container.'),
};

const samlp = {
  mappings: openRecord({}, 'Attributes by the names that the service provider expects.'),
  audience: text('Audience of the assertion.'),
  recipient: text('Recipient of the assertion.'),
  createUpnClaim: flag('Add a UPN.'),
  mapUnknownClaimsAsIs: flag('Keep the names of attributes without mapping.'),
  passthroughClaimsWithNoMapping: flag('Send attributes without mapping.'),
  mapIdentities: flag('Send the identities.'),
  signatureAlgorithm: text('Algorithm of the signature.'),
  digestAlgorithm: text('Algorithm of the digest.'),
  issuer: text('Issuer of the assertion.'),
  destination: text('Destination of the response.'),
  lifetimeInSeconds: integer('Seconds that the assertion is valid.'),
  signResponse: flag('Sign the response in place of the assertion.'),
  nameIdentifierFormat: text('Format of the name identifier.'),
  nameIdentifierProbes: list(text('Attribute.', { minLength: 1 }), 'Attributes tried for the name identifier.'),
  authnContextClassRef: text('Authentication context.'),
  typedAttributes: flag('Say which type each value of an attribute has.'),
  includeAttributeNameFormat: flag('Say what kind of name each attribute has.'),
  signingCert: text('Certificate or public key: requests are taken only with a signature of it.'),
  binding: text('How logout messages are sent.'),
  logout: record(
    {
      callback: text('URL that logout messages are sent to.'),
      slo_enabled: flag('Send a logout request when the session ends elsewhere.'),
    },
    'Single logout.',
  ),
};

/** Auth0 has these for WS-Federation in code of the tenant's that runs at a login; here they are settings. */
const wsfed = {
  mappings: samlp.mappings,
  createUpnClaim: samlp.createUpnClaim,
  mapUnknownClaimsAsIs: samlp.mapUnknownClaimsAsIs,
  passthroughClaimsWithNoMapping: samlp.passthroughClaimsWithNoMapping,
  mapIdentities: samlp.mapIdentities,
  nameIdentifierFormat: samlp.nameIdentifierFormat,
  nameIdentifierProbes: samlp.nameIdentifierProbes,
  lifetimeInSeconds: integer('Seconds that the token is valid.', { minimum: 1, maximum: 2592000 }),
  signatureAlgorithm: choice(['rsa-sha1', 'rsa-sha256', 'rsa-sha512'], 'Algorithm of the signature.'),
  digestAlgorithm: choice(['sha1', 'sha256', 'sha512'], 'Algorithm of the digest.'),
};

const sapApi = {
  clientid: text('Client at SAP.'),
  usernameAttribute: text('Attribute that names the user.'),
  tokenEndpointUrl: url('the token endpoint'),
  scope: text('Scope asked for.'),
  servicePassword: text('Password of the service.'),
  nameIdentifierFormat: text('Format of the name identifier.'),
};

const sharepoint = {
  url: text('Internal URL.'),
  external_url: { oneOf: [list(text('URL.'), 'External URLs.'), text('External URL.')], description: 'External URLs.' },
};

/** What each addon takes. */
const ADDONS: Readonly<Record<string, TSchema>> = {
  aws: addon('AWS', {
    principal: text('Provider.'),
    role: text('Role.'),
    lifetime_in_seconds: integer('Seconds that credentials last.', { minimum: 900, maximum: 43200 }),
  }),
  azure_blob: addon('Azure Blob Storage', azureBlob),
  azure_sb: addon('Azure Service Bus', {
    namespace: text('Namespace.'),
    sasKeyName: text('Name of the key.'),
    sasKey: text('Key.'),
    entityPath: text('Entity.'),
    expiration: integer('Minutes that access lasts.'),
  }),
  rms: addon('Active Directory Rights Management Service', { url: url('the service') }, ['url']),
  mscrm: addon('Microsoft Dynamics CRM', { url: url('the CRM') }, ['url']),
  slack: addon('Slack', { team: text('Team.') }, ['team']),
  sentry: addon('Sentry', { org_slug: text('Organization.'), base_url: text('URL.') }),
  box: addon('Box'),
  cloudbees: addon('CloudBees'),
  concur: addon('Concur'),
  dropbox: addon('Dropbox'),
  echosign: addon('Adobe EchoSign', { domain: text('Domain.') }),
  egnyte: addon('Egnyte', { domain: text('Domain.') }),
  firebase: addon('Google Firebase', {
    secret: text('Secret of older SDKs.'),
    private_key_id: text('Key ID.'),
    private_key: text('Key.'),
    client_email: text('Service account.'),
    lifetime_in_seconds: integer('Seconds that tokens last.'),
  }),
  newrelic: addon('New Relic', { account: text('Account.') }),
  office365: addon('Microsoft Office 365', { domain: text('Domain.'), connection: text('Connection.') }),
  salesforce: addon('Salesforce SSO', { entity_id: url('the entity') }),
  salesforce_api: addon('Salesforce API', salesforceApi),
  salesforce_sandbox_api: addon('Salesforce Sandbox', salesforceApi),
  samlp: record(samlp, 'SAML2 addon.'),
  layer: addon(
    'Layer',
    {
      providerId: text('Provider.'),
      keyId: text('Key ID.'),
      privateKey: text('Key.'),
      principal: text('Attribute that names the user.'),
      expiration: integer('Minutes that access lasts.', { minimum: 0 }),
    },
    ['providerId', 'keyId', 'privateKey'],
  ),
  sap_api: addon('SAP API', sapApi),
  sharepoint: addon('SharePoint', sharepoint),
  springcm: addon('SpringCM', { acsurl: text('URL that assertions go to.') }),
  wams: addon('Windows Azure Mobile Services', { masterkey: text('Master key.') }),
  wsfed: addon('WS-Federation', wsfed),
  zendesk: addon('Zendesk', { accountName: text('Account.') }),
  zoom: addon('Zoom', { account: text('Account.') }),
  sso_integration: addon('SSO integration', { name: text('Name.'), version: text('Version.') }),
  oag: record({}, 'Okta Access Gateway addon.', { nullable: true }),
};

/** The `addons` of a client. `null` for one of them, or for all, takes it away. */
export const addonsShape = record(
  Object.fromEntries(Object.entries(ADDONS).map(([name, shape]) => [name, { ...shape, type: ['object', 'null'] }])),
  'Addons enabled for this client and their associated configurations.',
  { nullable: true },
);
