import { enforced, type PropertyFamily, rowsOf } from './property-row.ts';

export const grants: PropertyFamily = {
  title: 'Grants',
  rows: [
    ...rowsOf('', {
      allowed_clients: enforced('whose delegation it is the target of', []),
      grant_types: enforced('/oauth/token, /authorize, refresh tokens; validated on writing', []),
      native_social_login: enforced('which artifacts of providers are exchanged for tokens', []),
      token_exchange: enforced('custom and on-behalf-of token exchange', []),
      token_quota: enforced('client credentials: counted exactly, quota headers, 429', []),
      resource_server_identifier: enforced(
        'shown on the API as client_id; whose tokens an on-behalf-of exchange takes',
        [],
      ),
      async_approval_notification_channels: enforced('/bc-authorize: how the user is asked', []),
      identity_assertion_authorization_grant: enforced('may exchange identity assertions (jwt-bearer)', []),
    }),
    ...rowsOf('token_exchange', {
      allow_any_profile_of_type: enforced('custom and on-behalf-of token exchange', []),
    }),
    ...rowsOf('token_quota', {
      client_credentials: enforced('client credentials: counted exactly, quota headers, 429', []),
    }),
    ...rowsOf('token_quota.client_credentials', {
      'enforce per_day per_hour': enforced('client credentials: counted exactly, quota headers, 429', []),
    }),
    ...rowsOf('native_social_login', {
      'apple facebook google': enforced('which artifacts of providers are exchanged for tokens', []),
    }),
    ...rowsOf('native_social_login.apple', {
      enabled: enforced('which artifacts of providers are exchanged for tokens', []),
    }),
    ...rowsOf('native_social_login.facebook', {
      enabled: enforced('which artifacts of providers are exchanged for tokens', []),
    }),
    ...rowsOf('native_social_login.google', {
      enabled: enforced('which artifacts of providers are exchanged for tokens', []),
    }),
    ...rowsOf('identity_assertion_authorization_grant', {
      active: enforced('may exchange identity assertions (jwt-bearer)', []),
    }),
  ],
};
