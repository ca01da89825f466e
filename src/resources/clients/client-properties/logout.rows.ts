import { enforced, type NamedTest, type PropertyFamily, type PropertyRow, rowsOf, testsIn } from './property-row.ts';

const told = testsIn('src/resources/backchannel-logout/backchannel-logout.http.test.ts');
const delivered = testsIn('src/resources/backchannel-logout/delivery.http.test.ts');
const written = testsIn('src/resources/clients/backchannel-logout.http.test.ts');
const announces = 'resources/backchannel-logout/announce-logout.ts';
const each = told('…: the session ends, and whoever chose to know of it is told');

interface Shown {
  readonly everything: NamedTest;
  readonly chosen: NamedTest;
  readonly metadata: NamedTest;
}

/** Both names of the settings say the same. */
function settingsRows(name: string, { everything, chosen, metadata }: Shown): PropertyRow[] {
  const initiators = enforced(
    'For what. Always for logouts at an application or at the identity provider.',
    announces,
    chosen,
    told('only the chosen initiators count; the two that Auth0 requires always do'),
    testsIn('src/oauth/global-token-revocation/global-token-revocation.http.test.ts')(
      'the provider says so: sessions, refresh tokens and codes end, and the application hears why',
    ),
  );
  const include = enforced('Whether the metadata of the session is told.', announces, metadata);
  return [
    ...rowsOf(name, {
      backchannel_logout_urls: enforced(
        'Where logout tokens go: one https address.',
        ['resources/clients/backchannel-logout.rules.ts', 'resources/backchannel-logout/deliver-logout-token.ts'],
        everything,
        written('what a client may be given as its URL'),
        delivered('an application that took its URL away hears nothing any more'),
      ),
      backchannel_logout_initiators: initiators,
      backchannel_logout_session_metadata: include,
    }),
    ...rowsOf(`${name}.backchannel_logout_initiators`, {
      mode: enforced('`all`: for every end of a session.', announces, everything),
      selected_initiators: initiators,
    }),
    ...rowsOf(`${name}.backchannel_logout_session_metadata`, { include }),
  ];
}

const older = written('oidc_backchannel_logout is oidc_logout by its older name');
const olderChosen = written('what is chosen by the older name counts: the initiators, and the metadata of the session');

export const logout: PropertyFamily = {
  title: 'Logout',
  rows: [
    ...rowsOf('', {
      oidc_logout: enforced(
        'OpenID Connect Back-Channel Logout: the application is told of the end of sessions that it took part in.',
        announces,
        told('the logout token is as Auth0 makes it, and everybody who took part gets one for themselves'),
      ),
      oidc_backchannel_logout: enforced(
        'The older name of `oidc_logout`.',
        'resources/clients/client.change.ts',
        older,
      ),
    }),
    ...settingsRows('oidc_logout', {
      everything: each,
      chosen: each,
      metadata: told('metadata of the session is in the token of those who want it'),
    }),
    ...settingsRows('oidc_backchannel_logout', { everything: older, chosen: olderChosen, metadata: olderChosen }),
  ],
};
