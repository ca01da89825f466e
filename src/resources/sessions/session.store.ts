import { type Collection, type Context, collection } from '../../kernel/index.ts';

/** How a first factor was proved, in Auth0's words. */
export type FirstFactor = 'pwd' | 'federated' | 'passkey' | 'email' | 'sms';

/** What was proved, and when. */
export interface ProvenMethod {
  /** A first factor, or `mfa` for a second one. */
  readonly name: FirstFactor | 'mfa';
  /** mfa: `otp`, `sms`, `voice`, `email`, `push`, `recovery-code`. */
  readonly type?: string;
  readonly timestamp: string;
}

/** A browser's single sign-on session. */
export interface Session {
  /** The `sid` of ID tokens: 32 URL-safe characters. Not what the cookie holds. */
  readonly id: string;
  /** SHA-256 of the cookie's value. */
  readonly token_hash: string;
  readonly user_id: string;
  /** The domain that the browser has it on, as the `iss` of ID tokens; older sessions do not say. */
  readonly issuer?: string;
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
  /** What the Management API noted of it. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly device: Readonly<Record<string, string>>;
  readonly clients: readonly { readonly client_id: string }[];
  /** Ids of the organizations that they logged in to with it. */
  readonly organizations?: readonly string[];
  /** Where they proved it: federated logout goes there. */
  readonly connection?: string;
  /** How the user proved it: the first factor, then `mfa` with the second one's name. */
  readonly methods: readonly ProvenMethod[];
  /** Who acts for the user in it (RFC 8693 §4.1): a delegated session. */
  readonly actor?: Readonly<Record<string, unknown>>;
  /** The family of the refresh token that it was handed over from (native to web sign-on). */
  readonly transferred_from?: string;
}

/** Not swept: who took part in a session hears of its end (`endExpiredSessions`). */
export const sessionsCollection = collection<Session>({
  name: 'sessions',
  key: 'id',
  index: {
    token_hash: 'text',
    user_id: 'text',
    transferred_from: 'text',
    created_at: 'text',
    idle_expires_at: 'number',
  },
  unique: [['token_hash']],
});

export function sessionsOf(ctx: Context): Collection<Session> {
  return ctx.store.collection(sessionsCollection);
}
