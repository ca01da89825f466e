import type { KeyObject } from 'node:crypto';
import { CompactEncrypt } from 'jose/jwe/compact/encrypt';
import { importPublicKey, PublicKeyRefused } from './public-keys.ts';

/** RFC 7518 §4.3: how the key of the content is encrypted. */
export type KeyEncryption = 'RSA-OAEP-256' | 'RSA-OAEP-384' | 'RSA-OAEP-512';

export interface EncryptionKey {
  readonly alg: KeyEncryption;
  /** Public key or certificate of its holder. */
  readonly pem: string;
  readonly kid?: string | undefined;
}

const SHORTEST_RSA_KEY = 2048;

/** The public key that tokens can be encrypted to. Throws PublicKeyRefused unless `pem` holds an RSA key of at least 2048 bits. */
export function importEncryptionKey(pem: string): KeyObject {
  const key = importPublicKey(pem);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa' || bits < SHORTEST_RSA_KEY)
    throw new PublicKeyRefused(`The key must be an RSA key of at least ${SHORTEST_RSA_KEY} bits.`);
  return key;
}

/**
 * Encrypts a signed JWT to the holder of `key`: a nested JWT in compact form (RFC 7519 §11.2), content by A256GCM, header
 * `{alg, enc, cty: "JWT", kid}`. Throws as `importEncryptionKey`.
 */
export function encryptJwt(jwt: string, { alg, pem, kid }: EncryptionKey): Promise<string> {
  return new CompactEncrypt(Buffer.from(jwt, 'ascii'))
    .setProtectedHeader({ alg, enc: 'A256GCM', cty: 'JWT', ...(kid === undefined ? {} : { kid }) })
    .encrypt(importEncryptionKey(pem));
}
