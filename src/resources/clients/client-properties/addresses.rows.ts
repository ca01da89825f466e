import { enforced, type PropertyFamily, rowsOf, testsIn } from './property-row.ts';

const shows = testsIn('test/clients/addresses.http.test.ts');
const lost = testsIn('src/login/lost-login.http.test.ts');
const origins = 'resources/organizations/origins.ts';

export const addresses: PropertyFamily = {
  title: 'Addresses',
  rows: rowsOf('', {
    callbacks: enforced(
      'Where answers of a login may go: exactly as they stand; `*` for one label of a subdomain; `{organization_name}` for the ' +
        'organization of the login; schemes of applications; any loopback port for native ones.',
      ['oauth/authorize/request/identify.ts', 'resources/clients/registered-url.ts'],
      shows('callbacks: as they are written, one label for a placeholder, any loopback port for native applications'),
      testsIn('src/oauth/authorize/organization.http.test.ts')(
        'a callback with the organization’s name is good for that organization',
      ),
    ),
    allowed_origins: enforced(
      'Pages that may read answers of the Authentication API (CORS), besides the callbacks’ origins, and that may ask for passkeys.',
      [origins, 'strategies/passkey/origins.ts'],
      shows('…: pages that may read answers, with the callbacks’ own'),
      testsIn('src/oauth/passkey/passkey.http.test.ts')(
        'pages that the application registered may ask, and its Android app',
      ),
    ),
    web_origins: enforced(
      'Pages that answers may be posted to (`web_message`); they may read answers and ask for passkeys, too.',
      [origins, 'oauth/authorize/response-modes.ts'],
      shows('web_origins: where answers are posted; neither allowed_origins nor the callbacks do'),
      shows('…: pages that may read answers, with the callbacks’ own'),
    ),
    allowed_logout_urls: enforced(
      'Where logout may lead, as callbacks are compared; `{organization_name}` stands for an organization that the session, or the ' +
        'ID token that is shown, is for. The first without a placeholder where none is named.',
      ['oauth/logout/logout-url.ts', 'resources/organizations/named-urls.ts'],
      shows('allowed_logout_urls: as they are written, one label for a placeholder, schemes of applications'),
      shows(
        'allowed_logout_urls: the name of the organization that is logged out of, where the client uses organizations',
      ),
      shows('allowed_logout_urls: any loopback port for native applications'),
    ),
    initiate_login_uri: enforced(
      'Where a login that is over begins anew, and where pages and invitations lead back to. https; the organization is filled in.',
      'resources/organizations/login-route.ts',
      lost('an expired login page leads to where the application begins logins, and says who sends them'),
      lost('placeholders are filled from the organization; what cannot be filled leads to the tenant’s address'),
    ),
    skip_non_verifiable_callback_uri_confirmation_prompt: enforced(
      'Whether people are asked before an answer goes to a callback that any program could be behind. Before the tenant’s setting.',
      'oauth/authorize/confirmation.ts',
      testsIn('src/login/consent-pages.http.test.ts')(
        'the confirmation can be switched off, by the client before the tenant',
      ),
    ),
    redirection_policy: enforced(
      '`open_redirect_protection`: errors of a request stay here, on a page.',
      'oauth/authorize/respond.ts',
      shows('redirection_policy: with open_redirect_protection errors stay here'),
    ),
  }),
};
