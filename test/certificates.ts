/** Certificates of clients, for mutual TLS. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { createDevelopmentAuthority, type DevelopmentAuthority } from '../src/platform/crypto/index.ts';
import { createCertificate, extension, toPem } from '../src/platform/crypto/x509.ts';

export interface TestCertificate {
  /** PEM */
  readonly cert: string;
  /** PEM, PKCS#8 */
  readonly key: string;
  /** `x5t#S256` */
  readonly thumbprint: string;
  readonly subject: string;
}

const DAY_MS = 86_400_000;

/** TLS looks at the machine's own clock, whatever the tests' says. */
const now = Date.now();

export const createAuthority = (): Promise<DevelopmentAuthority> => createDevelopmentAuthority({ now });

interface Issuer {
  readonly name: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A certificate for `CN=name`, of `authority`, or self-signed without one. `days` from now until it ends. */
export function issueCertificate(name: string, authority?: DevelopmentAuthority, days = 365): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = authority ? issuerOf(authority) : { name, privateKey, publicKey };
  const der = createCertificate({
    subject: name,
    publicKey,
    issuer,
    notBefore: now - 2 * DAY_MS,
    notAfter: now + days * DAY_MS,
    extensions: [extension.basicConstraints(false), extension.keyUsage('digitalSignature')],
  });
  const certificate = new X509Certificate(der);
  return {
    cert: `${toPem('CERTIFICATE', der)}\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    thumbprint: Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url'),
    subject: certificate.subject,
  };
}

function issuerOf({ certPem, privateKeyPem }: DevelopmentAuthority): Issuer {
  const { subject, publicKey } = new X509Certificate(certPem);
  return { name: subject.replace(/^CN=/, ''), privateKey: createPrivateKey(privateKeyPem), publicKey };
}
