import type { Context } from '../../../kernel/index.ts';
import { type Certificate, readCertificate, safeEqual } from '../../../platform/crypto/index.ts';
import type { ClientCredential } from '../../../resources/clients/index.ts';
import { requireName, textIn } from './carrier.ts';
import { type CredentialMethod, credentialsFor, hasMethod } from './credentials.ts';
import type { ClientAuthenticationMethod, CredentialCarrier } from './method.ts';

/** The certificate comes with the connection; a secret or an assertion besides would be a second proof, and goes before it. */
function isOnlyCertificate({ caller }: Context, carrier: CredentialCarrier): boolean {
  const others = [textIn(carrier, 'client_secret'), textIn(carrier, 'client_assertion')];
  return caller.certificate !== undefined && others.every((proof) => proof === undefined);
}

/** Does the certificate, and whether a trusted authority issued it, fit the credential? */
type Fits = (credential: ClientCredential, shown: Certificate, verified: boolean) => boolean;

function byCertificate(name: CredentialMethod, fits: Fits): ClientAuthenticationMethod {
  return {
    name,
    explicit: false,
    isRegisteredFor: (client) => hasMethod(client, name),
    isIn: isOnlyCertificate,
    read: (ctx, carrier) => ({
      client_id: requireName(carrier),
      async verify(client) {
        const { pem = '', verified = false } = ctx.caller.certificate ?? {};
        const shown = readCertificate(pem);
        const credentials = await credentialsFor(ctx, client, name);
        const isOver = shown === undefined || shown.validTo <= ctx.clock.now();
        return !isOver && credentials.some((credential) => fits(credential, shown, verified));
      },
    }),
  };
}

/** RFC 8705 §2.1: any certificate of a trusted authority whose subject is the registered one. */
export const tlsClientAuth = byCertificate(
  'tls_client_auth',
  ({ subject_dn }, { subject }, verified) => verified && subject_dn !== undefined && safeEqual(subject_dn, subject),
);

/** RFC 8705 §2.2: the one certificate that is registered, whoever issued it. */
export const selfSignedTlsClientAuth = byCertificate(
  'self_signed_tls_client_auth',
  ({ thumbprint_sha256 }, { thumbprint }) =>
    thumbprint_sha256 !== undefined && safeEqual(thumbprint_sha256, thumbprint),
);
