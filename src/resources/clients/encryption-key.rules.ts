import { managementError } from '../../kernel/index.ts';
import { importPublicKey, PublicKeyRefused } from '../../platform/crypto/index.ts';
import type { Client } from './client.ts';

/** Bits. What is encrypted with less can be read by others in time. */
const SHORTEST = 2048;

const refuse = (reason: string) =>
  managementError(400, `Payload validation error: 'encryption_key.${reason}'.`, 'invalid_body');

/** The RSA key in a PEM text. WireError 400. */
function readRsaKey(name: string, pem: string) {
  try {
    const key = importPublicKey(pem);
    const bits = key.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : 0;
    if (bits >= SHORTEST) return key;
  } catch (error) {
    if (!(error instanceof PublicKeyRefused)) throw error;
  }
  throw refuse(`${name} must be PEM with an RSA key of at least ${SHORTEST} bits`);
}

/** Assertions are encrypted with what is written here: it has to be a key, and one only. WireError 400. */
export function requireEncryptionKey({ encryption_key }: Partial<Client>): void {
  const key = encryption_key as { readonly cert?: string; readonly pub?: string } | null | undefined;
  if (!key || (key.cert === undefined && key.pub === undefined)) return;
  if (key.cert === undefined) throw refuse('cert is missing: it goes along with what is encrypted');
  if (!key.cert.includes('-----BEGIN CERTIFICATE-----')) throw refuse('cert must be a certificate in PEM');
  const certified = readRsaKey('cert', key.cert);
  if (key.pub !== undefined && !readRsaKey('pub', key.pub).equals(certified))
    throw refuse('pub is not the key of the certificate');
}
