import { enforced, type PropertyFamily, type PropertyRow, rowsOf, testsIn } from './property-row.ts';

const told = testsIn('src/resources/backchannel-logout/backchannel-logout.http.test.ts');
const delivered = testsIn('src/resources/backchannel-logout/delivery.http.test.ts');
const written = testsIn('src/resources/clients/backchannel-logout.http.test.ts');
const announces = 'resources/backchannel-logout/announce-logout.ts';
const older = written('oidc_backchannel_logout is oidc_logout by its older name');
const chosen = enforced(
  'For what. Always for logouts at an application or at the identity provider.',
  announces,
  told('only the chosen initiators count; the two that Auth0 requires always do'),
);
const metadata = enforced(
  'Whether the metadata of the session is told.',
  announces,
  told('metadata of the session is in the token of those who want it'),
);

/** Both names of the settings say the same. */
function settingsRows(name: string): PropertyRow[] {
  return [
    ...rowsOf(name, {
      backchannel_logout_urls: enforced(
        'Where logout tokens go: one https address.',
        ['resources/clients/backchannel-logout.rules.ts', 'resources/backchannel-logout/deliver-logout-token.ts'],
        written('what a client may be given as its URL'),
        delivered('an application that took its URL away hears nothing any more'),
      ),
      backchannel_logout_initiators: chosen,
      backchannel_logout_session_metadata: metadata,
    }),
    ...rowsOf(`${name}.backchannel_logout_initiators`, {
      mode: enforced(
        '`all`: for every end of a session.',
        announces,
        told('…: the session ends, and whoever chose to know of it is told'),
      ),
      selected_initiators: chosen,
    }),
    ...rowsOf(`${name}.backchannel_logout_session_metadata`, { include: metadata }),
  ];
}

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
    ...settingsRows('oidc_logout'),
    ...settingsRows('oidc_backchannel_logout'),
  ],
};
