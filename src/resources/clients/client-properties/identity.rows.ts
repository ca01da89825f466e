import { enforced, type PropertyFamily, rowsOf, shown } from './property-row.ts';

export const identity: PropertyFamily = {
  title: 'The client itself',
  rows: [
    ...rowsOf('', {
      client_id: enforced('everywhere a client is named; immutable', []),
      tenant: shown('name of the tenant', []),
      name: shown('login, consent and logout pages, log events', []),
      description: shown('Management API', []),
      global: enforced('can neither be deleted nor get tokens', []),
      client_secret: enforced('client authentication; HS256 ID tokens; sealed at rest', []),
      app_type: enforced(
        'defaults at creation; loopback callbacks of native applications; client grants; on-behalf-of exchange',
        [],
      ),
      logo_uri: shown('login, consent and logout pages', []),
      is_first_party: enforced('consent; grant types; default client grants', []),
      signing_keys: shown('certificate of the key that signs for the tenant', []),
    }),
    ...rowsOf('signing_keys[]', {
      'pkcs7 cert subject': enforced('', []),
    }),
  ],
};
