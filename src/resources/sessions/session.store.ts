import { type Collection, type Context, collection } from '../../kernel/index.ts';

/** A browser's single sign-on session. */
export interface Session {
  /** The `sid` of ID tokens: 32 URL-safe characters. Not what the cookie holds. */
  readonly id: string;
  /** SHA-256 of the cookie's value. */
  readonly token_hash: string;
  readonly user_id: string;
  readonly created_at: string;
  readonly updated_at: string;
  /** When the user last proved who they are: `auth_time`. */
  readonly authenticated_at: string;
  readonly last_interacted_at: string;
  /** ms */
  readonly idle_expires_at: number;
  /** ms */
  readonly expires_at: number;
  readonly persistent: boolean;
  readonly device: Readonly<Record<string, string>>;
  readonly clients: readonly { readonly client_id: string }[];
  /** How the user proved it: `pwd`, then `mfa` with the factor's name. */
  readonly methods: readonly { readonly name: string; readonly timestamp: string; readonly type?: string }[];
}

export const sessionsCollection = collection<Session>({
  name: 'sessions',
  key: 'id',
  index: { token_hash: 'text', user_id: 'text', created_at: 'text' },
  unique: [['token_hash']],
  expires: 'expires_at',
});

export function sessionsOf(ctx: Context): Collection<Session> {
  return ctx.store.collection(sessionsCollection);
}
