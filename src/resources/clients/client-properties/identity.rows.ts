import { enforced, type PropertyFamily, rowsOf, shown, testsIn } from './property-row.ts';

const shows = testsIn('test/clients/identity.http.test.ts');
const kinds = testsIn('test/clients/kinds.http.test.ts');
const keys = 'signing_keys: the certificate of the key that signs, in both forms; its owner is told to who writes';
const signing = 'resources/clients/clients.ts';
const onBehalf = testsIn('src/oauth/token/grants/token-exchange/on-behalf-of.http.test.ts');

export const identity: PropertyFamily = {
  title: 'The client itself',
  rows: [
    ...rowsOf('', {
      client_id: enforced(
        'Names the client everywhere; made by the server, never changed.',
        ['resources/clients/client.store.ts', 'oauth/authorize/request/identify.ts'],
        shows('client_id: names the client everywhere; it is neither chosen nor changed'),
      ),
      tenant: shown(
        'The tenant’s name.',
        'resources/clients/clients.ts',
        shows('tenant: its name, which nobody writes'),
      ),
      name: shown(
        'On pages that ask people something for it, in mails and messages that it has sent, and in the log. No `<` or `>`.',
        ['login/page.ts', 'oauth/page.ts', 'resources/tickets/tickets.ts', 'audit/record-events.ts'],
        shows('name: on the pages of a login, in mails and in the log'),
      ),
      description: shown(
        'For operators alone. At most 140 characters.',
        'resources/clients/client.shapes.ts',
        shows('description: kept for operators, up to 140 characters'),
      ),
      global: enforced(
        'The tenant’s own client: it logs nobody in, gets no token, and cannot be deleted. Nobody can make another one.',
        [
          'oauth/authorize/request/identify.ts',
          'resources/client-relations/delete-client.ts',
          'oauth/token/grants/client-credentials.ts',
        ],
        shows('global: the tenant’s own client logs nobody in, gets no token and stays'),
      ),
      client_secret: enforced(
        'Proves who the client is, and signs its HS256 ID tokens. Sealed where it is stored; changed or rotated, the old one is over.',
        ['oauth/token/client-authentication/client-secret.ts', 'resources/clients/client.store.ts'],
        shows('client_secret: proves who the client is; a new one ends the old one'),
        testsIn('src/resources/clients/clients.http.test.ts')('secrets need read:client_keys; a summary shows little'),
      ),
      app_type: enforced(
        '`native`: device flow, any loopback port. `spa`: refresh tokens only where they rotate. `resource_server`: stands for an API. ' +
          '`express_configuration`: a key, its own callback, and one API. SSO integrations: `sso` counts.',
        ['oauth/scopes.ts', 'oauth/device/device-client.ts', 'resources/clients/client.defaults.ts'],
        kinds('app_type native: the device flow, and a loopback port of its choice'),
        kinds('app_type spa: refresh tokens only where they rotate, and no codes for passwords’ users'),
        kinds('app_type resource_server: stands for an API, has no grants of its own, and no other kind does'),
        kinds(
          'app_type express_configuration: a key in place of a secret, and its own callback, organizations and API',
        ),
        kinds('app_type of an SSO integration: sso decides whether the session here counts'),
        kinds('app_type: one of the published kinds'),
        onBehalf('an API calls another for the user of its caller'),
        onBehalf('only confidential clients that stand for an API and were told so'),
      ),
      logo_uri: shown(
        'On the pages of a login, where the tenant has no logo of its own. An https address.',
        'pages/layout.ts',
        shows('logo_uri: on the pages of a login, until it is emptied'),
      ),
      is_first_party: enforced(
        'Others’ users are asked for consent; password, MFA and other grants of trust are not for them; client grants for all third parties are theirs.',
        ['oauth/authorize/consent.ts', 'resources/clients/grant-types.ts', 'resources/clients/client-grant.store.ts'],
        shows('is_first_party: others’ users are asked, and they have no grants of trust'),
        testsIn('src/login/consent-pages.http.test.ts')(
          'third-party applications always ask, once; more scopes ask again',
        ),
        testsIn('src/resources/client-grants/client-grants.http.test.ts')(
          'a grant for third-party clients is theirs unless they have their own',
        ),
      ),
      signing_keys: shown('The key that signs the tenant’s tokens, for holders of key scopes.', signing, shows(keys)),
    }),
    ...rowsOf('signing_keys[]', {
      'pkcs7 cert': shown('The certificate of the key, as PKCS#7 and as PEM.', signing, shows(keys)),
      subject: shown(
        'Whose certificate it is, in answers to who makes or changes the client; `deprecated` in others.',
        signing,
        shows(keys),
      ),
    }),
  ],
};
