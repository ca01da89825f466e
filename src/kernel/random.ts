import { createHash, randomBytes } from 'node:crypto';

/** Where randomness comes from. Seeded in tests, the operating system's in life. */
export interface Random {
  bytes(n: number): Buffer;
}

export const systemRandom: Random = { bytes: (n) => randomBytes(n) };

/** Deterministic bytes for tests: SHA-256 in counter mode over `seed`. Never for anything that guards an account. */
export function seededRandom(seed: string): Random {
  let counter = 0;
  return {
    bytes: (n) => {
      const blocks: Buffer[] = [];
      for (let have = 0; have < n; have += 32) {
        blocks.push(createHash('sha256').update(`${seed}:${counter++}`).digest());
      }
      return Buffer.concat(blocks).subarray(0, n);
    },
  };
}
