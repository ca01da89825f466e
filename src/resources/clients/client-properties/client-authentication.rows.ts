import { keyRows } from './credential-rows.ts';
import { enforced, type PropertyFamily, rowsOf, shown, testsIn } from './property-row.ts';

const shows = testsIn('test/clients/authentication.http.test.ts');
const kept = testsIn('src/resources/clients/credentials.http.test.ts');
const assertions = testsIn('src/oauth/token/client-authentication/private-key-jwt.http.test.ts');
const tls = testsIn('src/oauth/token/client-authentication/mutual-tls.http.test.ts');
const certificates = [
  'oauth/token/client-authentication/tls-client-auth.ts',
  'resources/clients/credential-certificate.ts',
];
const limits = kept('a method takes credentials of its own type, two at most; those in use make room for the next');

const keyMethod = enforced(
  'A signed assertion proves who the client is, and no secret does.',
  'oauth/token/client-authentication/private-key-jwt.ts',
  assertions('a client with a key has no use for a secret, nor one with a secret for a key'),
  limits,
);
const subjectMethod = enforced(
  'A certificate of a trusted authority with the registered subject proves who the client is.',
  certificates,
  tls('tls_client_auth: any certificate of a trusted authority with the registered subject'),
  limits,
);
const certificateMethod = enforced(
  'The one registered certificate proves who the client is.',
  certificates,
  tls('a registered self-signed certificate authenticates, and the token is bound to it'),
  tls('every other certificate, none, and one without TLS are refused alike'),
  limits,
);
const ownCredential = enforced(
  'The credential; one of the client’s own.',
  'resources/clients/credential-references.ts',
  kept('each method takes credentials of the client alone'),
);
const credentialType = (name: string) => enforced(`\`${name}\`.`, 'resources/clients/credential-references.ts', limits);
const label = shown(
  'For operators alone.',
  'resources/clients/credentials.ts',
  kept('a public key is named by its thumbprint and not shown again'),
);

export const clientAuthentication: PropertyFamily = {
  title: 'Client authentication',
  rows: [
    ...rowsOf('', {
      token_endpoint_auth_method: enforced(
        '`none`: the name is enough, and grants that need more are lost. Otherwise a secret, in the body or the header. Not beside ' +
          '`client_authentication_methods`.',
        ['oauth/token/client-authentication/methods.ts', 'resources/clients/client.rules.ts'],
        shows('token_endpoint_auth_method: none needs no secret, the others do, wherever it stands'),
        testsIn('src/resources/clients/grant-types.http.test.ts')(
          'a client that becomes public loses client_credentials, and may have it again once it proves who it is',
        ),
      ),
      is_token_endpoint_ip_header_trusted: enforced(
        'Whether the address in `auth0-forwarded-for` counts as the user’s, from a client that has proved itself.',
        'oauth/token/end-user-address.ts',
        testsIn('src/oauth/token/grants/password.http.test.ts')(
          'the forwarded address counts only from a client that is trusted and has proved itself',
        ),
      ),
      client_authentication_methods: enforced(
        'One method that rests on credentials, in place of a secret.',
        'oauth/token/client-authentication/credentials.ts',
        assertions('a client with a key has no use for a secret, nor one with a secret for a key'),
        kept('methods are switched by naming both sides; foreign credentials are refused'),
      ),
    }),
    ...rowsOf('client_authentication_methods', {
      private_key_jwt: keyMethod,
      tls_client_auth: subjectMethod,
      self_signed_tls_client_auth: certificateMethod,
    }),
    ...rowsOf('client_authentication_methods.private_key_jwt', { credentials: keyMethod }),
    ...keyRows('client_authentication_methods.private_key_jwt.credentials'),
    ...rowsOf('client_authentication_methods.tls_client_auth', { credentials: subjectMethod }),
    ...rowsOf('client_authentication_methods.tls_client_auth.credentials[]', {
      id: ownCredential,
      credential_type: credentialType('cert_subject_dn'),
      name: label,
      subject_dn: enforced(
        'The subject that the certificate must have, an attribute a line.',
        certificates,
        tls('a subject may be registered as text'),
        kept('a subject must be readable, and stand alone'),
      ),
      pem: enforced(
        'A certificate with that subject, in place of it.',
        certificates,
        tls('tls_client_auth: any certificate of a trusted authority with the registered subject'),
        kept('certificates give their expiry, their subject and their thumbprint'),
      ),
    }),
    ...rowsOf('client_authentication_methods.self_signed_tls_client_auth', { credentials: certificateMethod }),
    ...rowsOf('client_authentication_methods.self_signed_tls_client_auth.credentials[]', {
      id: ownCredential,
      credential_type: credentialType('x509_cert'),
      name: label,
      pem: enforced(
        'The certificate, for as long as it is valid.',
        certificates,
        tls('every other certificate, none, and one without TLS are refused alike'),
        tls('an expired certificate is refused, and a removed one'),
      ),
    }),
  ],
};
