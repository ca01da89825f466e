import { collection } from '../../../kernel/index.ts';

/** An assertion that was used. Kept until it expires, so that it works once (RFC 7523 §3). */
interface UsedAssertion {
  /** SHA-256 of client and `jti`. */
  readonly id: string;
  /** ms */
  readonly expires_at: number;
}

export const usedAssertionsCollection = collection<UsedAssertion>({
  name: 'used_client_assertions',
  key: 'id',
  expires: 'expires_at',
});
