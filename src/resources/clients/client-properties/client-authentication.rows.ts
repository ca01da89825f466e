import { enforced, type PropertyFamily, rowsOf } from './property-row.ts';

export const clientAuthentication: PropertyFamily = {
  title: 'Client authentication',
  rows: [
    ...rowsOf('', {
      token_endpoint_auth_method: enforced('client authentication', []),
      is_token_endpoint_ip_header_trusted: enforced(
        'auth0-forwarded-for in the password grants and token exchanges',
        [],
      ),
      client_authentication_methods: enforced('client authentication by signed assertions and by certificates', []),
    }),
    ...rowsOf('client_authentication_methods', {
      'private_key_jwt tls_client_auth self_signed_tls_client_auth': enforced(
        'client authentication by signed assertions and by certificates',
        [],
      ),
    }),
    ...rowsOf('client_authentication_methods.private_key_jwt', {
      credentials: enforced('client authentication by signed assertions and by certificates', []),
    }),
    ...rowsOf('client_authentication_methods.private_key_jwt.credentials[]', {
      'id credential_type name pem alg parse_expiry_from_cert expires_at kid': enforced(
        'client authentication by signed assertions and by certificates',
        [],
      ),
    }),
    ...rowsOf('client_authentication_methods.tls_client_auth', {
      credentials: enforced('client authentication by signed assertions and by certificates', []),
    }),
    ...rowsOf('client_authentication_methods.tls_client_auth.credentials[]', {
      'id credential_type name subject_dn pem': enforced(
        'client authentication by signed assertions and by certificates',
        [],
      ),
    }),
    ...rowsOf('client_authentication_methods.self_signed_tls_client_auth', {
      credentials: enforced('client authentication by signed assertions and by certificates', []),
    }),
    ...rowsOf('client_authentication_methods.self_signed_tls_client_auth.credentials[]', {
      'id credential_type name pem': enforced('client authentication by signed assertions and by certificates', []),
    }),
  ],
};
