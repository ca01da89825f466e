import { type Collection, type Context, collection } from '../../kernel/index.ts';

/** One refresh token. Rotation makes a new row of the same family and marks the old one as used. */
export interface RefreshToken {
  readonly id: string;
  /** SHA-256 of the token. */
  readonly token_hash: string;
  readonly family_id: string;
  readonly user_id: string;
  readonly client_id: string;
  readonly session_id?: string;
  readonly audience?: string;
  /** Scopes granted when the family began. */
  readonly scope: readonly string[];
  /** `password` when the family began with the password grant: it comes back in `gty`. */
  readonly origin_grant?: string;
  /** Seconds: when the user proved who they are. */
  readonly auth_time?: number;
  readonly rotating: boolean;
  readonly created_at: string;
  /** ms; absent: never. Fixed when the family began. */
  readonly expires_at?: number;
  /** ms of the last use of the family's newest token. */
  readonly last_used_at: number;
  /** ms; set when this token was exchanged for its successor. */
  readonly rotated_at?: number;
  readonly successor_id?: string;
}

export const refreshTokensCollection = collection<RefreshToken>({
  name: 'refresh_tokens',
  key: 'id',
  index: {
    token_hash: 'text',
    family_id: 'text',
    user_id: 'text',
    client_id: 'text',
    session_id: 'text',
    created_at: 'text',
  },
  unique: [['token_hash']],
  expires: 'expires_at',
});

export function refreshTokensOf(ctx: Context): Collection<RefreshToken> {
  return ctx.store.collection(refreshTokensCollection);
}
