import { enforced, type PropertyFamily, rowsOf, testsIn } from './property-row.ts';

const legacyLogin = testsIn('src/oauth/legacy-login.http.test.ts');
const metadata = testsIn('test/clients/metadata.http.test.ts');
const oneTap = testsIn('test/federated/one-tap.http.test.ts');
const delegation = testsIn('src/oauth/legacy/delegation.http.test.ts');

export const legacy: PropertyFamily = {
  title: 'Older behaviour, metadata and browsers’ logins',
  rows: [
    ...rowsOf('', {
      oidc_conformant: enforced(
        'False: logins that name no API are those of before OpenID Connect (whole profiles where the tenant lets them out, scopes that name members, ID tokens without being asked for, refresh tokens for a device), and the older endpoints are open. True: none of it.',
        ['oauth/legacy-login.ts', 'oauth/token/legacy-profile.ts', 'oauth/legacy/legacy-client.ts'],
        legacyLogin('the scope profile names them all, and /userinfo tells them whatever the scopes'),
        legacyLogin('conformant: none of it, at once for tokens that are out, and so whoever names an API'),
        legacyLogin('response_type=token brings the ID token along, and no nonce is needed'),
        legacyLogin('a refresh token comes for a device, never over the browser, and is for /delegation'),
        delegation('each token needs its own grant, and a client that is not OIDC conformant'),
      ),
      client_metadata: enforced(
        'Up to ten keys and texts of up to 255 characters, merged by a change. The messages of passwordless connections speak of them: `application.client_metadata`.',
        ['resources/clients/client.rules.ts', 'strategies/passwordless/message.ts'],
        metadata('client_metadata: messages speak of it, as it is when they are sent, and harmless in HTML'),
        metadata('client_metadata: ten keys, however they come, of 255 characters with texts of as many'),
      ),
      fedcm_login: enforced(
        'What the browser offers by itself on the login page (FedCM).',
        'login/steps/federated/one-tap.ts',
        oneTap('fedcm_login: what Google says of the account logs in, as on its own page'),
        oneTap('fedcm_login: what it may be'),
      ),
    }),
    ...rowsOf('fedcm_login', {
      google: enforced(
        'Google One Tap, where the client may use a connection to Google that has a client of its own there.',
        ['login/steps/federated/one-tap.ts', 'strategies/native-social/google.ts'],
        oneTap('fedcm_login: what Google says of the account logs in, as on its own page'),
        oneTap('fedcm_login: a token … is refused, and the login goes on'),
        testsIn('test/e2e/one-tap.test.ts')(
          'fedcm_login: the browser offers the account, and who chooses it is logged in',
        ),
      ),
    }),
    ...rowsOf('fedcm_login.google', {
      is_enabled: enforced(
        'Whether it is offered.',
        'login/steps/federated/one-tap.ts',
        oneTap('fedcm_login.google.is_enabled: the login page offers it, and that page alone may ask Google'),
      ),
    }),
    ...rowsOf('jwt_configuration', {
      scopes: enforced(
        'Further scopes of logins that are not OIDC conformant: each with the members of the profile that it names, a text or a list.',
        ['oauth/token/legacy-profile.ts', 'resources/clients/client.rules.ts'],
        legacyLogin('jwt_configuration.scopes: further scopes, and the claims that they name'),
      ),
    }),
  ],
};
