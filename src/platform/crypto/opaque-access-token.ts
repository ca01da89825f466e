import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { decodeMembers, isCanonicalBase64url, type JwtMembers } from './jwt.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;
const LONGEST_TOKEN = 65_536;

/**
 * Encrypts `claims` to the five-part JWE (RFC 7516 §7.1) that Auth0 gives out as an opaque access token, with the header
 * `{"alg":"dir","enc":"A256GCM","iss":issuer}`.
 *
 * @param key 32 bytes, see Sealer.deriveKey
 */
export function encryptOpaque(claims: Readonly<JwtMembers>, key: Uint8Array, issuer: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', iss: issuer })).toString('base64url');
  // Never from a seeded source: see sealing.ts.
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(header, 'ascii'));
  const ciphertext = Buffer.concat([cipher.update(JSON.stringify(claims), 'utf8'), cipher.final()]);
  const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return `${header}..${parts.join('.')}`;
}

/**
 * Issuer and claims of a token that `encryptOpaque` made with this key; undefined for everything else. Whether it has
 * expired, and whether it is this tenant's, is for the caller to see.
 */
export function decryptOpaque(token: string, key: Uint8Array): { issuer: string; claims: JwtMembers } | undefined {
  if (token.length > LONGEST_TOKEN) return undefined;
  const parts = token.split('.');
  const [header = '', wrappedKey = '', iv = '', ciphertext = '', tag = ''] = parts;
  if (parts.length !== 5 || wrappedKey !== '' || ![iv, ciphertext, tag].every(isCanonicalBase64url)) return undefined;
  const members = decodeMembers(header);
  if (members?.alg !== 'dir' || members.enc !== 'A256GCM' || typeof members.iss !== 'string') return undefined;
  const plaintext = decrypt(key, header, { iv, ciphertext, tag });
  const claims = plaintext && decodeMembers(plaintext.toString('base64url'));
  return claims ? { issuer: members.iss, claims } : undefined;
}

function decrypt(
  key: Uint8Array,
  header: string,
  encoded: { iv: string; ciphertext: string; tag: string },
): Buffer | undefined {
  const iv = Buffer.from(encoded.iv, 'base64url');
  const tag = Buffer.from(encoded.tag, 'base64url');
  if (iv.length !== IV_BYTES || tag.length !== TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(header, 'ascii'));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(encoded.ciphertext, 'base64url'), decipher.final()]);
  } catch {
    return undefined;
  }
}
