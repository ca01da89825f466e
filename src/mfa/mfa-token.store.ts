import { type AuthorizationDetail, type Context, collection, type OrganizationClaim } from '../kernel/index.ts';
import type { ProvenMethod } from '../transactions/index.ts';

/** The token request that waits for a second factor. Nothing in it is a secret. */
export interface PendingRequest {
  /** The `grant_type`. */
  readonly grant: string;
  /** How its tokens come to be. */
  readonly flow: string;
  /** What was proved before the second factor. */
  readonly methods: readonly ProvenMethod[];
  readonly organization?: OrganizationClaim;
  readonly authorization_details?: readonly AuthorizationDetail[];
  readonly audience?: string;
  /** What was granted when it was stopped; it is looked at again, as grants may have changed. */
  readonly scope: readonly string[];
  readonly connection?: string;
  /** refresh_token: the token that was presented. */
  readonly refresh_token_id?: string;
  readonly session_id?: string;
  /** Seconds: when the user proved the first factor. */
  readonly auth_time: number;
  readonly auth_time_requested?: boolean;
  /** Of a login older than OpenID Connect: what its refresh token is for. */
  readonly device?: string;
  /** The end user's address, when a trusted client told it. */
  readonly ip?: string;
  /** Further members of the answer. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** An opaque `mfa_token`. Deleted when the tokens of the login that it stands for are issued. */
export interface MfaToken {
  /** SHA-256 of the token. */
  readonly id: string;
  readonly user_id: string;
  readonly client_id: string;
  readonly request: PendingRequest;
  /** ms */
  readonly created_at: number;
  /** ms: not accepted from then on. */
  readonly expires_at: number;
  /** ms: kept until then, so that an expired token can be told from a made-up one. */
  readonly forget_at: number;
}

export const mfaTokensCollection = collection<MfaToken>({
  name: 'mfa_tokens',
  key: 'id',
  index: { user_id: 'text' },
  expires: 'forget_at',
});

export function mfaTokensOf(ctx: Context) {
  return ctx.store.collection(mfaTokensCollection);
}
