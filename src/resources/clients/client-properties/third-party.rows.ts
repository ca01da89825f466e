import { enforced, type PropertyFamily, rowsOf, shown } from './property-row.ts';

export const thirdParty: PropertyFamily = {
  title: 'Third-party clients, and clients with a metadata document',
  rows: [
    ...rowsOf('', {
      third_party_security_mode: enforced(
        'strict third-party clients: ids, defaults, grant types, what /authorize and /oauth/par take, a client grant for every API and none for the system’s, no scopes of OpenID Connect; no change later. Other limits: later',
        [],
      ),
      external_metadata_type: enforced('what may be changed of the client: not what its metadata document says', []),
      external_metadata_created_by: shown(
        '`admin`: only an administrator registers documents, and has them read again',
        [],
      ),
      external_client_id: enforced(
        'the client goes by it wherever a client_id is sent; tokens carry it; the list filters by it',
        [],
      ),
      jwks_uri: enforced('where the keys of `private_key_jwt` are fetched from when the document is registered', []),
    }),
  ],
};
