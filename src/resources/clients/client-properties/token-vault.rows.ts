import { enforced, type PropertyFamily, rowsOf } from './property-row.ts';

export const tokenVault: PropertyFamily = {
  title: 'Token vault',
  rows: [
    ...rowsOf('', {
      token_vault_privileged_access: enforced(
        'token vault: tokens of users who are not there, for a client with a key of its own',
        [],
      ),
    }),
    ...rowsOf('token_vault_privileged_access', {
      'credentials grants ip_allowlist': enforced(
        'token vault: tokens of users who are not there, for a client with a key of its own',
        [],
      ),
    }),
    ...rowsOf('token_vault_privileged_access.credentials[]', {
      'id credential_type name pem alg parse_expiry_from_cert expires_at kid': enforced(
        'token vault: tokens of users who are not there, for a client with a key of its own',
        [],
      ),
    }),
    ...rowsOf('token_vault_privileged_access.grants[]', {
      'connection scopes': enforced(
        'token vault: tokens of users who are not there, for a client with a key of its own',
        [],
      ),
    }),
  ],
};
