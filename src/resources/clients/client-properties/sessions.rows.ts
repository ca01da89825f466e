import { enforced, type PropertyFamily, rowsOf } from './property-row.ts';

export const sessions: PropertyFamily = {
  title: 'Sessions',
  rows: [
    ...rowsOf('', {
      session_transfer: enforced('native to web sign-on, delegated sessions; `asn` compares addresses', []),
      sso: enforced(
        'SSO integrations alone (`app_type` box, salesforce …): false leaves single sign-on to the identity provider',
        [],
      ),
      sso_disabled: enforced('the session is not reused by this client', []),
    }),
    ...rowsOf('session_transfer', {
      'can_create_session_transfer_token enforce_cascade_revocation allowed_authentication_methods enforce_device_binding allow_refresh_token enforce_online_refresh_tokens delegation':
        enforced('native to web sign-on, delegated sessions; `asn` compares addresses', []),
    }),
    ...rowsOf('session_transfer.delegation', {
      'allow_delegated_access enforce_device_binding': enforced(
        'native to web sign-on, delegated sessions; `asn` compares addresses',
        [],
      ),
    }),
  ],
};
