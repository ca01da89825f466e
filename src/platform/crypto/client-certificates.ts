import { X509Certificate } from 'node:crypto';
import { createBoundedCache } from './bounded-cache.ts';

/** What we look at in somebody's certificate. */
export interface Certificate {
  /** Node's and Auth0's form of the subject: `C=XX\nO=Company\nCN=name`, a line per part, in the certificate's order. */
  readonly subject: string;
  /** SHA-256 of the certificate, base64url: `x5t#S256` (RFC 8705 §3.1). */
  readonly thumbprint: string;
  /** ms */
  readonly validFrom: number;
  /** ms */
  readonly validTo: number;
}

const read = createBoundedCache<Certificate>(1000);

/** The first certificate in `pem`, or undefined when there is none that can be read. */
export function readCertificate(pem: string): Certificate | undefined {
  try {
    return read.obtain(pem, () => describe(new X509Certificate(pem)));
  } catch {
    return undefined;
  }
}

function describe(certificate: X509Certificate): Certificate {
  return {
    // A certificate may have no subject at all, whatever the type says.
    subject: certificate.subject ?? '',
    thumbprint: Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url'),
    validFrom: certificate.validFromDate.getTime(),
    validTo: certificate.validToDate.getTime(),
  };
}
