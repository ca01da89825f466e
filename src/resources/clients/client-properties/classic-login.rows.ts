import { enforced, type PropertyFamily, rowsOf, testsIn } from './property-row.ts';

const crossOrigin = testsIn('src/login/classic/co-authenticate.http.test.ts');
const tickets = testsIn('src/login/classic/login-ticket.http.test.ts');
const loginPage = testsIn('src/login/classic/login-page.http.test.ts');
const clients = testsIn('src/resources/clients/clients.http.test.ts');

export const classicLogin: PropertyFamily = {
  title: 'Classic login',
  rows: [
    ...rowsOf('', {
      cross_origin_authentication: enforced(
        '`/co/authenticate` takes passwords and codes from pages of the application, and `/authorize` its tickets.',
        ['login/classic/co-authenticate.endpoint.ts', 'oauth/authorize/entries/cross-origin-login.ts'],
        crossOrigin('a ticket leads /authorize straight to the application, with a session, scope and audience kept'),
        crossOrigin('a client that does not allow it, one that is strict, and the tenant’s own'),
      ),
      cross_origin_auth: enforced(
        'Older name of `cross_origin_authentication`, only read: says the same.',
        'resources/clients/clients.ts',
        clients('cross_origin_auth says what cross_origin_authentication does'),
      ),
      cross_origin_loc: enforced(
        'The page that `/co/verify` asks for the secret of a cross-origin login where no cookie brought it.',
        ['login/classic/co-verify.endpoints.ts', 'oauth/authorize/entries/cross-origin-login.ts'],
        tickets('its page stands in a frame of ours; the right secret goes on with the login, once'),
      ),
      custom_login_page_on: enforced(
        'Off: people log in on the server’s own pages, whatever pages there are.',
        'resources/clients/login-page.ts',
        loginPage('custom_login_page_on off, of the client or of the tenant: our own'),
      ),
      custom_login_page: enforced(
        'The page that people log in on, with `@@config@@` filled in. The global client’s is for all clients that have none.',
        ['resources/clients/login-page.ts', 'login/classic/login-page.endpoint.ts'],
        loginPage('the client’s own goes before the tenant’s, which the global client has'),
        loginPage('what the page is told: as base64 of UTF-8, in which nothing of it is HTML'),
      ),
      custom_login_page_preview: enforced(
        'Shown at `/login?client=…&preview=true`, with no login behind it.',
        ['resources/clients/login-page.ts', 'login/classic/login-page.endpoint.ts'],
        loginPage('custom_login_page_preview is shown for a look, and nobody can log in from it'),
      ),
    }),
  ],
};
