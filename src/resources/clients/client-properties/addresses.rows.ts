import { enforced, type PropertyFamily, rowsOf } from './property-row.ts';

export const addresses: PropertyFamily = {
  title: 'Addresses',
  rows: [
    ...rowsOf('', {
      callbacks: enforced('/authorize', []),
      allowed_origins: enforced('CORS of the Authentication API; pages that may ask for passkeys', []),
      web_origins: enforced(
        'CORS of the Authentication API; where `web_message` answers may go; pages that may ask for passkeys',
        [],
      ),
      allowed_logout_urls: enforced('/v2/logout and /oidc/logout', []),
      initiate_login_uri: enforced(
        'where a login that is over begins anew; links back to the application from pages and invitations',
        [],
      ),
      skip_non_verifiable_callback_uri_confirmation_prompt: enforced('confirmation of unverifiable callbacks', []),
      redirection_policy: enforced('errors at /authorize', []),
    }),
  ],
};
