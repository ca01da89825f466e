import { type AuthorizationDetail, type Context, collection } from '../kernel/index.ts';

/** The ways in which something reaches the user outside of the channel they log in on. */
export type OobChannel = 'sms' | 'voice' | 'email' | 'push';

/** What an application asks the user to approve, as the app is told (Auth0: rich consents). */
export interface RequestedConsent {
  /** `cns_…` */
  readonly id: string;
  readonly audience: string;
  readonly scope: readonly string[];
  readonly binding_message: string;
  readonly authorization_details?: readonly AuthorizationDetail[];
}

/** Something was sent to the user, and their answer is awaited: what an `oob_code` stands for. Taken when it is redeemed. */
export interface Challenge {
  /** SHA-256 of the `oob_code`. */
  readonly id: string;
  readonly user_id: string;
  readonly client_id: string;
  readonly authenticator_id: string;
  /** Is the answer a first proof of possession, a login, or a yes to what an application asks for? The last is worth nothing as a proof. */
  readonly purpose: 'enrollment' | 'challenge' | 'approval';
  readonly channel: OobChannel;
  /** email: where the code went. An address that was verified counts as a factor without being enrolled, and has no document. */
  readonly email?: string;
  /** sms, voice, email: keyed digest of the code. */
  readonly code_digest?: string;
  /** Wrong or unanswered guesses so far. */
  readonly attempts: number;
  /** push: SHA-256 of what the app identifies the transaction by. */
  readonly transaction_hash?: string;
  /** push: what the app must answer to. */
  readonly push_challenge?: string;
  /** push: the answer. */
  readonly answer?: 'accepted' | 'rejected';
  /** ms */
  readonly answered_at?: number;
  /** approval: what the app shows. */
  readonly consent?: RequestedConsent;
  /** ms */
  readonly created_at: number;
  /** ms */
  readonly expires_at: number;
}

export const challengesCollection = collection<Challenge>({
  name: 'mfa_challenges',
  key: 'id',
  index: { user_id: 'text', authenticator_id: 'text', transaction_hash: 'text' },
  expires: 'expires_at',
});

export function challengesOf(ctx: Context) {
  return ctx.store.collection(challengesCollection);
}
