import { createHash } from 'node:crypto';
import type { SigningAlgorithm } from './signer.ts';

const DIGESTS: Readonly<Record<string, string>> = { '256': 'sha256', '384': 'sha384', '512': 'sha512' };

/**
 * The left half of a token's hash, base64url: `at_hash` and `c_hash` of an ID token that is signed with `alg`, whose digest it
 * shares (OpenID Connect Core §3.3.2.11).
 */
export function halfHash(alg: SigningAlgorithm, token: string): string {
  const digest = createHash(DIGESTS[alg.slice(-3)] ?? 'sha256')
    .update(token, 'utf8')
    .digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}
