import { createHash, type KeyObject } from 'node:crypto';
import type { Random } from '../../kernel/index.ts';
import { randomText } from './tokens.ts';
import { createCertificate, extension, toPem, wrapInPkcs7 } from './x509.ts';

const URL_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const KID_LENGTH = 21;
const VALID_FOR_MS = 5000 * 24 * 3600 * 1000;

/** A row of `/.well-known/jwks.json` (RFC 7517), members in Auth0's order. */
export interface PublicSigningJwk {
  readonly kty: 'RSA';
  readonly use: 'sig';
  readonly n: string;
  readonly e: string;
  readonly kid: string;
  readonly x5t: string;
  readonly x5c: readonly string[];
  readonly alg: 'RS256';
}

/** A signing key with all that `/api/v2/keys/signing` and the JWKS say about it. `privateKeyPem` must be sealed at rest. */
export interface SigningKeyMaterial {
  readonly kid: string;
  /** PKCS#8 */
  readonly privateKeyPem: string;
  readonly publicJwk: PublicSigningJwk;
  /** Self-signed certificate, PEM */
  readonly cert: string;
  /** The certificate in a certificates-only PKCS#7 message, PEM */
  readonly pkcs7: string;
  /** SHA-1 of the certificate: `AA:BB:…` */
  readonly fingerprint: string;
  /** SHA-1 of the certificate: `AABB…` */
  readonly thumbprint: string;
}

/**
 * Makes an RSA-2048 signing key and its self-signed certificate, off the event loop.
 *
 * @param request.commonName the tenant's domain, becomes `CN=…`
 * @param request.now milliseconds; the certificate is valid from then for 5000 days
 * @param request.random for the key and its `kid`
 */
export async function generateSigningKey(request: {
  commonName: string;
  now: number;
  random: Random;
}): Promise<SigningKeyMaterial> {
  const { publicKey, privateKey } = await request.random.rsaKeyPair(2048);
  const kid = randomText(request.random, URL_SAFE, KID_LENGTH);
  const certificate = selfSign(request.commonName, publicKey, privateKey, request.now);
  const sha1 = createHash('sha1').update(certificate).digest();
  const thumbprint = sha1.toString('hex').toUpperCase();
  return {
    kid,
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicJwk: describePublicKey(publicKey, kid, certificate, sha1),
    cert: toPem('CERTIFICATE', certificate, '\r\n'),
    pkcs7: toPem('PKCS7', wrapInPkcs7(certificate), '\r\n'),
    fingerprint: thumbprint.replace(/(..)(?!$)/g, '$1:'),
    thumbprint,
  };
}

function selfSign(subject: string, publicKey: KeyObject, privateKey: KeyObject, now: number): Buffer {
  return createCertificate({
    subject,
    publicKey,
    issuer: { name: subject, privateKey, publicKey },
    notBefore: now,
    notAfter: now + VALID_FOR_MS,
    extensions: [
      extension.basicConstraints(true),
      extension.subjectKeyIdentifier(publicKey),
      extension.keyUsage('digitalSignature', 'keyCertSign'),
    ],
  });
}

function describePublicKey(publicKey: KeyObject, kid: string, certificate: Buffer, sha1: Buffer): PublicSigningJwk {
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const x5t = sha1.toString('base64url');
  return { kty: 'RSA', use: 'sig', n, e, kid, x5t, x5c: [certificate.toString('base64')], alg: 'RS256' };
}
