import { collection } from '../../kernel/index.ts';

/** A DPoP proof that was used. Kept for as long as it would be accepted, so that it works once (RFC 9449 §11.1). */
interface UsedProof {
  /** SHA-256 of key and `jti`. */
  readonly id: string;
  /** ms */
  readonly expires_at: number;
}

export const usedProofsCollection = collection<UsedProof>({
  name: 'used_dpop_proofs',
  key: 'id',
  expires: 'expires_at',
});
