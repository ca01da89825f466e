import { X509Certificate } from 'node:crypto';
import { type Markup, markup } from './element.ts';

/** Who is to be able to read it. */
export interface EncryptionTarget {
  /** PEM of the certificate, which goes along. */
  readonly certificate: string;
  /** PEM of its public key; read from the certificate where it is not given. */
  readonly publicKey?: string | undefined;
}

/** CBC says nothing when somebody has changed what was encrypted (XML Encryption 1.1 §6.1.2); GCM does. */
const CONTENT = 'http://www.w3.org/2009/xmlenc11#aes256-gcm';
const KEY = 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p';

/** `document` as `EncryptedData` with its key in it (AES-256-GCM, RSA-OAEP). Throws when the certificate cannot be read or has no RSA key. */
export async function encryptElement(document: Markup, { certificate, publicKey }: EncryptionTarget): Promise<Markup> {
  const xmlenc = await import('xml-encryption');
  const pem = new X509Certificate(certificate).toString();
  const rsa_pub = publicKey ?? new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const options = { rsa_pub, pem, encryptionAlgorithm: CONTENT, keyEncryptionAlgorithm: KEY } as const;
  const encrypt = xmlenc.encrypt ?? (xmlenc as unknown as { default: typeof xmlenc }).default.encrypt;
  return new Promise((resolve, reject) => {
    encrypt(String(document), options, (error, result) => (error ? reject(error) : resolve(markup(result))));
  });
}
