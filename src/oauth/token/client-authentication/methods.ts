import { clientSecretBasic, clientSecretPost } from './client-secret.ts';
import type { ClientAuthenticationMethod } from './method.ts';
import { none } from './none.ts';
import { privateKeyJwt } from './private-key-jwt.ts';
import { selfSignedTlsClientAuth, tlsClientAuth } from './tls-client-auth.ts';

/** Every way for a client to prove who it is, in the order of Auth0's metadata. */
export const clientAuthenticationMethods: readonly ClientAuthenticationMethod[] = [
  clientSecretBasic,
  clientSecretPost,
  privateKeyJwt,
  tlsClientAuth,
  selfSignedTlsClientAuth,
  none,
];
