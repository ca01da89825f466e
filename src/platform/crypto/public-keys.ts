import { createHash, createPublicKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { createBoundedCache } from './bounded-cache.ts';

/** Not a public key that we can use. The message says why, without the key. */
export class PublicKeyRefused extends Error {
  override readonly name = 'PublicKeyRefused';
}

/** The members that make up a public key, by its type, in the order of RFC 7638 §3.2. */
const ESSENTIAL: Readonly<Record<string, readonly string[]>> = {
  RSA: ['e', 'kty', 'n'],
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
};

const PUBLIC_PEM = /^\s*-----BEGIN (PUBLIC KEY|RSA PUBLIC KEY|CERTIFICATE)-----/;

const imported = createBoundedCache<KeyObject>(1000);

/**
 * A public key from PEM (SPKI, PKCS#1 or an X.509 certificate) or from a JWK (RSA, EC, OKP). Keys are remembered by all
 * that makes them up.
 *
 * @throws PublicKeyRefused when it cannot be read, or when it is a private or a symmetric key
 */
export function importPublicKey(pemOrJwk: string | JWK): KeyObject {
  return typeof pemOrJwk === 'string' ? importPem(pemOrJwk) : importJwk(pemOrJwk);
}

/** The JWK's SHA-256 thumbprint (RFC 7638), base64url. Throws PublicKeyRefused when it is no public key. */
export function jwkThumbprint(jwk: JWK): string {
  return createHash('sha256').update(essentials(jwk)).digest('base64url');
}

function importPem(pem: string): KeyObject {
  // Node would quietly derive the public half of a private key: whoever sends one has made a mistake they must learn of.
  if (!PUBLIC_PEM.test(pem)) throw new PublicKeyRefused('Not a public key or certificate in PEM.');
  return imported.obtain(pem, () => readKey(() => createPublicKey(pem)));
}

function importJwk(jwk: JWK): KeyObject {
  const essential = essentials(jwk);
  return imported.obtain(essential, () =>
    readKey(() => createPublicKey({ key: JSON.parse(essential) as JsonWebKeyInput['key'], format: 'jwk' })),
  );
}

function readKey(read: () => KeyObject): KeyObject {
  try {
    return read();
  } catch (cause) {
    throw new PublicKeyRefused('The public key cannot be read.', { cause });
  }
}

function essentials(jwk: JWK): string {
  const names = ESSENTIAL[jwk.kty ?? ''];
  if (!names) throw new PublicKeyRefused('Not a public key: kty must be RSA, EC or OKP.');
  if (jwk.d !== undefined) throw new PublicKeyRefused('Not a public key: it carries the private part.');
  const members = jwk as Readonly<Record<string, unknown>>;
  if (names.some((name) => typeof members[name] !== 'string'))
    throw new PublicKeyRefused('A member of the key is missing.');
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, members[name]])));
}
