import { createHash, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const generateKeys = promisify(generateKeyPair);

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** Where randomness comes from. Seeded in tests, the operating system's in life. */
export interface Random {
  bytes(n: number): Buffer;
  /** A new RSA key of `bits`, made off the event loop. */
  rsaKeyPair(bits: number): Promise<KeyPair>;
}

export const systemRandom: Random = {
  bytes: (n) => randomBytes(n),
  rsaKeyPair: (bits) => generateKeys('rsa', { modulusLength: bits }),
};

/** OpenSSL takes no seed, so what it made for one is kept for the next who comes with the same. */
const seededKeys = new Map<string, Promise<KeyPair>>();

/**
 * Deterministic for tests, never for anything that guards an account. Bytes are SHA-256 in counter mode over `seed`; key pairs are the same
 * for the same seed as long as the process lives.
 */
export function seededRandom(seed: string): Random {
  let blocksMade = 0;
  let keysMade = 0;
  return {
    bytes: (n) => {
      const blocks: Buffer[] = [];
      for (let have = 0; have < n; have += 32) {
        blocks.push(createHash('sha256').update(`${seed}:${blocksMade++}`).digest());
      }
      return Buffer.concat(blocks).subarray(0, n);
    },
    rsaKeyPair: (bits) => {
      const place = `${seed}:${keysMade++}:${bits}`;
      const pair = seededKeys.get(place) ?? systemRandom.rsaKeyPair(bits);
      seededKeys.set(place, pair);
      return pair;
    },
  };
}
