import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import type { Sealer } from '../../kernel/index.ts';

const VERSION = 'cs1.';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** A master secret is stretched by nothing (HKDF is no password hash), so it must carry its strength itself. */
const SHORTEST_MASTER_SECRET = 32;

/** The sealed value cannot be opened: it was changed, belongs to another context, or another master secret made it. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/**
 * Seals secrets at rest: AES-256-GCM under a key derived (HKDF-SHA256) from `masterSecret`, `context` as associated data.
 * Sealed values read `cs1.<base64url of nonce, tag, ciphertext>`.
 *
 * @param masterSecret at least 32 characters of high entropy; throws RangeError when shorter.
 */
export function createSealer(masterSecret: string): Sealer {
  if (masterSecret.length < SHORTEST_MASTER_SECRET) {
    throw new RangeError(`The master secret must have at least ${SHORTEST_MASTER_SECRET} characters.`);
  }
  const derive = (info: string) => Buffer.from(hkdfSync('sha256', masterSecret, '', `countersign/${info}`, 32));
  const sealingKey = derive('seal/1');
  const digestKey = createSecretKey(derive('digest/1'));
  return Object.freeze({
    seal: (plaintext: string, context: string) => sealUnder(sealingKey, plaintext, context),
    open: (sealed: string, context: string) => openUnder(sealingKey, sealed, context),
    digest: (secret: string, context: string) =>
      // The length of the context keeps ('ab', 'c') and ('a', 'bc') apart.
      createHmac('sha256', digestKey).update(`${context.length}:${context}:${secret}`).digest('base64url'),
    deriveKey: (purpose: string) => new Uint8Array(derive(`key/${purpose}`)),
  });
}

function sealUnder(key: Buffer, plaintext: string, context: string): string {
  // Straight from the operating system, never from a seeded source: a repeated nonce would give the key stream away.
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(context, 'utf8'));
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return VERSION + Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString('base64url');
}

function openUnder(key: Buffer, sealed: string, context: string): string {
  const bytes = sealed.startsWith(VERSION) ? Buffer.from(sealed.slice(VERSION.length), 'base64url') : Buffer.alloc(0);
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new SealBroken('Not a sealed value.');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context, 'utf8'));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    const plaintext = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    return plaintext.toString('utf8');
  } catch (cause) {
    throw new SealBroken('The sealed value does not open under this context.', { cause });
  }
}
