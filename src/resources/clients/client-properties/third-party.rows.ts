import { enforced, type PropertyFamily, rowsOf, shown, testsIn } from './property-row.ts';

const documents = testsIn('src/resources/clients/cimd/cimd.http.test.ts');
const refreshed = testsIn('src/resources/clients/cimd/refresh-documents.http.test.ts');
const logins = testsIn('src/oauth/register/document-client.http.test.ts');
const limits = testsIn('test/clients/strict-third-party.http.test.ts');
const strict = testsIn('src/oauth/authorize/third-party.http.test.ts');

export const thirdParty: PropertyFamily = {
  title: 'Third-party clients, and clients with a metadata document',
  rows: rowsOf('', {
    third_party_security_mode: enforced(
      '`strict`: ids of their own, PKCE, no placeholders, three grants at most, a client grant for every API, no scopes of OpenID ' +
        'Connect; a curated set of properties, domain connections alone, no endpoint but OAuth’s, no logout. Set once.',
      [
        'resources/clients/third-party.rules.ts',
        'resources/clients/own-endpoints.ts',
        'resources/clients/client.defaults.ts',
        'oauth/authorize/checks/third-party.ts',
        'resources/clients/grant-types.ts',
      ],
      limits('third_party_security_mode: strict clients have no …, from their first day or later'),
      limits('third_party_security_mode: strict clients come to no endpoint but OAuth’s, and nothing happens there'),
      limits('third_party_security_mode: strict clients log nobody out'),
      limits(
        'third_party_security_mode: strict clients have the domain connections alone, whatever is enabled for them',
      ),
      limits(
        'third_party_security_mode: people are asked first, and no ID token comes of it, nor anything at /userinfo',
      ),
      strict('PKCE is not a choice'),
      strict('neither a signed nor a pushed request, nor a callback by placeholder'),
      testsIn('src/resources/clients/grant-types.http.test.ts')('strict third-party clients have three grants at most'),
      testsIn('src/resources/clients/clients.http.test.ts')(
        'whose application it is, and by which rules, stays as it was made',
      ),
    ),
    external_metadata_type: enforced(
      '`cimd`: described by its document, which alone may change what it says.',
      'resources/clients/cimd/document-members.ts',
      documents('what the document says cannot be changed here'),
    ),
    external_metadata_created_by: shown(
      '`admin`: administrators alone register documents.',
      'resources/clients/cimd/save-document-client.ts',
      documents('a public client: registered, shown, found by its URL, and registered again'),
    ),
    external_client_id: enforced(
      'The URL of the document: a name for the client wherever a client_id is sent, and in its tokens. What it says is asked for again as its host wants it kept; a week after the first failure the client is nobody.',
      [
        'resources/clients/client.store.ts',
        'resources/clients/published-id.ts',
        'resources/clients/cimd/refresh-documents.ts',
      ],
      refreshed('external_client_id: a document that is no longer fresh is asked for again, and what it says counts'),
      refreshed('external_client_id: several processes ask once, and requests ask for nothing'),
      refreshed('external_client_id: after a week without a right document the client is nobody, until there is one'),
      logins('a login by the URL: tokens carry it, and a refresh goes by it'),
    ),
    jwks_uri: enforced(
      'Where its keys are fetched from, again with the document, and when an assertion names one that nobody knows.',
      ['resources/clients/cimd/read-keys.ts', 'resources/clients/cimd/renew-keys.ts'],
      refreshed('jwks_uri: a key that nobody knows has the keys asked for, once in five minutes'),
      documents('a confidential client: its keys become credentials'),
      logins('private_key_jwt: the document’s keys, and no others'),
    ),
  }),
};
