import { enforced, type PropertyFamily, rowsOf } from './property-row.ts';

export const logout: PropertyFamily = {
  title: 'Logout',
  rows: [
    ...rowsOf('', {
      oidc_logout: enforced(
        'who is told of the end of a session, for what, and with which metadata (back-channel logout)',
        [],
      ),
      oidc_backchannel_logout: enforced('older name of oidc_logout: says the same', []),
    }),
    ...rowsOf('oidc_logout', {
      'backchannel_logout_urls backchannel_logout_initiators backchannel_logout_session_metadata': enforced(
        'who is told of the end of a session, for what, and with which metadata (back-channel logout)',
        [],
      ),
    }),
    ...rowsOf('oidc_logout.backchannel_logout_initiators', {
      'mode selected_initiators': enforced(
        'who is told of the end of a session, for what, and with which metadata (back-channel logout)',
        [],
      ),
    }),
    ...rowsOf('oidc_logout.backchannel_logout_session_metadata', {
      include: enforced(
        'who is told of the end of a session, for what, and with which metadata (back-channel logout)',
        [],
      ),
    }),
    ...rowsOf('oidc_backchannel_logout', {
      'backchannel_logout_urls backchannel_logout_initiators backchannel_logout_session_metadata': enforced(
        'older name of oidc_logout: says the same',
        [],
      ),
    }),
    ...rowsOf('oidc_backchannel_logout.backchannel_logout_initiators', {
      'mode selected_initiators': enforced('older name of oidc_logout: says the same', []),
    }),
    ...rowsOf('oidc_backchannel_logout.backchannel_logout_session_metadata', {
      include: enforced('older name of oidc_logout: says the same', []),
    }),
  ],
};
