import { enforced, type PropertyFamily, rowsOf, testsIn } from './property-row.ts';

const transfer = testsIn('src/oauth/session-transfer/session-transfer.http.test.ts');
const delegated = testsIn('src/oauth/session-transfer/delegated-session.http.test.ts');
const arrives = 'oauth/authorize/entries/transferred-login.ts';

export const sessions: PropertyFamily = {
  title: 'Sessions',
  rows: [
    ...rowsOf('', {
      session_transfer: enforced(
        'Native to web sign-on: a login of one application, handed over to a browser of another. What is not sent has Auth0’s defaults.',
        ['oauth/session-transfer/plan-transfer.ts', arrives, 'resources/clients/client.defaults.ts'],
        transfer('the browser is logged in without a page (…)'),
        testsIn('src/resources/clients/clients.http.test.ts')('what is sent partly is completed as recorded'),
      ),
      sso: enforced(
        'For SSO integrations alone (`app_type` box, salesforce …): `false` leaves single sign-on to the identity provider.',
        'resources/clients/single-sign-on.ts',
        testsIn('test/clients/kinds.http.test.ts')(
          'app_type of an SSO integration: sso decides whether the session here counts',
        ),
      ),
      sso_disabled: enforced(
        'Its users log in anew, whoever is logged in here.',
        'resources/clients/single-sign-on.ts',
        testsIn('test/clients/authentication.http.test.ts')(
          'sso_disabled: its users log in anew, whoever is logged in here',
        ),
      ),
    }),
    ...rowsOf('session_transfer', {
      can_create_session_transfer_token: enforced(
        'Whether its refresh tokens hand a login over.',
        'oauth/session-transfer/session-transfer-target.ts',
        transfer('who may not ask for one'),
      ),
      enforce_cascade_revocation: enforced(
        'Whether a refresh token that is revoked ends all that was handed over from it.',
        'oauth/session-transfer/end-transferred.ts',
        transfer('revoking the refresh token ends all that was handed over from it'),
        transfer('or, where the native application has it so, only what nobody took yet'),
      ),
      allowed_authentication_methods: enforced(
        'How it takes a login: in the query, by cookie, both or not at all.',
        arrives,
        transfer('only in the ways that the application takes'),
      ),
      enforce_device_binding: enforced(
        'Whether it must come from the address that asked. `asn` compares addresses too, those of IPv6 by their network (ADR 0027).',
        arrives,
        transfer('bound to the address that asked, unless the application has it otherwise'),
      ),
      allow_refresh_token: enforced(
        'Whether such a login may end in a refresh token.',
        'oauth/authorize/login.ts',
        transfer(
          'refresh tokens of such a login: only where the application says so, bound to its session, and never handed on',
        ),
      ),
      enforce_online_refresh_tokens: enforced(
        'Whether that refresh token ends with the session.',
        'oauth/token/refresh-draft.ts',
        transfer('or not bound to it'),
      ),
      delegation: enforced(
        'Sessions in which somebody acts for the user.',
        arrives,
        delegated('a support agent gets a session as the user, who is told so by every token'),
      ),
    }),
    ...rowsOf('session_transfer.delegation', {
      allow_delegated_access: enforced(
        'Whether it takes such sessions.',
        [arrives, 'oauth/authorize/entries/draft-login.ts'],
        delegated('an application that does not allow it shows its login page'),
        delegated('the session is for applications that allow it'),
      ),
      enforce_device_binding: enforced(
        'Whether they must come from the address that asked, or from its network (`asn`).',
        arrives,
        delegated('bound to an address, or to its network where the application has it so'),
      ),
    }),
  ],
};
