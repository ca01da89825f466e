import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { SIGNATURES, type SignatureName } from './algorithms.ts';

/** The signature over `text` that goes beside it, base64 (SAML bindings §3.4.4.1). */
export function signText(text: string, privateKey: KeyObject, algorithm: SignatureName): string {
  return sign(SIGNATURES[algorithm].hash, Buffer.from(text), privateKey).toString('base64');
}

/** Is `signature` (base64) that of `certificate` (PEM of a certificate or public key) over `text`? */
export function verifyText(
  text: string,
  signature: string,
  { certificate, algorithm }: { readonly certificate: string; readonly algorithm: SignatureName },
): boolean {
  try {
    const key = createPublicKey(certificate);
    if (key.asymmetricKeyType !== 'rsa') return false;
    return verify(SIGNATURES[algorithm].hash, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
