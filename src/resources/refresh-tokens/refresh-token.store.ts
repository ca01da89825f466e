import {
  type AuthorizationDetail,
  type Collection,
  type Confirmation,
  type Context,
  collection,
  type OrganizationClaim,
} from '../../kernel/index.ts';
import type { ProvenMethod } from '../sessions/index.ts';

/** One refresh token. Rotation makes a new row of the same family and marks the old one as used. */
export interface RefreshToken {
  readonly id: string;
  /** SHA-256 of the token. */
  readonly token_hash: string;
  readonly family_id: string;
  readonly user_id: string;
  readonly client_id: string;
  readonly session_id?: string;
  /** The browser's session that an online refresh token lives and dies with; absent for all others. */
  readonly online_session_id?: string;
  /** The family of the refresh token that its login was handed over from (native to web sign-on). */
  readonly transferred_from?: string;
  /** It is worth nothing once the session `session_id` is over. */
  readonly session_bound?: true;
  /** The `aud` of the access tokens that it renews. */
  readonly audience?: string;
  /** Scopes granted when the family began. */
  readonly scope: readonly string[];
  /** `password` when the family began with the password grant: it comes back in `gty`. */
  readonly origin_grant?: string;
  /** Seconds: when the user proved who they are. */
  readonly auth_time?: number;
  /** The first ID token said `auth_time`, so the renewed ones do too (OpenID Connect Core §12.2). */
  readonly auth_time_requested?: boolean;
  /** What the user proved when the family began or since: a second factor is not asked for again at every exchange. */
  readonly methods?: readonly ProvenMethod[];
  /** The connection that the user came from. */
  readonly connection?: string;
  /** The organization that the user logged in to. */
  readonly organization?: OrganizationClaim;
  /** The key that the family is bound to: whoever exchanges it must prove to have it. */
  readonly confirmation?: Confirmation;
  /** RFC 9396: what was granted besides scopes. */
  readonly authorization_details?: readonly AuthorizationDetail[];
  /** What the application called its device, in an older login: such a token is good for `/delegation` alone. */
  readonly device?: string;
  /** When the family began, where that was before this token. */
  readonly family_created_at?: string;
  /** Absent: never. */
  readonly last_exchanged_at?: string;
  /** Where the family began, and where it was used last. */
  readonly used_from?: {
    readonly initial_ip: string;
    readonly initial_user_agent: string;
    readonly last_ip: string;
    readonly last_user_agent: string;
  };
  /** What the Management API noted of the family. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly rotating: boolean;
  readonly created_at: string;
  /** ms; absent: never. Fixed when the family began; for a token that was rotated, until when its reuse is recognised. */
  readonly expires_at?: number;
  /** ms; of a token that was rotated, when its family ends; absent: never. */
  readonly family_expires_at?: number;
  /** ms of the last use of the family's newest token. */
  readonly last_used_at: number;
  /** ms; set when this token was first exchanged for a successor. */
  readonly rotated_at?: number;
  /** The newest token that this one was exchanged for. */
  readonly successor_id?: string;
  /** The token that was exchanged for this one. */
  readonly predecessor_id?: string;
}

export const refreshTokensCollection = collection<RefreshToken>({
  name: 'refresh_tokens',
  key: 'id',
  index: {
    token_hash: 'text',
    family_id: 'text',
    user_id: 'text',
    client_id: 'text',
  },
  sparse: { session_id: 'text', online_session_id: 'text', transferred_from: 'text' },
  beside: { created_at: 'text', rotated_at: 'number', audience: 'text' },
  unique: [['token_hash']],
  expires: 'expires_at',
});

export function refreshTokensOf(ctx: Context): Collection<RefreshToken> {
  return ctx.store.collection(refreshTokensCollection);
}
