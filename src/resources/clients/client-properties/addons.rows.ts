import { enforced, notOffered, type PropertyFamily, rowsOf, testsIn } from './property-row.ts';

const management = testsIn('src/oauth/legacy/addons/addons.http.test.ts');
const local = testsIn('src/oauth/legacy/addons/local-addons.http.test.ts');
const salesforceTests = testsIn('src/oauth/legacy/addons/salesforce.http.test.ts');
const saml = testsIn('src/oauth/legacy/addons/saml-addons.http.test.ts');
const ADDONS = 'oauth/legacy/addons';

const salesforce = {
  clientid: enforced(
    'Issuer of the assertion: the consumer key of the connected app.',
    `${ADDONS}/salesforce.addon.ts`,
    salesforceTests('the user’s access token, for an assertion that the tenant’s certificate verifies'),
  ),
  principal: enforced(
    'Which property of the user is their name at Salesforce; `email`, where it is verified, unless set.',
    `${ADDONS}/salesforce.addon.ts`,
    salesforceTests('principal says which property names the user'),
  ),
  'communityName community_url_section': enforced(
    'Host below force.com, and path, of the community whose token it is; a request says them where they are not set.',
    `${ADDONS}/salesforce.addon.ts`,
    salesforceTests('communities have an address of their own: the settings’, or else the request’s'),
  ),
};
const firebase = (does: string, title: string) => enforced(does, `${ADDONS}/firebase.addon.ts`, local(title));
const CUSTOM = 'Firebase: a custom token of the service account, for the user, with what the scopes release';
const blob = (does: string) =>
  enforced(
    does,
    `${ADDONS}/azure-blob.addon.ts`,
    local('Azure Blob Storage: a Shared Access Signature of a blob, a container, or by a stored policy'),
  );
const bus = (does: string) =>
  enforced(does, `${ADDONS}/azure-sb.addon.ts`, local('Azure Service Bus: a Shared Access Signature of the entity'));
const layer = (does: string) =>
  enforced(does, `${ADDONS}/layer.addon.ts`, local('Layer: an identity token with the nonce of the application'));
const aws = (does: string, ...more: readonly string[]) =>
  enforced(
    does,
    `${ADDONS}/aws.addon.ts`,
    saml('AWS: temporary credentials of the role, for an assertion of the tenant'),
    ...more.map(saml),
  );
const sap = (
  does: string,
  title = 'SAP: the user’s access token, for an assertion that the service account hands in',
) => enforced(does, `${ADDONS}/sap.addon.ts`, saml(title));
const gone = notOffered(
  'Refused: Microsoft has shut down Azure Mobile Services.',
  'resources/clients/addon.rules.ts',
  management('what an add-on does not take is refused, and changes nothing'),
);

export const addons: PropertyFamily = {
  title: 'Add-ons that give keys of other services',
  rows: [
    ...rowsOf('', {
      addons: enforced(
        'What other services users get keys of or are logged in to. Secrets in it are sealed at rest.',
        ['oauth/legacy/delegation.ts', 'resources/clients/addon-secrets.ts'],
        management(
          'without api_type it is the target’s first add-on; an ID token where it has none, or where that is asked for',
        ),
        management('secrets of add-ons are sealed, shown to whoever may read clients, and hidden in the log'),
        management(
          'an add-on that the target lacks, one of another target, one that there is not, and those that are no services',
        ),
      ),
    }),
    ...rowsOf('addons', {
      aws: aws('`/delegation` answers with temporary credentials of Amazon Web Services.'),
      sap_api: sap('`/delegation` answers with the user’s access token of SAP NetWeaver Gateway.'),
      wams: gone,
      firebase: firebase('`/delegation` answers with a token for Firebase.', CUSTOM),
      azure_blob: blob('`/delegation` answers with a Shared Access Signature for Azure Blob Storage.'),
      azure_sb: bus('`/delegation` answers with a Shared Access Signature for Azure Service Bus.'),
      layer: layer('`/delegation` answers with an identity token for Layer.'),
      'salesforce_api salesforce_sandbox_api': enforced(
        '`/delegation` answers with the user’s access token of Salesforce.',
        `${ADDONS}/salesforce.addon.ts`,
        salesforceTests('the user’s access token, for an assertion that the tenant’s certificate verifies'),
        salesforceTests('Salesforce refuses, says nonsense, or does not answer'),
      ),
    }),
    ...rowsOf('addons.aws', {
      'principal role': aws(
        'Which role, by which SAML provider of the account; a request has no say.',
        'the settings of AWS alone say which role, and the role which of its parts',
      ),
      lifetime_in_seconds: aws('Seconds that the credentials last; where it is not set, as AWS has it.'),
    }),
    ...rowsOf('addons.azure_blob', {
      'accountName containerName blobName': blob('What the signature is for: a blob, or without one the container.'),
      storageAccessKey: blob('What signs.'),
      expiration: blob('Minutes that the signature is good for; 5 unless set.'),
      signedIdentifier: blob('The stored access policy that the signature goes by.'),
      'blob_read blob_write blob_delete': blob('What the signature permits where it is for a blob.'),
      'container_read container_write container_delete container_list': blob(
        'What the signature permits where it is for the container.',
      ),
    }),
    ...rowsOf('addons.azure_sb', {
      'namespace entityPath': bus('What the signature is for.'),
      'sasKeyName sasKey': bus('What signs, and its name.'),
      expiration: bus('Minutes that the signature is good for; 5 unless set.'),
    }),
    ...rowsOf('addons.firebase', {
      secret: firebase(
        'Signs tokens of SDK 2, where there is no private key.',
        'Firebase of SDK 2: signed with the secret of the database',
      ),
      private_key_id: firebase('`kid` of the token.', CUSTOM),
      private_key: firebase('Signs the token.', CUSTOM),
      client_email: firebase('The service account that the token is of.', CUSTOM),
      lifetime_in_seconds: firebase('Seconds that the token lives; 3600 unless set.', CUSTOM),
    }),
    ...rowsOf('addons.salesforce_api', salesforce),
    ...rowsOf('addons.salesforce_sandbox_api', salesforce),
    ...rowsOf('addons.layer', {
      providerId: layer('Issuer of the token.'),
      'keyId privateKey': layer('Signs the token, and is named by it.'),
      principal: layer('Which property of the user is their name at Layer; `user_id` unless set.'),
      expiration: layer('Minutes that the token lives; 5 unless set.'),
    }),
    ...rowsOf('addons.sap_api', {
      'clientid servicePassword': sap('The service account that hands in the assertion.'),
      usernameAttribute: sap(
        'Which property of the user is their name at SAP; `email` where it is verified.',
        'SAP: names by another property and in another format; scope may be left out',
      ),
      nameIdentifierFormat: sap(
        'The format of that name; `unspecified` unless set.',
        'SAP: names by another property and in another format; scope may be left out',
      ),
      tokenEndpointUrl: sap('Where the assertion is handed in, and for whom it is.'),
      scope: sap('The scope that is asked for.'),
    }),
    ...rowsOf('addons.wams', {
      masterkey: gone,
    }),
  ],
};
